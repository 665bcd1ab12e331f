import { fileColumns } from '../run/files.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { TableInfo } from '../../stores/port.ts'
import { rowFilter } from '../locate/columns.ts'
import type { PurgeDeps } from './deps.ts'
import type { Excluded } from './excluded.ts'
import type { Target } from './target.ts'

/** Rows of `table` that point at rows of the table above by `columns`. */
export interface Tie {
  readonly table: TableInfo
  readonly columns: readonly string[]
  /** What they point at, one for one. */
  readonly above: readonly string[]
  /** Collections that read the table, and which of them the map calls the upper row's own. */
  readonly collections: readonly CollectionMap[]
  readonly owned: ReadonlySet<string>
}

/**
 * What points at rows of a table: the store's own foreign keys, and the map's references by which rows are the upper row's
 * own where the store has no key for it. A key that the store itself sets to NULL is no tie, unless the map says `owned`.
 */
export function tiesTo(deps: PurgeDeps, target: Pick<Target, 'catalogue' | 'store'>, name: string): Tie[] {
  const ties: Tie[] = []
  const collectionsOn = (table: string) =>
    [...deps.map.collections.values()].filter((c) => c.store === target.store.name && c.table === table)
  const ownedBy = (table: TableInfo, columns: readonly string[], above: readonly string[]): Set<string> => {
    const edges = deps.graph.edges.filter(
      (e) =>
        e.link === 'owned' &&
        e.format === 'exact' &&
        columns.includes(e.toField) &&
        above.includes(e.fromField),
    )
    const upper = new Set(collectionsOn(name).map((c) => c.id))
    const lower = new Set(collectionsOn(table.name).map((c) => c.id))
    return new Set(edges.filter((e) => upper.has(e.from) && lower.has(e.to)).map((e) => e.to))
  }
  for (const table of target.catalogue.tables)
    for (const key of table.foreignKeys) {
      if (key.table !== name) continue
      const owned = ownedBy(table, key.columns, key.references)
      const lapses = key.onDelete === 'set null' || key.onDelete === 'set default'
      if (lapses && owned.size === 0) continue
      ties.push({
        table,
        columns: key.columns,
        above: key.references,
        collections: collectionsOn(table.name),
        owned,
      })
    }
  for (const upper of collectionsOn(name))
    for (const edge of deps.graph.edges) {
      const lower = deps.map.collections.get(edge.to)
      const isOwn = edge.from === upper.id && edge.link === 'owned' && edge.format === 'exact'
      if (
        !isOwn ||
        upper.key.length !== 1 ||
        upper.key[0] !== edge.fromField ||
        lower?.store !== target.store.name
      )
        continue
      const table = target.catalogue.tables.find((t) => t.name === lower.table)
      const known = ties.some(
        (t) => t.table === table && t.columns.length === 1 && t.columns[0] === edge.toField,
      )
      if (!table || known) continue
      const owned = ownedBy(table, [edge.toField], [edge.fromField])
      ties.push({
        table,
        columns: [edge.toField],
        above: [edge.fromField],
        collections: collectionsOn(table.name),
        owned,
      })
    }
  return ties
}

/** Rows of such a tie go by one statement over the upper keys, unread: nothing below, beside or upon them could keep them. */
export function isPlain(deps: PurgeDeps, target: Target, excluded: Excluded, tie: Tie): boolean {
  const [only] = tie.collections
  return (
    only !== undefined &&
    tie.collections.length === 1 &&
    tie.columns.length === 1 &&
    tie.owned.has(only.id) &&
    Object.keys(only.rows).length === 0 &&
    only.erase !== 'keep' &&
    only.file === undefined &&
    only.paths === undefined &&
    !target.others.has(only.id) &&
    !excluded.any(only) &&
    tiesTo(deps, target, tie.table.name).length === 0
  )
}

/** Columns that judging and removing rows of a table needs. */
export function columnsOf(
  deps: PurgeDeps,
  target: Target,
  table: TableInfo,
  collections: readonly CollectionMap[],
): string[] {
  const names = new Set<string>(tiesTo(deps, target, table.name).flatMap((tie) => tie.above))
  for (const collection of collections) {
    for (const column of [...collection.key, ...rowFilter(collection).map((f) => f.column)]) names.add(column)
    for (const column of fileColumns(collection)) names.add(column)
    for (const guard of target.others.get(collection.id) ?? [])
      for (const column of [guard.from, ...guard.where.map((f) => f.column)]) names.add(column)
  }
  return [...names]
}

/** The purged collection and all that may go below it. */
export function household(deps: PurgeDeps, target: Target): CollectionMap[] {
  const tables = new Set([target.table.name])
  const found = new Set([target.collection])
  for (const name of tables)
    for (const tie of tiesTo(deps, target, name)) {
      if (tie.owned.size > 0) tables.add(tie.table.name)
      for (const collection of tie.collections) if (tie.owned.has(collection.id)) found.add(collection)
    }
  return [...found]
}
