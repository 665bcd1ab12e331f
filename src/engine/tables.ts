import type { Identity } from '../base/identity.ts'
import type { EraseAction, Words } from '../datamap/model.ts'
import { room } from '../ops/db/kit.ts'
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
  /** Of a row of hers that is erased: what led on from it to other rows. The verification goes there when it is gone. */
  readonly led?: Readonly<Record<string, string>>
}

export const tables = room((k) => ({
  order: k.table(
    'engine_order',
    {
      id: k.text().primaryKey(),
      kind: k.text().$type<OrderKind>().notNull(),
      /** Who asked: `request:R-7K3M-9QTX`, `rule:calls@2026-11-22`. */
      origin: k.text().notNull(),
      status: k.text().$type<OrderStatus>().notNull(),
      /** The only store it may touch; null for all of them. */
      within: k.text(),
      /** Whose data; only what was proved is searched for. Emptied when the order closes. */
      identities: k.sealed<readonly Identity[]>().notNull(),
      /** Whether those were proved; before that nothing is searched for but to freeze a purge. */
      proved: k.flag().notNull(),
      /** What is to be set right, or which restriction to lift. Emptied when the order closes. */
      change: k.sealed<Change>(),
      /** What a run carries from its first step to its last: names and addresses found on the way. Emptied when the order closes. */
      memory: k.sealed<RunMemory>(),
      /** What the search met that may be hers too, and was not proved: listed, and searched for only when somebody accepts it. */
      candidates: k.sealed<readonly Candidate[]>(),
      /** Candidates that an officer took for hers; they count like proved ones. */
      accepted: k.sealed<readonly Identity[]>(),
      /** Opens the collected rows; destroying it is their end. */
      spoolKey: k.sealed<string>(),
      /** Which job is told when the plan stands, the work is done or stopped: `{orderId, event}`. */
      callback: k.text(),
      planDigest: k.text(),
      approvedDigest: k.text(),
      /** What the plan shows beside its steps, and what was found at the end. */
      findings: k.json<readonly OrderFinding[]>().notNull(),
      residue: k.sealed<readonly Residue[]>(),
      createdAt: k.instant().notNull(),
      finishedAt: k.instant(),
      closedAt: k.instant(),
    },
    (t) => [
      k.index('engine_order_status').on(t.status, t.kind),
      k.uniqueIndex('engine_order_origin').on(t.origin),
    ],
  ),
  step: k.table(
    'engine_step',
    {
      id: k.text().primaryKey(),
      orderId: k.text().notNull(),
      seq: k.int().notNull(),
      store: k.text().notNull(),
      collection: k.text().notNull(),
      /** `dataset.collection`, as the data map names it. */
      collectionId: k.text().notNull(),
      action: k.text().$type<StepAction>().notNull(),
      link: k.text().$type<Reach>().notNull(),
      status: k.text().$type<'planned' | 'running' | 'done' | 'failed'>().notNull(),
      found: k.int().notNull(),
      done: k.int().notNull(),
      kept: k.int().notNull(),
      skipped: k.int().notNull(),
      /** Keyed digest over the keys of the rows found: part of the plan's digest. */
      keysDigest: k.text().notNull(),
      ground: k.text(),
      lastError: k.text(),
      triedAt: k.instant(),
    },
    (t) => [k.uniqueIndex('engine_step_seq').on(t.orderId, t.seq)],
  ),
  /** The work list in chunks: written before the store is touched (intent), marked after (receipt). */
  batch: k.table(
    'engine_batch',
    {
      id: k.text().primaryKey(),
      orderId: k.text().notNull(),
      stepId: k.text().notNull(),
      seq: k.int().notNull(),
      status: k.text().$type<'intended' | 'done'>().notNull(),
      items: k.sealed<readonly WorkItem[]>().notNull(),
      rows: k.int().notNull(),
      done: k.int().notNull(),
      skipped: k.int().notNull(),
      /** Keyed digest over the keys; what the ledger names. */
      digest: k.text().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.uniqueIndex('engine_batch_seq').on(t.stepId, t.seq)],
  ),
  /** What people decided of rows in doubt, by a keyed hash of collection and key; part of every later plan of the order. */
  decision: k.table(
    'engine_decision',
    {
      id: k.text().primaryKey(),
      orderId: k.text().notNull(),
      collectionId: k.text().notNull(),
      row: k.text().notNull(),
      verdict: k.text().$type<Verdict>().notNull(),
      by: k.text().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.uniqueIndex('engine_decision_row').on(t.orderId, t.row)],
  ),
  /** What restricted rows held before, so that the restriction can be lifted; until it is. */
  restricted: k.table(
    'engine_restricted',
    {
      id: k.text().primaryKey(),
      orderId: k.text().notNull(),
      collectionId: k.text().notNull(),
      row: k.text().notNull(),
      key: k.sealed<WorkItem['key']>().notNull(),
      before: k.sealed<Readonly<Record<string, string | null>>>().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.uniqueIndex('engine_restricted_row').on(t.orderId, t.row)],
  ),
  /** What only people can do: a copy outside the store, what a store's kind cannot. Made with the plan. */
  task: k.table(
    'engine_task',
    {
      id: k.text().primaryKey(),
      orderId: k.text().notNull(),
      store: k.text().notNull(),
      what: k.json<Words>().notNull(),
      /** Tells it from the others of its order, whatever its words are later. */
      mark: k.text().notNull(),
      doneAt: k.instant(),
      doneBy: k.text(),
      /** How it was done, in the person's own words; may name the person whose data it was. Forgotten when the order closes. */
      note: k.sealed<string>(),
    },
    (t) => [k.uniqueIndex('engine_task_mark').on(t.orderId, t.mark)],
  ),
  /** Lines and mailboxes that several people had when one of them was erased, as keyed hashes: the other does not have them alone. */
  sharedLine: k.table('shared_line', {
    hash: k.text().primaryKey(),
    since: k.instant().notNull(),
  }),
  /** Addresses and numbers that must not come back, as keyed hashes only. */
  suppression: k.table(
    'suppression',
    {
      hash: k.text().primaryKey(),
      list: k.text().notNull(),
      kind: k.text().notNull(),
      origin: k.text().notNull(),
      since: k.instant().notNull(),
    },
    (t) => [k.index('suppression_list').on(t.list)],
  ),
}))

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
  /** From where an earlier run's erased rows led on. */
  readonly led?: Led | undefined
}

/** By collection id and field: values of rows of hers that are erased, by which others may still hang on them. */
export type Led = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
