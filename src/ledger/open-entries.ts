import { asc, eq, sql } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import type { Reader } from '../ops/db/database.ts'
import { contentText, entryKey, type RawContent } from './chain.ts'
import { tables } from './tables.ts'

/** An entry with what opens its leaf: `leaf = SHA-256(key ‖ content)`. */
export interface OpenEntry {
  readonly seq: number
  /** Of this entry alone: opens no other. */
  readonly key: string
  /** Canonical JSON, byte for byte what the leaf was made over. */
  readonly content: string
}

/** All entries of one subject, oldest first, ready to be proved. Throws `not_found` when there are none, or none any more. */
export async function openEntries(reader: Reader, subject: string): Promise<OpenEntry[]> {
  const { ledgerEntry, ledgerSubject } = tables(reader)
  const [own] = await reader.q.select().from(ledgerSubject).where(eq(ledgerSubject.subject, subject))
  if (!own)
    throw new LetheError('not_found', 'the ledger says nothing of this subject, or was made to forget it', {
      hint: 'What was handed out before still verifies: lethe evidence FILE.',
    })
  const { seq, at, actorKind, actorId, type, subject: about, nth, before } = ledgerEntry
  const body = sql<string>`${ledgerEntry.body}`
  const rows = await reader.q
    .select({ seq, at, actorKind, actorId, type, subject: about, nth, before, body })
    .from(ledgerEntry)
    .where(eq(about, subject))
    .orderBy(asc(seq))
  return rows.map((row) => ({
    seq: row.seq,
    key: entryKey(own.salt, row.seq),
    content: contentText(row as RawContent),
  }))
}
