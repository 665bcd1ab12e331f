import { eq } from 'drizzle-orm'
import { LetheError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import { tables } from '../tables.ts'
import { orderIn } from './state.ts'

/**
 * Starts the work, bound to the digest of the plan that was looked at. Throws `conflict` when the plan is another one by now:
 * an approval holds for exactly what was seen.
 */
export async function runOrder(
  ctx: Ctx,
  input: { readonly orderId: string; readonly digest: string },
): Promise<void> {
  const found = await orderIn(ctx, input.orderId, ['planned'])
  if (found.planDigest !== input.digest)
    throw new LetheError('conflict', 'the plan changed since it was approved', {
      hint: 'Look at the new plan and approve that.',
    })
  const { order } = tables(ctx.tx)
  await ctx.tx.q
    .update(order)
    .set({ status: 'running', approvedDigest: input.digest })
    .where(eq(order.id, input.orderId))
  await append(ctx, {
    type: 'engine.started',
    subject: found.origin,
    body: { order: found.id, kind: found.kind, plan: input.digest },
  })
  await enqueue(ctx.tx, {
    name: 'engine.run',
    key: `${input.orderId}:${newId()}`,
    input: { orderId: input.orderId },
  })
}
