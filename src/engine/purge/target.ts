import { LetheError } from '../../base/errors.ts'
import { latestEndedStart, parseDuration } from '../../base/duration.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Catalogue, Filter, Row, Store, StoreReader, TableInfo } from '../../stores/port.ts'
import { collectionOf, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import type { PurgeDeps } from './deps.ts'
import { type DueTest, dueTest } from './due.ts'
import { rowMasks, type RowMask } from './masks.ts'
import { spellingOf } from './spelling.ts'
import type { Ended, PurgeSpec } from './tables.ts'

/** A period over rows of one collection, ready to judge them. */
export interface Guard {
  readonly where: readonly Filter[]
  readonly from: string
  /** Undefined where the column holds nothing that is a date: then nothing is due. */
  readonly due: DueTest | undefined
}

/** What an order is about, held against the live store. */
export interface Target {
  readonly spec: PurgeSpec
  readonly store: Store
  readonly catalogue: Catalogue
  readonly collection: CollectionMap
  readonly table: TableInfo
  readonly guard: Guard
  /** Why the map keeps rows of this collection: the period of its `keep`, or `always`. */
  readonly ground: Guard | 'always' | undefined
  /** By collection id: what must be over before a row goes with the one above it. */
  readonly others: ReadonlyMap<string, readonly Guard[]>
  readonly masks: readonly RowMask[]
  /** Columns that are read of the purged table itself. */
  readonly columns: readonly string[]
}

/** Reads the store's schema and a few values; writes nothing. Throws `conflict` where the map no longer fits the store. */
export async function targetOf(deps: PurgeDeps, spec: PurgeSpec, signal?: AbortSignal): Promise<Target> {
  const options = signal ? { signal } : {}
  const collection = collectionOf(deps, spec.collection)
  const store = storeOf(deps, collection.store)
  const catalogue = await store.describe(options)
  const table = tableOf(catalogue, collection, [
    spec.from,
    ...collection.key,
    ...spec.where.map((f) => f.column),
  ])
  if (collection.key.length === 0)
    throw new LetheError('conflict', `${collection.id} has no key to tell its rows apart`, {
      where: collection.where,
      hint: 'Name its key columns under lethe: {key: [...]}.',
    })
  return store.reading(async (reader) => {
    const guardOf = async (ended: Ended): Promise<Guard> => {
      const of = collectionOf(deps, ended.collection)
      const info = tableOf(catalogue, of, [ended.from, ...ended.where.map((f) => f.column)])
      return {
        where: ended.where,
        from: ended.from,
        due: await dueIn(deps, reader, { collection: of, table: info, kind: store.kind }, ended),
      }
    }
    const others = new Map<string, Guard[]>()
    for (const other of spec.others)
      if (collectionOf(deps, other.collection).store === store.name)
        others.set(other.collection, [...(others.get(other.collection) ?? []), await guardOf(other)])
    const masks = spec.action === 'anonymise' ? rowMasks(collection, table) : []
    const ground = groundOf(collection, spec)
    return {
      spec,
      store,
      catalogue,
      collection,
      table,
      others,
      masks,
      guard: await guardOf(spec),
      ground: ground === undefined || ground === 'always' ? ground : await guardOf(ground),
      columns: columnsOf(collection, spec, masks),
    }
  }, options)
}

function tableOf(catalogue: Catalogue, collection: CollectionMap, columns: readonly string[]): TableInfo {
  const table = catalogue.tables.find((t) => t.name === collection.table)
  const missing = table ? columns.filter((name) => !table.columns.some((c) => c.name === name)) : []
  if (table && missing.length === 0) return table
  const what = table
    ? `column ${missing.join(', ')} of table ${collection.table}`
    : `table ${collection.table}`
  throw new LetheError('conflict', `${what} is not in the store ${collection.store}`, {
    where: collection.where,
    hint: 'The store changed, or the data map is wrong; run `lethe check`.',
  })
}

/** The map's own reason to keep rows, as a period that must be over too. */
function groundOf(collection: CollectionMap, spec: PurgeSpec): Ended | 'always' | undefined {
  if (collection.erase !== 'keep') return undefined
  const { keep, from } = collection.keep ?? {}
  if (keep === undefined || from === undefined) return 'always'
  return {
    collection: collection.id,
    where: [],
    from,
    zone: spec.zone,
    lastStart: latestEndedStart(parseDuration(keep), spec.today),
  }
}

function columnsOf(collection: CollectionMap, spec: PurgeSpec, masks: readonly RowMask[]): string[] {
  const { keep, suppress, file } = collection
  return [
    ...new Set([
      ...collection.key,
      spec.from,
      ...masks.flatMap((mask) => [mask.column, ...mask.reads]),
      ...(keep?.from === undefined ? [] : [keep.from]),
      ...(file === undefined ? [] : [file]),
      ...(suppress ? [suppress.field, ...Object.keys(suppress.when ?? {})] : []),
    ]),
  ]
}

const samples = 50
/** What programs leave where nothing happened yet: no sample of a spelling. */
const nothings = [null, '', '0', '0000-00-00', '0000-00-00 00:00:00']

async function dueIn(
  deps: PurgeDeps,
  reader: StoreReader,
  at: { readonly collection: CollectionMap; readonly table: TableInfo; readonly kind: Store['kind'] },
  ended: Ended,
): Promise<DueTest | undefined> {
  const { collection, table } = at
  const column = table.columns.find((c) => c.name === ended.from)
  if (!column) return undefined
  const query = {
    table: collection.table,
    key: collection.key,
    columns: [...new Set([...collection.key, ended.from])],
  }
  const where = [...rowFilter(collection), ...ended.where, { column: ended.from, is: nothings, not: true }]
  const said = collection.fields.find((field) => field.name === ended.from)?.timezone
  const zone = said ?? deps.zoneOf(collection.store) ?? ended.zone
  // The first values may all be words; those that look like dates to the store are asked for then.
  for (const before of [undefined, { column: ended.from, cutoff: '9999-01-01' }]) {
    const values: string[] = []
    for await (const page of reader.rows({
      ...query,
      where,
      ...(before && { before }),
      limit: samples,
      pageSize: samples,
    }))
      for (const row of page) if (typeof row[ended.from] === 'string') values.push(row[ended.from] as string)
    const spelling = spellingOf(column, { kind: at.kind, zone }, values)
    if (spelling) return dueTest(ended, spelling)
  }
  return undefined
}

/** Whether a row fulfils conditions that the store was not asked for. */
export const fulfils = (row: Row, where: readonly Filter[]): boolean =>
  where.every(({ column, is, not }) => is.includes(row[column] ?? null) !== (not ?? false))
