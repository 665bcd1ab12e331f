import { eq } from 'drizzle-orm'
import { newId } from '../base/ids.ts'
import { LetheError } from '../base/errors.ts'
import { epochMs, type Instant } from '../base/instant.ts'
import { type Ctx, one, type Reader, type Tx } from '../ops/db/database.ts'
import { enqueue } from '../ops/jobs/enqueue.ts'
import { tables } from './tables.ts'
import type { MailFailure } from './port.ts'

export interface MailContent {
  /** One address without a name. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface NewMail extends MailContent {
  /** Says what makes two mails the same one: `request:01J…:refusal`. A second mail of a key is not sent. */
  readonly key: string
  /** The case it belongs to. */
  readonly reference: string
}

/** What became of a mail; neither address nor text. */
export interface MailState {
  readonly id: string
  readonly reference: string
  readonly queuedAt: Instant
  readonly sentAt: Instant | null
  readonly failedAt: Instant | null
  readonly failure: MailFailure | null
}

/**
 * Puts a mail in the outbox, sealed, in the caller's transaction; the job `notify.send` delivers it. The same key twice is
 * one mail: the first one's row is answered.
 */
export async function queueMail(ctx: Pick<Ctx, 'tx'>, input: NewMail): Promise<MailState> {
  const { tx } = ctx
  const { mail } = tables(tx)
  const { key: plainKey, reference, ...content } = input
  const key = tx.keys.hash('mail-key', plainKey)
  const id = newId(epochMs(tx.now))
  const added = await tx.q
    .insert(mail)
    .values({ id, key, reference, content, queuedAt: tx.now, rounds: 1 })
    .onConflictDoNothing()
    .returning({ id: mail.id })
  if (added.length > 0) await handOver(tx, id, 1)
  return one(await tx.q.select(stateColumns(tx)).from(mail).where(eq(mail.key, key)), 'mail')
}

/** Tries a mail again that was given up. Throws `conflict` when it was sent or is still being tried. */
export async function retryMail(ctx: Pick<Ctx, 'tx'>, input: { readonly id: string }): Promise<void> {
  const { tx } = ctx
  const { mail } = tables(tx)
  const row = one(await tx.q.select().from(mail).where(eq(mail.id, input.id)), 'mail')
  if (row.failedAt === null)
    throw new LetheError('conflict', 'this mail was not given up', {
      hint: 'Only a mail that could not be delivered is tried again by hand.',
    })
  const rounds = row.rounds + 1
  await tx.q.update(mail).set({ failedAt: null, failure: null, rounds }).where(eq(mail.id, row.id))
  await handOver(tx, row.id, rounds)
}

/** What became of the mails of one case, oldest first. */
export async function mailsOf(reader: Reader, reference: string): Promise<MailState[]> {
  const { mail } = tables(reader)
  return reader.q
    .select(stateColumns(reader))
    .from(mail)
    .where(eq(mail.reference, reference))
    .orderBy(mail.id)
}

const handOver = (tx: Tx, id: string, round: number): Promise<void> =>
  enqueue(tx, { name: 'notify.send', key: `${id}:${round}`, input: { mailId: id } })

function stateColumns(reader: Reader) {
  const { id, reference, queuedAt, sentAt, failedAt, failure } = tables(reader).mail
  return { id, reference, queuedAt, sentAt, failedAt, failure }
}
