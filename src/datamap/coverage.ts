import type { Catalogues, TableLike } from './catalogue.ts'
import { withLiveTables } from './live.ts'
import { placeholders } from './masks.ts'
import type { CollectionMap, DataMap } from './model.ts'

export interface TableCoverage {
  readonly table: string
  readonly declared: readonly string[]
  readonly unknown: readonly string[]
}

export interface StoreCoverage {
  readonly store: string
  /** Tables that some collection reads. */
  readonly tables: readonly TableCoverage[]
  /** Tables that none does. */
  readonly unknownTables: readonly string[]
  readonly declaredColumns: number
  /** Columns of unknown tables included. */
  readonly unknownColumns: number
}

/** The columns that a collection names anywhere: fields, key, row filter, file, suppression, period, masks. */
export const columnsNamed = (c: CollectionMap): readonly string[] => [
  ...new Set([
    ...c.fields.map((f) => f.name),
    ...c.key,
    ...Object.keys(c.rows),
    ...Object.keys(c.lookups ?? {}),
    ...(c.file ? [c.file] : []),
    ...(c.paths ?? []).flatMap((path) => placeholders(path).map((name) => name.replace(/:.*$/, ''))),
    ...(c.author ? Object.keys(c.author.unless ?? {}) : []),
    ...(c.suppress ? [c.suppress.field, ...Object.keys(c.suppress.when ?? {})] : []),
    ...(c.keep?.from ? [c.keep.from] : []),
    ...(c.unit ? [c.unit] : []),
    ...(c.parties ?? []),
    ...(c.author ? [c.author.field, ...Object.keys(c.author.unless ?? {})] : []),
    ...(c.chunks ? [c.chunks.of, c.chunks.order, c.chunks.data] : []),
    ...Object.keys(c.restrict ?? {}),
    ...c.fields.flatMap((f) => (f.mask?.how === 'value' ? placeholders(f.mask.template) : [])),
  ]),
]

/** Which columns of every live store the map declares, and which it does not know. Pure; a store without catalogue is left out. */
export function coverage(map: DataMap, catalogues: Catalogues): StoreCoverage[] {
  const collections = [...withLiveTables(map, catalogues).collections.values()]
  return [...catalogues].map(([store, catalogue]) => {
    const mine = collections.filter((c) => c.store === store)
    const known = new Set(mine.map((c) => c.table))
    const tables = catalogue.tables.filter((t) => known.has(t.name)).map((t) => tableCoverage(t, mine))
    const others = catalogue.tables.filter((t) => !known.has(t.name))
    const count = (lists: readonly (readonly unknown[])[]) =>
      lists.reduce((sum, list) => sum + list.length, 0)
    return {
      store,
      tables,
      unknownTables: others.map((t) => t.name),
      declaredColumns: count(tables.map((t) => t.declared)),
      unknownColumns: count([...tables.map((t) => t.unknown), ...others.map((t) => t.columns)]),
    }
  })
}

function tableCoverage(table: TableLike, collections: readonly CollectionMap[]): TableCoverage {
  const named = new Set(collections.filter((c) => c.table === table.name).flatMap(columnsNamed))
  const names = table.columns.map((c) => c.name)
  return {
    table: table.name,
    declared: names.filter((n) => named.has(n)),
    unknown: names.filter((n) => !named.has(n)),
  }
}
