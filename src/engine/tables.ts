import type { Identity } from '../base/identity.ts'
import type { Words } from '../datamap/model.ts'
import { room } from '../ops/db/kit.ts'
import type { Reach } from './locate/reach.ts'
import type { OthersCount } from './others/tables.ts'
import type {
  OrderKind,
  Change,
  OrderStatus,
  Verdict,
  StepAction,
  WorkItem,
  OrderFinding,
  Candidate,
  Residue,
  RunMemory,
} from './model.ts'

export type * from './model.ts'

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
      /** How often other people stand in what is to be copied; of an access. */
      others: k.json<readonly OthersCount[]>(),
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
