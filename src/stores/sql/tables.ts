import { nearest } from '../../base/nearest.ts'
import { StoreError } from '../errors.ts'
import type { ServerLike } from '../../datamap/catalogue.ts'
import type { Catalogue, TableInfo } from '../port.ts'
import { sha256 } from '../../ops/sealing.ts'
import { canonicalJson, type Json } from '../../base/json.ts'
import type { ColumnShape, Dialect, TableShape } from './dialect.ts'

/** Every table of a store; identifiers in our SQL come from here only. */
export interface Shapes {
  readonly store: string
  readonly dialect: Dialect
  readonly tables: readonly TableShape[]
}

/** Throws `schema` for a table the store does not have. */
export function tableOf({ store, dialect, tables }: Shapes, name: string): TableShape {
  const found = byName(tables, (t) => t.info.name, name, dialect.caseOfTables)
  if (found) return found
  throw new StoreError(
    'schema',
    store,
    `there is no table ${name}`,
    hintOf(
      name,
      tables.map((t) => t.info.name),
    ),
  )
}

/** Throws `schema` for a column the table does not have. */
export function columnOf({ store, dialect }: Shapes, table: TableShape, name: string): ColumnShape {
  const found = byName(table.columns, (c) => c.name, name, dialect.caseOfColumns)
  if (found) return found
  const hint = hintOf(
    name,
    table.columns.map((c) => c.name),
  )
  throw new StoreError('schema', store, `table ${table.info.name} has no column ${name}`, hint)
}

function byName<T>(
  list: readonly T[],
  nameOf: (item: T) => string,
  name: string,
  caseCounts: boolean,
): T | undefined {
  const exact = list.find((item) => nameOf(item) === name)
  if (exact || caseCounts) return exact
  const alike = list.filter((item) => nameOf(item).toLowerCase() === name.toLowerCase())
  return alike.length === 1 ? alike[0] : undefined
}

function hintOf(name: string, known: readonly string[]): { hint?: string } {
  const near = nearest(name, known)
  return near
    ? { hint: `Did you mean ${near}? Run \`lethe store check\` to compare the data map with the store.` }
    : {}
}

/** True when no two rows share this key. SQLite lets a primary key be NULL by an old mistake; that is not looked for. */
export function isUnique(table: TableShape, key: readonly ColumnShape[]): boolean {
  const names = new Set(key.map((c) => c.name))
  const { primaryKey, uniqueKeys, inheritedBy = [] } = table.info
  // PostgreSQL keeps a key in each inheriting table for itself.
  if (inheritedBy.length > 0) return false
  const nullable = new Set(table.columns.filter((c) => c.nullable).map((c) => c.name))
  const covers = (columns: readonly string[]) => columns.length > 0 && columns.every((c) => names.has(c))
  return (
    covers(primaryKey) ||
    uniqueKeys.some((columns) => covers(columns) && !columns.some((c) => nullable.has(c)))
  )
}

/** True when the key is the row itself, for want of any: all columns that the store does not make from others. */
export function isWholeRow(table: TableShape, key: readonly ColumnShape[]): boolean {
  const names = new Set(key.map((c) => c.name))
  return !isUnique(table, key) && table.columns.every((c) => c.generated || names.has(c.name))
}

export function catalogueOf(tables: readonly TableInfo[], server: ServerLike): Catalogue {
  const lasting = tables.map(({ estimatedRows: _estimated, ...rest }) => rest)
  return { tables, server, digest: sha256(canonicalJson(lasting as unknown as Json)) }
}
