import { and, eq, isNull } from 'drizzle-orm'
import { newSecret } from '../base/ids.ts'
import { epochMs, type Instant, plusMs } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import type { Ctx, Database, Reader } from '../ops/db/database.ts'
import { sha256 } from '../ops/sealing.ts'
import { type Officer, officerOf } from './officer.ts'
import { tables } from './tables.ts'

/** However busy, a session ends after 12 hours. */
export const absoluteMs = 12 * 3_600_000
/** Left alone, it ends after one. */
export const idleMs = 3_600_000
/** "Seen" is written once a minute, not at every click. */
const touchMs = 60_000

export interface SignedIn {
  readonly officer: Officer
  readonly sessionId: string
  /** What every form of this session carries. */
  readonly formToken: string
  readonly endsAt: Instant
}

/** Opens a session in the caller's transaction; the secret goes into the cookie and nowhere else. */
export async function openSession(ctx: Pick<Ctx, 'tx'>, officerId: string): Promise<string> {
  const { tx } = ctx
  const secret = newSecret()
  const { session } = tables(tx)
  await tx.q
    .insert(session)
    .values({ id: sha256(secret), officerId, createdAt: tx.now, seenAt: tx.now, endedAt: null })
  return secret
}

/** Whose session this is; undefined when it is unknown, over, or its officer is shut out. Says alike for all of these. */
export async function readSession(db: Database, secret: string): Promise<SignedIn | undefined> {
  const id = sha256(secret)
  const found = await db.read((reader) => inForce(reader, id))
  if (!found) return undefined
  const { row, now } = found
  if (epochMs(now) - epochMs(row.seenAt) > touchMs)
    await db.transact(async (tx) => {
      const { session } = tables(tx)
      await tx.q
        .update(session)
        .set({ seenAt: tx.now })
        .where(and(eq(session.id, id), isNull(session.endedAt)))
    })
  return {
    officer: found.officer,
    sessionId: id,
    formToken: db.keys.hash('form', id),
    endsAt: plusMs(row.createdAt, absoluteMs),
  }
}

async function inForce(reader: Reader, id: string) {
  const { session, officer } = tables(reader)
  const [found] = await reader.q
    .select({ session, officer })
    .from(session)
    .innerJoin(officer, eq(officer.id, session.officerId))
    .where(and(eq(session.id, id), isNull(session.endedAt), isNull(officer.disabledAt)))
  if (!found) return undefined
  const now = epochMs(reader.now)
  if (now >= epochMs(found.session.createdAt) + absoluteMs) return undefined
  if (now >= epochMs(found.session.seenAt) + idleMs) return undefined
  return { row: found.session, officer: officerOf(found.officer), now: reader.now }
}

export async function signOut(ctx: Ctx, input: { readonly sessionId: string }): Promise<void> {
  const { session } = tables(ctx.tx)
  const ended = await ctx.tx.q
    .update(session)
    .set({ endedAt: ctx.tx.now })
    .where(and(eq(session.id, input.sessionId), isNull(session.endedAt)))
    .returning({ officerId: session.officerId })
  for (const { officerId } of ended)
    await append(ctx, { type: 'officer.signed-out', subject: `officer:${officerId}` })
}

/** Ends every session of an officer, on every device; answers how many there were. */
export async function signOutEverywhere(ctx: Ctx, input: { readonly officerId: string }): Promise<number> {
  const { session } = tables(ctx.tx)
  const ended = await ctx.tx.q
    .update(session)
    .set({ endedAt: ctx.tx.now })
    .where(and(eq(session.officerId, input.officerId), isNull(session.endedAt)))
    .returning({ id: session.id })
  if (ended.length > 0)
    await append(ctx, {
      type: 'officer.signed-out-everywhere',
      subject: `officer:${input.officerId}`,
      body: { sessions: ended.length },
    })
  return ended.length
}
