import { room } from '../ops/db/kit.ts'
import type { PasswordHash } from './password.ts'
import type { Role, Scope } from './roles.ts'

export const tables = room((k) => ({
  officer: k.table(
    'officer',
    {
      id: k.text().primaryKey(),
      /** Keyed hash of the name in lower case: how a name is found. */
      nameHash: k.text().notNull(),
      name: k.sealed<string>().notNull(),
      role: k.text().$type<Role>().notNull(),
      /** Sealed besides being hashed, so that the table alone is no use to a guesser. Null: invited, not here yet. */
      password: k.sealed<PasswordHash>(),
      createdAt: k.instant().notNull(),
      disabledAt: k.instant(),
    },
    (t) => [k.uniqueIndex('officer_name').on(t.nameHash)],
  ),
  session: k.table(
    'officer_session',
    {
      /** SHA-256 of what the cookie holds. */
      id: k.text().primaryKey(),
      officerId: k.text().notNull(),
      createdAt: k.instant().notNull(),
      seenAt: k.instant().notNull(),
      endedAt: k.instant(),
    },
    (t) => [k.index('officer_session_officer').on(t.officerId)],
  ),
  /** One-time links: `first` makes the first admin, `password` lets an officer set a password. */
  link: k.table('officer_link', {
    id: k.text().primaryKey(),
    purpose: k.text().$type<'first' | 'password'>().notNull(),
    officerId: k.text(),
    expiresAt: k.instant().notNull(),
    usedAt: k.instant(),
  }),
  apiToken: k.table(
    'api_token',
    {
      id: k.text().primaryKey(),
      hash: k.text().notNull(),
      /** In whose name it acts: its scopes never reach further than that officer's role. */
      officerId: k.text().notNull(),
      title: k.sealed<string>().notNull(),
      scopes: k.json<readonly Scope[]>().notNull(),
      createdAt: k.instant().notNull(),
      expiresAt: k.instant(),
      usedAt: k.instant(),
      revokedAt: k.instant(),
    },
    (t) => [k.uniqueIndex('api_token_hash').on(t.hash)],
  ),
  /** Wrong sign-ins by name and by address, as keyed hashes, counted per window. */
  attempt: k.table('officer_attempt', {
    key: k.text().primaryKey(),
    tries: k.int().notNull(),
    since: k.instant().notNull(),
  }),
}))
