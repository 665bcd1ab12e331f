import type { Identity } from '../base/identity.ts'
import type { EraseAction } from '../datamap/model.ts'
import type { Reach } from './locate/reach.ts'

/**
 * What an order asks for. A purge comes from a retention rule, the others from a person: access (Art. 15, 20), erasure (17), or
 * anonymisation in its place, rectification (16), restriction and its lifting (18).
 */
export type OrderKind =
  | 'access'
  | 'erasure'
  | 'anonymisation'
  | 'rectification'
  | 'restriction'
  | 'lifting'
  | 'purge'

/** What a rectification sets right: fields of a category that hold `from` (compared as such fields are) become `to`. */
export interface Correction {
  /** fideslang data category; what lies below it counts too. */
  readonly category: string
  /** Null: whatever stands there, where anything does. */
  readonly from: string | null
  readonly to: string
}

/** What an order needs beside whose data it is about. */
export type Change = { readonly corrections: readonly Correction[] } | { readonly lifts: string }

/**
 * `waiting`: placed, nobody proved anything yet; an access order already freezes purges. `planning` → `planned`: located and
 * counted, for approval. `running` → `done`. `stopped`: a person must look (drift, residue, a store's no). `closed`: the case
 * is over, identities and work lists are gone. `tasks`: what Lethe can do is done, and people have tasks left (a copy elsewhere).
 */
export type OrderStatus =
  | 'waiting'
  | 'planning'
  | 'planned'
  | 'running'
  | 'tasks'
  | 'done'
  | 'stopped'
  | 'closed'

/** What a person decided of a row that was reached only in doubt: hers, one she shares, or somebody else's. */
export type Verdict = 'owned' | 'shared' | 'none'

/** What is done with the rows of one collection. `decide` waits for a person and touches nothing. */
export type StepAction = 'collect' | EraseAction | 'redact' | 'rectify' | 'restrict' | 'lift' | 'decide'

export interface StepCounts {
  readonly found: number
  readonly done: number
  readonly kept: number
  /** Rows that changed under our hands or are gone; skipped, found again by the verification. */
  readonly skipped: number
}

/** One row of a work list: its key, how it is hers, through which fields, and a keyed digest of what makes it hers. */
export interface WorkItem {
  readonly key: readonly string[]
  readonly link: Reach
  readonly via: readonly string[]
  readonly digest?: string
  /** Of a row without a key: how many are the same, itself included. They go together. */
  readonly twins?: number
  /** Rows with the same unit go in one transaction: a call with all its legs. */
  readonly unit?: string
  /** Who wrote it, where the map can tell: she, or somebody else. Of rows that are copied. */
  readonly by?: 'she' | 'other'
  /** Of a row of hers that is erased: what led on from it to other rows. The verification goes there when it is gone. */
  readonly led?: Readonly<Record<string, string>>
}

/** Something the officer must know about a plan or a run. No personal data. */
export interface OrderFinding {
  readonly kind:
    | 'shared-line'
    | 'unindexed-scan'
    | 'hold'
    | 'drift'
    | 'residue'
    | 'unread'
    | 'packed'
    | 'map'
    | 'store'
    | 'task'
    | 'effect'
    | 'candidate'
    | 'others'
  readonly store?: string
  readonly collection?: string
  readonly message: string
  readonly rows?: number
}

/** An identifier or a record that may be the same person's; never searched for by itself. */
export interface Candidate extends Identity {
  /** `own record`: stands in a record of hers. Else a record like hers: but for a tag or dots in the address, or by the same name. */
  readonly why: 'own record' | 'tag' | 'dots' | 'name'
  readonly store: string
  readonly collection: string
}

/** What the verification still found, and the ground that lets it stay. Sealed: keys point at rows. */
export interface Residue {
  readonly store: string
  readonly table: string
  readonly column: string
  readonly rows: number
  readonly ground: string | null
  /** How it was written there, outer to inner: `base64 › gzip`; absent where it stands as it is. */
  readonly path?: string | undefined
  /** Keyed digests of the keys of some of the rows. */
  readonly examples?: readonly string[] | undefined
  /** Whose, where several were looked for: their places in the list asked for. */
  readonly persons?: readonly number[] | undefined
}

/** What the end of a run must know of its beginning, and a run after it of the one before: her rows may be gone by then. */
export interface RunMemory {
  /** The plan whose work list is written; absent when another was drawn since. */
  readonly plan?: string | undefined
  /** Holds that were looked at before the work began, and do not stand against it. */
  readonly holds?: readonly string[] | undefined
  readonly names: readonly string[]
  readonly identifiers: readonly Identity[]
  /** Names of other people around what is to be copied. */
  readonly others?: readonly string[] | undefined
  /** From where an earlier run's erased rows led on. */
  readonly led?: Led | undefined
}

/** By collection id and field: values of rows of hers that are erased, by which others may still hang on them. */
export type Led = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
