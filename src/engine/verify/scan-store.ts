import type { Identity } from '../../base/identity.ts'
import type { Catalogue, Store, TableInfo } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { type Book, openBook } from '../text/many/book.ts'
import { scanFiles } from './scan-files.ts'
import { scanTable } from './scan-table.ts'
import { type Scanned, Tally } from './tally.ts'

export interface ScanOptions {
  readonly signal: AbortSignal
  /** A keyed hash: stands for a row's key among the examples. */
  readonly hash?: ((text: string) => string) | undefined
  /** False leaves everything unopened that is written or packed: for measuring only. */
  readonly decode?: boolean | undefined
  /** Made once by who scans several stores (`booksFor`): of many persons it takes a while. */
  readonly bookOf?: ((store: string) => Book) | undefined
}

export interface Scan extends ScanOptions {
  readonly deps: EngineDeps
  readonly store: Store
  readonly book: Book
  readonly tally: Tally
}

/**
 * Reads everything a store holds, whatever the map says of it: each column of each table, materialised views too, and each file of
 * its folder, for all identifiers of all these persons in one pass, as they stand and in every encoding known. Names are not looked
 * for: many people share one. What could not be read is in the answer, never left out of it.
 */
export async function scanStore(
  deps: EngineDeps,
  name: string,
  catalogue: Catalogue,
  persons: readonly (readonly Identity[])[],
  options: ScanOptions,
): Promise<Scanned> {
  const store = storeOf(deps, name)
  const book = (options.bookOf ?? booksFor(deps, persons))(name)
  const tally = new Tally()
  const scan: Scan = { ...options, deps, store, book, tally }
  if (book.size > 0) {
    for (const table of catalogue.tables) if (isKept(table)) await scanTable(scan, table)
    await scanFiles(scan, catalogue)
  }
  return tally.scanned(persons.length > 1)
}

/** What is looked for in each store, by how that store's policy compares identities. */
export function booksFor(
  deps: EngineDeps,
  persons: readonly (readonly Identity[])[],
): (store: string) => Book {
  const made = new Map<string, Book>()
  return (store) => {
    const policy = deps.policyOf(store)
    const id = `${policy.country} ${policy.plusAddressing}`
    const book = made.get(id) ?? openBook(persons, policy)
    made.set(id, book)
    return book
  }
}

/** A view shows what other tables keep; a materialised one is a copy. */
const isKept = (table: TableInfo): boolean => table.kind === 'table' || table.materialised === true
