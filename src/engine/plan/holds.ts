import type { CollectionMap } from '../../datamap/model.ts'
import { holdsInForce } from '../../holds/in-force.ts'
import type { Database } from '../../ops/db/database.ts'
import type { EngineDeps } from '../deps.ts'
import { locatePerson } from '../locate/person.ts'
import { keyText } from '../locate/reach.ts'
import type { OrderFinding, StepAction, WorkItem } from '../tables.ts'

/** What an erasure is about to do with rows of one collection. */
interface Doing {
  readonly collection: CollectionMap
  readonly action: StepAction
  readonly items: readonly WorkItem[]
}

/**
 * Which holds stand against what is to be done, `but` those that were looked at before. A held person keeps every row that is
 * hers, or may be, and would be erased as the other's own; a held record is not touched at all, by whatever collection of its
 * table it is reached.
 */
export async function holdFindings(
  deps: EngineDeps,
  db: Database,
  doing: readonly Doing[],
  options: { readonly signal?: AbortSignal; readonly but?: ReadonlySet<string> } = {},
): Promise<{ readonly findings: readonly OrderFinding[]; readonly seen: readonly string[] }> {
  const holds = await db.read((reader) => holdsInForce(reader, 'erasure'))
  const changing = doing.filter(({ action }) => action !== 'keep' && action !== 'decide')
  const findings: OrderFinding[] = []
  for (const hold of holds) {
    if (options.but?.has(hold.id)) continue
    const rows = await coveredRows(deps, hold.scope, changing, options.signal)
    if (rows > 0)
      findings.push({
        kind: 'hold',
        rows,
        message: `hold ${hold.id} (review on ${hold.reviewOn}) stands against erasing these rows`,
      })
  }
  return { findings, seen: holds.map((hold) => hold.id) }
}

type Scope = Awaited<ReturnType<typeof holdsInForce>>[number]['scope']

async function coveredRows(
  deps: EngineDeps,
  scope: Scope,
  changing: readonly Doing[],
  signal?: AbortSignal,
): Promise<number> {
  const held =
    scope.kind === 'record' ? recordOf(deps, scope) : await personOf(deps, scope.identities, signal)
  let rows = 0
  for (const { collection, items } of changing)
    for (const item of items)
      if (
        held.get(placeOf(collection))?.has(keyText(item.key)) &&
        (scope.kind === 'record' || item.link === 'owned')
      )
        rows++
  return rows
}

type Places = ReadonlyMap<string, ReadonlySet<string>>

/** Collections that read one table by one key see the same rows. */
const placeOf = ({ store, table, key }: CollectionMap): string => JSON.stringify([store, table, key])

const recordOf = (deps: EngineDeps, scope: Extract<Scope, { kind: 'record' }>): Places =>
  new Map(
    [...deps.map.collections.values()]
      .filter((c) => c.store === scope.store && [c.name, c.id].includes(scope.collection))
      .map((c) => [placeOf(c), new Set([keyText(scope.key)])]),
  )

/** On a line that she shares with others her rows are not sure; a doubt keeps them. */
async function personOf(
  deps: EngineDeps,
  identities: Extract<Scope, { kind: 'person' }>['identities'],
  signal?: AbortSignal,
): Promise<Places> {
  const located = await locatePerson(deps, identities, signal ? { signal } : {})
  const places = new Map<string, Set<string>>()
  for (const [id, rows] of located.rows) {
    const collection = deps.map.collections.get(id)
    if (!collection) continue
    const keys = places.get(placeOf(collection)) ?? new Set<string>()
    places.set(placeOf(collection), keys)
    for (const [key, row] of rows) if (row.reach === 'owned' || row.reach === 'possible') keys.add(key)
  }
  return places
}
