import { and, eq, gt, lte } from 'drizzle-orm'
import { newSecret } from '../base/ids.ts'
import { type Instant, plusMs } from '../base/instant.ts'
import type { Ctx, ReadCtx, Reader } from '../ops/db/database.ts'
import { type SessionScope, tables } from './tables.ts'

/** How long a person may read her status page, and how long her package is open to her. */
export const sessionLivesMs: Readonly<Record<SessionScope, number>> = {
  status: 12 * 3_600_000,
  download: 15 * 60_000,
}

/** Opens a session after a proof; only its keyed hash is kept. Sessions that ended are swept on the way. */
export async function openSession(
  { tx }: Pick<Ctx, 'tx'>,
  input: { readonly requestId: string; readonly scope: SessionScope },
): Promise<string> {
  const { session } = tables(tx)
  const secret = newSecret()
  const expiresAt = plusMs(tx.now, sessionLivesMs[input.scope])
  await tx.q
    .delete(session)
    .where(and(eq(session.requestId, input.requestId), lte(session.expiresAt, tx.now)))
  await tx.q.insert(session).values({ hash: sessionHash(tx, secret), ...input, expiresAt, at: tx.now })
  return secret
}

export interface PersonSession {
  readonly reference: string
  readonly requestId: string
  readonly scope: SessionScope
  readonly expiresAt: Instant
}

/** Whose session this is; undefined when there is none, or it ended. */
export async function personSession(
  { reader }: Pick<ReadCtx, 'reader'>,
  input: { readonly session: string },
): Promise<PersonSession | undefined> {
  const { session, request } = tables(reader)
  const [row] = await reader.q
    .select({
      reference: request.reference,
      requestId: request.id,
      scope: session.scope,
      expiresAt: session.expiresAt,
    })
    .from(session)
    .innerJoin(request, eq(request.id, session.requestId))
    .where(and(eq(session.hash, sessionHash(reader, input.session)), gt(session.expiresAt, reader.now)))
  return row
}

/** Signs the person out; a session that is none is nothing. */
export async function endSession(
  { tx }: Pick<Ctx, 'tx'>,
  input: { readonly session: string },
): Promise<void> {
  const { session } = tables(tx)
  await tx.q.delete(session).where(eq(session.hash, sessionHash(tx, input.session)))
}

const sessionHash = (reader: Reader, secret: string): string => reader.keys.hash('request-session', secret)
