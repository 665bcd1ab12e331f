import type { Identity } from '../../base/identity.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Catalogue } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { locatePerson } from '../locate/person.ts'
import type { WasShared } from '../locate/remembered.ts'
import type { FoundRow } from '../locate/reach.ts'
import { anonymiseMasks } from '../masks/mask.ts'
import type { Led, Residue } from '../tables.ts'
import { batchColumns } from '../run/columns.ts'
import { changes } from '../run/changes.ts'
import { fileMates, nobodysFiles } from '../run/files.ts'

/**
 * Rows that the map still reaches as hers and that are not gone, or not in their erased form: from her identities, and from the
 * rows that were erased. What was added below one of those meanwhile hangs on nothing else.
 */
export async function rowsLeft(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  identities: readonly Identity[],
  options: {
    readonly led: Led
    readonly known?: readonly Identity[] | undefined
    readonly wasShared: WasShared
    readonly signal: AbortSignal
  },
): Promise<Residue[]> {
  const located = await locatePerson(deps, identities, options)
  const left: Residue[] = located.unkeyed.map(({ store, table, rows }) => ({
    store,
    table,
    column: 'key',
    rows,
    ground: null,
  }))
  for (const [id, rows] of located.rows) {
    const collection = deps.map.collections.get(id)
    if (!collection || collection.erase === 'keep') continue
    const owned = [...rows.values()].filter((row) => row.reach === 'owned')
    const count =
      collection.erase === 'delete'
        ? owned.length
        : await unmasked(deps, catalogues, collection, owned, options.signal)
    if (count > 0)
      left.push({
        store: collection.store,
        table: collection.table,
        column: collection.key.join(','),
        rows: count,
        ground: null,
      })
  }
  return left
}

/** A tombstone is still reached by its number; it is left over only while a mask would change it. */
async function unmasked(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  collection: CollectionMap,
  rows: readonly FoundRow[],
  signal: AbortSignal,
): Promise<number> {
  if (rows.length === 0) return 0
  const table = catalogues.get(collection.store)?.tables.find((t) => t.name === collection.table)
  const masks = anonymiseMasks(collection, table)
  const { key } = collection
  let count = 0
  const store = storeOf(deps, collection.store)
  await store.reading(
    async (reader) => {
      const pages = reader.rows({
        table: collection.table,
        key,
        columns: batchColumns(collection, [], masks),
        where: rowFilter(collection),
        keys: rows.map((row) => row.key),
      })
      for await (const page of pages)
        for (const row of page) {
          let isRead = true
          const open = changes(row, masks, [], () => (isRead = false))
          const isMasked = isRead && Object.keys(open).length === 0
          const files =
            isMasked && collection.paths
              ? await nobodysFiles(reader, store, collection, [row], fileMates(deps, collection))
              : []
          if (!isMasked || files.length > 0) count++
        }
    },
    { signal },
  )
  return count
}
