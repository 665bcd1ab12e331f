import type { LocalDate, TimeZone } from '../../base/instant.ts'
import { room } from '../../ops/db/kit.ts'

/** Rows of a collection that began on or before `lastStart`, the day as it was in `zone`. */
export interface Ended {
  /** Its id in the data map. */
  readonly collection: string
  /** Further conditions; all must hold, null stands for NULL. */
  readonly where: readonly {
    readonly column: string
    readonly is: readonly (string | null)[]
    readonly not?: boolean
  }[]
  /** The column that holds the start. */
  readonly from: string
  readonly lastStart: LocalDate
  readonly zone: TimeZone
}

/** What a purge order is to do; fixed when it is placed. */
export interface PurgeSpec extends Ended {
  /** `review` changes nothing: it counts what a person must look at. */
  readonly action: 'delete' | 'anonymise' | 'review'
  /** The day it is in `zone`: for the period of a map's own `keep`. */
  readonly today: LocalDate
  /** Periods of other collections: a row below a purged one goes with it only when its own period is over too. */
  readonly others: readonly Ended[]
}

/**
 * Why a row that is due stays. `hold`, `restriction`, `freeze`: somebody said so. `ground`: the map keeps it or a row below
 * it. `rule`: a row below it is not due by its own rule. `referenced`: rows that are not its own point at it. `file`: its
 * file name leads out of the folder. `constraint`: the store said no.
 */
export type KeptBy =
  | 'hold'
  | 'restriction'
  | 'freeze'
  | 'ground'
  | 'rule'
  | 'referenced'
  | 'file'
  | 'constraint'

export interface PurgeCounts {
  /** Rows whose period is over. */
  readonly due: number
  /** Deleted, masked, or (`review`) listed. */
  readonly done: number
  /** Rows below them that went too. */
  readonly below: number
  readonly files: number
  readonly kept: Readonly<Partial<Record<KeptBy, number>>>
  /** Anonymised before; nothing was left to do. */
  readonly already: number
  /** Changed or gone between reading and writing. */
  readonly skipped: number
  /** The start is no date: zero, 1970, not a moment at all. Never purged. */
  readonly exceptions: number
  /** Batches whose end was learnt by looking, after an interruption; what went below them is not in `below`. */
  readonly settled: number
}

export const noCounts: PurgeCounts = {
  due: 0,
  done: 0,
  below: 0,
  files: 0,
  kept: {},
  already: 0,
  skipped: 0,
  exceptions: 0,
  settled: 0,
}

export const tables = room((k) => ({
  /** What an order of kind `purge` does and how far it is; its batches stand in `engine_batch`. */
  purge: k.table('engine_purge', {
    orderId: k.text().primaryKey(),
    spec: k.json<PurgeSpec>().notNull(),
    /** Everything up to this key was looked at; sealed, for keys point at people. */
    cursor: k.sealed<readonly string[]>(),
    counts: k.json<PurgeCounts>().notNull(),
    batches: k.int().notNull(),
    /** Of the ledger, once there is one. */
    firstSeq: k.int(),
    lastSeq: k.int(),
    /** Rows that the store itself does not take for dated; counted once, before the purge. */
    odd: k.int(),
    /** What the store's files still hold of what went, in words. */
    remains: k.json<readonly string[]>(),
  }),
}))
