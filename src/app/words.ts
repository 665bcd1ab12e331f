import { parseDuration } from '../base/duration.ts'
import { asWritten } from '../datamap/live.ts'
import type { DataMap } from '../datamap/model.ts'
import type { CollectionWords } from '../requests/deps.ts'

/** A collection of the data map in the words that a letter needs; undefined when the map knows it no more. */
export function describeCollection(map: DataMap, id: string): CollectionWords | undefined {
  const collection = asWritten(map, id)
  if (!collection) return undefined
  const dataset = map.datasets.find((d) => d.collections.includes(collection))
  const horizon = dataset?.backupHorizon
  return {
    title: collection.title,
    because: collection.keep?.because,
    backupHorizon: horizon === undefined ? undefined : parseDuration(horizon),
    suppresses: collection.suppress !== undefined,
  }
}
