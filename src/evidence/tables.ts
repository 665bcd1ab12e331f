import { room } from '../ops/db/kit.ts'

export const tables = room((k) => ({
  /** What an outside clock said of a checkpoint: the time-stamp token as it came (RFC 3161, DER). */
  evidenceStamp: k.table(
    'evidence_stamp',
    {
      size: k.int().notNull(),
      /** Digest of the authority's address. */
      authority: k.text().notNull(),
      /** When the authority says that it saw the checkpoint. */
      stampedAt: k.instant().notNull(),
      token: k.bytes().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.uniqueIndex('evidence_stamp_once').on(t.size, t.authority)],
  ),
}))
