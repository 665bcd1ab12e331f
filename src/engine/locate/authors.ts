import type { CollectionMap, Values } from '../../datamap/model.ts'
import type { Value } from '../../stores/port.ts'
import { collectionOf, type EngineDeps } from '../deps.ts'
import type { Located } from './reach.ts'
import { placeOf, valuesIn } from './values.ts'

type RowValues = Readonly<Record<string, Value | undefined>>

/** How the rows of a collection tell who wrote them. */
export interface Authorship {
  /** The map says to look at no author here: agents, the system. */
  isExempt(values: RowValues): boolean
  /** Nobody where the field is empty or 0. */
  authorsIn(values: RowValues): string[]
  /** What stands in the author's field where she wrote. */
  readonly hers: ReadonlySet<string>
}

/** For a collection with an `author`; without one nobody wrote. */
export function authorship(deps: EngineDeps, located: Located, collection: CollectionMap): Authorship {
  const { field, unless } = collection.author ?? { field: '' }
  const place = placeOf(collection, field)
  const policy = deps.policyOf(collection.store)
  const people = deps.graph.edges.filter((edge) => edge.to === collection.id && edge.toField === field)
  const format = people[0]?.format ?? 'exact'
  const hers = new Set(
    people.flatMap((edge) => {
      const from = collectionOf(deps, edge.from)
      const at = placeOf(from, edge.fromField)
      return [...(located.rows.get(edge.from)?.values() ?? [])]
        .filter((row) => row.reach === 'owned')
        .flatMap((row) => valuesIn(at, row.values[at.column] ?? null, edge.format, deps.policyOf(from.store)))
    }),
  )
  return {
    isExempt: (values) => unless !== undefined && fits(values, unless),
    authorsIn: (values) =>
      valuesIn(place, values[place.column] ?? null, format, policy).filter((author) => author !== '0'),
    hers,
  }
}

/** Who wrote a row: she, or somebody else, agents and the system among them. Undefined where the map cannot tell. */
export function writerIn(
  deps: EngineDeps,
  located: Located,
  collection: CollectionMap,
): (values: RowValues) => 'she' | 'other' | undefined {
  if (!collection.author) return () => undefined
  const { isExempt, authorsIn, hers } = authorship(deps, located, collection)
  const { field } = collection.author
  return (values) => {
    if (!(placeOf(collection, field).column in values)) return undefined
    const authors = isExempt(values) ? [] : authorsIn(values)
    return authors.length > 0 && authors.every((author) => hers.has(author)) ? 'she' : 'other'
  }
}

const fits = (row: RowValues, wanted: Values): boolean =>
  Object.entries(wanted).some(([column, values]) => values.includes((row[column] ?? null) as string | null))
