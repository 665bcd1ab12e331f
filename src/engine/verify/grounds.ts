import type { CollectionMap } from '../../datamap/model.ts'
import type { Row, StoreReader } from '../../stores/port.ts'
import type { EngineDeps } from '../deps.ts'

/** Why a row of a table may still hold an identifier after an erasure. */
export interface Ground {
  readonly ground: string
  readonly columns: readonly string[]
  covers(row: Row): boolean
}

/** The grounds of the map's `keep` collections over one table; the row filter tells which rows they are. Reads what it looks up. */
export async function groundsFor(
  deps: EngineDeps,
  reader: StoreReader,
  store: string,
  table: string,
): Promise<Ground[]> {
  const grounds: Ground[] = []
  for (const collection of deps.map.collections.values()) {
    if (collection.store !== store || collection.table !== table || collection.erase !== 'keep') continue
    if (!collection.keep) continue
    const rows = [...Object.entries(collection.rows), ...(await lookedUp(reader, collection))]
    grounds.push({
      ground: collection.keep.ground,
      columns: rows.map(([column]) => column),
      covers: (row) =>
        rows.every(([column, values]) => values.includes((row[column] ?? null) as string | null)),
    })
  }
  return grounds
}

/** The numbers that a row filter names by what they stand for. */
async function lookedUp(
  reader: StoreReader,
  { lookups }: CollectionMap,
): Promise<[column: string, values: readonly (string | null)[]][]> {
  const found: [string, (string | null)[]][] = []
  for (const [column, { table, take, where }] of Object.entries(lookups ?? {})) {
    const values: (string | null)[] = []
    const filter = Object.entries(where).map(([name, is]) => ({ column: name, is }))
    for await (const page of reader.rows({ table, columns: [take], key: [take], where: filter }))
      for (const row of page) if (typeof row[take] === 'string') values.push(row[take])
    found.push([column, values])
  }
  return found
}
