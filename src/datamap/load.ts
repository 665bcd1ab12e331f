import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isLetheError } from '../base/errors.ts'
import { canonicalJson, type Json } from '../base/json.ts'
import { InvalidFile, type Problem, readYaml, type Yaml } from '../base/yaml.ts'
import { collectionOf, type Inherited } from './collection.ts'
import { graphFindings } from './findings.ts'
import type { CollectionMap, DataMap, DatasetMap, FieldMap, Finding } from './model.ts'
import { distinct, error, maybe, metaOf, type Reading, warning, wordsOf } from './reading.ts'
import { dataMapFile, type RawDataset, type RawFile } from './schema.ts'

/** A store of `stores.yaml` as far as the map cares: its name and its file below the policies folder. */
export interface MappedStore {
  readonly name: string
  readonly map: string
}

/** What was read: the map unless something is wrong, and every problem of every file. */
export interface DataMapReading {
  readonly map: DataMap | undefined
  /** Errors only, file by file; warnings are in `map.warnings`. */
  readonly problems: readonly Finding[]
}

/**
 * Reads the fideslang files that the stores name and joins them into one map. Throws `invalid` (`InvalidFile`) with
 * ALL problems of all files, each with file:line:column: syntax, unknown keys with the nearest known one, names that
 * lead nowhere. Touches nothing but these files.
 */
export function loadDataMap(policiesDir: string, stores: readonly MappedStore[]): DataMap {
  const { map, problems } = readDataMap(policiesDir, stores)
  if (map) return map
  throw new InvalidFile(
    problems.map(
      ({ where, message, hint }): Problem => ({
        where,
        message: hint ? `${message}${message.endsWith('?') ? '' : '.'} ${hint}` : message,
      }),
    ),
  )
}

/** As `loadDataMap`, for `lethe check`: answers the problems instead of throwing them. */
export function readDataMap(policiesDir: string, stores: readonly MappedStore[]): DataMapReading {
  const findings: Finding[] = []
  const datasets: DatasetMap[] = []
  const read: Json[] = []
  const files = new Set(stores.map((store) => store.map))
  for (const file of files) {
    const yaml = readFile(join(policiesDir, file), findings)
    if (!yaml) continue
    const owners = stores.filter((store) => store.map === file).map((store) => store.name)
    const reading: Reading = { at: (path) => yaml.at(path), findings }
    datasets.push(...datasetsOf(yaml.value, { owners, stores }, reading))
    read.push({ stores: owners, file: JSON.parse(JSON.stringify(yaml.value)) as Json })
  }
  sayDoubles(datasets, findings)
  const digest = createHash('sha256').update(canonicalJson(read)).digest('hex')
  const map = mapOf(withoutLoose(datasets), digest, [])
  findings.push(...graphFindings(map, read.length === files.size))
  const problems = findings.filter((f) => f.level === 'error')
  if (problems.length > 0) return { map: undefined, problems }
  return { map: { ...map, warnings: findings }, problems }
}

/** Joins to datasets that are not loaded lead nowhere, and may: the map is one that others ship. */
function withoutLoose(datasets: readonly DatasetMap[]): DatasetMap[] {
  const keys = new Set(datasets.map((d) => d.key))
  const field = (f: FieldMap): FieldMap => ({
    ...f,
    references: f.references.filter((ref) => !ref.optional || keys.has(ref.dataset)),
  })
  return datasets.map((d) => ({
    ...d,
    collections: d.collections.map((c) => ({ ...c, fields: c.fields.map(field) })),
  }))
}

const mapOf = (datasets: DatasetMap[], digest: string, warnings: Finding[]): DataMap => ({
  datasets,
  collections: new Map(datasets.flatMap((d) => d.collections).map((c) => [c.id, c])),
  digest,
  warnings,
})

function readFile(path: string, findings: Finding[]): Yaml<RawFile> | undefined {
  try {
    return readYaml(path, dataMapFile)
  } catch (cause) {
    if (cause instanceof InvalidFile)
      findings.push(
        ...cause.problems.map(
          (p): Finding => ({ level: 'error', where: p.where, message: p.message, hint: '' }),
        ),
      )
    else if (isLetheError(cause)) {
      const where = cause.where ?? path
      findings.push({
        level: 'error',
        where,
        message: cause.message.replace(`${where}: `, ''),
        hint: cause.hint ?? '',
      })
    } else throw cause
    return undefined
  }
}

interface Owners {
  readonly owners: readonly string[]
  readonly stores: readonly MappedStore[]
}

function datasetsOf(file: RawFile, owners: Owners, r: Reading): DatasetMap[] {
  return file.dataset.map((raw, i) => {
    const path = ['dataset', i]
    const store = storeOf(raw, owners, path, r)
    const meta = metaOf(raw, r, path)
    const own = raw.lethe ?? {}
    const from: Inherited = { store, dataset: raw }
    distinct(raw.collections, [...path, 'collections'], 'collection', r)
    const collections = raw.collections.map((c, j) => collectionOf(c, from, [...path, 'collections', j], r))
    sayUnstated(collections, path, r)
    return {
      key: raw.fides_key,
      store,
      title: wordsOf(own.title ?? raw.name ?? raw.fides_key),
      description: raw.description ?? undefined,
      role: own.role ?? 'controller',
      controller: own.controller,
      transfers: own.transfers ? wordsOf(own.transfers) : undefined,
      backupHorizon: own.backup?.horizon,
      ...(own.copies && { copies: own.copies.map(wordsOf) }),
      ...(own.effects && { effects: own.effects.map(wordsOf) }),
      after: meta?.after ?? [],
      collections,
      where: r.at(path),
    }
  })
}

/** The store of a dataset: what it says itself, else the one store that names its file, else the store called like it. */
function storeOf(raw: RawDataset, { owners, stores }: Owners, path: (string | number)[], r: Reading): string {
  const said = raw.lethe?.store
  const names = stores.map((store) => store.name)
  if (said !== undefined) {
    if (!names.includes(said))
      error(
        r,
        [...path, 'lethe', 'store'],
        `there is no store "${said}"${maybe(said, names)}`,
        `Stores: ${names.join(', ')}.`,
      )
    return said
  }
  const [first, ...more] = owners
  if (first !== undefined && more.length === 0) return first
  if (owners.includes(raw.fides_key)) return raw.fides_key
  error(
    r,
    path,
    `the file serves several stores (${owners.join(', ')}) and the dataset "${raw.fides_key}" does not say which is its own`,
    'Add lethe: {store: NAME} to the dataset.',
  )
  return first ?? raw.fides_key
}

function sayUnstated(collections: readonly CollectionMap[], path: (string | number)[], r: Reading): void {
  for (const what of ['purpose', 'basis'] as const) {
    const open = collections.filter((c) => c.unstated?.includes(what)).map((c) => c.name)
    if (open.length === 0) continue
    const of = open.length === collections.length ? 'the dataset' : open.join(', ')
    const article = what === 'purpose' ? 'Art. 15(1)(a)' : 'Art. 13(1)(c)'
    warning(
      r,
      path,
      `${of} states no ${what}, which ${article} asks for`,
      `Add lethe: {${what}: …} to the dataset or the collection.`,
    )
  }
}

function sayDoubles(datasets: readonly DatasetMap[], findings: Finding[]): void {
  const seen = new Map<string, string>()
  for (const { key, where } of datasets) {
    const first = seen.get(key)
    if (first === undefined) seen.set(key, where)
    else
      findings.push({
        level: 'error',
        where,
        message: `the dataset "${key}" stands at ${first} already`,
        hint: 'Give one of them another fides_key.',
      })
  }
}
