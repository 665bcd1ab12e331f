import { buildCatalogues } from './catalogues.ts'
import { checkMap } from '../../datamap/check.ts'
import type { EngineDeps } from '../deps.ts'
import type { OrderFinding } from '../tables.ts'

/** Holds the map against every store's live schema; what would stop a write comes back, with file and line. */
export async function checkStores(deps: EngineDeps, signal?: AbortSignal): Promise<OrderFinding[]> {
  const catalogues = await buildCatalogues(deps, signal)
  return checkMap(deps.map, deps.graph, catalogues)
    .filter((finding) => finding.level === 'error')
    .map((finding) => ({ kind: 'map', message: `${finding.where}: ${finding.message} ${finding.hint}` }))
}
