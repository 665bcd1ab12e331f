import type { CollectionMap, Edge } from '../../datamap/model.ts'
import type { Row } from '../../stores/port.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import { ask } from './ask.ts'
import { authorship } from './authors.ts'
import { type Caps, type FoundRow, keyOfRow, keyText, type Located, type Reach, weaker } from './reach.ts'
import { columnOf, placeOf, valuesIn } from './values.ts'

/** What a walk found, and under which caps. */
export interface Facts {
  readonly deps: EngineDeps
  readonly located: Located
  readonly caps: Caps
  readonly signal?: AbortSignal | undefined
}

type Capped = readonly {
  readonly collection: string
  readonly key: FoundRow['key']
  readonly to: Reach
}[]

/**
 * Rows that are less hers than the way to them says: a shared row that another's row points at too, what somebody else wrote
 * in a thread of hers, a call in which a third party took part. Reads only.
 */
export async function capsOf(facts: Facts): Promise<Capped> {
  const capped = []
  for (const [id, rows] of facts.located.rows) {
    const collection = collectionOf(facts.deps, id)
    if (collection.counted) capped.push(...(await pointedAtByOthers(facts, collection, rows)))
    if (collection.author) capped.push(...writtenByOthers(facts, collection, rows))
    if (collection.parties) capped.push(...withThirdParties(facts, collection, rows))
  }
  return capped
}

/** The caps with these added; undefined where nothing is new. */
export function tighter(caps: Caps, more: Capped): Caps | undefined {
  const next = new Map([...caps].map(([id, rows]) => [id, new Map(rows)]))
  let isNew = false
  for (const { collection, key, to } of more) {
    const rows = next.get(collection) ?? new Map<string, Reach>()
    const before = rows.get(keyText(key)) ?? 'owned'
    const now = weaker(before, to)
    if (now === before) continue
    next.set(collection, rows.set(keyText(key), now))
    isNew = true
  }
  return isNew ? next : undefined
}

/** Who points: the other ends of the references to this collection's own columns. Its children point too, and are hers with it. */
function pointers(
  { graph }: EngineDeps,
  c: CollectionMap,
): { field: string; from: string; by: string; format: Edge['format'] }[] {
  const ends = graph.edges.flatMap((edge) => [
    ...(edge.to === c.id
      ? [{ field: edge.toField, from: edge.from, by: edge.fromField, format: edge.format }]
      : []),
    ...(edge.from === c.id
      ? [{ field: edge.fromField, from: edge.to, by: edge.toField, format: edge.format }]
      : []),
  ])
  const own = ends.filter((end) => end.from !== c.id && c.key.includes(end.field) && end.format === 'exact')
  return [...new Map(own.map((end) => [JSON.stringify(end), end])).values()]
}

async function pointedAtByOthers(
  facts: Facts,
  collection: CollectionMap,
  rows: ReadonlyMap<string, FoundRow>,
): Promise<Capped> {
  const { deps, signal } = facts
  const owned = [...rows.values()].filter((row) => row.reach === 'owned')
  const hers = ownedPlaces(facts)
  const others = new Set<FoundRow>()
  for (const end of owned.length > 0 ? pointers(deps, collection) : []) {
    const other = collectionOf(deps, end.from)
    if (other.skip) continue
    const policy = deps.policyOf(collection.store)
    const at = placeOf(collection, end.field)
    const byValue = Map.groupBy(
      owned.flatMap((row) =>
        valuesIn(at, row.values[at.column] ?? null, end.format, policy).map((value) => ({ row, value })),
      ),
      ({ value }) => value,
    )
    const by = placeOf(other, end.by)
    await storeOf(deps, other.store).reading(
      async (reader) => {
        const question = {
          field: end.by,
          format: end.format,
          values: [...byValue.keys()],
          columns: [...new Set([...other.key, columnOf(other, end.by)])],
        }
        for await (const row of ask(reader, other, question, deps.policyOf(other.store))) {
          if (isIn(hers, other, row)) continue
          for (const value of valuesIn(by, row[by.column] ?? null, end.format, deps.policyOf(other.store)))
            for (const met of byValue.get(value) ?? []) others.add(met.row)
        }
      },
      signal ? { signal } : {},
    )
  }
  return [...others].map((row) => ({ collection: collection.id, key: row.key, to: 'shared' }))
}

/** Rows of hers by the table they stand in: several collections may read it. */
function ownedPlaces({ deps, located }: Facts): ReadonlySet<string> {
  const places = new Set<string>()
  for (const [id, rows] of located.rows) {
    const { store, table, key } = collectionOf(deps, id)
    for (const row of rows.values())
      if (row.reach === 'owned') places.add(JSON.stringify([store, table, key, row.key]))
  }
  return places
}

function isIn(places: ReadonlySet<string>, collection: CollectionMap, row: Row): boolean {
  const { store, table, key } = collection
  return places.has(JSON.stringify([store, table, key, keyOfRow(collection, row) ?? null]))
}

function writtenByOthers(
  { deps, located }: Facts,
  collection: CollectionMap,
  rows: ReadonlyMap<string, FoundRow>,
): Capped {
  const { isExempt, authorsIn, hers } = authorship(deps, located, collection)
  return [...rows.values()]
    .filter((row) => row.reach === 'owned' && !isExempt(row.values))
    .filter((row) => authorsIn(row.values).some((author) => !hers.has(author)))
    .map((row) => ({ collection: collection.id, key: row.key, to: 'shared' }))
}

/** All rows of a record in which somebody took part who is neither she nor one of ours wait for a person. */
function withThirdParties(
  { deps, located }: Facts,
  collection: CollectionMap,
  rows: ReadonlyMap<string, FoundRow>,
): Capped {
  const policy = deps.policyOf(collection.store)
  const hers = new Set(located.identifiers.map(({ kind, value }) => `${kind}:${value}`))
  const isThird = (row: FoundRow): boolean =>
    (collection.parties ?? []).some((name) => {
      const place = placeOf(collection, name)
      const format = place.field?.format ?? 'exact'
      return valuesIn(place, row.values[place.column] ?? null, format, policy).some(
        (value) => !policy.ours?.has(value) && !hers.has(`${format}:${value}`),
      )
    })
  const unitOf = (row: FoundRow): string => {
    const unit = row.values[collection.unit ?? ''] ?? null
    return typeof unit === 'string' && unit !== '' ? unit : keyText(row.key)
  }
  return [...Map.groupBy(rows.values(), unitOf).values()]
    .filter((unit) => unit.some(isThird))
    .flatMap((unit) => unit.map((row) => ({ collection: collection.id, key: row.key, to: 'possible' })))
}
