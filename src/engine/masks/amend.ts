import { type IdentityPolicy, normalise } from '../../base/identity.ts'
import type { CollectionMap, FieldMap } from '../../datamap/model.ts'
import { covers } from '../../datamap/taxonomy.ts'
import type { Row, TableInfo, Value } from '../../stores/port.ts'
import { rewriteWithin } from '../encodings/rewrite.ts'
import { standing } from '../locate/values.ts'
import type { Correction } from '../tables.ts'
import type { ColumnMask } from './mask.ts'
import { encodingsOf } from './within.ts'

/** What an order changes in a row beside erasing it. */
export type Amendment =
  | { readonly how: 'rectify'; readonly corrections: readonly Correction[]; readonly policy: IdentityPolicy }
  | { readonly how: 'restrict' }
  | { readonly how: 'lift'; before(row: Row): Readonly<Record<string, string | null>> | undefined }

/** The columns that an amendment changes, and to what; a row in which none changes has its final form. */
export function amendMasks(
  collection: CollectionMap,
  table: TableInfo | undefined,
  amendment: Amendment,
): ColumnMask[] {
  switch (amendment.how) {
    case 'rectify':
      return rectifyMasks(collection, table, amendment.corrections, amendment.policy)
    case 'restrict':
      return Object.entries(collection.restrict ?? {}).map(([column, value]) => ({
        column,
        constant: value,
        of: () => value,
      }))
    case 'lift':
      return Object.entries(collection.restrict ?? {}).map(([column, restricted]) => ({
        column,
        constant: undefined,
        // Somebody else set it since: their word stands.
        of: (row) => {
          const before = amendment.before(row)
          const now = row[column] ?? null
          return before && now === restricted ? (before[column] ?? null) : now
        },
      }))
  }
}

/** Fields of the category: its own, or one below it. Lists of addresses are history and stay. */
export const correctable = (field: FieldMap, { category }: Correction): boolean =>
  !field.list && field.categories.some((one) => covers(category, one))

function rectifyMasks(
  collection: CollectionMap,
  table: TableInfo | undefined,
  corrections: readonly Correction[],
  policy: IdentityPolicy,
): ColumnMask[] {
  return collection.fields.flatMap((field) => {
    const mine = corrections.filter((one) => correctable(field, one))
    const column = table?.columns.find((c) => c.name === field.name)
    if (mine.length === 0 || isFixed(collection, field) || column?.generated) return []
    return [
      {
        column: field.name,
        constant: undefined,
        of: (row) =>
          mine.reduce<Value>((value, one) => corrected(field, value, one, policy), row[field.name] ?? null),
      },
    ]
  })
}

/** A key is not set right by itself: other rows hang on it. */
export const isFixed = (collection: CollectionMap, field: FieldMap): boolean =>
  field.readOnly || collection.key.includes(field.name)

function corrected(field: FieldMap, value: Value, { from, to }: Correction, policy: IdentityPolicy): Value {
  if (value === null || value.length === 0) return value
  const place = { field, column: field.name, encoding: undefined, path: undefined }
  const is = (text: string) => from === null || same(field, text, from, policy)
  const encodings = encodingsOf(field)
  // Inside a packed value only what was wrong is found again.
  if (encodings)
    return from === null ? value : rewriteWithin(encodings, value, (text) => (is(text) ? to : text))
  if (typeof value !== 'string') return value
  if (field.hash) {
    const [wrong, right] = [from ?? '', to].map((one) =>
      standing(place, normalise('email', one, policy) ?? one),
    )
    return value.toLowerCase() === wrong ? (right as string) : value
  }
  return is(value) ? to : value
}

/** As the field compares; an address is one whatever its letter case, in a packed value too. */
function same(field: FieldMap, text: string, from: string, policy: IdentityPolicy): boolean {
  if (text.normalize('NFC').trim() === from.normalize('NFC').trim()) return true
  const format = field.format === 'exact' ? 'email' : field.format
  const normal = normalise(format, text, policy)
  return normal !== undefined && normal === normalise(format, from, policy)
}
