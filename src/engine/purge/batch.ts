import { and, eq } from 'drizzle-orm'
import { newId } from '../../base/ids.ts'
import { append } from '../../ledger/append.ts'
import { merkleRoot } from '../../ledger/merkle.ts'
import { type Ctx, one, type Reader } from '../../ops/db/database.ts'
import type { Row } from '../../stores/port.ts'
import { orderIn } from '../order/state.ts'
import { suppressRows } from '../run/suppress.ts'
import { tables as engine } from '../tables.ts'
import { addKept } from './apply.ts'
import type { PurgeDeps } from './deps.ts'
import { suspensions } from './excluded.ts'
import { leavesOf } from './leaves.ts'
import { type PurgeCounts, tables } from './tables.ts'
import type { Target } from './target.ts'

type Key = readonly string[]

export interface Intent {
  readonly id: string
  readonly seq: number
  readonly keys: readonly Key[]
}

/** The batch that was begun and has no receipt: what a crash leaves. At most one an order. */
export async function openIntent(reader: Reader, orderId: string): Promise<Intent | undefined> {
  const { batch } = engine(reader)
  const [found] = await reader.q
    .select({ id: batch.id, seq: batch.seq, items: batch.items })
    .from(batch)
    .where(and(eq(batch.orderId, orderId), eq(batch.status, 'intended')))
  return found && { id: found.id, seq: found.seq, keys: found.items.map((item) => item.key) }
}

/**
 * Says which rows are about to go, before the store is touched, and carries suppressions over. Answers undefined, and writes
 * nothing, when a hold, restriction or freeze came or went since the rows were judged: judge again.
 */
export async function intend(
  ctx: Ctx,
  deps: PurgeDeps,
  target: Target,
  input: {
    readonly orderId: string
    readonly rows: readonly Row[]
    readonly keys: readonly Key[]
    readonly signature: string
  },
): Promise<Intent | undefined> {
  const { tx } = ctx
  const { batch, step } = engine(tx)
  const { purge } = tables(tx)
  const order = await orderIn(ctx, input.orderId, ['running'])
  if ((await suspensions(tx)).signature !== input.signature) return undefined
  const state = one(await tx.q.select().from(purge).where(eq(purge.orderId, input.orderId)), 'purge')
  const work = one(
    await tx.q.select({ id: step.id }).from(step).where(eq(step.orderId, input.orderId)),
    'step',
  )
  const { suppress, store } = target.collection
  if (suppress) await suppressRows(tx, suppress, input.rows, order.origin, deps.policyOf(store))
  const intent: Intent = { id: newId(), seq: state.batches, keys: input.keys }
  await tx.q.insert(batch).values({
    id: intent.id,
    orderId: input.orderId,
    stepId: work.id,
    seq: intent.seq,
    status: 'intended',
    items: input.keys.map((key) => ({ key, link: 'owned', via: [] })),
    rows: input.keys.length,
    done: 0,
    skipped: 0,
    digest: rootOf(ctx, target, input.keys),
    at: tx.now,
  })
  await tx.q
    .update(purge)
    .set({ batches: intent.seq + 1 })
    .where(eq(purge.orderId, input.orderId))
  await tx.q.update(step).set({ status: 'running', triedAt: tx.now }).where(eq(step.id, work.id))
  return intent
}

const rootOf = ({ tx }: Pick<Ctx, 'tx'>, target: Target, keys: readonly Key[]): string =>
  merkleRoot(leavesOf(tx.keys, target.collection.id, keys))

export interface Receipt {
  readonly orderId: string
  /** Undefined for a stretch in which nothing was to be done. */
  readonly intent: Intent | undefined
  readonly gone: readonly Key[]
  readonly counts: Partial<PurgeCounts>
  /** Undefined leaves it: what is left of the stretch is read again. */
  readonly cursor: Key | undefined
}

/** Writes what became of a batch, its ledger entry and the cursor, and forgets the keys. */
export async function receive(ctx: Ctx, target: Target, input: Receipt): Promise<void> {
  const { tx } = ctx
  const { batch, step } = engine(tx)
  const { purge } = tables(tx)
  const order = await orderIn(ctx, input.orderId, ['running'])
  const state = one(await tx.q.select().from(purge).where(eq(purge.orderId, input.orderId)), 'purge')
  const counts = added(state.counts, input.counts)
  const set: { counts: PurgeCounts; cursor?: Key; lastSeq?: number } = { counts }
  if (input.cursor) set.cursor = input.cursor
  if (input.intent) {
    const root = rootOf(ctx, target, input.gone)
    const skipped = input.counts.skipped ?? 0
    await tx.q
      .update(batch)
      .set({ status: 'done', items: [], done: input.gone.length, skipped, digest: root, at: tx.now })
      .where(eq(batch.id, input.intent.id))
    const { below, files, kept, settled } = input.counts
    const entry = await append(ctx, {
      type: 'retention.batch',
      subject: order.origin,
      body: {
        order: order.id,
        seq: input.intent.seq,
        in: target.collection.id,
        action: target.spec.action,
        rows: input.intent.keys.length,
        done: input.gone.length,
        below,
        files,
        kept,
        skipped,
        root,
        ...(settled && { settled: true }),
      },
    })
    set.lastSeq = entry.seq
  }
  await tx.q.update(purge).set(set).where(eq(purge.orderId, input.orderId))
  const keptRows = Object.values(counts.kept).reduce((sum, rows) => sum + rows, 0)
  await tx.q
    .update(step)
    .set({ found: counts.due, done: counts.done, kept: keptRows, skipped: counts.skipped, triedAt: tx.now })
    .where(eq(step.orderId, input.orderId))
}

function added(a: PurgeCounts, b: Partial<PurgeCounts>): PurgeCounts {
  const sum = (name: Exclude<keyof PurgeCounts, 'kept'>): number => a[name] + (b[name] ?? 0)
  return {
    due: sum('due'),
    done: sum('done'),
    below: sum('below'),
    files: sum('files'),
    already: sum('already'),
    skipped: sum('skipped'),
    exceptions: sum('exceptions'),
    settled: sum('settled'),
    kept: addKept(a.kept, b.kept ?? {}),
  }
}
