import { and, asc, desc, eq, gte, or, isNull } from 'drizzle-orm'
import type { Instant } from '../../base/instant.ts'
import { one, type Reader } from '../../ops/db/database.ts'
import { tasksOf } from '../order/tasks.ts'
import { type OrderFinding, type OrderStatus, tables as engine } from '../tables.ts'
import { type LeftRows, tables } from './tables.ts'

export interface ReplayedOrder {
  readonly origin: string
  readonly status: OrderStatus
  /** Rows erased or redacted again. */
  readonly done: number
  readonly findings: readonly OrderFinding[]
  /** For a person: copies outside the store, which may have come back too. */
  readonly tasks: readonly string[]
}

export interface Replay {
  readonly id: string
  readonly store: string
  readonly since: Instant
  readonly status: 'running' | 'done' | 'failed'
  /** Erasures since then, and rows of theirs that had come back. */
  readonly erasures: number
  readonly back: number
  readonly orders: readonly ReplayedOrder[]
  readonly left: readonly LeftRows[]
  /** Purged since then, so in the store again: the next run of each rule takes what it says by now, holds respected. */
  readonly purged: readonly { readonly origin: string; readonly collection: string; readonly rows: number }[]
  readonly startedAt: Instant
  readonly finishedAt: Instant | null
}

/** Counts and origins only. Throws `not_found`. */
export async function replayOf(reader: Reader, id: string): Promise<Replay> {
  const { replay, replayOrder } = tables(reader)
  const { order, step } = engine(reader)
  const row = one(await reader.q.select().from(replay).where(eq(replay.id, id)), 'replay')
  const placed = await reader.q
    .select({ id: order.id, origin: order.origin, status: order.status, findings: order.findings })
    .from(order)
    .innerJoin(replayOrder, eq(replayOrder.orderId, order.id))
    .where(eq(replayOrder.replayId, id))
    .orderBy(asc(order.id))
  const orders: ReplayedOrder[] = []
  for (const { id: orderId, ...one_ } of placed) {
    const steps = await reader.q.select({ done: step.done }).from(step).where(eq(step.orderId, orderId))
    const tasks = (await tasksOf(reader, orderId)).map(({ what }) => what.en)
    orders.push({ ...one_, done: steps.reduce((sum, { done }) => sum + done, 0), tasks })
  }
  return { ...row, orders, purged: await purgedSince(reader, row) }
}

async function purgedSince(
  reader: Reader,
  { store, since }: { readonly store: string; readonly since: Instant },
): Promise<Replay['purged']> {
  const { order, step } = engine(reader)
  const rows = await reader.q
    .select({ origin: order.origin, collection: step.collectionId, rows: step.done })
    .from(step)
    .innerJoin(order, eq(order.id, step.orderId))
    .where(
      and(
        eq(order.kind, 'purge'),
        eq(step.store, store),
        or(isNull(order.finishedAt), gte(order.finishedAt, since)),
      ),
    )
    .orderBy(asc(order.id))
  return rows.filter((purge) => purge.rows > 0)
}

/** The latest first. */
export async function listReplays(reader: Reader, limit = 20): Promise<readonly Replay[]> {
  const { replay } = tables(reader)
  const rows = await reader.q
    .select({ id: replay.id })
    .from(replay)
    .orderBy(desc(replay.startedAt))
    .limit(limit)
  const found: Replay[] = []
  for (const { id } of rows) found.push(await replayOf(reader, id))
  return found
}
