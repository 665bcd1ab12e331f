import type { Instant, LocalDate } from '../base/instant.ts'
import type { PurgeCounts } from '../engine/purge/tables.ts'
import type { Words } from '../base/words.ts'

/** What a run did, by which rule, with the digests that stand for its rows; no personal data (Art. 5(2)). */
export interface Certificate {
  readonly schema: 1
  readonly rule: {
    readonly id: string
    readonly version: string
    readonly title: Words
    readonly keep: string
    readonly from: string
    readonly then: string
  }
  readonly slot: Instant
  readonly store: string
  readonly collection: string
  /** Records that began on or before this day, as it was in `timezone`, were due. */
  readonly lastStart: LocalDate
  readonly timezone: string
  readonly startedAt: Instant
  readonly finishedAt: Instant
  readonly counts: PurgeCounts
  readonly batches: readonly { readonly seq: number; readonly done: number; readonly root: string }[]
  /** Merkle root over the batches' roots, in order; each of those over keyed hashes of its rows. */
  readonly root: string
  /** The entries of the ledger between which all of it stands. */
  readonly ledger: { readonly from: number; readonly to: number }
  /** What the store's files and backups still hold after the deletes, in the store's words. */
  readonly remains: readonly string[]
}
