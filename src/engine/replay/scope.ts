import type { Catalogue } from '../../stores/port.ts'
import { deletingNothing } from '../masks/keeping.ts'
import type { EngineDeps } from '../deps.ts'

/**
 * The same map, in which only one store is looked at and nothing leads out of it. What led into it from others stays: their rows
 * are gone, and the erasure ledger knows what led on from them.
 */
export function onlyStore<D extends EngineDeps>(deps: D, store: string): D {
  const isIn = (collection: string) => deps.map.collections.get(collection)?.store === store
  const datasets = deps.map.datasets.filter((dataset) => dataset.store === store)
  const collections = new Map(
    [...deps.map.collections].map(([id, c]) => [id, c.store === store ? c : { ...c, skip: true }]),
  )
  return {
    ...deps,
    map: { ...deps.map, datasets, collections },
    graph: {
      ...deps.graph,
      seeds: deps.graph.seeds.filter((seed) => isIn(seed.collection)),
      edges: deps.graph.edges.filter((edge) => isIn(edge.to)),
    },
  }
}

/** For an order: all stores, or the one that it is limited to; one that makes anonymous deletes nothing. */
export function within<D extends EngineDeps>(
  deps: D,
  order: { readonly within: string | null; readonly kind: string },
): D {
  const as = order.kind === 'anonymisation' ? { ...deps, map: deletingNothing(deps.map) } : deps
  return order.within === null ? as : onlyStore(as, order.within)
}

export const cataloguesWithin = (
  catalogues: ReadonlyMap<string, Catalogue>,
  order: { readonly within: string | null },
): ReadonlyMap<string, Catalogue> =>
  order.within === null ? catalogues : new Map([...catalogues].filter(([name]) => name === order.within))
