import { and, eq, notInArray } from 'drizzle-orm'
import { z } from 'zod'
import { append } from '../../ledger/append.ts'
import { type Ctx, one } from '../../ops/db/database.ts'
import { defineJob, type JobDefinition } from '../../ops/jobs/define.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import { closeOrder } from '../order/close.ts'
import { runOrder } from '../order/run.ts'
import { orderOf } from '../order/state.ts'
import { stopOrder } from '../plan/job.ts'
import { tables as engine } from '../tables.ts'
import { tables } from './tables.ts'

export const replayEndJobName = 'engine.replay-end'

/** Plans of one order that are approved before a person must look. */
const mostTurns = 20

const input = z.object({ orderId: z.string(), event: z.enum(['planned', 'drifted', 'done', 'stopped']) })

/**
 * `engine.replayed`: what the engine tells about an order of a replay. A plan is approved by itself, for the erasure was; one that
 * is done is closed at once, so that what was found of the person is forgotten; one that stopped waits for the next replay.
 */
export const replayedJob = (): JobDefinition =>
  defineJob({
    name: 'engine.replayed',
    input,
    maxAttempts: 10,
    steps: [{ name: 'go on', run: (run) => run.checkpoint((ctx) => goOn(ctx, run.input)) }],
  })

async function goOn(ctx: Ctx, { orderId, event }: z.output<typeof input>): Promise<void> {
  const { replayOrder } = tables(ctx.tx)
  const rows = await ctx.tx.q.select().from(replayOrder).where(eq(replayOrder.orderId, orderId))
  const { replayId, erasureId, turns } = one(rows, 'order of a replay')
  // Two orders that end at once would each see the other still at work.
  await ctx.tx.lock(`replay:${replayId}`)
  const order = await orderOf(ctx.tx, orderId)
  switch (event) {
    case 'planned':
    case 'drifted':
      if (order.status === 'planned')
        await approve(ctx, { orderId, erasureId, turns, digest: order.planDigest })
      return
    case 'done':
      if (order.status === 'done') await closeOrder(ctx, { orderId })
      return endIfOver(ctx, replayId)
    case 'stopped':
      return endIfOver(ctx, replayId)
  }
}

async function approve(
  ctx: Ctx,
  input: {
    readonly orderId: string
    readonly erasureId: string
    readonly turns: number
    readonly digest: string | null
  },
): Promise<void> {
  const { erasure, replayOrder } = tables(ctx.tx)
  const { orderId, erasureId, turns, digest } = input
  if (turns >= mostTurns)
    return stopOrder(ctx, orderId, [
      {
        kind: 'drift',
        message: `the store changed under ${turns} plans: keep the application off it, then replay again`,
      },
    ])
  const [ground] = await ctx.tx.q
    .select({ origin: erasure.origin, approved: erasure.approved })
    .from(erasure)
    .where(eq(erasure.id, erasureId))
  const order = await orderOf(ctx.tx, orderId)
  await append(ctx, {
    type: 'replay.approved',
    subject: order.origin,
    body: { order: orderId, plan: digest, ground: ground?.origin, approved: ground?.approved },
  })
  await ctx.tx.q
    .update(replayOrder)
    .set({ turns: turns + 1 })
    .where(eq(replayOrder.orderId, orderId))
  await runOrder(ctx, { orderId, digest: digest ?? '' })
}

/** Once none of its orders is at work any more, the store is looked at again. */
export async function endIfOver(ctx: Ctx, replayId: string): Promise<void> {
  const { order } = engine(ctx.tx)
  const { replayOrder } = tables(ctx.tx)
  const open = await ctx.tx.q
    .select({ id: order.id })
    .from(order)
    .innerJoin(replayOrder, eq(replayOrder.orderId, order.id))
    .where(and(eq(replayOrder.replayId, replayId), notInArray(order.status, ['closed', 'stopped'])))
  if (open.length === 0) await enqueue(ctx.tx, { name: replayEndJobName, key: replayId, input: { replayId } })
}
