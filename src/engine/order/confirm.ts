import { eq } from 'drizzle-orm'
import type { Identity } from '../../base/identity.ts'
import { newId } from '../../base/ids.ts'
import { LetheError } from '../../base/errors.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import { tables } from '../tables.ts'
import { identityHashes } from './place.ts'
import { orderIn } from './state.ts'

/**
 * Says which identities were proved, each on its own (Art. 12(6)), and has the order planned. Later proofs of the same
 * request call it again: the plan is drawn anew. Throws `conflict` once the order runs.
 */
export async function confirmIdentities(
  ctx: Ctx,
  input: { readonly orderId: string; readonly identities: readonly Identity[] },
): Promise<void> {
  if (input.identities.length === 0)
    throw new LetheError('invalid', 'no identity was proved', {
      hint: 'Prove at least one before the search.',
    })
  const found = await orderIn(ctx, input.orderId, ['waiting', 'planning', 'planned', 'stopped'])
  const { order } = tables(ctx.tx)
  await ctx.tx.q
    .update(order)
    .set({ identities: [...input.identities, ...(found.accepted ?? [])], proved: true })
    .where(eq(order.id, input.orderId))
  await append(ctx, {
    type: 'engine.identified',
    subject: found.origin,
    body: { order: found.id, identities: identityHashes(ctx, input.identities) },
  })
  await replan(ctx, input.orderId)
}

/** Draws the plan again: after drift, a failed store, a new map. Any approval of the old plan is void. */
export async function replanOrder(ctx: Ctx, input: { readonly orderId: string }): Promise<void> {
  const found = await orderIn(ctx, input.orderId, ['planning', 'planned', 'stopped'])
  if (!found.proved) throw new LetheError('conflict', 'nobody has proved an identity for this order yet')
  await replan(ctx, input.orderId)
}

export async function replan({ tx }: Ctx, orderId: string): Promise<void> {
  const { order } = tables(tx)
  await tx.q
    .update(order)
    .set({ status: 'planning', planDigest: null, approvedDigest: null })
    .where(eq(order.id, orderId))
  await enqueue(tx, { name: 'engine.plan', key: `${orderId}:${newId()}`, input: { orderId } })
}
