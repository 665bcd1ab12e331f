import { isLetheError } from '../base/errors.ts'
import { parseTimeZone, type TimeZone } from '../base/instant.ts'
import type { Path } from '../base/yaml.ts'
import { maskOfStrategy, maskOfWord } from './masks.ts'
import type { FieldMap, Mask, Reference } from './model.ts'
import { checkCategories, distinct, error, metaOf, type Reading, warning, wordsOf } from './reading.ts'
import type { RawField } from './schema-field.ts'

/** One field of the file, and what lies inside it, as the model has it. `keys`: what `lethe.key` of its collection names. */
export function fieldOf(
  raw: RawField,
  keys: readonly string[],
  path: Path,
  r: Reading,
  within = '',
): FieldMap {
  const meta = metaOf(raw, r, path)
  const own = raw.lethe ?? {}
  const name = within + raw.name
  const nested = raw.fields?.map((inner, i) => fieldOf(inner, [], [...path, 'fields', i], r, `${name}.`))
  if (raw.fields) distinct(raw.fields, [...path, 'fields'], 'field', r)
  const categories = [
    ...new Set([...(raw.data_categories ?? []), ...(nested ?? []).flatMap((f) => f.categories)]),
  ]
  checkCategories(raw.data_categories ?? [], [...path, 'data_categories'], r)
  const identity = meta?.identity === 'phone_number' ? 'phone' : (meta?.identity ?? undefined)
  const field: FieldMap = {
    name,
    description: raw.description ?? undefined,
    title: own.title ? wordsOf(own.title) : undefined,
    categories,
    primaryKey: (meta?.primary_key ?? false) || keys.includes(name),
    readOnly: meta?.read_only ?? false,
    length: meta?.length ?? undefined,
    identity,
    format: formatOf(own.format, identity),
    ...(own.format === 'emails' && { list: true }),
    ...(own.hash && { hash: own.hash }),
    ...(own.as !== undefined && { as: [own.as].flat() }),
    ...(own.encoding && { encoding: own.encoding }),
    ...(own.timezone !== undefined && { timezone: zoneOf(own.timezone, [...path, 'lethe', 'timezone'], r) }),
    normalised: own.normalised ?? false,
    link: own.link,
    freeText: own.text === 'free',
    secret: own.secret ?? false,
    mask: fieldMask(raw, meta, path, r),
    references: [
      ...(meta?.references ?? []).map((ref, i) =>
        referenceOf(ref, [...path, metaKey(raw), 'references', i], r),
      ),
      ...(own.joins ?? []).map((ref, i) => ({
        ...referenceOf(ref, [...path, 'lethe', 'joins', i], r),
        optional: true,
      })),
    ],
    dataType: meta?.data_type ?? undefined,
    nested,
    where: r.at(path),
  }
  checkField(field, path, r)
  return field
}

type RawFormat = NonNullable<RawField['lethe']>['format']
function formatOf(said: RawFormat, identity: string | undefined): FieldMap['format'] {
  if (said === 'emails') return 'email'
  return said ?? (identity === 'email' || identity === 'phone' ? identity : 'exact')
}

function zoneOf(text: string, path: Path, r: Reading): TimeZone | undefined {
  try {
    return parseTimeZone(text)
  } catch (cause) {
    if (!isLetheError(cause)) throw cause
    error(r, path, cause.message, cause.hint ?? '')
    return undefined
  }
}

const metaKey = (raw: RawField): string => (raw.fides_meta ? 'fides_meta' : 'fidesops_meta')

type RawReference = NonNullable<NonNullable<RawField['fides_meta']>['references']>[number]
function referenceOf(raw: RawReference, path: Path, r: Reading): Reference {
  const dot = raw.field.indexOf('.')
  return {
    dataset: raw.dataset,
    collection: raw.field.slice(0, dot),
    field: raw.field.slice(dot + 1),
    direction: raw.direction ?? 'both',
    where: r.at([...path, 'field']),
  }
}

function fieldMask(raw: RawField, meta: RawField['fides_meta'], path: Path, r: Reading): Mask | undefined {
  if (raw.lethe?.erase !== undefined) return maskOfWord(raw.lethe.erase)
  const override = meta?.masking_strategy_override
  if (!meta || !override) return undefined
  const { mask, warning: said } = maskOfStrategy(override, meta)
  if (said)
    warning(
      r,
      [...path, metaKey(raw), 'masking_strategy_override'],
      said,
      'Use null_rewrite or string_rewrite, or say lethe: {erase: …}.',
    )
  return mask
}

function checkField(field: FieldMap, path: Path, r: Reading): void {
  const { mask } = field
  const changes = mask !== undefined && mask.how !== 'keep'
  if (changes && (field.readOnly || field.primaryKey))
    error(
      r,
      path,
      `the field "${field.name}" is ${field.readOnly ? 'read_only' : 'a primary key'} and has a mask`,
      'Take the mask away, or take the other away.',
    )
  const lethe = [...path, 'lethe']
  if (field.hash && field.format !== 'email')
    error(
      r,
      [...lethe, 'hash'],
      `"${field.name}" holds a hash, but not said of what`,
      'Add format: email; only hashes of addresses are known.',
    )
  if (field.hash && (field.list || field.encoding))
    error(r, [...lethe, 'hash'], `"${field.name}" is a hash and packed or a list`, 'Keep one of them.')
  if (field.as && field.references.length === 0)
    error(
      r,
      [...lethe, 'as'],
      `"${field.name}" says how a value is written and refers to none`,
      'Add fides_meta.references, or take as away.',
    )
  if (field.as && field.format !== 'exact')
    error(
      r,
      [...lethe, 'as'],
      `"${field.name}" is an ${field.format} and a computed key`,
      'Keep one of them.',
    )
  if (field.link && !field.identity && field.references.length === 0)
    error(
      r,
      [...path, 'lethe', 'link'],
      `no row is reached through the field "${field.name}", so it cannot say how`,
      'Put link on a field with fides_meta.identity or fides_meta.references.',
    )
}
