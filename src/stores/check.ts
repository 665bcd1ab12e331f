import { checkMap } from '../datamap/check.ts'
import type { DataMap, Finding, Graph } from '../datamap/model.ts'
import type { Catalogue, Store } from './port.ts'
import { probeFindings } from './probe.ts'
import { numberFindings } from './probe-numbers.ts'

/**
 * The map against its live stores: what their catalogues say, and what they answer when they are asked. Give it the map of
 * `liveMap`. An `error` stops before the first write.
 */
export const checkLive = async (
  stores: ReadonlyMap<string, Store>,
  { map, graph }: { readonly map: DataMap; readonly graph: Graph },
  catalogues: ReadonlyMap<string, Catalogue>,
): Promise<Finding[]> => [
  ...checkMap(map, graph, catalogues),
  ...(await probeFindings(stores, map, catalogues)),
  ...(await numberFindings(stores, { map, graph }, catalogues)),
]
