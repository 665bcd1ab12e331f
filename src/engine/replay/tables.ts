import { room } from '../../ops/db/kit.ts'

/** A row that an erasure touched: its key and what made it hers, both as keyed hashes. `via` counts into the fields of its batch. */
export type Mark = readonly [key: string, via: number, evidence: string | null]

/** A name as a keyed hash, with the number of its words: so long are the pieces of a text that are tried. */
export type NameMark = readonly [hash: string, words: number]

/** Orders whose effect a restored backup undoes, and a replay does again. */
export type ErasingKind = 'erasure' | 'anonymisation'

export const isErasing = (kind: string): kind is ErasingKind => kind === 'erasure' || kind === 'anonymisation'

/** What the canary saw of a store. `unknown`: no receipt speaks of a row whose return could be seen. */
export type CanaryState = 'clear' | 'back' | 'unknown'

/** Rows that stand in the ledger or carry what does, and stay: counted, for a person to look at. */
export interface LeftRows {
  readonly collection: string
  /**
   * `again`: is hers and was not reached. `changed`: has the key of a row of hers and says somebody else. `newer`: was made
   * after the erasure. `unlisted`: carries an address or number of hers, and no receipt speaks of it.
   */
  readonly why: 'again' | 'changed' | 'newer' | 'unlisted'
  readonly rows: number
}

/*
 * The erasure ledger: what a restored backup is held against. Keyed hashes only; it outlives its orders, and is forgotten
 * when the longest-lived backup is.
 */
export const tables = room((k) => ({
  erasure: k.table(
    'erasure',
    {
      /** The order's id; a replay writes under the id of the erasure that it does again. */
      id: k.text().primaryKey(),
      kind: k.text().$type<ErasingKind>().notNull(),
      origin: k.text().notNull(),
      /** The plan that was approved: the ground on which it is done again. */
      approved: k.text(),
      identities: k.json<readonly string[]>().notNull(),
      names: k.json<readonly NameMark[]>().notNull(),
      firstAt: k.instant().notNull(),
      lastAt: k.instant().notNull(),
    },
    (t) => [k.index('erasure_last').on(t.lastAt)],
  ),
  erasedRows: k.table(
    'erased_rows',
    {
      /** The batch's id, whose receipt is in the same transaction. */
      id: k.text().primaryKey(),
      erasureId: k.text().notNull(),
      store: k.text().notNull(),
      collectionId: k.text().notNull(),
      action: k.text().$type<'delete' | 'anonymise' | 'redact'>().notNull(),
      vias: k.json<readonly (readonly string[])[]>().notNull(),
      marks: k.json<readonly Mark[]>().notNull(),
      /** What led on from these rows to others, as keyed hashes. */
      leads: k.json<readonly string[]>().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.index('erased_rows_erasure').on(t.erasureId), k.index('erased_rows_store').on(t.store)],
  ),
  replay: k.table(
    'replay',
    {
      id: k.text().primaryKey(),
      store: k.text().notNull(),
      /** The time of the backup. */
      since: k.instant().notNull(),
      status: k.text().$type<'running' | 'done' | 'failed'>().notNull(),
      /** Erasures since then, and rows of theirs that had come back. */
      erasures: k.int().notNull(),
      back: k.int().notNull(),
      left: k.json<readonly LeftRows[]>().notNull(),
      startedAt: k.instant().notNull(),
      finishedAt: k.instant(),
    },
    (t) => [k.index('replay_store').on(t.store, t.status)],
  ),
  replayOrder: k.table(
    'replay_order',
    {
      orderId: k.text().primaryKey(),
      replayId: k.text().notNull(),
      erasureId: k.text().notNull(),
      /** Plans approved so far: a store that never stands still ends with a person. */
      turns: k.int().notNull(),
    },
    (t) => [k.index('replay_order_replay').on(t.replayId)],
  ),
  canary: k.table('canary', {
    store: k.text().primaryKey(),
    state: k.text().$type<CanaryState>().notNull(),
    rows: k.int().notNull(),
    /** The first receipt whose rows are back: the backup is older. */
    before: k.instant(),
    checkedAt: k.instant().notNull(),
    since: k.instant().notNull(),
  }),
}))
