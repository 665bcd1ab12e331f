import { and, asc, gt, inArray, lte, sql } from 'drizzle-orm'
import type { Reader } from '../ops/db/database.ts'
import type { RawContent } from './chain.ts'
import { tables } from './tables.ts'

interface Link {
  readonly seq: number
  readonly leaf: string
  readonly previous: string
  readonly hash: string
}
/** An entry as it lies in its row; without content, `subject` null first of all, where it was forgotten. */
export type RawEntry = Link & (RawContent | { readonly subject: null })

const pageSize = 1000

/** Every entry in order, forgotten ones too; a page in memory at a time. */
export async function* rawEntries(
  reader: Reader,
  { after: from, upTo }: { readonly after: number; readonly upTo: number },
): AsyncGenerator<readonly RawEntry[]> {
  const { ledgerEntry } = tables(reader)
  const { seq, leaf, previous, hash, at, actorKind, actorId, type, subject, nth, before } = ledgerEntry
  // Its text as it lies there, not read and written again.
  const body = sql<string | null>`${ledgerEntry.body}`
  for (let after = from; ; ) {
    const page = await reader.q
      .select({ seq, leaf, previous, hash, at, actorKind, actorId, type, subject, body, nth, before })
      .from(ledgerEntry)
      .where(and(gt(ledgerEntry.seq, after), lte(ledgerEntry.seq, upTo)))
      .orderBy(asc(ledgerEntry.seq))
      .limit(pageSize)
    yield page as RawEntry[]
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.seq
  }
}

export interface Salts {
  /** Undefined when it was destroyed, `false` when it is not one this service sealed. */
  of(subject: string): string | false | undefined
  /** Reads those of a page, so that `of` knows them. */
  load(page: readonly RawEntry[]): Promise<void>
}

/** The secrets that tie leaves to contents; kept while they are few enough. */
export function openSalts(reader: Reader): Salts {
  const known = new Map<string, string | false | undefined>()
  return {
    of: (subject) => known.get(subject),
    async load(page) {
      if (known.size > 100_000) known.clear()
      const wanted = new Set(page.flatMap((entry) => entry.subject ?? []))
      const missing = [...wanted].filter((subject) => !known.has(subject))
      if (missing.length === 0) return
      for (const subject of missing) known.set(subject, undefined)
      const { ledgerSubject } = tables(reader)
      const rows = await reader.q
        .select({ subject: ledgerSubject.subject, salt: sql<string>`${ledgerSubject.salt}` })
        .from(ledgerSubject)
        .where(inArray(ledgerSubject.subject, missing))
      for (const row of rows) known.set(row.subject, opened(reader, row.salt))
    },
  }
}

function opened(reader: Reader, sealed: string): string | false {
  try {
    const salt: unknown = JSON.parse(reader.keys.open(sealed))
    return typeof salt === 'string' ? salt : false
  } catch {
    // Put there by somebody without the service's key.
    return false
  }
}
