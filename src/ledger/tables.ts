import type { Instant } from '../base/instant.ts'
import type { Json } from '../base/json.ts'
import { room } from '../ops/db/kit.ts'

export type EntryBody = Readonly<Record<string, Json | undefined>>

export const tables = room((k) => ({
  /** Append-only; each row carries the hash of the one before. No personal data, only keyed hashes. */
  ledgerEntry: k.table(
    'ledger_entry',
    {
      seq: k.int().primaryKey(),
      at: k.instant().notNull(),
      actorKind: k.text().notNull(),
      actorId: k.text().notNull(),
      /** `request.decided`: the room, then what happened. */
      type: k.text().notNull(),
      /** What it is about: `request:R-7K3M-9QTX`, `rule:calls`, `order:01J…`. */
      subject: k.text().notNull(),
      body: k.json<EntryBody>().notNull(),
      previous: k.text().notNull(),
      hash: k.text().notNull(),
    },
    (t) => [k.index('ledger_entry_subject').on(t.subject, t.seq)],
  ),
  /** One row: where the chain ends, under a key, so that cutting off the end is seen too. */
  ledgerHead: k.table('ledger_head', {
    id: k.int().primaryKey(),
    seq: k.int().notNull(),
    hash: k.text().notNull(),
    seal: k.text().notNull(),
  }),
}))

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
