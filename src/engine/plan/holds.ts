import { holdsInForce } from '../../holds/in-force.ts'
import type { Database } from '../../ops/db/database.ts'
import type { EngineDeps } from '../deps.ts'
import { locatePerson } from '../locate/person.ts'
import { keyText, type Located } from '../locate/reach.ts'
import type { OrderFinding } from '../tables.ts'

/** Which holds stand against erasing what was located: by person, where any of her rows is theirs too, or by record. */
export async function holdFindings(
  deps: EngineDeps,
  db: Database,
  located: Located,
  signal?: AbortSignal,
): Promise<OrderFinding[]> {
  const holds = await db.read((reader) => holdsInForce(reader, 'erasure'))
  const findings: OrderFinding[] = []
  for (const hold of holds) {
    const rows = await coveredRows(deps, hold.scope, located, signal)
    if (rows > 0)
      findings.push({
        kind: 'hold',
        rows,
        message: `hold ${hold.id} (review on ${hold.reviewOn}) stands against erasing these rows`,
      })
  }
  return findings
}

type Scope = Awaited<ReturnType<typeof holdsInForce>>[number]['scope']

async function coveredRows(
  deps: EngineDeps,
  scope: Scope,
  located: Located,
  signal?: AbortSignal,
): Promise<number> {
  if (scope.kind === 'record') {
    // By its id in the data map, or by its name in the store.
    const named = [...deps.map.collections.values()].find(
      (c) => c.id === scope.collection || (c.store === scope.store && c.name === scope.collection),
    )
    return named && located.rows.get(named.id)?.has(keyText(scope.key)) ? 1 : 0
  }
  const held = await locatePerson(deps, scope.identities, signal ? { signal } : {})
  let rows = 0
  for (const [id, theirs] of held.rows)
    for (const [key, row] of theirs) {
      const hers = located.rows.get(id)?.get(key)
      if (row.reach === 'owned' && hers?.reach === 'owned') rows++
    }
  return rows
}
