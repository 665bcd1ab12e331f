import type { Identity } from '../base/identity.ts'
import type { LocalDate } from '../base/instant.ts'
import { room } from '../ops/db/kit.ts'

/** `legal`: Art. 17(3)(e), 18(2). `request`: while a request is open. `restriction`: Art. 18(1), stored and nothing else. */
export type HoldKind = 'legal' | 'request' | 'restriction'

/** What a hold suspends. Never access: the person may see what is held. */
export type Blocks = 'purge' | 'erasure'

/** What it covers: all that is one person's, or one record (`collection` by its id in the data map). */
export type HoldScope =
  | { readonly kind: 'person'; readonly identities: readonly Identity[] }
  | {
      readonly kind: 'record'
      readonly store: string
      readonly collection: string
      readonly key: readonly string[]
    }

export const tables = room((k) => ({
  hold: k.table(
    'hold',
    {
      id: k.text().primaryKey(),
      kind: k.text().$type<HoldKind>().notNull(),
      /** Names a person or points at one's record, and so do the words of whoever wrote the reason. */
      scope: k.sealed<HoldScope>().notNull(),
      reason: k.sealed<string>().notNull(),
      authority: k.sealed<string>().notNull(),
      /** Keyed hashes of the identities or of the record, as the ledger names them. */
      hashes: k.json<readonly string[]>().notNull(),
      blocks: k.json<readonly Blocks[]>().notNull(),
      startOn: k.text().$type<LocalDate>().notNull(),
      reviewOn: k.text().$type<LocalDate>().notNull(),
      placedBy: k.text().notNull(),
      placedAt: k.instant().notNull(),
      liftedBy: k.text(),
      liftedAt: k.instant(),
      liftReason: k.sealed<string>(),
    },
    (t) => [k.index('hold_lifted').on(t.liftedAt)],
  ),
}))
