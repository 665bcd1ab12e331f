import type { Catalogue } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'

/** The live schema of every store that the map speaks of. */
export async function buildCatalogues(
  deps: EngineDeps,
  signal?: AbortSignal,
): Promise<Map<string, Catalogue>> {
  const names = [...new Set(deps.map.datasets.map((dataset) => dataset.store))]
  const found = new Map<string, Catalogue>()
  for (const name of names) found.set(name, await storeOf(deps, name).describe(signal ? { signal } : {}))
  return found
}
