import { room } from '../../ops/db/kit.ts'

export const tables = room((k) => ({
  /** What a POST with an `Idempotency-Key` was answered, so that sending it again answers the same and does nothing. */
  idempotency: k.table(
    'api_idempotency',
    {
      /** Keyed hash of the token and the key. */
      id: k.text().primaryKey(),
      /** Keyed hash of method, path and body: another request under one key is a mistake. */
      fingerprint: k.text().notNull(),
      status: k.int().notNull(),
      answer: k.sealed<unknown>().notNull(),
      expiresAt: k.instant().notNull(),
    },
    (t) => [k.index('api_idempotency_expires').on(t.expiresAt)],
  ),
}))
