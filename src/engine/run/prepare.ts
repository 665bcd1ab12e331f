import { and, eq } from 'drizzle-orm'
import { canonicalJson } from '../../base/json.ts'
import { newId } from '../../base/ids.ts'
import type { Ctx, Reader } from '../../ops/db/database.ts'
import { rowsIn } from '../locate/reach.ts'
import type { DrawnStep, Drawing } from '../plan/draw.ts'
import { erases } from '../plan/draw-order.ts'
import { rememberLines } from '../locate/remembered.ts'
import { orderIn } from '../order/state.ts'
import { tables, type WorkItem } from '../tables.ts'

/** Rows in one batch: one transaction of the store, one receipt. */
const batchSize = 500

/**
 * Writes the work list of an approved plan: every row that will be touched stands in a batch before the store is (intent).
 * Steps that touch nothing are done at once.
 */
export async function writeWorkList(
  ctx: Ctx,
  orderId: string,
  drawing: Drawing,
  holds: readonly string[],
): Promise<void> {
  const { order, step, batch } = tables(ctx.tx)
  const { kind, memory: before } = await orderIn(ctx, orderId, ['running'])
  const steps = await ctx.tx.q.select().from(step).where(eq(step.orderId, orderId))
  await ctx.tx.q.delete(batch).where(and(eq(batch.orderId, orderId), eq(batch.status, 'intended')))
  for (const [seq, drawn] of drawing.steps.entries()) {
    const row = steps.find((s) => s.seq === seq)
    if (!row) continue
    if (touchesNothing(drawn))
      await ctx.tx.q
        .update(step)
        .set({ status: 'done', kept: rowsIn(drawn.items), triedAt: ctx.tx.now })
        .where(eq(step.id, row.id))
    else await writeBatches(ctx, orderId, row.id, drawn.items)
  }
  const { names, identifiers, lines } = drawing.located
  if (erases(kind)) await rememberLines(ctx.tx, lines)
  await ctx.tx.q
    .update(order)
    .set({
      memory: { ...before, plan: drawing.digest, holds, names, identifiers, others: drawing.others?.names },
    })
    .where(eq(order.id, orderId))
}

const touchesNothing = (step: DrawnStep): boolean => step.action === 'keep' || step.action === 'decide'

async function writeBatches(
  ctx: Ctx,
  orderId: string,
  stepId: string,
  items: readonly WorkItem[],
): Promise<void> {
  const { batch } = tables(ctx.tx)
  for (const [seq, part] of inBatches(items).entries())
    await ctx.tx.q.insert(batch).values({
      id: newId(),
      orderId,
      stepId,
      seq,
      status: 'intended',
      items: part,
      rows: rowsIn(part),
      done: 0,
      skipped: 0,
      digest: ctx.tx.keys.hash('batch', part.map((item) => canonicalJson(item.key)).join('\n')),
      at: ctx.tx.now,
    })
}

/** About so many rows each; rows of one unit are never parted, however many they are. */
function inBatches(items: readonly WorkItem[]): (readonly WorkItem[])[] {
  const units = new Map<string, WorkItem[]>()
  for (const [i, item] of items.entries()) {
    const name = item.unit === undefined ? `${i}` : `unit:${item.unit}`
    const unit = units.get(name)
    if (unit) unit.push(item)
    else units.set(name, [item])
  }
  const batches: WorkItem[][] = []
  let last: WorkItem[] = []
  for (const unit of units.values()) {
    if (last.length > 0 && last.length + unit.length > batchSize) last = []
    if (last.length === 0) batches.push(last)
    for (const item of unit) last.push(item)
  }
  return batches
}

/** Batches of a step that have no receipt yet, in order. */
export async function openBatches(reader: Reader, stepId: string) {
  const { batch } = tables(reader)
  return reader.q
    .select({ id: batch.id, seq: batch.seq })
    .from(batch)
    .where(and(eq(batch.stepId, stepId), eq(batch.status, 'intended')))
    .orderBy(batch.seq)
}
