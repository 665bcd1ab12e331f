import { asc, eq, gte } from 'drizzle-orm'
import { canonicalJson, type Json } from '../../base/json.ts'
import type { Instant } from '../../base/instant.ts'
import type { Reader, Tx } from '../../ops/db/database.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import type { Keys } from '../../ops/sealing.ts'
import { tables as engine } from '../tables.ts'
import { type ErasingKind, isErasing, type Mark, type NameMark, tables } from './tables.ts'

/** Everything of one erasure that must outlive our own database: hashes and words of ours, nobody's data. */
export interface ErasureLine {
  readonly v: 1
  readonly id: string
  readonly kind: ErasingKind
  readonly origin: string
  readonly approved: string | null
  readonly identities: readonly string[]
  readonly names: readonly NameMark[]
  readonly firstAt: Instant
  readonly lastAt: Instant
  readonly rows: readonly {
    readonly id: string
    readonly store: string
    readonly collectionId: string
    readonly action: 'delete' | 'anonymise' | 'redact'
    readonly vias: readonly (readonly string[])[]
    readonly marks: readonly Mark[]
    readonly leads: readonly string[]
    readonly at: Instant
  }[]
  readonly suppressions: readonly {
    readonly hash: string
    readonly list: string
    readonly kind: string
    readonly origin: string
    readonly since: Instant
  }[]
  readonly sharedLines: readonly { readonly hash: string; readonly since: Instant }[]
}

/** Under the service's key: shows that a line is whole, and that the key is the one it was written with. */
export const sealOf = (keys: Keys, line: ErasureLine): string =>
  keys.hash('erasure-line', canonicalJson(line as unknown as Json))

/** Undefined when there is no such erasure (any more). */
export async function lineOf(reader: Reader, id: string): Promise<ErasureLine | undefined> {
  const { erasure, erasedRows } = tables(reader)
  const { suppression, sharedLine } = engine(reader)
  const [found] = await reader.q.select().from(erasure).where(eq(erasure.id, id))
  if (!found) return undefined
  const rows = await reader.q
    .select()
    .from(erasedRows)
    .where(eq(erasedRows.erasureId, id))
    .orderBy(asc(erasedRows.at), asc(erasedRows.id))
  return {
    v: 1,
    ...found,
    rows: rows.map(({ erasureId: _, ...row }) => row),
    suppressions: await reader.q.select().from(suppression).where(eq(suppression.origin, found.origin)),
    // Who shares a line is written when the work begins, without an origin: those since then are enough.
    sharedLines: await reader.q
      .select()
      .from(sharedLine)
      .where(gte(sharedLine.since, await begunAt(reader, id))),
  }
}

async function begunAt(reader: Reader, id: string): Promise<Instant> {
  const { order } = engine(reader)
  const [row] = await reader.q.select({ at: order.createdAt }).from(order).where(eq(order.id, id))
  return row?.at ?? reader.now
}

export const lineJobName = 'engine.erasure-line'

/** Has what an order erased so far written beside the database, once its transaction is kept. Nothing for an order that erased nothing. */
export async function noteErasure(
  tx: Tx,
  order: { readonly id: string; readonly kind: string; readonly within: string | null },
): Promise<void> {
  if (!isErasing(order.kind)) return
  const { replayOrder } = tables(tx)
  const [replayed] = await tx.q.select().from(replayOrder).where(eq(replayOrder.orderId, order.id))
  const erasureId = replayed?.erasureId ?? order.id
  await enqueue(tx, { name: lineJobName, key: `${order.id}@${tx.now}`, input: { erasureId } })
}
