import { StoreError } from '../errors.ts'
import { partValue } from '../keys.ts'
import type { Before, Filter, Match, Value } from '../port.ts'
import { comparedOf, nothing, oneOf } from './compare.ts'
import type { ColumnShape, Dialect, TableShape } from './dialect.ts'
import { candidates } from './match.ts'
import type { Statement } from './statement.ts'
import { columnOf, isWholeRow, type Shapes, tableOf } from './tables.ts'

/** What rows are asked for by; the parts are joined with AND. */
export interface Conditions {
  readonly key: readonly string[]
  readonly where?: readonly Filter[]
  readonly match?: Match
  readonly before?: Before
  readonly keys?: readonly (readonly Value[])[]
}

/** Writes the WHERE clause, further parts that the caller has bound already first; empty text when everything is asked for. */
export function whereOf(
  shapes: Shapes,
  table: TableShape,
  s: Statement,
  asked: Conditions,
  more: string[] = [],
): string {
  const column = (name: string) => columnOf(shapes, table, name)
  // In the order they stand: MariaDB's parameters are told apart by nothing else.
  const parts = [
    ...more,
    ...(asked.keys ? [keysIn(shapes.dialect, table, asked.key.map(column), s, asked.keys)] : []),
    ...(asked.match ? [candidates(shapes.dialect, column(asked.match.column), s, asked.match)] : []),
    ...(asked.where ?? []).map((filter) => filterIn(shapes, table, s, filter)),
    ...(asked.before ? [beforeOf(shapes, column(asked.before.column), s, asked.before)] : []),
  ]
  return parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`
}

function filterIn(shapes: Shapes, table: TableShape, s: Statement, filter: Filter): string {
  const column = columnOf(shapes, table, filter.column)
  if (!filter.standsIn) return filterOf(shapes.dialect, column, s, filter)
  const { quote } = shapes.dialect
  const other = tableOf(shapes, filter.standsIn.table)
  const taken = columnOf(shapes, other, filter.standsIn.column)
  const where = whereOf(shapes, other, s, { key: [], where: filter.standsIn.where })
  return `${quote(column.name)} IN (SELECT ${quote(taken.name)} FROM ${other.sql}${where})`
}

/** A NULL is none of the values unless it is listed; so "none of x" keeps the rows where nothing stands. */
function filterOf(dialect: Dialect, column: ColumnShape, s: Statement, filter: Filter): string {
  const name = dialect.quote(column.name)
  const isNull = filter.is.includes(null) ? [`${name} IS NULL`] : []
  const values = filter.is.filter((v) => v !== null)
  const listed = values.length > 0 ? [oneOf(dialect, column, s, values)] : []
  const any = [...isNull, ...listed]
  if (any.length === 0) return filter.not ? '1 = 1' : nothing
  if (!filter.not) return `(${any.join(' OR ')})`
  if (isNull.length > 0) return `(${name} IS NOT NULL${listed.map((l) => ` AND NOT (${l})`).join('')})`
  return `(${name} IS NULL OR NOT (${listed.join('')}))`
}

function beforeOf({ dialect, store }: Shapes, column: ColumnShape, s: Statement, { cutoff }: Before): string {
  const bound = dialect.comparable(column, cutoff)
  if (!bound)
    throw new StoreError(
      'schema',
      store,
      `"${cutoff}" is no ${column.type}, the type of column ${column.name}`,
      {
        hint: 'Spell the cut-off as the column spells its values.',
      },
    )
  const guard = dialect.isMoment(column, dialect.quote(column.name), cutoff)
  const before = `${comparedOf(dialect, column)} < ${s.bind(bound)}`
  return guard ? `(${before} AND ${guard})` : before
}

/** Rows by key. Keys that hold a NULL (a table read by all its columns) go by `IS NULL` in that place. */
export function keysIn(
  dialect: Dialect,
  table: TableShape,
  key: readonly ColumnShape[],
  s: Statement,
  spelled: readonly (readonly Value[])[],
): string {
  const keys = spelled.map((values) => values.map(partValue))
  const isExact = isWholeRow(table, key)
  const shapes = Map.groupBy(keys, (values) => key.map((_, i) => (values[i] === null ? '0' : '1')).join(''))
  const parts = [...shapes].map(([shape, group]) => {
    const nulls = key.filter((_, i) => shape[i] === '0').map((c) => `${dialect.quote(c.name)} IS NULL`)
    const set = key.map((column, at) => ({ column, at })).filter(({ at }) => shape[at] === '1')
    const narrowed = isExact ? byIndex(dialect, table, set, s, group) : []
    const listed = set.length > 0 ? [tuplesIn(dialect, set, s, group, isExact)] : []
    return [...nulls, ...narrowed, ...listed].join(' AND ')
  })
  return parts.length === 0 ? nothing : `(${parts.map((p) => `(${p})`).join(' OR ')})`
}

/** Comparing whole rows letter by letter is served by no index; a plain comparison beside it may be. */
function byIndex(
  dialect: Dialect,
  table: TableShape,
  set: readonly { column: ColumnShape; at: number }[],
  s: Statement,
  keys: readonly (readonly Value[])[],
): string[] {
  const found = set.find(({ column }) => table.info.indexed.includes(column.name))
  if (!found) return []
  const values = new Set(keys.map((key) => key[found.at] as string | Uint8Array))
  return [oneOf(dialect, found.column, s, [...values])]
}

function tuplesIn(
  dialect: Dialect,
  set: readonly { column: ColumnShape; at: number }[],
  s: Statement,
  keys: readonly (readonly Value[])[],
  isExact: boolean,
): string {
  const [only] = set
  if (set.length === 1 && only && !isExact)
    return oneOf(
      dialect,
      only.column,
      s,
      keys.map((values) => values[only.at] as string | Uint8Array),
    )
  const places = set.map(({ column, at }) => {
    const exact = isExact ? dialect.identical(column, dialect.quote(column.name)) : undefined
    const bound = exact?.bound ?? ((value: string | Uint8Array) => dialect.comparable(column, value))
    return { left: exact?.left ?? comparedOf(dialect, column), bound, at }
  })
  const tuples = keys.flatMap((values) => {
    const bounds = places.map(({ bound, at }) => bound(values[at] as string | Uint8Array))
    return bounds.some((b) => b === undefined) ? [] : [bounds.map((b) => s.bind(b as NonNullable<typeof b>))]
  })
  if (tuples.length === 0) return nothing
  return dialect.tuplesIn(
    places.map(({ left }) => left),
    tuples,
  )
}
