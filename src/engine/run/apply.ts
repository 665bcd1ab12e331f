import type { CollectionMap } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import { keyPart } from '../../stores/keys.ts'
import type { Row, RowChange, Store, StoreWriter, TableInfo, Value } from '../../stores/port.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyText, rowsIn } from '../locate/reach.ts'
import { type Amendment, amendMasks } from '../masks/amend.ts'
import { anonymiseMasks, type ColumnMask, redactMasks } from '../masks/mask.ts'
import type { WorkItem } from '../tables.ts'
import { holds } from '../text/find.ts'
import type { Needle } from '../text/needles.ts'
import { amendRows } from './amend.ts'
import { changes, isStillHers, type Unread, unreadCounter } from './changes.ts'
import { batchColumns } from './columns.ts'
import { nobodysFiles, removeMedia } from './files.ts'

export interface Batch {
  readonly collection: CollectionMap
  readonly table: TableInfo | undefined
  readonly action: 'delete' | 'anonymise' | 'redact' | 'rectify' | 'restrict' | 'lift'
  /** What a rectification, a restriction or its lifting sets. */
  readonly amendment?: Amendment
  readonly items: readonly WorkItem[]
  /** Collections that may name the same files. */
  readonly mates?: readonly CollectionMap[]
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
  const { collection, table, amendment } = batch
  const masks = amendment
    ? amendMasks(collection, table, amendment)
    : batch.action === 'anonymise'
      ? anonymiseMasks(collection, table)
      : []
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
    case 'rectify':
    case 'restrict':
    case 'lift':
      return { ...(await amendRows(writer, keys, batch, rows)), media: async () => [] }
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
  const target = { table, key, where: rowFilter(batch.collection), keys: hers.map((item) => item.key) }
  if (hers.length > 0) {
    // A store that refuses row by row takes no two that point at each other.
    for (const set of pointersWithin(batch)) await writer.overwrite({ ...target, set })
    await writer.remove(target)
  }
  return {
    done: rowsIn(batch.items) - (rows.size - hers.length),
    skipped: rows.size - hers.length,
    unread: {},
    media: () => mediaOf(writer, store, batch, hers, rows),
  }
}

/** Keys by which rows of a table point at rows of the same table, and that can be emptied. */
const pointersWithin = ({ collection, table }: Batch): Record<string, null>[] =>
  (table?.foreignKeys ?? [])
    .filter((fk) => fk.table === table?.name && (fk.onDelete === 'restrict' || fk.onDelete === 'no action'))
    .filter((fk) =>
      fk.columns.every(
        (name) =>
          table?.columns.some((column) => column.name === name && column.nullable) &&
          !collection.key.includes(name) &&
          !(name in collection.rows),
      ),
    )
    .map((fk) => Object.fromEntries(fk.columns.map((name) => [name, null])))

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
    batch.mates,
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
