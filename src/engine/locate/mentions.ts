import type { CollectionMap } from '../../datamap/model.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { holds } from '../text/find.ts'
import { needlesOf } from '../text/needles.ts'
import { rowFilter } from './columns.ts'
import { type FoundRow, keyOfRow, keyText, type Located } from './reach.ts'

export interface Mentions {
  /** By collection: rows that are not hers but name her, with the fields that do. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, FoundRow>>
  /** Collections read from end to end for this, and how many rows that were: said, because it costs. */
  readonly read: readonly { readonly store: string; readonly collection: string; readonly rows: number }[]
}

/** Rows a page; a page of long texts stays in memory at once. */
const pageSize = 500

/**
 * Reads every free-text field of the map for her identifiers, in all spellings, and lists the rows that hold one and were not
 * reached as hers. Names are not looked for: many people share one.
 */
export async function findMentions(
  deps: EngineDeps,
  located: Located,
  signal?: AbortSignal,
): Promise<Mentions> {
  const rows = new Map<string, Map<string, FoundRow>>()
  const read: { store: string; collection: string; rows: number }[] = []
  for (const collection of deps.map.collections.values()) {
    const texts = collection.fields.filter((field) => field.freeText).map((field) => field.name)
    if (texts.length === 0 || collection.skip) continue
    const needles = needlesOf(located.identifiers, deps.policyOf(collection.store))
    if (needles.length === 0) continue
    const found = new Map<string, FoundRow>()
    const known = located.rows.get(collection.id)
    let count = 0
    await storeOf(deps, collection.store).reading(
      async (reader) => {
        for await (const page of reader.rows({
          ...target(collection),
          columns: [...new Set([...collection.key, ...texts])],
          pageSize,
        })) {
          signal?.throwIfAborted()
          count += page.length
          for (const row of page) {
            const via = texts.filter(
              (name) => typeof row[name] === 'string' && holds(row[name] as string, needles),
            )
            if (via.length === 0) continue
            const key = keyOfRow(collection, row)
            // The verification reads it too, and finds what stays.
            if (!key) continue
            const own = known?.get(keyText(key))
            if (own && own.reach !== 'possible') continue
            found.set(keyText(key), { key, reach: 'mentioned', via: new Set(via), values: {} })
          }
        }
      },
      signal ? { signal } : {},
    )
    read.push({ store: collection.store, collection: collection.name, rows: count })
    if (found.size > 0) rows.set(collection.id, found)
  }
  return { rows, read }
}

const target = (collection: CollectionMap) => ({
  table: collection.table,
  key: collection.key,
  where: rowFilter(collection),
})
