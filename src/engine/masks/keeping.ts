import type { CollectionMap, DataMap } from '../../datamap/model.ts'

/** The same map, in which rows that an erasure deletes are made anonymous. What is kept stays kept. */
export function deletingNothing(map: DataMap): DataMap {
  const as = (c: CollectionMap): CollectionMap => (c.erase === 'delete' ? { ...c, erase: 'anonymise' } : c)
  return {
    ...map,
    datasets: map.datasets.map((d) => ({ ...d, collections: d.collections.map(as) })),
    collections: new Map([...map.collections].map(([id, c]) => [id, as(c)])),
  }
}
