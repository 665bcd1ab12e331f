import type { Catalogues, TableLike } from './catalogue.ts'
import { columnOf } from './catalogue.ts'
import type { CollectionMap, DataMap } from './model.ts'

/**
 * The same map, in which collections that name no key (Fides needs none to read) have that of their live table: its
 * primary key, else a unique key that holds no NULL, else the whole row. Links and order stay those of the map as written, so
 * build the graph from that.
 */
export function withLiveKeys(map: DataMap, catalogues: Catalogues): DataMap {
  const keyed = (c: CollectionMap): CollectionMap => {
    if (c.key.length > 0) return c
    const table = catalogues.get(c.store)?.tables.find((t) => t.name === c.table)
    if (!table || table.kind === 'view') return c
    const key = keyOf(table)
    if (key.length === 0)
      return {
        ...c,
        key: table.columns.filter((one) => !one.generated).map((one) => one.name),
        wholeRow: true,
      }
    const fields = c.fields.map((f) => (key.includes(f.name) ? { ...f, primaryKey: true } : f))
    return { ...c, key, fields }
  }
  const datasets = map.datasets.map((d) => ({ ...d, collections: d.collections.map(keyed) }))
  return {
    ...map,
    datasets,
    collections: new Map(datasets.flatMap((d) => d.collections).map((c) => [c.id, c])),
  }
}

/** What tells the rows of a table apart; empty where nothing does. */
export const keyOf = (table: TableLike): readonly string[] =>
  table.primaryKey.length > 0
    ? table.primaryKey
    : (table.uniqueKeys.find((key) => key.every((name) => columnOf(table, name)?.nullable === false)) ?? [])
