import { eq, sql } from 'drizzle-orm'
import { isLetheError } from '../../base/errors.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import type { StepRun } from '../../ops/jobs/define.ts'
import type { Catalogue, Store } from '../../stores/port.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyOfRow, keyText } from '../locate/reach.ts'
import type { Order } from '../order/state.ts'
import { holdFindings } from '../plan/holds.ts'
import { amendmentOf } from '../plan/amend.ts'
import { stopOrder } from '../plan/job.ts'
import { type StepAction, tables, type WorkItem } from '../tables.ts'
import { nameNeedles, needlesOf, type Needle } from '../text/needles.ts'
import { applyBatch, type Applied, type Batch } from './apply.ts'
import { isStillHers } from './changes.ts'
import { forgetGone, rememberFirst } from './amend.ts'
import { noteUnread } from './unread.ts'
import { recordErased } from '../replay/record.ts'
import { fileMates } from './files.ts'
import { openBatches } from './prepare.ts'
import { suppressRows } from './suppress.ts'

type Run = StepRun<{ orderId: string }, unknown>
export interface Step {
  readonly id: string
  readonly seq: number
  readonly store: string
  readonly collection: string
  readonly collectionId: string
  readonly action: string
}

/** Works through the batches of one step that have no receipt; `catalogue` as the store was when this job took up its work. */
export async function applyStep(
  deps: EngineDeps,
  catalogue: Catalogue | undefined,
  run: Run,
  order: Order,
  step: Step,
): Promise<'done' | 'held'> {
  const store = storeOf(deps, step.store)
  const open = await run.db.read((reader) => openBatches(reader, step.id))
  const collection = collectionOf(deps, step.collectionId)
  const amends = amending.has(step.action) ? await amendmentOf(deps, run.db, order) : undefined
  for (const { id } of open) {
    const items = await itemsOf(run, id)
    const batch: Batch = {
      collection,
      table: catalogue?.tables.find((table) => table.name === collection.table),
      action: step.action as Batch['action'],
      items,
      mates: fileMates(deps, collection),
      ...(amends && { amendment: amends(collection) }),
      hers: herNeedles(deps, order, collection.store, false),
      hersInFull: herNeedles(deps, order, collection.store, true),
    }
    if (await isHeld(deps, run, order, batch)) return 'held'
    await suppressFirst(deps, run, store, batch, order)
    await rememberFirst(run, store, batch, order)
    const applied = await applyBatch(store, run.db.keys, batch, run.signal)
    const isLast = id === open.at(-1)?.id
    await run.checkpoint(async (ctx) => {
      await receipt(ctx, order, step, id, applied)
      if (step.action === 'delete') await forgetGone(ctx.tx, collection, items)
      await recordErased(ctx, deps, order, { batchId: id, collection, action: step.action, items })
      if (isLast) await stepDone(ctx, step)
    })
  }
  // Nothing was found, or an earlier try wrote the last receipt.
  if (open.length === 0) await run.checkpoint((ctx) => stepDone(ctx, step))
  return 'done'
}

const amending: ReadonlySet<string> = new Set<StepAction>(['rectify', 'restrict', 'lift'])

/** A hold placed while the work runs stops it at the next batch that it covers. */
async function isHeld(deps: EngineDeps, run: Run, order: Order, batch: Batch): Promise<boolean> {
  const but = new Set(order.memory?.holds)
  const { findings } = await holdFindings(deps, run.db, [batch], { signal: run.signal, but })
  if (findings.length > 0) await run.checkpoint((ctx) => stopOrder(ctx, order.id, findings))
  return findings.length > 0
}

async function stepDone({ tx }: Ctx, step: Step): Promise<void> {
  const { step: table } = tables(tx)
  await tx.q
    .update(table)
    .set({ status: 'done', lastError: null, triedAt: tx.now })
    .where(eq(table.id, step.id))
}

/** With or without the parts of her names, each for itself. */
export function herNeedles(deps: EngineDeps, order: Order, store: string, fullNamesOnly: boolean): Needle[] {
  const { names, identifiers } = order.memory ?? { names: [], identifiers: order.identities }
  return [...needlesOf(identifiers, deps.policyOf(store)), ...nameNeedles(names, !fullNamesOnly)]
}

async function itemsOf(run: Run, batchId: string): Promise<readonly WorkItem[]> {
  return run.db.read(async (reader) => {
    const { batch } = tables(reader)
    const [row] = await reader.q.select({ items: batch.items }).from(batch).where(eq(batch.id, batchId))
    return row?.items ?? []
  })
}

/** Before the rows go: what must not come back is kept, as hashes, in a transaction of its own that may run twice. */
async function suppressFirst(
  deps: EngineDeps,
  run: Run,
  store: Store,
  batch: Batch,
  order: Order,
): Promise<void> {
  const rule = batch.collection.suppress
  if (!rule || (batch.action !== 'delete' && batch.action !== 'anonymise')) return
  const { table, key } = batch.collection
  const via = batch.items.flatMap((item) => item.via)
  const columns = [...new Set([...key, ...via, rule.field, ...Object.keys(rule.when ?? {})])]
  const items = new Map(batch.items.map((item) => [keyText(item.key), item]))
  await store.reading(async (reader) => {
    const keys = batch.items.map((item) => item.key)
    for await (const page of reader.rows({ table, key, columns, where: rowFilter(batch.collection), keys })) {
      // Who took her place in a row asked for nothing.
      const hers = page.filter((row) => {
        const item = items.get(keyText(keyOfRow(batch.collection, row) ?? []))
        return item !== undefined && isStillHers(run.db.keys, item, row)
      })
      await run.checkpoint(({ tx }) =>
        suppressRows(tx, rule, hers, order.origin, deps.policyOf(store.name)).then(() => undefined),
      )
    }
  })
}

/** A store's failure is shown with its step before the job is tried again. */
export async function tried<T>(run: Run, step: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const word = (error as { failure?: string }).failure ?? (isLetheError(error) ? error.code : 'internal')
    await run.checkpoint(async ({ tx }) => {
      const { step: table } = tables(tx)
      await tx.q
        .update(table)
        .set({ status: 'failed', lastError: word, triedAt: tx.now })
        .where(eq(table.id, step.id))
    })
    throw error
  }
}

async function receipt(
  ctx: Ctx,
  order: Order,
  step: Step,
  batchId: string,
  { done, skipped, unread }: Applied,
): Promise<void> {
  const { batch, step: stepTable } = tables(ctx.tx)
  const [row] = await ctx.tx.q
    .update(batch)
    .set({ status: 'done', done, skipped, at: ctx.tx.now })
    .where(eq(batch.id, batchId))
    .returning({ digest: batch.digest, rows: batch.rows })
  await ctx.tx.q
    .update(stepTable)
    .set({
      status: 'running',
      done: sql`${stepTable.done} + ${done}`,
      skipped: sql`${stepTable.skipped} + ${skipped}`,
      triedAt: ctx.tx.now,
    })
    .where(eq(stepTable.id, step.id))
  await append(ctx, {
    type: 'engine.batch',
    subject: order.origin,
    body: {
      order: order.id,
      in: `${step.store}.${step.collection}`,
      action: step.action,
      rows: row?.rows ?? 0,
      done,
      skipped,
      ...(Object.keys(unread).length > 0 && { unread }),
      keys: row?.digest,
    },
  })
  await noteUnread(ctx, order.id, step, unread)
}
