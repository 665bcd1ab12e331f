import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { epochMs, type LocalDate } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { holdCase, readCase } from './case.ts'
import { datesBody, keepDates } from './dates.ts'
import type { RequestDeps } from './deps.ts'
import { givenAddress, sendLetter } from './mailing.ts'
import { expectStatus } from './status.ts'
import { tables } from './tables.ts'

/**
 * Takes the law's longer period (Art. 12(3): up to three months from the start), once, and tells the person the new date and
 * why, in the same transaction. Throws `refused` after the last day for the notice (local to the regime) or where the law knows no
 * extension, `conflict` when it is extended or answered already, `invalid` without a reason. Ledger: `request.extended`.
 */
export async function extend(
  ctx: Ctx,
  input: { readonly reference: string; readonly reason: string },
  deps: RequestDeps,
): Promise<{ readonly dueDate: LocalDate }> {
  if (ctx.actor.kind !== 'officer') throw new LetheError('forbidden', 'only an officer extends the period')
  if (input.reason.trim().length < 10)
    throw new LetheError('invalid', 'the reason of the extension is missing', {
      hint: 'Say in a sentence why the request is complex; the person reads it (Art. 12(3)).',
    })
  const file = await holdCase(ctx, input.reference)
  expectStatus(file, ['unverified', 'searching', 'to-decide', 'to-approve', 'fulfilling', 'attention'])
  if (file.extensions.length > 0)
    throw new LetheError('conflict', 'the period was extended already', { hint: 'The law allows it once.' })
  const { tx, actor } = ctx
  const { request } = file
  const who = { byKind: actor.kind, byId: actor.id, at: tx.now }
  const row = { id: newId(epochMs(tx.now)), requestId: request.id, reason: input.reason.trim(), ...who }
  await tx.q.insert(tables(tx).extension).values(row)
  const deadline = await keepDates(ctx, request.id, await readCase(tx, request.reference), deps)
  const now = await readCase(tx, request.reference)
  await append(ctx, {
    type: 'request.extended',
    subject: `request:${request.reference}`,
    body: { before: file.clock.dueDate, ...datesBody(deadline) },
  })
  const values = { reasons: [row.reason] }
  const to = givenAddress(file)
  await sendLetter(ctx, now, { letter: 'extension', key: row.id, values, to }, deps)
  return { dueDate: deadline.dueDate }
}
