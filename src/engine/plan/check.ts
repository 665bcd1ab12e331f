import { buildCatalogues } from './catalogues.ts'
import { checkMap } from '../../datamap/check.ts'
import { liveMap } from '../../datamap/live.ts'
import type { Catalogue } from '../../stores/port.ts'
import type { EngineDeps } from '../deps.ts'
import type { OrderFinding } from '../tables.ts'

/**
 * Holds the map against every store's live schema before anything runs. What would stop a write comes back, with file and line;
 * collections that name no key get that of their table.
 */
export async function checkStores(
  deps: EngineDeps,
  signal?: AbortSignal,
): Promise<{
  readonly live: EngineDeps
  readonly catalogues: ReadonlyMap<string, Catalogue>
  readonly blocked: OrderFinding[]
}> {
  const catalogues = await buildCatalogues(deps, signal)
  const { map, graph } = liveMap(deps.map, catalogues)
  const blocked = checkMap(map, graph, catalogues)
    .filter((finding) => finding.level === 'error')
    .map(
      (finding): OrderFinding => ({
        kind: 'map',
        message: `${finding.where}: ${finding.message} ${finding.hint}`,
      }),
    )
  return { live: { ...deps, map, graph }, catalogues, blocked }
}
