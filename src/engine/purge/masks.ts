import type { CollectionMap, FieldMap } from '../../datamap/model.ts'
import type { ColumnInfo, Row, TableInfo, Value } from '../../stores/port.ts'
import { anonymiseMasks, isSame, neutral, templateColumns } from '../masks/mask.ts'
import { encodingsOf } from '../masks/within.ts'
import { erasedMark } from '../text/find.ts'

export interface RowMask {
  readonly column: string
  readonly reads: readonly string[]
  of(row: Row): Value
}

/**
 * How a row is anonymised that belongs to nobody in particular: as in an erasure, but text that people wrote goes as a whole,
 * for there is no one person whose names could be taken out of it (law.md A5 R12: free text is not anonymised by halves).
 */
export function rowMasks(collection: CollectionMap, table: TableInfo): RowMask[] {
  const templates = templateColumns(collection)
  return anonymiseMasks(collection, table).map((mask) => {
    const field = collection.fields.find((f) => f.name === mask.column)
    const wholeText =
      field !== undefined && (field.mask?.how === 'redact' || (field.freeText && field.mask?.how !== 'value'))
    if (!wholeText) return { column: mask.column, reads: templates, of: (row) => mask.of(row, []) }
    const column = table.columns.find((c) => c.name === mask.column)
    const value = column?.nullable === false ? whole(field, column) : null
    return { column: mask.column, reads: [], of: () => value }
  })
}

/** In a column that takes no NULL. */
const whole = (field: FieldMap, column: ColumnInfo): Value =>
  encodingsOf(field) ? neutral(field, column) : erasedMark.slice(0, column.maxLength ?? erasedMark.length)

/** What is still to be changed of a row; empty when it is in its final form. */
export function changesOf(row: Row, masks: readonly RowMask[]): Record<string, Value> {
  const changes: Record<string, Value> = {}
  for (const mask of masks) {
    const value = mask.of(row)
    if (!isSame(row[mask.column] ?? null, value)) changes[mask.column] = value
  }
  return changes
}
