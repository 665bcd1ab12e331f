import { columnsNamed } from '../datamap/coverage.ts'
import { effectiveMask, placeholders } from '../datamap/masks.ts'
import type { CollectionMap, DataMap, FieldMap, Finding } from '../datamap/model.ts'
import { isStoreError } from './errors.ts'
import { whyLasting } from './lasting.ts'
import type { Catalogue, Store, TableInfo } from './port.ts'

/** One collection beside its live table. */
interface Place {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly collection: CollectionMap
  readonly table: TableInfo
}

/**
 * Asks each store what its catalogue cannot tell: may this account read and write what the map wants, does it see the canary,
 * would its rules take the masks. Every statement is one that the run will make, over no rows. Writes nothing.
 */
export async function probeFindings(
  stores: ReadonlyMap<string, Store>,
  map: DataMap,
  catalogues: ReadonlyMap<string, Catalogue>,
): Promise<Finding[]> {
  const found: Finding[] = []
  for (const [name, catalogue] of catalogues) {
    const store = stores.get(name)
    if (!store) continue
    found.push(...(await canaryFindings(store)))
    const places = [...map.collections.values()].flatMap((collection): Place[] => {
      const table = catalogue.tables.find((t) => t.name === collection.table)
      return collection.store === name && !collection.skip && table
        ? [{ store, catalogue, collection, table }]
        : []
    })
    for (const place of places)
      found.push(...(await placeFindings(place).catch((error: unknown) => later(place, error))))
  }
  return found
}

const wrong = (
  { collection }: Place,
  message: string,
  hint: string,
  level: Finding['level'] = 'error',
): Finding => ({
  level,
  where: collection.where,
  message,
  hint,
})

/** A table that is locked just now keeps nobody from looking at the others. */
function later(place: Place, error: unknown): Finding[] {
  if (!isStoreError(error, 'busy') && !isStoreError(error, 'timeout')) throw error
  const { store, table } = place
  return [
    wrong(
      place,
      `${store.name}.${table.name} could not be tried: ${error.failure}`,
      'Check again when nobody holds it.',
      'warning',
    ),
  ]
}

/** "Nothing found" is believed only of an account that sees what is known to be there. */
async function canaryFindings(store: Store): Promise<Finding[]> {
  const { canary, name } = store
  if (!canary) return []
  const { table, column, value } = canary
  const say = (message: string, hint: string): Finding[] => [
    { level: 'error', where: `store ${name}`, message, hint },
  ]
  try {
    const where = [{ column, is: [value] }]
    const rows = await store.reading((reader) => reader.count({ table, key: [], where }))
    if (rows > 0) return []
    return say(
      `the canary of ${name} (${table}.${column}) is not seen: rows may be hidden from this account, so "nothing found" cannot be believed`,
      'Let the account see all rows, or put the canary back.',
    )
  } catch (error) {
    if (!isStoreError(error)) throw error
    return say(`the canary of ${name} cannot be looked for: ${error.message}`, error.hint ?? '')
  }
}

async function placeFindings(place: Place): Promise<Finding[]> {
  const { table } = place
  // The check says so already, and every statement would say it again.
  if (table.rowSecurity?.applies) return []
  const hidden = await readFindings(place)
  if (hidden.length > 0) return hidden
  return [
    ...(await emptyFindings(place)),
    ...(place.collection.derived || !place.store.capabilities.canErase ? [] : await writeFindings(place)),
    ...(await ruleFindings(place)),
  ]
}

/** No row fulfils this. */
const nobody = (column: string) => [{ column, is: [] }]

async function readFindings(place: Place): Promise<Finding[]> {
  const { store, table, collection } = place
  const there = columnsNamed(collection).filter((name) => table.columns.some((c) => c.name === name))
  const [first] = there
  if (first === undefined) return []
  const read = (columns: readonly string[]) =>
    refusal(() =>
      store.reading(async (reader) => {
        const key = [columns[0] as string]
        const query = { table: table.name, columns, key, keys: [[null]], where: nobody(key[0] as string) }
        for await (const _ of reader.rows(query));
      }),
    )
  const refused = await read(there)
  if (refused === undefined) return []
  const each: string[] = []
  for (const name of there) if (await read([name])) each.push(name)
  const what = each.length < there.length ? each.map((c) => `${table.name}.${c}`).join(', ') : table.name
  return [
    wrong(
      place,
      `the account of ${store.name} may not read ${what} (${refused.word}): a search would leave it out`,
      `Grant it SELECT on ${what}.`,
    ),
  ]
}

/** Hidden rows make no error where views or gateways hide them: an estimate says that there should be some. */
async function emptyFindings(place: Place): Promise<Finding[]> {
  const { store, table } = place
  if (store.kind === 'sqlite' || table.kind === 'view' || table.estimatedRows < 100) return []
  const column = table.columns[0]?.name
  if (column === undefined) return []
  let seen = 0
  await store.reading(async (reader) => {
    const query = { table: table.name, columns: [column], key: [], limit: 1, pageSize: 1 }
    for await (const page of reader.rows(query)) seen += page.length
  })
  return seen > 0
    ? []
    : [
        wrong(
          place,
          `${store.name}.${table.name} is empty for this account, and the catalogue estimates about ${table.estimatedRows} rows`,
          'Make sure that nothing is hidden from it: name a canary in stores.yaml.',
          'warning',
        ),
      ]
}

/** The columns that an erasure may have to write. */
function written({ collection: c, table }: Place): FieldMap[] {
  return c.fields.filter((field) => {
    const column = table.columns.find((one) => one.name === field.name)
    if (!column || column.generated || (!c.wholeRow && c.key.includes(field.name))) return false
    const loses = field.freeText || field.link === 'shared' || field.link === 'mentioned'
    return (c.erase === 'anonymise' || loses) && effectiveMask(field, column).how !== 'keep'
  })
}

async function writeFindings(place: Place): Promise<Finding[]> {
  const { store, catalogue, collection, table } = place
  const fields = written(place)
  const { key } = collection
  const [first] = key
  if (first === undefined || (collection.erase !== 'delete' && fields.length === 0)) return []
  const target = { table: table.name, key, keys: [key.map(() => null)], where: nobody(first) }
  const isLasting = whyLasting(catalogue.tables, table.name) !== undefined
  const attempt = (work: Parameters<Store['writing']>[0]) =>
    refusal(() => (isLasting ? store.writing(work) : store.rehearse(work)))
  const verbs: [string, Parameters<Store['writing']>[0]][] = [
    ['SELECT … FOR UPDATE', (w) => w.lockRows({ ...target, columns: key })],
    ...(collection.erase === 'delete'
      ? [['DELETE', (w) => w.remove(target)] as [string, Parameters<Store['writing']>[0]]]
      : []),
    ...fields.map(({ name }): [string, Parameters<Store['writing']>[0]] => [
      `UPDATE (${name})`,
      (w) => w.overwrite({ ...target, set: { [name]: null } }),
    ]),
  ]
  const all = await attempt(async (w) => {
    for (const [, work] of verbs) await work(w)
  })
  if (all === undefined) return []
  const missing: string[] = []
  for (const [verb, work] of verbs) if (await attempt(work)) missing.push(verb)
  const why = catalogue.server.readOnly
  return [
    wrong(
      place,
      `the account of ${store.name} cannot write to ${table.name} (${all.word}): ${missing.join(', ')}${why ? `; ${why}` : ''}`,
      why ? 'Name the server that takes writes.' : `Grant it ${grantsOf(missing)} on ${table.name}.`,
    ),
  ]
}

const grantsOf = (missing: readonly string[]): string =>
  [...new Set(missing.map((verb) => (verb.startsWith('DELETE') ? 'DELETE' : 'UPDATE')))].join(' and ')

/** Rules over one column, asked with the mask that every erased row would hold there. */
async function ruleFindings(place: Place): Promise<Finding[]> {
  const { store, table, collection } = place
  const found: Finding[] = []
  for (const field of written(place)) {
    const column = table.columns.find((one) => one.name === field.name)
    if (!column) continue
    const mask = effectiveMask(field, column)
    if (mask.how !== 'null' && (mask.how !== 'value' || placeholders(mask.template).length > 0)) continue
    const value = mask.how === 'null' ? null : mask.template
    for (const check of table.checks ?? []) {
      if (check.columns.length !== 1 || check.columns[0] !== field.name) continue
      const asked = { table: table.name, check: check.name, values: { [field.name]: value } }
      // A rule that cannot be asked this way is left to the rehearsal.
      const allowed = await store.reading((reader) => reader.allows(asked)).catch(() => null)
      if (allowed === false)
        found.push({
          ...wrong(
            place,
            `the mask ${value === null ? 'null' : `"${value}"`} breaks the rule ${check.name} of ${collection.store}.${table.name}: ${check.sql}`,
            'Give a value that the rule takes: lethe: {erase: "…"}.',
          ),
          where: field.where,
        })
    }
  }
  return found
}

/** Why a store says no, for good; undefined where it does not, or only cannot say now. */
async function refusal(work: () => Promise<unknown>): Promise<{ readonly word: string } | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (!isStoreError(error)) throw error
    if (error.failure === 'denied') return { word: 'denied' }
    // What is not there, the check has said.
    if (error.permanent) return undefined
    throw error
  }
}
