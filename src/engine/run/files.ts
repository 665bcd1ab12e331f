import { realpath, rm } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { LetheError } from '../../base/errors.ts'
import type { CollectionMap, DataMap } from '../../datamap/model.ts'
import type { Row, Store, StoreReader } from '../../stores/port.ts'
import { filesAt, templateColumns, wholeColumns } from './paths.ts'

/**
 * The files that belong to a row, below its store's folder: what its column names, there or not, and what its path templates find.
 * A name that leads outside throws `refused`.
 */
export async function filesOf(store: Store, collection: CollectionMap, row: Row): Promise<string[]> {
  const { files: folder } = store
  if (folder === undefined) return []
  const name = collection.file === undefined ? null : row[collection.file]
  const found = new Set<string>()
  if (typeof name === 'string' && name !== '') found.add(relative(folder, mediaPath(folder, name)))
  for (const template of collection.paths ?? [])
    for (const path of await filesAt(folder, template, row)) found.add(path)
  return [...found]
}

/** Columns that must be read with a row to know its files. */
export const fileColumns = ({ file, paths }: CollectionMap): string[] => [
  ...(file === undefined ? [] : [file]),
  ...(paths ?? []).flatMap(templateColumns),
]

/** Other collections of its store that name files: a picture may be somebody else's in another table. */
export const fileMates = (
  { map }: { readonly map: DataMap },
  { id, store }: CollectionMap,
): CollectionMap[] =>
  [...map.collections.values()].filter(
    (c) => c.store === store && c.id !== id && !c.skip && c.file !== undefined,
  )

/**
 * The paths of these rows' files that no other row names, in their own table or in that of a mate. All legs of a call may name one
 * recording, and the last one takes it along. Asked after the rows are gone or emptied, in the same transaction. A guard, not a
 * proof: a mate that names files by path templates only is not asked.
 */
export async function nobodysFiles(
  reader: StoreReader,
  store: Store,
  collection: CollectionMap,
  rows: readonly Row[],
  mates: readonly CollectionMap[] = [],
): Promise<string[]> {
  const { files: folder } = store
  const files = new Set<string>()
  for (const row of rows) for (const file of await filesOf(store, collection, row)) files.add(file)
  if (files.size === 0 || folder === undefined) return []
  const own = new Set(rows.map((row) => rowKey(collection, row)))
  for (const column of sharingColumns(collection)) {
    const values = [...new Set(rows.flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : [])))]
    const columns = [...new Set([...collection.key, ...fileColumns(collection)])]
    const query = { table: collection.table, key: collection.key, columns }
    for await (const page of reader.rows({ ...query, match: { column, how: 'exact', values } }))
      for (const other of page)
        if (!own.has(rowKey(collection, other)))
          for (const file of await filesOf(store, collection, other)) files.delete(file)
  }
  const said = rows.map((row) => (collection.file === undefined ? null : row[collection.file]))
  const names = [...new Set([...files, ...said.filter((name) => typeof name === 'string')])]
  for (const mate of mates) {
    const columns = [...new Set([...mate.key, ...fileColumns(mate)])]
    const match = { column: mate.file as string, how: 'exact', values: names } as const
    for await (const page of reader.rows({ table: mate.table, key: mate.key, columns, match }))
      for (const other of page)
        if (mate.table !== collection.table || !own.has(rowKey(mate, other)))
          for (const file of await filesOf(store, mate, other)) files.delete(file)
  }
  for (const file of files) await refuseLinked(folder, file)
  return [...files].map((file) => mediaPath(folder, file))
}

/** A name may lead outside by a link to a folder too. The last part of it may be a link: that goes, and not what it leads to. */
async function refuseLinked(folder: string, file: string): Promise<void> {
  const [home, real] = await Promise.all(
    [folder, dirname(mediaPath(folder, file))].map((path) => realpath(path).catch(() => undefined)),
  )
  if (home === undefined || real === undefined) return
  const inside = relative(home, real)
  if (inside === '..' || inside.startsWith('../') || isAbsolute(inside)) throw outside()
}

const rowKey = ({ key }: CollectionMap, row: Row): string =>
  JSON.stringify(key.map((column) => row[column] ?? null))

/** By one of these another row that names the same file would be met. */
const sharingColumns = ({ file, paths }: CollectionMap): string[] => [
  ...new Set([
    ...(file === undefined ? [] : [file]),
    ...(paths ?? []).flatMap((one) => wholeColumns(one).slice(-1)),
  ]),
]

/** The file a row names, below its store's folder; a name that leads elsewhere throws `refused`. */
export function mediaPath(folder: string, name: string): string {
  const path = resolve(folder, name)
  const inside = relative(folder, path)
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) throw outside()
  return path
}

const outside = (): LetheError =>
  new LetheError('refused', 'a row names a file outside the folder of its store', {
    hint: 'Look at the row; nothing outside the folder named in stores.yaml is ever touched.',
  })

/** Removes files; one that is gone already is no failure. */
export async function removeMedia(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true })
}
