import type { CollectionMap, Edge, Seed } from '../../datamap/model.ts'
import type { Row, StoreReader } from '../../stores/port.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import { ask } from '../locate/ask.ts'
import { namesIn, rowFilter, walkColumns } from '../locate/columns.ts'
import { keyOfRow, keyText, type Located } from '../locate/reach.ts'
import { placeOf, valuesIn } from '../locate/values.ts'
import { isOurs } from './ours.ts'

/** What the rows that are copied say of other people, beside their names. */
export interface Leads {
  /** By the place that names people: the ids that stand in a column that refers to a person's record. */
  readonly ids: Map<string, Set<string>>
  /** Other people's addresses and numbers in texts, in normal form. */
  readonly lines: Map<string, Set<string>>
}

export const newLeads = (): Leads => ({
  ids: new Map(),
  lines: new Map([
    ['email', new Set()],
    ['phone', new Set()],
  ]),
})

/** Of each kind; a thread with more people than this is a mailing list. */
const most = 2000

/** References from a collection's rows to records of people: who wrote, who asked, who was copied in. */
export const referencesOf = ({ graph, map }: EngineDeps, { id }: CollectionMap): Edge[] =>
  graph.edges.filter(
    (edge) =>
      edge.to === id && edge.from !== id && edge.format === 'exact' && map.collections.get(edge.from)?.person,
  )

export function noteIds(
  deps: EngineDeps,
  collection: CollectionMap,
  edges: readonly Edge[],
  row: Row,
  leads: Leads,
): void {
  for (const { from, fromField, toField } of edges) {
    const place = placeOf(collection, toField)
    for (const value of valuesIn(place, row[place.column] ?? null, 'exact', deps.policyOf(collection.store)))
      if (value !== '0') add(leads.ids, `${from}\0${fromField}`, value)
  }
}

function add(to: Map<string, Set<string>>, at: string, value: string): void {
  const values = to.get(at) ?? new Set()
  to.set(at, values)
  if (values.size < most) values.add(value)
}

/**
 * Names in the records of other people that her own rows tie in: records that the search reached and that are not hers, those that
 * her rows refer to, and those of the addresses and numbers that stand in her texts. Our own staff's mailboxes are nobody's. Reads only.
 */
export async function namesAround(
  deps: EngineDeps,
  located: Located,
  leads: Leads,
  signal?: AbortSignal,
): Promise<string[]> {
  const names = new Set<string>()
  for (const [id, rows] of located.rows) {
    const collection = collectionOf(deps, id)
    if (!collection.person) continue
    for (const row of rows.values()) if (row.reach !== 'owned') learn(deps, collection, row.values, names)
  }
  for (const seed of deps.graph.seeds) {
    const values = leads.lines.get(seed.format)
    if (values && values.size > 0) await byLine(deps, located, seed, [...values], { leads, names, signal })
  }
  for (const [at, values] of leads.ids) {
    const [id = '', field = ''] = at.split('\0')
    await reading(deps, id, signal, async (reader, collection) => {
      for await (const row of rowsBy(deps, reader, collection, { field, format: 'exact' }, [...values]))
        if (!isHers(located, collection, row)) learn(deps, collection, row, names)
    })
  }
  const hers = new Set(located.names.map(sorted))
  return [...names].filter((name) => !hers.has(sorted(name)))
}

/** `Lee, Ann` is Ann Lee. */
const sorted = (name: string): string =>
  (
    name
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  )
    .sort()
    .join(' ')

/** The record that an address stands in, or the one it hangs on. */
async function byLine(
  deps: EngineDeps,
  located: Located,
  seed: Seed,
  values: readonly string[],
  found: { readonly leads: Leads; readonly names: Set<string>; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { person } = collectionOf(deps, seed.collection)
  const owners = person ? [] : ownersOf(deps, seed.collection)
  if (!person && owners.length === 0) return
  await reading(deps, seed.collection, found.signal, async (reader, collection) => {
    for await (const row of rowsBy(deps, reader, collection, seed, values)) {
      if (isHers(located, collection, row)) continue
      if (person) learn(deps, collection, row, found.names)
      for (const { of, field, by } of owners) {
        const place = placeOf(collection, by)
        for (const value of valuesIn(
          place,
          row[place.column] ?? null,
          'exact',
          deps.policyOf(collection.store),
        ))
          add(found.leads.ids, `${of}\0${field}`, value)
      }
    }
  })
}

function ownersOf({ graph, map }: EngineDeps, id: string): { of: string; field: string; by: string }[] {
  return graph.edges.flatMap((edge) => {
    if (edge.format !== 'exact' || edge.from === edge.to) return []
    if (edge.to === id && map.collections.get(edge.from)?.person)
      return [{ of: edge.from, field: edge.fromField, by: edge.toField }]
    if (edge.from === id && map.collections.get(edge.to)?.person)
      return [{ of: edge.to, field: edge.toField, by: edge.fromField }]
    return []
  })
}

async function reading(
  deps: EngineDeps,
  id: string,
  signal: AbortSignal | undefined,
  work: (reader: StoreReader, collection: CollectionMap) => Promise<void>,
): Promise<void> {
  const collection = collectionOf(deps, id)
  if (collection.skip || collection.tables !== undefined) return
  await storeOf(deps, collection.store).reading(
    (reader) => work(reader, collection),
    signal ? { signal } : {},
  )
}

const rowsBy = (
  deps: EngineDeps,
  reader: StoreReader,
  collection: CollectionMap,
  { field, format }: Pick<Seed, 'field' | 'format'>,
  values: readonly string[],
): AsyncGenerator<Row> => {
  const columns = [
    ...new Set([
      ...walkColumns(collection, deps.graph),
      ...rowFilter(collection).map(({ column }) => column),
    ]),
  ]
  return ask(reader, collection, { field, format, values, columns }, deps.policyOf(collection.store))
}

function isHers(located: Located, collection: CollectionMap, row: Row): boolean {
  const key = keyOfRow(collection, row)
  return key !== undefined && located.rows.get(collection.id)?.get(keyText(key))?.reach === 'owned'
}

/** One of our own people is named in her work; that is no third party's secret. */
function learn(deps: EngineDeps, collection: CollectionMap, row: Row, names: Set<string>): void {
  const policy = deps.policyOf(collection.store)
  const ours = isOurs(deps, collection.store)
  for (const { name, format, hash, encoding } of collection.fields) {
    if (format === 'exact' || hash || encoding) continue
    const values = valuesIn(placeOf(collection, name), row[name] ?? null, format, policy)
    if (values.some((value) => ours(format, value))) return
  }
  for (const name of namesIn(collection, row)) if (names.size < most) names.add(name)
}
