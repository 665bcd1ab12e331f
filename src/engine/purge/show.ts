import { asc, eq } from 'drizzle-orm'
import { one, type Reader } from '../../ops/db/database.ts'
import { type OrderFinding, type OrderStatus, tables as engine } from '../tables.ts'
import { type PurgeCounts, type PurgeSpec, tables } from './tables.ts'

export interface Purge {
  readonly orderId: string
  readonly origin: string
  readonly status: OrderStatus
  readonly spec: PurgeSpec
  readonly counts: PurgeCounts
  readonly findings: readonly OrderFinding[]
  /** Those with a receipt, in order; gone once the order is closed. */
  readonly batches: readonly { readonly seq: number; readonly done: number; readonly root: string }[]
  readonly ledger: { readonly from: number; readonly to: number }
  readonly remains: readonly string[]
}

/** What a purge did so far. Throws `not_found`. */
export async function purgeOf(reader: Reader, orderId: string): Promise<Purge> {
  const { order, batch } = engine(reader)
  const { purge } = tables(reader)
  const row = one(await reader.q.select().from(purge).where(eq(purge.orderId, orderId)), 'purge')
  const placed = one(await reader.q.select().from(order).where(eq(order.id, orderId)), 'order')
  const batches = await reader.q
    .select({ seq: batch.seq, done: batch.done, root: batch.digest, status: batch.status })
    .from(batch)
    .where(eq(batch.orderId, orderId))
    .orderBy(asc(batch.seq))
  return {
    orderId,
    origin: placed.origin,
    status: placed.status,
    spec: row.spec,
    counts: row.counts,
    findings: placed.findings,
    batches: batches.filter((b) => b.status === 'done').map(({ seq, done, root }) => ({ seq, done, root })),
    ledger: { from: row.firstSeq ?? 0, to: row.lastSeq ?? 0 },
    remains: row.remains ?? [],
  }
}
