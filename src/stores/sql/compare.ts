import type { ColumnShape, Dialect } from './dialect.ts'
import type { Statement } from './statement.ts'

/** Holds for no row, in every dialect. */
export const nothing = '1 = 0'

export const comparedOf = (dialect: Dialect, column: ColumnShape): string =>
  dialect.compared(column, dialect.quote(column.name))

/** `column IN (…)` over the values that the column's type can hold. */
export function oneOf(
  dialect: Dialect,
  column: ColumnShape,
  s: Statement,
  values: readonly (string | Uint8Array)[],
): string {
  const bounds = values.flatMap((value) => dialect.comparable(column, value) ?? [])
  if (bounds.length === 0) return nothing
  return `${comparedOf(dialect, column)} IN (${bounds.map((b) => s.bind(b)).join(', ')})`
}
