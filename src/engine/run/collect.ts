import { eq } from 'drizzle-orm'
import { stat } from 'node:fs/promises'
import { append } from '../../ledger/append.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { StepRun } from '../../ops/jobs/define.ts'
import type { Row, Store } from '../../stores/port.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyOfRow, keyText } from '../locate/reach.ts'
import type { Order } from '../order/state.ts'
import { type Chosen, chosenOf, passageHash } from '../others/choices.ts'
import { keepWithheld, type Withheld } from '../others/log.ts'
import { ruleFor } from '../others/rule.ts'
import { findOthers } from '../others/survey.ts'
import { copiedText, isCopied, isText, type Reading } from '../others/texts.ts'
import { newSpoolKey } from '../spool/key.ts'
import type { SpoolHead } from '../spool/read.ts'
import { spoolWriter } from '../spool/write.ts'
import { tables, type WorkItem } from '../tables.ts'
import type { Other } from '../text/others.ts'
import { isStillHers } from './changes.ts'
import { herNeedles, type Step } from './effects.ts'
import { fileColumns, filesOf, mediaPath } from './files.ts'
import { openBatches } from './prepare.ts'
import { shownText } from './shown.ts'

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
  /** Who else stands in it, and whether she is withheld; for the look over the finished package, which does not hold it. */
  readonly others?: readonly MetOther[]
}

/** Somebody else in a field of a row. */
export interface MetOther extends Pick<Other, 'kind' | 'value'> {
  readonly field: string
  readonly isHidden: boolean
  readonly by: 'rule' | 'officer'
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
  const log: Withheld[] = []
  let count = 0
  try {
    const head: SpoolHead = { collection }
    await spool.write(head)
    const copy = await copying(deps, run, order, collection)
    for (const items of await allItems(run, step.id))
      count += await collectRows(run, store, collection, items, copy, async ({ row, withheld }) => {
        log.push(...withheld)
        await spool.write(row)
      })
    await spool.finish()
  } catch (error) {
    await spool.abandon()
    throw error
  }
  await run.checkpoint(async (ctx) => {
    const { step: table } = tables(ctx.tx)
    await ctx.tx.q
      .update(table)
      .set({ status: 'done', done: count, lastError: null, triedAt: ctx.tx.now })
      .where(eq(table.id, step.id))
    const withheld = await keepWithheld(ctx, { orderId: order.id, stepId: step.id }, log)
    await append(ctx, {
      type: 'engine.collected',
      subject: order.origin,
      body: { order: order.id, in: collection.id, rows: count, ...(log.length > 0 && { withheld }) },
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

/** What a row is copied with. */
interface Copying extends Pick<Reading, 'hers' | 'others'> {
  readonly chosen: Chosen
  readonly keys: Keys
}

async function copying(deps: EngineDeps, run: Run, order: Order, { store }: CollectionMap): Promise<Copying> {
  const hers = herNeedles(deps, order, store, true)
  const chosen = await run.db.read((reader) => chosenOf(reader, order.id))
  return {
    hers,
    others: findOthers(deps, store, hers, order.memory?.others ?? []),
    chosen,
    keys: run.db.keys,
  }
}

interface Copied {
  readonly row: CollectedRow
  readonly withheld: readonly Withheld[]
}

async function collectRows(
  run: Run,
  store: Store,
  collection: CollectionMap,
  items: readonly WorkItem[],
  copy: Copying,
  write: (copied: Copied) => Promise<void>,
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
          await write(await collected(store, collection, row, item, copy))
          count++
        }
    },
    { signal: run.signal },
  )
  return count
}

async function collected(
  store: Store,
  collection: CollectionMap,
  row: Row,
  item: WorkItem,
  copy: Copying,
): Promise<Copied> {
  // A column may be called __proto__.
  const values = Object.create(null) as Record<string, string | null>
  const redacted: string[] = []
  const met: MetOther[] = []
  for (const field of collection.fields) {
    if (field.secret || !(field.name in row)) continue
    const value = row[field.name] ?? null
    if (value === null) values[field.name] = null
    else if (!isCopied(field, item)) redacted.push(field.name)
    else if (!isText(field)) values[field.name] = shownText(field, value)
    else {
      const others: MetOther[] = []
      const copied = copiedText(field, value, item, readingOf(copy, collection, item, field.name, others))
      met.push(...others)
      // Bytes that no redaction touches stay the bytes they are.
      const isWhole = item.link === 'owned' && !copied?.isLess
      if (isWhole) values[field.name] = shownText(field, value)
      else if (copied) values[field.name] = copied.text
      if (!isWhole && (!copied || copied.isLess)) redacted.push(field.name)
    }
  }
  const files = item.link === 'owned' ? await mediaOf(store, collection, row) : []
  const others = unique(met)
  return {
    row: {
      key: item.key,
      link: item.link,
      values,
      redacted,
      ...(files.length > 0 && { files }),
      ...(others.length > 0 && { others }),
    },
    withheld: logOf(copy.keys, collection, item, met),
  }
}

/** By the rule of the row, unless an officer said otherwise. */
function readingOf(
  { hers, others, chosen, keys }: Copying,
  { id }: CollectionMap,
  item: WorkItem,
  field: string,
  met: MetOther[],
): Reading {
  const rule = ruleFor(item)
  return {
    hers,
    others,
    hides({ kind, value }) {
      const said = chosen(id, passageHash(keys, id, item.key, field, { kind, value }))
      const isHidden = said === undefined ? rule === 'hidden' : said === 'hide'
      met.push({ field, kind, value, isHidden, by: said === undefined ? 'rule' : 'officer' })
      return isHidden
    },
  }
}

const unique = (met: readonly MetOther[]): MetOther[] => [
  ...new Map(met.map((one) => [`${one.field}\0${one.kind}\0${one.value}`, one])).values(),
]

function logOf(
  keys: Keys,
  { id, store }: CollectionMap,
  { key }: WorkItem,
  met: readonly MetOther[],
): Withheld[] {
  const row = keys.hash('withheld-row', keyText(key))
  const hidden = met.filter(({ isHidden }) => isHidden)
  return [...Map.groupBy(hidden, ({ field, kind, by }) => `${field}\0${kind}\0${by}`).values()].map(
    (same) => {
      const { field, kind, by } = same[0] as MetOther
      return { store, collectionId: id, row, field, kind, by, count: same.length }
    },
  )
}

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
