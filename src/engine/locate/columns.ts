import type { CollectionMap, Graph } from '../../datamap/model.ts'
import { covers } from '../../datamap/taxonomy.ts'
import type { Filter, Value } from '../../stores/port.ts'
import { columnOf } from './values.ts'

/** The columns that the walk needs of a collection: key, both ends of edges, identities, names, the row filter. */
export function walkColumns(collection: CollectionMap, graph: Graph): string[] {
  const columns = new Set<string>(collection.key)
  for (const edge of graph.edges) {
    if (edge.from === collection.id) columns.add(columnOf(collection, edge.fromField))
    if (edge.to === collection.id) columns.add(columnOf(collection, edge.toField))
  }
  for (const seed of graph.seeds)
    if (seed.collection === collection.id) columns.add(columnOf(collection, seed.field))
  const { author, unit, parties } = collection
  if (author) for (const name of [author.field, ...Object.keys(author.unless ?? {})]) columns.add(name)
  for (const name of [...(unit === undefined ? [] : [unit]), ...(parties ?? [])]) columns.add(name)
  for (const field of collection.fields)
    if (isName(field.categories) || field.format !== 'exact') columns.add(field.name)
  return [...columns]
}

export const isName = (categories: readonly string[]): boolean =>
  categories.some((category) => covers('user.name', category))

/** Names in a row of hers. A first name and a surname in two fields are one name: either alone is many people's. */
export function namesIn(
  { fields }: CollectionMap,
  values: Readonly<Record<string, Value | undefined>>,
): string[] {
  const of = (fits: (category: string) => boolean): string[] =>
    fields.flatMap(({ name, categories }) => {
      const value = values[name]
      return categories.some(fits) && typeof value === 'string' && value.trim() !== '' ? [value] : []
    })
  const first = of((category) => category === 'user.name.first')
  const last = of((category) => category === 'user.name.last')
  if (first.length === 0 || last.length === 0) return of((category) => covers('user.name', category))
  const whole = first.flatMap((one) => last.map((other) => `${one.trim()} ${other.trim()}`))
  return [...whole, ...of((category) => category === 'user.name')]
}

/** The map's row filter as the port takes it. */
export const rowFilter = ({ rows, lookups }: CollectionMap): Filter[] => [
  ...Object.entries(rows).map(([column, is]) => ({ column, is })),
  ...Object.entries(lookups ?? {}).map(([column, { table, take, where }]) => ({
    column,
    is: [],
    standsIn: {
      table,
      column: take,
      where: Object.entries(where).map(([name, is]) => ({ column: name, is })),
    },
  })),
]
