import { room } from '../ops/db/kit.ts'
import type { PackageCounts } from './model.ts'

export const tables = room((k) => ({
  /** A package at rest. The file is readable with `identity` only; without it, it is noise. */
  package: k.table(
    'package',
    {
      id: k.text().primaryKey(),
      /** The request's reference. */
      reference: k.text().notNull(),
      /** The age identity (X25519) of this package alone; null once it was destroyed. */
      identity: k.sealed<string>(),
      /** Below the packages folder. */
      file: k.text().notNull(),
      /** Of the plain ZIP, as the person gets it. */
      sha256: k.text().notNull(),
      bytes: k.int().notNull(),
      counts: k.json<PackageCounts>().notNull(),
      createdAt: k.instant().notNull(),
      expiresAt: k.instant().notNull(),
      /** The first hand-over. */
      openedAt: k.instant(),
      destroyedAt: k.instant(),
    },
    (t) => [k.index('package_reference').on(t.reference), k.index('package_expires').on(t.expiresAt)],
  ),
}))
