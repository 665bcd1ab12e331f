import type { RowQuery, Value } from '../port.ts'
import { comparedOf, nothing } from './compare.ts'
import type { Bound, ColumnShape, Dialect, TableShape } from './dialect.ts'
import type { Statement } from './statement.ts'
import { isWholeRow } from './tables.ts'

export const orderBy = (dialect: Dialect, key: readonly ColumnShape[]): string =>
  key.length === 0 ? '' : ` ORDER BY ${key.map((column) => comparedOf(dialect, column)).join(', ')}`

/** Whole rows that all are wanted: sorting a table by everything in it would tell nobody anything. */
export const isUnordered = ({
  query,
  table,
  key,
}: {
  readonly query: RowQuery
  readonly table: TableShape
  readonly key: readonly ColumnShape[]
}): boolean => query.limit === undefined && !query.after && isWholeRow(table, key)

/** The rows that come after this key in the order of `orderBy`. */
export function afterKey(
  dialect: Dialect,
  key: readonly ColumnShape[],
  s: Statement,
  values: readonly Value[],
): string {
  // A NULL that comes first in order is never after a value, which is what `>` says of it anyway.
  const plain = values.every((v) => v !== null) && (dialect.nullsFirst || key.every((c) => !c.nullable))
  if (plain) return compareKey(dialect, key, s, '>', values)
  const ways = key.map((_, last) =>
    key
      .slice(0, last + 1)
      .map((column, i) =>
        i < last ? same(dialect, column, s, values[i] ?? null) : later(dialect, column, s, values[i] ?? null),
      )
      .join(' AND '),
  )
  return `(${ways.map((way) => `(${way})`).join(' OR ')})`
}

/** For keys without NULL: lexicographic, in the columns' own types. */
export function compareKey(
  dialect: Dialect,
  key: readonly ColumnShape[],
  s: Statement,
  operator: '>' | '<=',
  values: readonly Value[],
): string {
  const bounds = key.map((column, i) => dialect.comparable(column, values[i] as string | Uint8Array))
  if (bounds.some((b) => b === undefined)) return nothing
  const left = key.map((column) => comparedOf(dialect, column))
  return dialect.compareTuples(left, operator, (at) => s.bind(bounds[at] as Bound))
}

function same(dialect: Dialect, column: ColumnShape, s: Statement, value: Value): string {
  if (value === null) return `${dialect.quote(column.name)} IS NULL`
  const bound = dialect.comparable(column, value)
  return bound ? `${comparedOf(dialect, column)} = ${s.bind(bound)}` : nothing
}

function later(dialect: Dialect, column: ColumnShape, s: Statement, value: Value): string {
  const name = dialect.quote(column.name)
  if (value === null) return dialect.nullsFirst ? `${name} IS NOT NULL` : nothing
  const bound = dialect.comparable(column, value)
  if (!bound) return nothing
  const greater = `${comparedOf(dialect, column)} > ${s.bind(bound)}`
  return dialect.nullsFirst ? greater : `(${greater} OR ${name} IS NULL)`
}
