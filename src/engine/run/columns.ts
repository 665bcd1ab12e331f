import type { CollectionMap } from '../../datamap/model.ts'
import { fileColumns } from './files.ts'
import { type ColumnMask, templateColumns } from '../masks/mask.ts'

/** What an erasing batch reads of its rows: keys, evidence, what masks look at, suppression and files. Not the rest. */
export function batchColumns(
  collection: CollectionMap,
  via: readonly string[],
  masks: readonly ColumnMask[],
): string[] {
  const columns = new Set<string>([
    ...collection.key,
    ...via,
    ...templateColumns(collection),
    ...masks.map((m) => m.column),
  ])
  if (collection.suppress) {
    columns.add(collection.suppress.field)
    for (const column of Object.keys(collection.suppress.when ?? {})) columns.add(column)
  }
  for (const column of fileColumns(collection)) columns.add(column)
  return [...columns]
}
