import { eq } from 'drizzle-orm'
import { stat } from 'node:fs/promises'
import { append } from '../../ledger/append.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import { isPersonal } from '../../datamap/taxonomy.ts'
import type { StepRun } from '../../ops/jobs/define.ts'
import type { Row, Store } from '../../stores/port.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyOfRow, keyText } from '../locate/reach.ts'
import { encodingsOf } from '../masks/within.ts'
import type { Order } from '../order/state.ts'
import { newSpoolKey } from '../spool/key.ts'
import type { SpoolHead } from '../spool/read.ts'
import { spoolWriter } from '../spool/write.ts'
import { tables, type WorkItem } from '../tables.ts'
import type { Needle } from '../text/needles.ts'
import { isStillHers } from './changes.ts'
import { herNeedles, type Step } from './effects.ts'
import { fileColumns, filesOf, mediaPath } from './files.ts'
import { openBatches } from './prepare.ts'
import { sharedText, shownText } from './shown.ts'

type Run = StepRun<{ orderId: string }, unknown>

/** One row as the person gets it. */
export interface CollectedRow {
  readonly key: readonly string[]
  readonly link: string
  /** Numbers and dates as the store spells them; bytes in base64. */
  readonly values: Readonly<Record<string, string | null>>
  /** Fields in which other people's data were hidden or left out (Art. 15(4)). */
  readonly redacted: readonly string[]
  /** Recordings and attachments that belong to the row, by their names below the store's folder. */
  readonly files?: readonly { readonly name: string; readonly bytes: number }[]
}

/**
 * Reads the rows of one step into its encrypted spool file. Written under another name and moved when whole: a crash leaves
 * nothing half, and the step starts again.
 */
export async function collectStep(deps: EngineDeps, run: Run, order: Order, step: Step): Promise<void> {
  const store = storeOf(deps, step.store)
  const collection = collectionOf(deps, step.collectionId)
  const key = await spoolKey(run, order)
  const spool = await spoolWriter(deps.spool, order.id, step.seq, key)
  let count = 0
  try {
    const head: SpoolHead = { collection }
    await spool.write(head)
    for (const items of await allItems(run, step.id))
      count += await collectRows(deps, run, order, store, collection, items, spool.write)
    await spool.finish()
  } catch (error) {
    await spool.abandon()
    throw error
  }
  await run.checkpoint(async (ctx) => {
    const { step: table } = tables(ctx.tx)
    await ctx.tx.q
      .update(table)
      .set({ status: 'done', done: count, triedAt: ctx.tx.now })
      .where(eq(table.id, step.id))
    await append(ctx, {
      type: 'engine.collected',
      subject: order.origin,
      body: { order: order.id, in: collection.id, rows: count },
    })
  })
}

async function allItems(run: Run, stepId: string): Promise<(readonly WorkItem[])[]> {
  return run.db.read(async (reader) => {
    const open = await openBatches(reader, stepId)
    const { batch } = tables(reader)
    const lists = []
    for (const { id } of open) {
      const [row] = await reader.q.select({ items: batch.items }).from(batch).where(eq(batch.id, id))
      if (row) lists.push(row.items)
    }
    return lists
  })
}

/** One key for all spool files of an order; made at the first step, destroyed when the order closes. */
async function spoolKey(run: Run, order: Order): Promise<string> {
  if (order.spoolKey !== null) return order.spoolKey
  const fresh = await newSpoolKey()
  return run.checkpoint(async ({ tx }) => {
    const { order: table } = tables(tx)
    const [now] = await tx.q.select({ key: table.spoolKey }).from(table).where(eq(table.id, order.id))
    if (now?.key) return now.key
    await tx.q.update(table).set({ spoolKey: fresh }).where(eq(table.id, order.id))
    return fresh
  })
}

async function collectRows(
  deps: EngineDeps,
  run: Run,
  order: Order,
  store: Store,
  collection: CollectionMap,
  items: readonly WorkItem[],
  write: (row: CollectedRow) => Promise<void>,
): Promise<number> {
  const byKey = new Map(items.map((item) => [keyText(item.key), item]))
  const columns = [
    ...new Set([
      ...collection.key,
      ...fileColumns(collection),
      ...items.flatMap((item) => item.via),
      ...collection.fields.filter((f) => !f.secret && !f.name.includes('.')).map((f) => f.name),
    ]),
  ]
  const hers = herNeedles(deps, order, collection.store, true)
  const { table, key } = collection
  let count = 0
  await store.reading(
    async (reader) => {
      for await (const page of reader.rows({
        table,
        key,
        columns,
        where: rowFilter(collection),
        keys: items.map((i) => i.key),
      }))
        for (const row of page) {
          const item = byKey.get(keyText(keyOfRow(collection, row) ?? []))
          // Another's by now: the row changed hands since the list was written.
          if (!item || !isStillHers(run.db.keys, item, row)) continue
          await write(await collected(deps, store, collection, row, item, hers))
          count++
        }
    },
    { signal: run.signal },
  )
  return count
}

async function collected(
  deps: EngineDeps,
  store: Store,
  collection: CollectionMap,
  row: Row,
  item: WorkItem,
  hers: readonly Needle[],
): Promise<CollectedRow> {
  const country = deps.policyOf(collection.store).country
  // A column may be called __proto__.
  const values = Object.create(null) as Record<string, string | null>
  const redacted: string[] = []
  for (const field of collection.fields) {
    if (field.secret || !(field.name in row)) continue
    const value = row[field.name] ?? null
    const isShown = !field.categories.some(isPersonal) || reaches(item, field.name)
    if (item.link === 'owned' || value === null) values[field.name] = shownText(field, value)
    else if (field.freeText || (encodingsOf(field) && isShown)) {
      const shared = sharedText(field, value, hers, { isMention: item.link === 'mentioned', country })
      if (shared) values[field.name] = shared.text
      if (!shared || shared.isLess) redacted.push(field.name)
    } else if (isShown) values[field.name] = shownText(field, value)
    else redacted.push(field.name)
  }
  const files = item.link === 'owned' ? await mediaOf(store, collection, row) : []
  return { key: item.key, link: item.link, values, redacted, ...(files.length > 0 && { files }) }
}

/** Whether the row was reached through a field, or through what lies inside it. */
const reaches = ({ via }: WorkItem, field: string): boolean =>
  via.some((name) => name === field || name.startsWith(`${field}.`))

async function mediaOf(
  store: Store,
  collection: CollectionMap,
  row: Row,
): Promise<NonNullable<CollectedRow['files']>> {
  const found = []
  for (const name of await filesOf(store, collection, row)) {
    const info = await stat(mediaPath(store.files ?? '', name)).catch(() => undefined)
    if (info?.isFile()) found.push({ name, bytes: info.size })
  }
  return found
}
