import { type IdentityPolicy, normalise } from '../../base/identity.ts'
import type { CollectionMap, FieldMap } from '../../datamap/model.ts'
import type { Match, Row, StoreReader } from '../../stores/port.ts'
import { rowFilter } from './columns.ts'

type Format = FieldMap['format']

/** Values in one IN list: every store takes this many parameters. */
const chunkSize = 500

/**
 * Rows of a collection whose field holds one of the values. The store answers candidates by its own rules (letter case,
 * collation, phone spellings); each is confirmed here by code point of the normal form, so a store's idea of "equal" is never the last word.
 */
export async function* ask(
  reader: StoreReader,
  collection: CollectionMap,
  question: {
    readonly field: string
    readonly format: Format
    readonly values: readonly string[]
    readonly columns: readonly string[]
  },
  policy: IdentityPolicy,
): AsyncGenerator<Row> {
  const field = collection.fields.find((f) => f.name === question.field)
  const how = field?.normalised ? 'exact' : question.format
  const wanted = new Set(question.values)
  for (let at = 0; at < question.values.length; at += chunkSize) {
    const values = question.values.slice(at, at + chunkSize)
    for (const match of matchesOf(how, question.format, values, policy)) {
      const pages = reader.rows({
        table: collection.table,
        columns: question.columns,
        key: collection.key,
        where: rowFilter(collection),
        match: { column: question.field, ...match },
      })
      for await (const page of pages)
        for (const row of page)
          if (isOne(row[question.field] ?? null, question.format, wanted, policy)) yield row
    }
  }
}

/** Where tags do not count, an address is also asked for with any: no index serves that. A row may be answered twice. */
function matchesOf(
  how: Format,
  format: Format,
  values: readonly string[],
  policy: IdentityPolicy,
): Pick<Match, 'how' | 'values'>[] {
  if (format !== 'email') return [{ how, values }]
  const asked = { how, values: how === 'email' ? values.flatMap(loosely) : values }
  if (policy.plusAddressing !== 'same') return [asked]
  return [
    asked,
    { how: 'contains', values: values.map((value) => `${value.slice(0, value.lastIndexOf('@'))}+`) },
  ]
}

/** As forms and imports leave it. A guard, not a proof: a name before the address is found by the verification only. */
const loosely = (value: string): string[] => [
  value,
  `${value} `,
  ` ${value}`,
  ` ${value} `,
  `<${value}>`,
  `mailto:${value}`,
]

function isOne(
  value: Row[string],
  format: Format,
  wanted: ReadonlySet<string>,
  policy: IdentityPolicy,
): boolean {
  if (typeof value !== 'string') return false
  if (format === 'exact') return wanted.has(value)
  const normal = normalise(format, value, policy)
  return normal !== undefined && wanted.has(normal)
}

/** The form in which a value is compared: itself for ids, the normal form for addresses and numbers; undefined is never asked for. */
export function comparable(
  value: string | null | undefined,
  format: Format,
  policy: IdentityPolicy,
): string | undefined {
  if (value === null || value === undefined || value === '') return undefined
  return format === 'exact' ? value : normalise(format, value, policy)
}
