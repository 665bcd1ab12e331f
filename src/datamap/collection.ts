import type { Path } from '../base/yaml.ts'
import { fieldOf } from './field.ts'
import { placeholders } from './masks.ts'
import type { CollectionMap, LawfulBasis, Words } from './model.ts'
import { checkCategories, distinct, error, maybe, metaOf, type Reading, wordsOf } from './reading.ts'
import { keepGrounds, type RawCollection, type RawDataset } from './schema.ts'
import { isPersonal } from './taxonomy.ts'

/** What a collection inherits from its dataset. */
export interface Inherited {
  readonly store: string
  readonly dataset: RawDataset
}

/** One collection of the file as the model has it. `path` leads to it. */
export function collectionOf(raw: RawCollection, from: Inherited, path: Path, r: Reading): CollectionMap {
  const meta = metaOf(raw, r, path)
  const own = raw.lethe ?? {}
  const above = from.dataset.lethe ?? {}
  const fields = raw.fields.map((field, i) => fieldOf(field, own.key ?? [], [...path, 'fields', i], r))
  distinct(raw.fields, [...path, 'fields'], 'field', r)
  const purpose = own.purpose ?? above.purpose
  const basis: LawfulBasis | undefined = own.basis ?? above.basis
  const unstated = [...(purpose ? [] : ['purpose' as const]), ...(basis ? [] : ['basis' as const])]
  const source = own.source ?? above.source
  const collection: CollectionMap = {
    id: `${from.dataset.fides_key}.${raw.name}`,
    store: from.store,
    name: raw.name,
    table: own.table ?? raw.name,
    title: own.title ? wordsOf(own.title) : { en: raw.name },
    description: raw.description ?? undefined,
    categories: raw.data_categories ?? [],
    fields,
    key: own.key ?? fields.filter((f) => f.primaryKey).map((f) => f.name),
    rows: Object.fromEntries(
      Object.entries(own.rows ?? {}).map(([column, value]) => [column, valuesOf(value)]),
    ),
    purpose: purpose ? wordsOf(purpose) : notStated,
    basis: basis ?? 'legitimate_interests',
    recipients: (own.recipients ?? above.recipients ?? []).map(wordsOf),
    source: source ? wordsOf(source) : undefined,
    erase: own.erase ?? (own.keep ? 'keep' : meta?.masking_strategy_override ? 'delete' : 'anonymise'),
    keep: own.keep ? { ...own.keep, because: wordsOf(own.keep.because) } : undefined,
    suppress: own.suppress && {
      ...own.suppress,
      when:
        own.suppress.when &&
        Object.fromEntries(Object.entries(own.suppress.when).map(([c, v]) => [c, [v].flat().map(String)])),
    },
    person: own.person ?? false,
    file: own.file,
    after: meta?.after ?? [],
    eraseAfter: meta?.erase_after ?? [],
    skip: meta?.skip_processing ?? false,
    unstated: unstated.length > 0 ? unstated : undefined,
    where: r.at(path),
  }
  checkCategories(collection.categories, [...path, 'data_categories'], r)
  checkCollection(collection, path, r)
  return collection
}

const notStated: Words = { en: 'not stated', nl: 'niet vermeld', da: 'ikke angivet' }

type RowsValue = string | number | boolean | null
const valuesOf = (value: RowsValue | RowsValue[]): (string | null)[] =>
  [value].flat().map((v) => (v === null ? null : String(v)))

function checkCollection(c: CollectionMap, path: Path, r: Reading): void {
  const lethe = [...path, 'lethe']
  const names = c.fields.map((f) => f.name)
  if (c.erase === 'keep' && !c.keep)
    error(
      r,
      [...lethe, 'erase'],
      `"${c.name}" is kept without a ground`,
      `Add lethe: {keep: {ground, because}}; grounds: ${keepGrounds.join(', ')}.`,
    )
  if (c.erase !== 'keep' && c.keep)
    error(
      r,
      [...lethe, 'keep'],
      `"${c.name}" has a ground to be kept and erase: ${c.erase}`,
      'Write erase: keep, or take keep away.',
    )
  if (c.suppress && !names.includes(c.suppress.field))
    error(
      r,
      [...lethe, 'suppress', 'field'],
      `there is no field "${c.suppress.field}" in "${c.name}"${maybe(c.suppress.field, names)}`,
      'Name a field of this collection.',
    )
  checkTemplates(c, path, r)
  if (c.keep?.ground === 'structural')
    for (const [i, field] of c.fields.entries())
      if (field.categories.some(isPersonal) && !field.primaryKey)
        error(
          r,
          [...path, 'fields', i],
          `"${c.name}" is kept as structural, but the field "${field.name}" is about a person`,
          'Anonymise the collection, or keep it on another ground.',
        )
}

/** Columns in a template must be declared: nothing else is read with the row. */
function checkTemplates(c: CollectionMap, path: Path, r: Reading): void {
  const known = [...new Set([...c.fields.map((f) => f.name), ...c.key])]
  for (const [i, { mask }] of c.fields.entries()) {
    if (mask?.how !== 'value') continue
    for (const column of placeholders(mask.template))
      if (!known.includes(column))
        error(
          r,
          [...path, 'fields', i, 'lethe', 'erase'],
          `the mask "${mask.template}" takes {${column}}, which is not a field of "${c.name}"${maybe(column, known)}`,
          'Name a field of this collection.',
        )
  }
}
