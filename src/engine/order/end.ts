import { eq } from 'drizzle-orm'
import { newId } from '../../base/ids.ts'
import { append } from '../../ledger/append.ts'
import { checkpoint } from '../../ledger/checkpoint.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { noteErasure } from '../replay/line.ts'
import { tables } from '../tables.ts'
import { type Order, tell } from './state.ts'

/** The order is done: says so in the ledger, to the erasure ledger and to whoever placed it. */
export async function endOrder(ctx: Ctx, order: Order): Promise<void> {
  const { order: table } = tables(ctx.tx)
  await ctx.tx.q.update(table).set({ status: 'done', finishedAt: ctx.tx.now }).where(eq(table.id, order.id))
  await append(ctx, {
    type: 'engine.done',
    subject: order.origin,
    body: { order: order.id, kind: order.kind },
  })
  await checkpoint(ctx)
  await noteErasure(ctx.tx, order)
  await tell(ctx, order, 'done', newId())
}
