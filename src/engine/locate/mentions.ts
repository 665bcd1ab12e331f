import type { CollectionMap, FieldMap } from '../../datamap/model.ts'
import type { Row } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { type Book, openBook } from '../text/many/book.ts'
import type { DigestName } from '../text/many/digests.ts'
import { searchValues } from '../text/many/search.ts'
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
 * Reads every free-text and packed field of the map for her identifiers, in all spellings and encodings, and lists the rows that hold
 * one and were not reached as hers. Names are not looked for: many people share one.
 */
export async function findMentions(
  deps: EngineDeps,
  located: Located,
  signal?: AbortSignal,
): Promise<Mentions> {
  const rows = new Map<string, Map<string, FoundRow>>()
  const read: { store: string; collection: string; rows: number }[] = []
  for (const collection of deps.map.collections.values()) {
    const texts = collection.fields.filter(isSearched).map((field) => field.name)
    if (texts.length === 0 || collection.skip || collection.derived) continue
    const book = openBook([located.identifiers], deps.policyOf(collection.store))
    if (book.size === 0) continue
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
          for (const [row, via] of await mentioning(book, page, texts)) {
            const key = keyOfRow(collection, row)
            // The verification reads it too, and finds what stays.
            if (!key) continue
            const own = known?.get(keyText(key))
            if (own && own.reach !== 'possible') continue
            found.set(keyText(key), { key, reach: 'mentioned', via, values: {} })
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

const isSearched = (field: FieldMap): boolean =>
  field.freeText || (field.encoding !== undefined && field.mask?.how !== 'keep')

/** Rows of a page that hold an identifier, and where. The hash of an address is no text that could be taken out; the verification tells it. */
async function mentioning(
  book: Book,
  page: readonly Row[],
  texts: readonly string[],
): Promise<Map<Row, Set<string>>> {
  const found = new Map<Row, Set<string>>()
  const values = page.flatMap((row) => texts.map((name) => row[name] ?? null))
  await searchValues(book, values, {
    hit(value, _, path) {
      if (digestNames.has(path.at(-1) ?? '')) return
      const row = page[Math.floor(value / texts.length)] as Row
      const via = found.get(row) ?? new Set<string>()
      found.set(row, via.add(texts[value % texts.length] as string))
    },
    unread: () => undefined,
  })
  return found
}

const digestNames: ReadonlySet<string> = new Set<DigestName>(['md5', 'sha1', 'sha256'])

const target = (collection: CollectionMap) => ({
  table: collection.table,
  key: collection.key,
  where: rowFilter(collection),
})
