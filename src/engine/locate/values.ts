import { createHash } from 'node:crypto'
import { type IdentityPolicy, normalise } from '../../base/identity.ts'
import { fieldAt } from '../../datamap/links.ts'
import type { CollectionMap, Encoding, FieldMap } from '../../datamap/model.ts'
import type { Match, Value } from '../../stores/port.ts'
import { unpacked, unpackedAt } from './packed.ts'

type Format = FieldMap['format']
type Asked = Pick<Match, 'how' | 'values'>

/** The column a field lies in: itself, or the one that its dotted path begins with. */
export function columnOf(collection: CollectionMap, field: string): string {
  if (collection.fields.some((f) => f.name === field)) return field
  const outer = collection.fields.filter((f) => f.nested && field.startsWith(`${f.name}.`))
  return outer.reduce((best, f) => (f.name.length > best.length ? f.name : best), '') || field
}

/** One field as it is compared: its map entry, its column with what that is packed in, and the path inside it where it lies in there. */
export interface Place {
  readonly field: FieldMap | undefined
  readonly column: string
  readonly encoding: readonly Encoding[] | undefined
  readonly path: readonly string[] | undefined
}

export function placeOf(collection: CollectionMap, name: string): Place {
  const column = columnOf(collection, name)
  return {
    field: fieldAt(collection, name),
    column,
    encoding: fieldAt(collection, column)?.encoding,
    path: column === name ? undefined : name.slice(column.length + 1).split('.'),
  }
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

/**
 * What stands in a field, in the form in which values are compared: one value as a rule, several in a list of addresses or inside
 * a packed value, none where nothing of the kind stands. What is packed counts where it is a whole value, never a part of a sentence.
 */
export function valuesIn(place: Place, value: Value, format: Format, policy: IdentityPolicy): string[] {
  const { field } = place
  const texts = textsIn(place, value)
  // What was packed by a program is no header: a quotation mark in it quotes nothing.
  const whole = field?.list ? texts.flatMap(field.encoding ? bareAddresses : addresses) : texts
  const plain = field?.as ? whole.flatMap((text) => unwritten(field.as ?? [], text)) : whole
  if (field?.hash) return plain.map((text) => text.toLowerCase())
  return [...new Set(plain.flatMap((text) => comparable(text, format, policy) ?? []))]
}

function textsIn({ encoding, path }: Place, value: Value): string[] {
  if (value === null || value === '') return []
  if (path) return unpackedAt(encoding ?? ['json'], value, path)
  if (encoding) return unpacked(encoding, value)
  return typeof value === 'string' ? [value] : []
}

/** As it stands in the field: a hash of the value, or itself. */
export const standing = ({ field }: Place, value: string): string =>
  field?.hash ? createHash(field.hash).update(value).digest('hex') : value

/** The questions to the store that every row with one of the values answers to. An empty list: every row has to be read. */
export function questionsFor(
  place: Place,
  format: Format,
  values: readonly string[],
  policy: IdentityPolicy,
): Asked[] {
  const { field, path, encoding } = place
  if (field?.hash) {
    const hashes = values.map((value) => standing(place, value))
    return [{ how: 'exact', values: [...hashes, ...hashes.map((hash) => hash.toUpperCase())] }]
  }
  if (encoding?.some((one) => !readable.has(one))) return []
  if (field?.as) {
    const whole = values.flatMap((value) => written(field.as ?? [], value))
    return [{ how: field.encoding ? 'contains' : 'exact', values: whole }]
  }
  if (path || field?.encoding || field?.list) return [within(format, values)]
  if (format !== 'email') return [{ how: field?.normalised ? 'exact' : format, values }]
  const asked: Asked = field?.normalised
    ? { how: 'exact', values }
    : { how: 'email', values: values.flatMap(loosely) }
  return policy.plusAddressing === 'same' ? [asked, tagged(values)] : [asked]
}

/** Packed in these a text still stands there as it is, letters and digits at least. */
const readable: ReadonlySet<string> = new Set(['json', 'php', 'yaml'])

/** An address by its local part: a domain may be written in two ways. */
function within(format: Format, values: readonly string[]): Asked {
  if (format === 'phone') return { how: 'phone', values }
  if (format === 'exact') return { how: 'contains', values }
  return { how: 'contains', values: values.map((value) => `${value.slice(0, value.lastIndexOf('@'))}`) }
}

/** Where tags do not count, an address is also asked for with any: no index serves that. A row may be answered twice. */
const tagged = (values: readonly string[]): Asked => ({
  how: 'contains',
  values: values.map((value) => `${value.slice(0, value.lastIndexOf('@'))}+`),
})

/** As forms and imports leave it. A guard, not a proof: a name before the address is found where the map says `format: emails`. */
const loosely = (value: string): string[] => [
  value,
  ...[' ', '  ', '\t', '\r', '\n', '\r\n', '\u00a0'].map((blank) => `${value}${blank}`),
  ` ${value}`,
  ` ${value} `,
  `<${value}>`,
  `mailto:${value}`,
]

/** `U42` for 42. */
const written = (patterns: readonly string[], value: string): string[] =>
  patterns.map((pattern) => pattern.replace('{}', () => value))

/** 42 for `U42`. */
const unwritten = (patterns: readonly string[], text: string): string[] =>
  patterns.flatMap((pattern) => {
    const [before = '', after = ''] = pattern.split('{}')
    const fits = text.startsWith(before) && text.endsWith(after) && text.length > before.length + after.length
    return fits ? [text.slice(before.length, text.length - after.length)] : []
  })

/** Every address in a header, list or X.509 subject; a display name may be quoted and hold a comma. */
const addresses = (text: string): string[] => bareAddresses(text.replace(/"(?:[^"\\]|\\.)*"(?!@)/g, ' '))

const bareAddresses = (text: string): string[] =>
  (text.match(/[^\s\p{Cc}<>,;:()[\]"]+@[^\s\p{Cc}<>,;:()[\]"]+/gu) ?? []).map((address) =>
    address.replace(/^.*emailAddress=/i, '').replace(/(@[^/]*)\/.*$/, '$1'),
  )
