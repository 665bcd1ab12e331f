import type { CollectionMap } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import { keyPart } from '../../stores/keys.ts'
import type { Row, RowChange, Store, StoreWriter, TableInfo, Value } from '../../stores/port.ts'
import { isUnreadable } from '../encodings/unreadable.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyText, rowsIn } from '../locate/reach.ts'
import { anonymiseMasks, type ColumnMask, isSame, redactMasks } from '../masks/mask.ts'
import { evidenceDigest } from '../plan/draw.ts'
import type { WorkItem } from '../tables.ts'
import { holds } from '../text/find.ts'
import type { Needle } from '../text/needles.ts'
import { batchColumns } from './columns.ts'
import { nobodysFiles, removeMedia } from './files.ts'

export interface Batch {
  readonly collection: CollectionMap
  readonly table: TableInfo | undefined
  readonly action: 'delete' | 'anonymise' | 'redact'
  readonly items: readonly WorkItem[]
  readonly hers: readonly Needle[]
  /** For rows that only mention her, where a first or last name alone may be anybody's. */
  readonly hersInFull: readonly Needle[]
}

export interface Applied {
  readonly done: number
  /** Rows that are no longer as they were when located: untouched. */
  readonly skipped: number
  /** Rows by column whose value is not what it is said to be packed in, or cannot lose what is hers: left as they are. */
  readonly unread: Unread
}
export type Unread = Readonly<Record<string, number>>

/**
 * Applies one batch in one transaction of the store, and may be run again after a crash anywhere:
 * 1. the rows are read and held; one that is gone counts as done, one whose evidence changed is skipped;
 * 2. rows are deleted or rewritten; a constraint that says no rolls all of it back;
 * 3. files are removed. A crash from here on leaves rows without their file: the next run deletes the rows;
 * 4. the store commits. A crash after it leaves our receipt unwritten: the next run finds nothing left to do.
 */
export const applyBatch = (store: Store, keys: Keys, batch: Batch, signal: AbortSignal): Promise<Applied> =>
  store.writing(
    async (writer) => {
      const { media, ...applied } = await writeBatch(writer, store, keys, batch)
      await removeMedia(await media())
      return applied
    },
    { signal },
  )

/** What was written, and the files that are nobody's afterwards: for whoever keeps the transaction. */
interface Written extends Applied {
  media(): Promise<string[]>
}

/** The rows of a batch, in the transaction of `writer`; a rehearsal does the same. */
export async function writeBatch(
  writer: StoreWriter,
  store: Store,
  keys: Keys,
  batch: Batch,
): Promise<Written> {
  const via = [...new Set(batch.items.flatMap((item) => item.via))]
  const masks = batch.action === 'anonymise' ? anonymiseMasks(batch.collection, batch.table) : []
  const columns = batchColumns(batch.collection, via, [
    ...masks,
    ...redactMasks(batch.collection, via, batch.table),
  ])
  const rows = await heldRows(writer, batch, columns)
  switch (batch.action) {
    case 'delete':
      return deleteRows(writer, store, keys, batch, rows)
    case 'anonymise':
      return anonymiseRows(writer, store, keys, batch, rows, masks)
    case 'redact':
      return { ...(await redactRows(writer, keys, batch, rows)), media: async () => [] }
  }
}

async function heldRows(
  writer: StoreWriter,
  batch: Batch,
  columns: readonly string[],
): Promise<Map<string, Row>> {
  const { table, key } = batch.collection
  const rows = await writer.lockRows({
    table,
    key,
    columns,
    where: rowFilter(batch.collection),
    keys: batch.items.map((i) => i.key),
  })
  return new Map(rows.map((row) => [keyText(key.map((column) => keyPart(row[column]))), row]))
}

export const isStillHers = (keys: Keys, item: WorkItem, row: Row): boolean =>
  item.digest === undefined || item.digest === evidenceDigest(keys, item.key, item.via, row)

async function deleteRows(
  writer: StoreWriter,
  store: Store,
  keys: Keys,
  batch: Batch,
  rows: ReadonlyMap<string, Row>,
): Promise<Written> {
  const hers = batch.items.filter((item) => {
    const row = rows.get(keyText(item.key))
    return row !== undefined && isStillHers(keys, item, row)
  })
  const { table, key } = batch.collection
  if (hers.length > 0)
    await writer.remove({
      table,
      key,
      where: rowFilter(batch.collection),
      keys: hers.map((item) => item.key),
    })
  return {
    done: rowsIn(batch.items) - (rows.size - hers.length),
    skipped: rows.size - hers.length,
    unread: {},
    media: () => mediaOf(writer, store, batch, hers, rows),
  }
}

/** What belongs to the rows; a file that other rows still name stays, and goes with the last of them. */
const mediaOf = (
  writer: StoreWriter,
  store: Store,
  batch: Batch,
  items: readonly WorkItem[],
  rows: ReadonlyMap<string, Row>,
): Promise<string[]> =>
  nobodysFiles(
    writer,
    store,
    batch.collection,
    items.map((item) => rows.get(keyText(item.key))).filter((row) => row !== undefined),
  )

async function anonymiseRows(
  writer: StoreWriter,
  store: Store,
  keys: Keys,
  batch: Batch,
  rows: ReadonlyMap<string, Row>,
  masks: readonly ColumnMask[],
): Promise<Written> {
  const { file, paths } = batch.collection
  const [open, hers]: [WorkItem[], WorkItem[]] = [[], []]
  let skipped = 0
  const [unread, note] = unreadCounter()
  for (const item of batch.items) {
    const row = rows.get(keyText(item.key))
    if (row === undefined) continue
    if (isStillHers(keys, item, row)) hers.push(item)
    // Already in its erased form: an earlier run did it and could not say so.
    if (Object.keys(changes(row, masks, batch.hers, note)).length === 0) continue
    if (isStillHers(keys, item, row)) open.push(item)
    else skipped++
  }
  await writeMasks(writer, batch, open, rows, masks)
  const goes = paths !== undefined || masks.some((mask) => mask.column === file)
  return {
    done: rowsIn(batch.items) - skipped,
    skipped,
    unread,
    media: async () => (goes ? mediaOf(writer, store, batch, hers, rows) : []),
  }
}

/** One statement where every row becomes the same, one a row where values differ. */
async function writeMasks(
  writer: StoreWriter,
  batch: Batch,
  items: readonly WorkItem[],
  rows: ReadonlyMap<string, Row>,
  masks: readonly ColumnMask[],
): Promise<void> {
  if (items.length === 0 || masks.length === 0) return
  const { table, key } = batch.collection
  if (masks.every((mask) => mask.constant !== undefined)) {
    const set = Object.fromEntries(masks.map((mask) => [mask.column, mask.constant as Value]))
    await writer.overwrite({
      table,
      key,
      where: rowFilter(batch.collection),
      keys: items.map((item) => item.key),
      set,
    })
    return
  }
  await writer.rewrite({
    table,
    key,
    changes: items.map((item) => ({
      key: item.key,
      set: changes(rows.get(keyText(item.key)) as Row, masks, batch.hers),
    })),
  })
}

/** Counts the rows of each column whose value cannot be read. */
function unreadCounter(): [Unread, (column: string) => void] {
  const counts = Object.create(null) as Record<string, number>
  return [counts, (column) => void (counts[column] = (counts[column] ?? 0) + 1)]
}

/** The columns that a mask would still change; none for a row in its erased form. What cannot be read is noted and stays. */
export function changes(
  row: Row,
  masks: readonly ColumnMask[],
  hers: readonly Needle[],
  unread: (column: string) => void = () => undefined,
): Record<string, Value> {
  // A column may be called __proto__.
  const set = Object.create(null) as Record<string, Value>
  for (const mask of masks) {
    try {
      const value = mask.of(row, hers)
      if (!isSame(row[mask.column] ?? null, value)) set[mask.column] = value
    } catch (error) {
      if (!isUnreadable(error)) throw error
      unread(mask.column)
    }
  }
  return set
}

/** What is redacted is computed from the row as it is now, so an edit meanwhile is neither lost nor overwritten. */
async function redactRows(
  writer: StoreWriter,
  keys: Keys,
  batch: Batch,
  rows: ReadonlyMap<string, Row>,
): Promise<Applied> {
  const rewritten: RowChange[] = []
  const [unread, note] = unreadCounter()
  for (const item of batch.items) {
    const row = rows.get(keyText(item.key))
    if (!row) continue
    const hers = item.link === 'mentioned' ? batch.hersInFull : batch.hers
    const set = changes(
      row,
      redactMasks(batch.collection, stillVia(keys, batch, item, row), batch.table),
      hers,
      note,
    )
    if (Object.keys(set).length > 0) rewritten.push({ key: item.key, set })
  }
  const { table, key } = batch.collection
  if (rewritten.length > 0) await writer.rewrite({ table, key, changes: rewritten })
  return { done: rowsIn(batch.items), skipped: 0, unread }
}

/** The fields that are hers in this row: where something else stands by now, only those that hold an identifier of hers. */
function stillVia(keys: Keys, batch: Batch, item: WorkItem, row: Row): readonly string[] {
  if (isStillHers(keys, item, row)) return item.via
  const identifiers = batch.hers.filter((needle) => needle.kind !== 'name')
  return item.via.filter((name) => typeof row[name] === 'string' && holds(row[name], identifiers))
}
