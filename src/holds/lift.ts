import { and, eq, isNull } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import { append } from '../ledger/append.ts'
import { type Ctx, one } from '../ops/db/database.ts'
import { tables } from './tables.ts'

/**
 * Ends a hold now: what it suspended may go at the next run. Throws `not_found` for an unknown hold, `conflict` for one
 * that is lifted already, `invalid` without a reason. Writes the ledger entry `hold.lifted`; the row stays as evidence.
 */
export async function liftHold(
  ctx: Ctx,
  input: { readonly id: string; readonly reason: string },
): Promise<void> {
  const { tx, actor } = ctx
  const { hold } = tables(tx)
  const liftReason = input.reason.trim()
  if (liftReason === '')
    throw new LetheError('invalid', 'the hold is lifted without a reason', {
      hint: 'Say why it is no longer needed.',
    })
  const held = one(await tx.q.select().from(hold).where(eq(hold.id, input.id)), 'hold')
  const lifted = await tx.q
    .update(hold)
    .set({ liftedBy: actor.id, liftedAt: tx.now, liftReason })
    .where(and(eq(hold.id, input.id), isNull(hold.liftedAt)))
    .returning({ id: hold.id })
  if (lifted.length === 0)
    throw new LetheError('conflict', 'the hold is lifted already', {
      hint: 'Look at its history in the list of holds.',
    })
  await append(ctx, {
    type: 'hold.lifted',
    subject: `hold:${input.id}`,
    body: { kind: held.kind, hashes: held.hashes },
  })
}
