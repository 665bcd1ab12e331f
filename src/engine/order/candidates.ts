import { eq } from 'drizzle-orm'
import type { Identity } from '../../base/identity.ts'
import { LetheError } from '../../base/errors.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx, Reader } from '../../ops/db/database.ts'
import { type Candidate, tables } from '../tables.ts'
import { replan } from './confirm.ts'
import { identityHashes } from './place.ts'
import { orderIn, orderOf } from './state.ts'

/** What the last search of an order met that may be hers too; personal data, for the officer's eyes. */
export const candidatesOf = async (reader: Reader, orderId: string): Promise<readonly Candidate[]> =>
  (await orderOf(reader, orderId)).candidates ?? []

/**
 * An officer takes a candidate for the same person's: it counts like a proved identity from now on, and the plan is drawn anew.
 * Throws `invalid` for what is no candidate of the order, `conflict` once it runs.
 */
export async function acceptCandidate(
  ctx: Ctx,
  input: { readonly orderId: string; readonly identity: Identity; readonly because: string },
): Promise<void> {
  const found = await orderIn(ctx, input.orderId, ['planning', 'planned', 'stopped'])
  const { kind, value } = input.identity
  if (!found.candidates?.some((one) => one.kind === kind && one.value === value))
    throw new LetheError('invalid', 'this is no candidate of the order', {
      hint: 'Take one of the list that the search met.',
    })
  if (input.because.trim() === '')
    throw new LetheError('invalid', 'there is no reason why it is hers', {
      hint: 'Say how you know: she said so, the account is the same.',
    })
  const identity = { kind, value }
  const { order } = tables(ctx.tx)
  await ctx.tx.q
    .update(order)
    .set({ identities: [...found.identities, identity], accepted: [...(found.accepted ?? []), identity] })
    .where(eq(order.id, found.id))
  await append(ctx, {
    type: 'engine.accepted',
    subject: found.origin,
    body: { order: found.id, identities: identityHashes(ctx, [identity]) },
  })
  await replan(ctx, found.id)
}
