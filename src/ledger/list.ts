import { and, asc, desc, eq, gt, isNotNull, lt, lte } from 'drizzle-orm'
import type { Reader } from '../ops/db/database.ts'
import { type Entry, tables } from './tables.ts'

/** Entries newest first, a page at a time: `before` is the number of the last one seen. For people's eyes; see `entries`. */
export async function listEntries(
  reader: Reader,
  filter: {
    readonly subject?: string
    readonly type?: string
    readonly before?: number
    readonly limit?: number
  } = {},
): Promise<readonly Entry[]> {
  const { ledgerEntry } = tables(reader)
  const rows = await reader.q
    .select(shown(reader))
    .from(ledgerEntry)
    .where(
      and(
        isNotNull(ledgerEntry.subject),
        filter.before === undefined ? undefined : lt(ledgerEntry.seq, filter.before),
        filter.subject === undefined ? undefined : eq(ledgerEntry.subject, filter.subject),
        filter.type === undefined ? undefined : eq(ledgerEntry.type, filter.type),
      ),
    )
    .orderBy(desc(ledgerEntry.seq))
    .limit(filter.limit ?? 50)
  return rows as Entry[]
}

const pageSize = 1000

/** The chain in order, a page in memory at a time; with `subject`, only its entries. What was forgotten is left out. */
export async function* entries(
  reader: Reader,
  filter: {
    readonly subject?: string
    /** Only entries behind this number, and up to that one. */
    readonly after?: number
    readonly upTo?: number
  } = {},
): AsyncGenerator<Entry> {
  const { ledgerEntry } = tables(reader)
  for (let after = filter.after ?? 0; ; ) {
    const page = await reader.q
      .select(shown(reader))
      .from(ledgerEntry)
      .where(
        and(
          isNotNull(ledgerEntry.subject),
          gt(ledgerEntry.seq, after),
          filter.upTo === undefined ? undefined : lte(ledgerEntry.seq, filter.upTo),
          filter.subject === undefined ? undefined : eq(ledgerEntry.subject, filter.subject),
        ),
      )
      .orderBy(asc(ledgerEntry.seq))
      .limit(pageSize)
    yield* page as Entry[]
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.seq
  }
}

function shown(reader: Reader) {
  const { seq, at, actorKind, actorId, type, subject, body, previous, hash } = tables(reader).ledgerEntry
  return { seq, at, actorKind, actorId, type, subject, body, previous, hash }
}
