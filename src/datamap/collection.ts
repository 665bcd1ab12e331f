import type { Path } from '../base/yaml.ts'
import { fieldOf } from './field.ts'
import { maskOfWord, placeholders } from './masks.ts'
import type { CollectionMap, LawfulBasis, Lookup, OtherColumns, Values, Words } from './model.ts'
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
    ...rowsOf(own.rows),
    purpose: purpose ? wordsOf(purpose) : notStated,
    basis: basis ?? 'legitimate_interests',
    recipients: (own.recipients ?? above.recipients ?? []).map(wordsOf),
    source: source ? wordsOf(source) : undefined,
    erase:
      own.erase ??
      (own.keep || own.derived ? 'keep' : meta?.masking_strategy_override ? 'delete' : 'anonymise'),
    keep: own.keep ? { ...own.keep, because: wordsOf(own.keep.because) } : undefined,
    suppress: own.suppress && {
      ...own.suppress,
      when:
        own.suppress.when &&
        Object.fromEntries(Object.entries(own.suppress.when).map(([c, v]) => [c, [v].flat().map(String)])),
    },
    person: own.person ?? false,
    ...filesOf(own.file),
    ...sharingOf(own, path, r),
    ...(own.tables !== undefined && { tables: own.tables }),
    ...(own.columns && { others: othersOf(own.columns) }),
    ...(own.chunks && { chunks: own.chunks }),
    ...(own.derived && { derived: true }),
    ...(own.restrict && {
      restrict: Object.fromEntries(Object.entries(own.restrict).map(([c, v]) => [c, String(v)])),
    }),
    ...(own.effects && { effects: own.effects.map(wordsOf) }),
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

type Own = NonNullable<RawCollection['lethe']>

/** A plain word is a column; what holds a brace, a star or a slash is a path. */
function filesOf(said: Own['file']): Pick<CollectionMap, 'file' | 'paths'> {
  const all = said === undefined ? [] : [said].flat()
  const paths = all.filter((one) => /[{*/]/.test(one))
  return {
    file: all.find((one) => !paths.includes(one)),
    ...(paths.length > 0 && { paths }),
  }
}

function sharingOf(own: Own, path: Path, r: Reading): Partial<CollectionMap> {
  if (own.parties && own.unit === undefined)
    error(
      r,
      [...path, 'lethe', 'parties'],
      'parties are told, but not of what: one row may be one leg of a call',
      'Add unit: the column whose value all rows of one record share.',
    )
  return {
    ...(own.counted && { counted: true }),
    ...(own.author && {
      author: { field: own.author.field, ...(own.author.unless && { unless: valuesIn(own.author.unless) }) },
    }),
    ...(own.unit !== undefined && { unit: own.unit }),
    ...(own.parties && { parties: own.parties }),
  }
}

const othersOf = (own: NonNullable<Own['columns']>): OtherColumns => ({
  categories: own.data_categories ?? [],
  freeText: own.text === 'free',
  secret: own.secret ?? false,
  mask: own.erase === undefined ? undefined : maskOfWord(own.erase),
})

function rowsOf(raw: Own['rows']): Pick<CollectionMap, 'rows' | 'lookups'> {
  const rows: Record<string, RowsValue | RowsValue[]> = {}
  const lookups: Record<string, Lookup> = {}
  for (const [column, value] of Object.entries(raw ?? {}))
    if (typeof value === 'object' && value !== null && 'lookup' in value)
      lookups[column] = { table: value.lookup, take: value.take ?? 'id', where: valuesIn(value.where) }
    else rows[column] = value
  return { rows: valuesIn(rows), ...(Object.keys(lookups).length > 0 && { lookups }) }
}

const valuesIn = (raw: Readonly<Record<string, RowsValue | RowsValue[]>>): Values =>
  Object.fromEntries(Object.entries(raw).map(([column, value]) => [column, valuesOf(value)]))

type RowsValue = string | number | boolean | null
const valuesOf = (value: RowsValue | RowsValue[]): (string | null)[] =>
  [value].flat().map((v) => (v === null ? null : String(v)))

function checkCollection(c: CollectionMap, path: Path, r: Reading): void {
  const lethe = [...path, 'lethe']
  const names = c.fields.map((f) => f.name)
  checkWords(c, names, lethe, r)
  if (c.erase === 'keep' && !c.keep && !c.derived)
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

/** Words that name fields of the same collection, and words that exclude each other. */
function checkWords(c: CollectionMap, names: readonly string[], lethe: Path, r: Reading): void {
  const named = (word: string, field: string | undefined) => {
    if (field !== undefined && !names.includes(field))
      error(
        r,
        [...lethe, word],
        `there is no field "${field}" in "${c.name}"${maybe(field, names)}`,
        'Name a field of this collection.',
      )
  }
  for (const template of c.paths ?? [])
    if (!/\{[^{}:]+\}/.test(template))
      error(
        r,
        [...lethe, 'file'],
        `the path "${template}" holds no whole {column}, so it would take the files of every row`,
        'Name the column that tells one row’s files from another’s: rec/{start:yyyy}/{name}.*',
      )
  named('author', c.author?.field)
  named('unit', c.unit)
  for (const field of c.parties ?? []) named('parties', field)
  for (const field of Object.values(c.chunks ?? {})) named('chunks', field)
  for (const field of Object.keys(c.restrict ?? {})) named('restrict', field)
  const author = c.fields.find((f) => f.name === c.author?.field)
  if (author && author.references.length === 0)
    error(
      r,
      [...lethe, 'author'],
      `the author "${author.name}" of "${c.name}" refers to nobody`,
      'Give the field a reference to the collection of people.',
    )
  for (const field of c.parties ?? [])
    if (c.fields.find((f) => f.name === field)?.format === 'exact')
      error(
        r,
        [...lethe, 'parties'],
        `"${field}" is no phone or e-mail, so it cannot tell parties apart`,
        'Add lethe: {format: phone} to the field.',
      )
  if (c.derived && c.fields.some((f) => f.mask))
    error(
      r,
      [...lethe, 'derived'],
      `"${c.name}" is a derived copy, and a field has a mask`,
      'Take the mask away.',
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
