import type { CollectionMap, FieldMap } from '../../datamap/model.ts'
import { isPersonal } from '../../datamap/taxonomy.ts'
import type { ColumnInfo, Row, TableInfo, Value } from '../../stores/port.ts'
import { emptyPacked } from '../encodings/empty.ts'
import { erasedMark } from '../text/find.ts'
import type { Needle } from '../text/needles.ts'
import { encodingsOf, withoutHer } from './within.ts'

/** What a column becomes: a value for the row at hand, or undefined where it stays. */
export interface ColumnMask {
  readonly column: string
  /** The same for every row, so one statement serves them all. */
  readonly constant: Value | undefined
  of(row: Row, hers: readonly Needle[]): Value
}

/** How an owned row of this collection is anonymised: every personal field by its mask, or the neutral value its column takes. */
export function anonymiseMasks(collection: CollectionMap, table: TableInfo | undefined): ColumnMask[] {
  return collection.fields.flatMap((field) => {
    if (field.readOnly || isKey(collection, field.name) || field.mask?.how === 'keep') return []
    if (!field.mask && !field.freeText && !field.categories.some(isPersonal)) return []
    return maskOf(collection, field, table)
  })
}

/**
 * How a row that is not hers loses what is: the fields that led to it and are hers by themselves, and her identifiers inside
 * free text and packed values. A key that merely ties the row to hers stays, unless the map gives it a mask.
 */
export function redactMasks(
  collection: CollectionMap,
  via: readonly string[],
  table: TableInfo | undefined,
): ColumnMask[] {
  return collection.fields.flatMap((field) => {
    if (field.readOnly || isKey(collection, field.name)) return []
    if (field.freeText) return textMask(collection, field, table)
    // Of a packed value only what is inside is hers.
    const isReached = via.some((name) => name === field.name || name.startsWith(`${field.name}.`))
    if (field.encoding || (encodingsOf(field) && isReached))
      return field.mask?.how === 'keep' ? [] : textMask(collection, field, table)
    const isHers =
      via.includes(field.name) &&
      (field.mask !== undefined || field.format !== 'exact' || field.identity !== undefined)
    return isHers && field.mask?.how !== 'keep' ? maskOf(collection, field, table) : []
  })
}

/** A key stays; a row that is its own key has nothing else. */
const isKey = ({ key, wholeRow }: CollectionMap, name: string): boolean => !wholeRow && key.includes(name)

function maskOf(collection: CollectionMap, field: FieldMap, table: TableInfo | undefined): ColumnMask[] {
  const column = table?.columns.find((c) => c.name === field.name)
  if (column?.generated) return []
  const mask = field.mask ?? { how: 'default' as const }
  switch (mask.how) {
    case 'keep':
      return []
    case 'redact':
      return textMask(collection, field, table)
    case 'null':
      return constant(field.name, column && !column.nullable ? neutral(field, column) : null)
    case 'value':
      return mask.template.includes('{')
        ? [template(field, mask.template, column)]
        : constant(field.name, cut(mask.template, field, column))
    case 'default':
      return constant(field.name, column?.nullable === false ? neutral(field, column) : null)
  }
}

const constant = (column: string, value: Value): ColumnMask[] => [
  { column, constant: value, of: () => value },
]

/**
 * Takes out what is hers. In a unique column the mark carries the row's key, or two texts that differed only by her would
 * become the same; where the column is too short for it, one sign stands for her.
 */
function textMask({ key }: CollectionMap, field: FieldMap, table: TableInfo | undefined): ColumnMask[] {
  const column = table?.columns.find((c) => c.name === field.name)
  const most = column?.maxLength ?? Number.POSITIVE_INFINITY
  const isUnique = table?.uniqueKeys.some((columns) => columns.includes(field.name)) ?? false
  const mark = (row: Row) =>
    isUnique ? `[erased-${key.map((name) => String(row[name])).join('-')}]` : erasedMark
  return [
    {
      column: field.name,
      constant: undefined,
      of: (row, hers) => {
        const value = row[field.name] ?? null
        const clean = withoutHer(field, value, hers, mark(row))
        return (clean?.length ?? 0) > most ? withoutHer(field, value, hers, '*') : clean
      },
    },
  ]
}

/** `erased-{id}@invalid`: unique where its columns are. */
function template(field: FieldMap, text: string, column: ColumnInfo | undefined): ColumnMask {
  return {
    column: field.name,
    constant: undefined,
    of: (row) =>
      cut(
        text.replace(/\{([^{}]+)\}/g, (_, name: string) => String(row[name] ?? '')),
        field,
        column,
      ),
  }
}

/** Columns named in a template, so that they are read with the row. */
export const templateColumns = (collection: CollectionMap): string[] =>
  collection.fields.flatMap(({ mask }) =>
    mask?.how === 'value' ? [...mask.template.matchAll(/\{([^{}]+)\}/g)].map((m) => m[1] as string) : [],
  )

function cut(text: string, field: FieldMap, column: ColumnInfo | undefined): string {
  const most = Math.min(
    field.length ?? Number.POSITIVE_INFINITY,
    column?.maxLength ?? Number.POSITIVE_INFINITY,
  )
  return text.length > most ? text.slice(0, most) : text
}

/** The value of a NOT NULL column that says nothing. */
export function neutral(field: FieldMap, column: ColumnInfo): Value {
  const encodings = encodingsOf(field)
  if (encodings) return emptyPacked(encodings, column.kind === 'bytes')
  switch (column.kind) {
    case 'integer':
    case 'decimal':
      return '0'
    case 'boolean':
      return 'false'
    case 'instant':
      return '1970-01-01 00:00:00'
    case 'date':
      return '1970-01-01'
    case 'json':
      return '{}'
    case 'bytes':
      return new Uint8Array()
    case 'text':
    case 'other':
      return column.maxLength !== null && column.maxLength < erasedMark.length ? '' : erasedMark
  }
}

/** A store spells what we wrote its own way: `1970-01-01` comes back as `1970-01-01 00:00:00+00`, `0` as `0.00`. */
export function isSame(now: Value, wanted: Value): boolean {
  if (now === null || wanted === null) return now === wanted
  if (now instanceof Uint8Array || wanted instanceof Uint8Array)
    return Buffer.from(now).equals(Buffer.from(wanted))
  if (now === wanted) return true
  if (wanted.startsWith('1970-01-01')) return now.startsWith('1970-01-01')
  return wanted === '0' && /^-?0*\.?0*$/.test(now) && now !== ''
}
