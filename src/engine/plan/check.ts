import { buildCatalogues } from './catalogues.ts'
import { liveMap } from '../../datamap/live.ts'
import { checkLive } from '../../stores/check.ts'
import type { Catalogue } from '../../stores/port.ts'
import type { EngineDeps } from '../deps.ts'
import type { OrderFinding } from '../tables.ts'

/** What a run works with, as the stores are now: their schemas, the map over the tables and keys that are there, its graph. */
export async function liveStores(
  deps: EngineDeps,
  signal?: AbortSignal,
): Promise<{ readonly live: EngineDeps; readonly catalogues: ReadonlyMap<string, Catalogue> }> {
  const catalogues = await buildCatalogues(deps, signal)
  return { live: { ...deps, ...liveMap(deps.map, catalogues) }, catalogues }
}

/**
 * Holds the map against every store before anything runs: what its catalogue says, and what it answers when it is asked. What
 * would stop a write, or hide rows, comes back with file and line.
 */
export async function checkStores(
  deps: EngineDeps,
  signal?: AbortSignal,
): Promise<{
  readonly live: EngineDeps
  readonly catalogues: ReadonlyMap<string, Catalogue>
  readonly blocked: OrderFinding[]
}> {
  const { live, catalogues } = await liveStores(deps, signal)
  const found = await checkLive(deps.stores, live, catalogues)
  const blocked = found
    .filter((finding) => finding.level === 'error')
    .map(
      (finding): OrderFinding => ({
        kind: 'map',
        message: `${finding.where}: ${finding.message} ${finding.hint}`,
      }),
    )
  return { live, catalogues, blocked }
}
