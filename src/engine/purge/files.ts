import type { CollectionMap } from '../../datamap/model.ts'
import { isLetheError } from '../../base/errors.ts'
import type { Row, Store, StoreReader, TableInfo } from '../../stores/port.ts'
import { mediaPath } from '../run/files.ts'

/** The file a row names: its path, `none`, or `outside` where it leads out of the folder or the store has no folder. */
export function fileOf(
  store: Store,
  collection: CollectionMap,
  row: Row,
): { readonly path: string } | 'none' | 'outside' {
  const name = collection.file === undefined ? null : row[collection.file]
  if (typeof name !== 'string' || name === '') return 'none'
  if (store.files === undefined) return 'outside'
  try {
    return { path: mediaPath(store.files, name) }
  } catch (error) {
    if (isLetheError(error, 'refused')) return 'outside'
    throw error
  }
}

/**
 * Which of these file names rows still have: all legs of a call may name one recording, and the last one takes it along. Asked
 * after the rows are gone, in the same transaction.
 */
export async function stillNamed(
  reader: StoreReader,
  collection: CollectionMap,
  names: readonly string[],
  perhaps: Perhaps,
): Promise<Set<string>> {
  const file = collection.file as string
  const asked = names.filter((name) => perhaps.has(name))
  const named = new Set<string>()
  if (asked.length === 0) return named
  const query = {
    table: collection.table,
    key: collection.key,
    columns: [...new Set([...collection.key, file])],
  }
  for await (const page of reader.rows({ ...query, match: { column: file, how: 'exact', values: asked } }))
    for (const row of page) named.add(String(row[file]))
  return named
}

/** Says which names may stand in several rows; a no is certain. */
export interface Perhaps {
  has(name: string): boolean
}

/** By collection id. */
export type FileNames = ReadonlyMap<string, Perhaps>

/**
 * Where the column has an index, every name is asked for. Without one, the column is read once from end to end and only names
 * met twice are asked for; memory is a few bits a row.
 */
export async function perhapsNamedTwice(
  reader: StoreReader,
  collection: CollectionMap,
  table: TableInfo,
): Promise<Perhaps> {
  const file = collection.file as string
  if (table.indexed.includes(file)) return { has: () => true }
  const bits = 2 ** Math.min(30, Math.max(16, Math.ceil(Math.log2((table.estimatedRows + 1) * 16))))
  const seen = new Uint32Array(bits / 32)
  const twice = new Set<string>()
  const query = {
    table: collection.table,
    key: collection.key,
    columns: [...new Set([...collection.key, file])],
  }
  for await (const page of reader.rows(query))
    for (const row of page) {
      const name = row[file]
      if (typeof name === 'string' && name !== '' && !fresh(seen, bits, name)) twice.add(name)
    }
  return twice
}

/** Two bits a name (FNV-1a, from two starts); false when both were set before. */
function fresh(seen: Uint32Array, bits: number, name: string): boolean {
  let isFresh = false
  for (let hash of [0x811c9dc5, 0x01000193]) {
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0
    const bit = hash % bits
    const word = seen[bit >>> 5] as number
    if ((word & (1 << (bit & 31))) === 0) isFresh = true
    seen[bit >>> 5] = word | (1 << (bit & 31))
  }
  return isFresh
}
