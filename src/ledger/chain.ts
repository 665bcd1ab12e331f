import { canonicalJson } from '../base/json.ts'
import { sha256 } from '../ops/sealing.ts'
import type { Entry } from './tables.ts'

/** What the first entry names as the one before it. */
export const genesis = '0'.repeat(64)

/** The hash of an entry: SHA-256 over its canonical JSON, the hash of the entry before included. */
export const entryHash = (entry: Omit<Entry, 'hash'>): string =>
  sha256(
    canonicalJson({
      seq: entry.seq,
      at: entry.at,
      actor: { kind: entry.actorKind, id: entry.actorId },
      type: entry.type,
      subject: entry.subject,
      body: entry.body,
      previous: entry.previous,
    }),
  )

/** What the head's seal is made over. */
export const headText = (head: { readonly seq: number; readonly hash: string }): string =>
  `${head.seq}:${head.hash}`
