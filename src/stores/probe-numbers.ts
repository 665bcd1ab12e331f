import type { CollectionMap, DataMap, Finding, Graph } from '../datamap/model.ts'
import type { Catalogue, Store, StoreReader, Value } from './port.ts'

/** Rows that are looked at: enough to meet a collision where there are any to speak of. */
const looked = 1000

/**
 * A column that refers to keys of several tables without a discriminator (`rows`): the same number is one record here and another
 * there. Asks the store which of its numbers stand in both. Reads a bounded number of rows; a guard, not a proof.
 */
export async function numberFindings(
  stores: ReadonlyMap<string, Store>,
  { map, graph }: { readonly map: DataMap; readonly graph: Graph },
  catalogues: ReadonlyMap<string, Catalogue>,
): Promise<Finding[]> {
  const found: Finding[] = []
  for (const collection of map.collections.values()) {
    const store = stores.get(collection.store)
    const isTold = Object.keys(collection.rows).length > 0 || collection.lookups !== undefined
    if (!store || isTold || collection.skip || !isThere(catalogues, collection)) continue
    for (const field of collection.fields) {
      const owners = ownersOf(map, graph, collection, field.name).filter((one) => isThere(catalogues, one))
      if (owners.length < 2) continue
      const both = await store.reading((reader) => inSeveral(reader, collection, field.name, owners))
      if (both.length === 0) continue
      const named = owners.map((one) => `${one.name}.${one.key[0]}`).join(' and ')
      found.push({
        level: 'warning',
        where: field.where,
        message: `"${field.name}" of "${collection.name}" refers to ${named}, and ${both.slice(0, 3).join(', ')}${both.length > 3 ? ' …' : ''} stand in both: a row of one is taken for one of the other`,
        hint: 'Map the table once for each meaning, with the column that tells them apart: lethe: {rows: {…}}.',
      })
    }
  }
  return found
}

const isThere = (catalogues: ReadonlyMap<string, Catalogue>, c: CollectionMap): boolean =>
  catalogues.get(c.store)?.tables.some((table) => table.name === c.table) === true

/** Collections of the same store, of different tables, whose whole key this field is compared with. */
function ownersOf(map: DataMap, graph: Graph, collection: CollectionMap, field: string): CollectionMap[] {
  const ends = graph.edges
    .filter((edge) => edge.to === collection.id && edge.toField === field && edge.format === 'exact')
    .flatMap((edge) => {
      const from = map.collections.get(edge.from)
      const isKey = from?.key.length === 1 && from.key[0] === edge.fromField
      return from && isKey && from.store === collection.store && from.id !== collection.id ? [from] : []
    })
  return [...new Map(ends.map((one) => [one.table, one])).values()]
}

async function inSeveral(
  reader: StoreReader,
  { table, key }: CollectionMap,
  field: string,
  owners: readonly CollectionMap[],
): Promise<string[]> {
  const said = new Set<string>()
  for await (const page of reader.rows({ table, columns: [field], key, limit: looked }))
    for (const row of page) if (typeof row[field] === 'string') said.add(row[field])
  const met = new Map<string, number>()
  for (const owner of owners) {
    const column = owner.key[0] as string
    const keys = [...said].map((value): Value[] => [value])
    if (keys.length > 0)
      for await (const page of reader.rows({ table: owner.table, columns: [column], key: [column], keys }))
        for (const row of page) met.set(String(row[column]), (met.get(String(row[column])) ?? 0) + 1)
  }
  return [...met].filter(([, times]) => times > 1).map(([value]) => value)
}
