import type { CollectionMap } from '../../datamap/model.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { type FoundRow, keyOfRow, keyText } from '../locate/reach.ts'

/** How many rows there are of each, for rows of tables without a key: by `placeText`. Others are one each and not listed. */
export type Twins = ReadonlyMap<string, number>

const atOnce = 500

/** Counts rows that are the same to the last letter: nothing tells them apart, so a step takes all of them. */
export async function twinsOf(
  deps: EngineDeps,
  groups: Iterable<{ readonly collection: CollectionMap; readonly rows: readonly FoundRow[] }>,
  signal?: AbortSignal,
): Promise<Twins> {
  const twins = new Map<string, number>()
  for (const { collection, rows } of groups) {
    if (!collection.wholeRow) continue
    const { table, key } = collection
    // A row may stand in two lists of one collection: in doubt, and named.
    const counts = new Map<string, number>()
    await storeOf(deps, collection.store).reading(
      async (reader) => {
        for (let at = 0; at < rows.length; at += atOnce) {
          const keys = rows.slice(at, at + atOnce).map((row) => row.key)
          const query = { table, key, columns: key, where: rowFilter(collection), keys }
          for await (const page of reader.rows(query))
            for (const row of page) {
              const place = placeText(collection, keyOfRow(collection, row) ?? [])
              counts.set(place, (counts.get(place) ?? 0) + 1)
            }
        }
      },
      signal ? { signal } : {},
    )
    for (const [place, count] of counts) twins.set(place, count)
  }
  return twins
}

export const placeText = ({ id }: CollectionMap, key: readonly string[]): string => `${id}\0${keyText(key)}`
