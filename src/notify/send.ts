import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { epochMs } from '../base/instant.ts'
import { defineJob, type JobDefinition } from '../ops/jobs/define.ts'
import { MailError, type Transport } from './port.ts'
import { tables } from './tables.ts'

export interface NotifyDeps {
  readonly transport: Transport
  /** `privacy@example.org`, or with a name: `Example <privacy@example.org>`. */
  readonly from: string
}

/** The outbox's job: `notify.send`, tried for about a day and a half before a person is asked. */
export const notifyJobs = (deps: NotifyDeps): JobDefinition[] => [sendMail(deps)]

/*
 * 1. hand the mail to the server   a crash after it: the mail goes out a second time under the same Message-ID (files: the
 *                                  same file); SMTP knows no surer way
 * 2. mark it sent, empty it
 */
const sendMail = ({ transport, from }: NotifyDeps) =>
  defineJob({
    name: 'notify.send',
    input: z.object({ mailId: z.string() }),
    maxAttempts: 40,
    steps: [
      {
        name: 'send',
        async run(run) {
          const { input, db, signal } = run
          const row = await db.read(async (reader) => {
            const { mail } = tables(reader)
            const [found] = await reader.q.select().from(mail).where(eq(mail.id, input.mailId))
            return found
          })
          if (!row?.content || row.sentAt !== null) return
          const date = new Date(epochMs(row.queuedAt))
          try {
            await transport.send({ id: row.id, from, date, ...row.content }, signal)
          } catch (error) {
            await run.checkpoint(async ({ tx }) => {
              const { mail } = tables(tx)
              const failure = error instanceof MailError ? error.failure : 'other'
              await tx.q.update(mail).set({ failure }).where(eq(mail.id, row.id))
            })
            throw error
          }
          await run.checkpoint(async ({ tx }) => {
            const { mail } = tables(tx)
            const sent = { sentAt: tx.now, content: null, failure: null, failedAt: null }
            await tx.q.update(mail).set(sent).where(eq(mail.id, row.id))
          })
        },
      },
    ],
    async onFailed({ tx }, input) {
      const { mail } = tables(tx)
      await tx.q.update(mail).set({ failedAt: tx.now }).where(eq(mail.id, input.mailId))
    },
  })
