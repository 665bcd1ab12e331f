import { eq, inArray } from 'drizzle-orm'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import { forgetJobName } from '../spool/forget.ts'
import { type OrderStatus, tables } from '../tables.ts'
import { forgetChoices } from '../others/choices.ts'
import { orderIn } from './state.ts'

const closable: readonly OrderStatus[] = [
  'waiting',
  'planning',
  'planned',
  'tasks',
  'done',
  'stopped',
  'closed',
]

/**
 * Ends an order: its freeze on purges ends, identities and work lists are forgotten, and collected rows can no longer be opened.
 * Counts and digests stay. Closing twice is nothing; a running order throws `conflict`.
 */
export async function closeOrder(ctx: Ctx, input: { readonly orderId: string }): Promise<void> {
  const found = await orderIn(ctx, input.orderId, closable)
  if (found.status === 'closed') return
  const { order, step, batch, task, decision } = tables(ctx.tx)
  const steps = ctx.tx.q.select({ id: step.id }).from(step).where(eq(step.orderId, input.orderId))
  await ctx.tx.q.delete(batch).where(inArray(batch.stepId, steps))
  await ctx.tx.q.update(task).set({ note: null }).where(eq(task.orderId, input.orderId))
  await ctx.tx.q.delete(decision).where(eq(decision.orderId, input.orderId))
  await forgetChoices(ctx.tx, input.orderId)
  await ctx.tx.q
    .update(order)
    .set({
      status: 'closed',
      closedAt: ctx.tx.now,
      identities: [],
      memory: null,
      spoolKey: null,
      residue: null,
      candidates: null,
      change: null,
      accepted: null,
    })
    .where(eq(order.id, input.orderId))
  await append(ctx, {
    type: 'engine.closed',
    subject: found.origin,
    body: { order: found.id, after: found.status },
  })
  await enqueue(ctx.tx, { name: forgetJobName, key: found.id, input: { orderId: found.id } })
}
