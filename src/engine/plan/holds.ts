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
 * Which holds stand against what is to be done, `but` those that were looked at before. A held person's own rows and a held
 * record are not touched at all, not even to take another's name out of them: they are evidence as they stand. A row that may be
 * the held person's is not erased as somebody else's own.
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
        message: `hold ${hold.id} (review on ${hold.reviewOn}) stands against touching these rows`,
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
  const { sure, doubtful } =
    scope.kind === 'record'
      ? { sure: recordOf(deps, scope), doubtful: new Map() as Places }
      : await personOf(deps, scope.identities, signal)
  let rows = 0
  for (const { collection, items } of changing)
    for (const item of items) {
      const holds = (places: Places) => places.get(placeOf(collection))?.has(keyText(item.key)) === true
      if (holds(sure) || (item.link === 'owned' && holds(doubtful))) rows++
    }
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

/** What is hers is not touched at all. On a line that she shares her rows are not sure; a doubt keeps them from being erased as the other's. */
async function personOf(
  deps: EngineDeps,
  identities: Extract<Scope, { kind: 'person' }>['identities'],
  signal?: AbortSignal,
): Promise<{ readonly sure: Places; readonly doubtful: Places }> {
  const located = await locatePerson(deps, identities, signal ? { signal } : {})
  const sure = new Map<string, Set<string>>()
  const doubtful = new Map<string, Set<string>>()
  for (const [id, rows] of located.rows) {
    const collection = deps.map.collections.get(id)
    if (!collection) continue
    for (const [key, row] of rows) {
      if (row.reach !== 'owned' && row.reach !== 'possible') continue
      const places = row.reach === 'owned' ? sure : doubtful
      places.set(placeOf(collection), (places.get(placeOf(collection)) ?? new Set<string>()).add(key))
    }
  }
  return { sure, doubtful }
}
