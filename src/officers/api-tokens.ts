import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Actor } from '../base/actor.ts'
import { LetheError } from '../base/errors.ts'
import { newId, newSecret } from '../base/ids.ts'
import { epochMs, type Instant } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import { type Ctx, type Database, one, type Reader } from '../ops/db/database.ts'
import { sha256 } from '../ops/sealing.ts'
import { type Officer, officerById, officerOf } from './officer.ts'
import { may, type Scope } from './roles.ts'
import { tables } from './tables.ts'

export interface ApiToken {
  readonly id: string
  readonly officerId: string
  readonly title: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
  readonly usedAt: Instant | null
  readonly revokedAt: Instant | null
}

/** Easy to find for scanners that look for leaked secrets. */
const prefix = 'lethe_'
const touchMs = 60_000

/**
 * Makes a token that acts in an officer's name; it is shown this once. Throws `invalid` without title or scopes or with an
 * end in the past, `forbidden` for a scope that the officer's role does not have.
 */
export async function createToken(
  ctx: Ctx,
  input: {
    readonly officerId: string
    readonly title: string
    readonly scopes: readonly Scope[]
    readonly expiresAt?: Instant
  },
): Promise<{ readonly id: string; readonly token: string }> {
  const { tx } = ctx
  const title = input.title.trim()
  if (!title || title.length > 120 || input.scopes.length === 0)
    throw new LetheError('invalid', 'a token needs a title and at least one scope')
  if (input.expiresAt && input.expiresAt <= tx.now)
    throw new LetheError('invalid', 'the token would be over before it begins')
  const { role } = await officerById(tx, input.officerId)
  const beyond = input.scopes.filter((scope) => !may(role, scope))
  if (beyond.length > 0)
    throw new LetheError('forbidden', `the role ${role} does not have ${beyond.join(', ')}`)
  const token = prefix + newSecret()
  const row = {
    id: newId(epochMs(tx.now)),
    hash: sha256(token),
    officerId: input.officerId,
    title,
    scopes: [...new Set(input.scopes)].sort(),
    createdAt: tx.now,
    expiresAt: input.expiresAt ?? null,
    usedAt: null,
    revokedAt: null,
  }
  await tx.q.insert(tables(tx).apiToken).values(row)
  await append(ctx, {
    type: 'token.created',
    subject: `token:${row.id}`,
    body: { officer: row.officerId, scopes: row.scopes, expiresAt: row.expiresAt },
  })
  return { id: row.id, token }
}

/** Ends a token at once; twice is once. Throws `not_found`. */
export async function revokeToken(ctx: Ctx, input: { readonly id: string }): Promise<void> {
  const { apiToken } = tables(ctx.tx)
  one(await ctx.tx.q.select({ id: apiToken.id }).from(apiToken).where(eq(apiToken.id, input.id)), 'token')
  const ended = await ctx.tx.q
    .update(apiToken)
    .set({ revokedAt: ctx.tx.now })
    .where(and(eq(apiToken.id, input.id), isNull(apiToken.revokedAt)))
    .returning({ id: apiToken.id })
  if (ended.length > 0) await append(ctx, { type: 'token.revoked', subject: `token:${input.id}` })
}

export async function listTokens(
  reader: Reader,
  input: { readonly officerId?: string } = {},
): Promise<readonly ApiToken[]> {
  const { apiToken } = tables(reader)
  return reader.q
    .select({
      id: apiToken.id,
      officerId: apiToken.officerId,
      title: apiToken.title,
      scopes: apiToken.scopes,
      createdAt: apiToken.createdAt,
      expiresAt: apiToken.expiresAt,
      usedAt: apiToken.usedAt,
      revokedAt: apiToken.revokedAt,
    })
    .from(apiToken)
    .where(input.officerId === undefined ? undefined : eq(apiToken.officerId, input.officerId))
    .orderBy(asc(apiToken.createdAt), asc(apiToken.id))
}

export interface Bearer {
  readonly actor: Actor
  readonly officer: Officer
  readonly tokenId: string
  /** Scope of the token and role of its officer, both. */
  may(scope: Scope): boolean
}

/** In whose name a token acts; undefined when it is unknown, revoked, over, or its officer is shut out. */
export async function verifyToken(db: Database, token: string): Promise<Bearer | undefined> {
  const found = await db.read(async (reader) => {
    const { apiToken, officer } = tables(reader)
    const [row] = await reader.q
      .select({ token: apiToken, officer })
      .from(apiToken)
      .innerJoin(officer, eq(officer.id, apiToken.officerId))
      .where(and(eq(apiToken.hash, sha256(token)), isNull(apiToken.revokedAt), isNull(officer.disabledAt)))
    if (!row || (row.token.expiresAt && row.token.expiresAt <= reader.now)) return undefined
    return { ...row, now: reader.now }
  })
  if (!found) return undefined
  const { usedAt, id, scopes } = found.token
  if (usedAt === null || epochMs(found.now) - epochMs(usedAt) > touchMs)
    await db.transact(async (tx) => {
      const { apiToken } = tables(tx)
      await tx.q.update(apiToken).set({ usedAt: tx.now }).where(eq(apiToken.id, id))
    })
  const owner = officerOf(found.officer)
  return {
    actor: { kind: 'officer', id: owner.id },
    officer: owner,
    tokenId: id,
    may: (scope) => scopes.includes(scope) && may(owner.role, scope),
  }
}
