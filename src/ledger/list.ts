import { and, desc, eq, lt } from 'drizzle-orm'
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
  return reader.q
    .select()
    .from(ledgerEntry)
    .where(
      and(
        filter.before === undefined ? undefined : lt(ledgerEntry.seq, filter.before),
        filter.subject === undefined ? undefined : eq(ledgerEntry.subject, filter.subject),
        filter.type === undefined ? undefined : eq(ledgerEntry.type, filter.type),
      ),
    )
    .orderBy(desc(ledgerEntry.seq))
    .limit(filter.limit ?? 50)
}
