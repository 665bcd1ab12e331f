import type { Instant } from '../base/instant.ts'
import type { Json } from '../base/json.ts'
import { type Kit, room } from '../ops/db/kit.ts'

export type EntryBody = Readonly<Record<string, Json | undefined>>

const entryTables = (k: Kit) => ({
  /**
   * Each row carries the hash of the one before and the leaf that stands for its content; no personal data, only keyed hashes.
   * Nothing ever changes but this: when a subject is forgotten, the content (and the salt that opens its leaf) goes.
   */
  ledgerEntry: k.table(
    'ledger_entry',
    {
      seq: k.int().primaryKey(),
      at: k.instant(),
      actorKind: k.text(),
      actorId: k.text(),
      /** `request.decided`: the room, then what happened. */
      type: k.text(),
      /** What it is about: `request:R-7K3M-9QTX`, `rule:calls`, `order:01J…`. */
      subject: k.text(),
      body: k.canonical<EntryBody>(),
      /** The subject's own chain: the how-manieth entry about it, and the leaf of the one before. */
      nth: k.int(),
      before: k.text(),
      leaf: k.text().notNull(),
      previous: k.text().notNull(),
      hash: k.text().notNull(),
    },
    (t) => [k.index('ledger_entry_subject').on(t.subject, t.seq)],
  ),
  /** What ties leaves to contents, one secret a subject; destroying it unties them. And where its own chain ends. */
  ledgerSubject: k.table('ledger_subject', {
    subject: k.text().primaryKey(),
    salt: k.sealed<string>().notNull(),
    entries: k.int().notNull(),
    last: k.text().notNull(),
  }),
  /** One row: where the chain ends, under a key, so that cutting off the end is seen too. */
  ledgerHead: k.table('ledger_head', {
    id: k.int().primaryKey(),
    seq: k.int().notNull(),
    hash: k.text().notNull(),
    /** Size of the last checkpoint; 0 before the first. */
    checkpoint: k.int().notNull(),
    seal: k.text().notNull(),
  }),
})

const treeTables = (k: Kit) => ({
  /** Nodes of the Merkle tree over the leaves that are complete and stand over 256 leaves or more: what proofs start from. */
  ledgerNode: k.table(
    'ledger_node',
    { level: k.int().notNull(), at: k.int().notNull(), hash: k.text().notNull() },
    (t) => [k.uniqueIndex('ledger_node_place').on(t.level, t.at)],
  ),
  ledgerCheckpoint: k.table('ledger_checkpoint', {
    size: k.int().primaryKey(),
    at: k.instant().notNull(),
    /** What is signed, byte for byte. */
    text: k.text().notNull(),
    signature: k.text().notNull(),
  }),
  ledgerKey: k.table('ledger_key', {
    /** SHA-256 of the public key: its fingerprint. */
    id: k.text().primaryKey(),
    seq: k.int().notNull(),
    /** SPKI, hex. */
    publicKey: k.text().notNull(),
    /** PKCS #8, hex; destroyed when the next key takes over. */
    privateKey: k.sealed<string>(),
    statement: k.text().notNull(),
    signature: k.text().notNull(),
    /** The key before signs the same statement; null for the first. */
    endorsement: k.text(),
  }),
})

export const tables = room((k) => ({ ...entryTables(k), ...treeTables(k) }))

export interface Entry {
  readonly seq: number
  readonly at: Instant
  readonly actorKind: string
  readonly actorId: string
  readonly type: string
  readonly subject: string
  readonly body: EntryBody
  readonly previous: string
  readonly hash: string
}
