import type { Catalogues, TableLike } from './catalogue.ts'
import { buildGraph } from './graph.ts'
import { withLiveKeys } from './keys.ts'
import type { Graph, CollectionMap, DataMap, FieldMap, OtherColumns, Reference } from './model.ts'

/**
 * The map that the engine works with: tables and columns as they stand in the live stores, keys where the file leaves them out,
 * and the graph over it. Links are those of the map as written. Pure.
 */
export function liveMap(
  map: DataMap,
  catalogues: Catalogues,
): { readonly map: DataMap; readonly graph: Graph } {
  const tables = withLiveTables(map, catalogues)
  return { map: withLiveKeys(tables, catalogues), graph: buildGraph(tables, catalogues) }
}

/**
 * The map as the live stores make it: a collection of many tables (`tables: form_results_*`) becomes one for each that is there,
 * called `form_results[form_results_1_contact]`, and columns that nobody named are what the collection says of them (`columns`).
 * Stores without a catalogue stay as they are. Pure; build the graph from the answer.
 */
export function withLiveTables(map: DataMap, catalogues: Catalogues): DataMap {
  const named = namedTables(map)
  const twins = new Map<string, readonly string[]>()
  const datasets = map.datasets.map((dataset) => ({
    ...dataset,
    collections: dataset.collections.flatMap((collection) => {
      const tables = catalogues.get(collection.store)?.tables
      if (!tables) return [collection]
      const live = tablesOf(collection, tables, named)
      if (collection.tables !== undefined)
        twins.set(
          collection.id,
          live.map(({ name }) => name),
        )
      return live
    }),
  }))
  const referring = datasets.map((dataset) => ({
    ...dataset,
    collections: dataset.collections
      .map((c) => withTwins(c, twins))
      .map((c) => withOtherColumns(c, map, catalogues)),
  }))
  return {
    ...map,
    datasets: referring,
    collections: new Map(referring.flatMap((d) => d.collections).map((c) => [c.id, c])),
  }
}

/** `form_results[form_results_1_contact]`: the collection of a pattern, for one of its tables. */
export function forTable(collection: CollectionMap, table: string): CollectionMap {
  return {
    ...collection,
    id: `${collection.id}[${table}]`,
    name: `${collection.name}[${table}]`,
    table,
    tables: undefined,
  }
}

/** The collection as the map has it, of one that `forTable` made; else itself. */
export function asWritten(map: DataMap, id: string): CollectionMap | undefined {
  return map.collections.get(id) ?? map.collections.get(id.replace(/\[[^[\]]*\]$/, ''))
}

function tablesOf(
  collection: CollectionMap,
  tables: readonly TableLike[],
  named: ReadonlySet<string>,
): CollectionMap[] {
  const { tables: pattern, store } = collection
  if (pattern === undefined) return [collection]
  const fits = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+')}$`,
  )
  return tables
    .filter(({ name, kind }) => kind === 'table' && fits.test(name) && !named.has(`${store}\0${name}`))
    .map(({ name }) => forTable(collection, name))
}

/** What a collection names outright is no case of a pattern. */
const namedTables = (map: DataMap): ReadonlySet<string> =>
  new Set(
    [...map.collections.values()]
      .filter((c) => c.tables === undefined)
      .map(({ store, table }) => `${store}\0${table}`),
  )

/** A reference to a collection of many tables is one to each of them. */
function withTwins(collection: CollectionMap, twins: ReadonlyMap<string, readonly string[]>): CollectionMap {
  const spread = (ref: Reference): Reference[] =>
    twins.get(`${ref.dataset}.${ref.collection}`)?.map((name) => ({ ...ref, collection: name })) ?? [ref]
  return { ...collection, fields: collection.fields.map((f) => withReferences(f, spread)) }
}

const withReferences = (field: FieldMap, spread: (ref: Reference) => Reference[]): FieldMap => ({
  ...field,
  references: field.references.flatMap(spread),
  ...(field.nested && { nested: field.nested.map((inner) => withReferences(inner, spread)) }),
})

function withOtherColumns(collection: CollectionMap, map: DataMap, catalogues: Catalogues): CollectionMap {
  const { others, store } = collection
  const table = catalogues.get(store)?.tables.find((t) => t.name === collection.table)
  if (!others || !table) return collection
  const mates = [...map.collections.values()].filter((c) => c.store === store && c.table === collection.table)
  const named = new Set([collection, ...mates].flatMap((c) => c.fields.map((f) => f.name)))
  const key = new Set([...collection.key, ...table.primaryKey])
  return {
    ...collection,
    fields: [
      ...collection.fields,
      ...table.columns
        .filter(({ name }) => !named.has(name) && !key.has(name))
        .map(({ name, generated }) => fieldFor(name, generated, others, collection.where)),
    ],
  }
}

const fieldFor = (name: string, generated: boolean, others: OtherColumns, where: string): FieldMap => ({
  name,
  description: undefined,
  title: undefined,
  categories: others.categories,
  primaryKey: false,
  readOnly: generated,
  length: undefined,
  identity: undefined,
  format: 'exact',
  normalised: false,
  link: undefined,
  freeText: others.freeText && !generated,
  secret: others.secret,
  mask: generated ? undefined : others.mask,
  references: [],
  where,
})
