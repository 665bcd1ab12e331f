import { type Cell, type Collection, isInCollection, type Row, tableOf, type World } from '../world.ts'
import type { Reached } from './locate.ts'
import type { Way } from './ways.ts'

/** Rows that are shared at most, whatever leads to them. */
export type Shared = ReadonlyMap<Collection, ReadonlySet<Row>>

/**
 * With what only the whole shows: `counted` rows that somebody else's row points at too, and rows of a thread of hers that
 * somebody else wrote.
 */
export function lessHers(
  world: World,
  ways: readonly Way[],
  rows: readonly Reached[],
  known: Shared,
): Shared {
  const owned = rows.filter(({ reach }) => reach === 'owned')
  const hers = new Set(owned.map(({ row }) => row))
  const next = new Map([...known].map(([collection, some]) => [collection, new Set(some)]))
  for (const { collection, row } of owned) {
    const isLess =
      (collection.counted && pointersOf(world, ways, collection, row).some((other) => !hers.has(other))) ||
      writerOf(ways, owned, collection, row) === 'another'
    if (isLess) next.set(collection, (next.get(collection) ?? new Set()).add(row))
  }
  return next
}

/** Every row at the other end of a reference to this one's key. */
function pointersOf(world: World, ways: readonly Way[], collection: Collection, row: Row): Row[] {
  const ends = ways.flatMap((way) => [
    { here: way.to, field: way.toField, other: way.from, by: way.fromField },
    { here: way.from, field: way.fromField, other: way.to, by: way.toField },
  ])
  return ends
    .filter(
      ({ here, field, other }) =>
        here === collection && other !== collection && collection.key.includes(field),
    )
    .flatMap(({ field, other, by }) =>
      tableOf(world, other).rows.filter(
        (r) => isInCollection(other, r) && r[by] !== '' && r[by] === row[field],
      ),
    )
}

/** Who wrote a row: she, or somebody else, nobody and the system among them; undefined where the map does not say. */
export function writerOf(
  ways: readonly Way[],
  owned: readonly Reached[],
  c: Collection,
  row: Row,
): 'she' | 'another' | 'nobody' | undefined {
  const { author } = c
  if (!author) return undefined
  const isExempt = Object.entries(author.unless ?? {}).some(([name, values]) =>
    values.includes(row[name] ?? null),
  )
  const writer: Cell = row[author.field] ?? null
  if (isExempt || writer === null || writer === '' || writer === '0') return 'nobody'
  const isHers = ways
    .filter((way) => way.to === c && way.toField === author.field)
    .some((way) => owned.some((own) => own.collection === way.from && own.row[way.fromField] === writer))
  return isHers ? 'she' : 'another'
}
