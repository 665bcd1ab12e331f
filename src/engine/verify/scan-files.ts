import type { Dirent } from 'node:fs'
import { open, opendir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Catalogue } from '../../stores/port.ts'
import { rowFilter } from '../locate/columns.ts'
import { fileColumns, filesOf } from '../run/files.ts'
import { kindOf } from '../text/decode/magic.ts'
import { searchValues } from '../text/many/search.ts'
import { groundsFor } from './grounds.ts'
import type { Scan } from './scan-store.ts'

const windowSize = 32 * 2 ** 20
const overlap = 64 * 2 ** 10
const table = 'files'

/** Every file below the store's folder, its name and all of its bytes, whether or not a row names it. Links are not followed. */
export async function scanFiles(scan: Scan, catalogue: Catalogue): Promise<void> {
  const folder = scan.store.files
  if (folder === undefined) return
  const grounds = await keptFiles(scan, catalogue)
  for await (const entry of below(scan, folder)) {
    scan.signal.throwIfAborted()
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    const ground = grounds.get(name) ?? null
    await searchFile(scan, path, name, ground, entry.isFile())
  }
}

async function searchFile(
  scan: Scan,
  path: string,
  name: string,
  ground: string | null,
  isFile: boolean,
): Promise<void> {
  const told = new Set<string>()
  const tell = (column: string) => ({
    hit(_: number, entry: { readonly persons: readonly number[] }, way: readonly string[]) {
      const persons = entry.persons.filter((person) => !told.has(`${column} ${person}`))
      if (persons.length === 0) return
      for (const person of persons) told.add(`${column} ${person}`)
      const counted = told.has(`${column} by ${way.join()}`)
      told.add(`${column} by ${way.join()}`)
      const example = scan.hash?.(`${scan.store.name}\0${name}`)
      scan.tally.hit(
        { store: scan.store.name, table, column },
        { ground, path: way, persons, counted, example },
      )
    },
    unread: (_: number, why: string) => unread(scan, why),
  })
  await searchValues(scan.book, [name], tell('name'), scan.decode)
  if (!isFile) return unread(scan, 'a link, or no file: not followed')
  const content = tell('content')
  try {
    for await (const bytes of windows(path)) {
      scan.signal.throwIfAborted()
      if (bytes.length >= windowSize && packed.has(kindOf(bytes)))
        unread(scan, `packed, and longer than ${windowSize / 2 ** 20} MB`)
      await searchValues(scan.book, [bytes], content, scan.decode)
    }
  } catch (error) {
    if (!isFileError(error)) throw error
    unread(
      scan,
      error.code === 'ENOENT' ? 'gone while it was to be read' : `the file does not open (${error.code})`,
    )
  }
}

const packed = new Set<string | undefined>(['gzip', 'zlib', 'zstd', 'zip'])

const unread = (scan: Scan, why: string): void =>
  scan.tally.unread({ store: scan.store.name, table, column: 'content' }, why)

const isFileError = (error: unknown): error is { code: string } =>
  error instanceof Error && 'syscall' in error && 'code' in error

async function* below(scan: Scan, folder: string): AsyncGenerator<Dirent> {
  try {
    for await (const entry of await opendir(folder)) {
      if (entry.isDirectory()) yield* below(scan, join(folder, entry.name))
      else yield entry
    }
  } catch (error) {
    if (!isFileError(error)) throw error
    unread(scan, `a folder does not open (${error.code})`)
  }
}

/** All of a file, in stretches that overlap: what is cut by one border is whole in the next. */
async function* windows(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.min(windowSize, Math.max(1, size)))
    for (let from = 0; ; from += windowSize - overlap) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, from)
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead)
      if (bytesRead < buffer.length || from + bytesRead >= size) return
    }
  } finally {
    await file.close()
  }
}

/** Files of rows that may stay, with the ground they stay on. */
async function keptFiles({ deps, store, signal }: Scan, catalogue: Catalogue): Promise<Map<string, string>> {
  const kept = new Map<string, string>()
  for (const collection of deps.map.collections.values()) {
    if (collection.store !== store.name || collection.erase !== 'keep') continue
    const columns = fileColumns(collection)
    if (columns.length === 0) continue
    if (!catalogue.tables.some((one) => one.name === collection.table)) continue
    await store.reading(
      async (reader) => {
        const grounds = await groundsFor(deps, reader, store.name, collection.table)
        const asked = [...new Set([...collection.key, ...columns, ...grounds.flatMap((g) => g.columns)])]
        const query = {
          table: collection.table,
          key: collection.key,
          columns: asked,
          where: rowFilter(collection),
        }
        for await (const page of reader.rows(query))
          for (const row of page) {
            const ground = grounds.find((g) => g.covers(row))?.ground
            if (ground !== undefined)
              for (const path of await filesOf(store, collection, row)) kept.set(path, ground)
          }
      },
      { signal },
    )
  }
  return kept
}
