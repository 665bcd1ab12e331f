import { eq, lte } from 'drizzle-orm'
import { LetheError } from '../../base/errors.ts'
import { plusMs } from '../../base/instant.ts'
import { canonicalJson, type Json } from '../../base/json.ts'
import type { Tx } from '../../ops/db/database.ts'
import { tables } from './tables.ts'

/** How long an answer is kept: longer than any client tries again. */
export const livesMs = 48 * 3_600_000

export interface Keyed {
  readonly key: string
  readonly tokenId: string
  readonly method: string
  readonly path: string
  readonly body: unknown
}

export interface Answered {
  readonly status: number
  readonly answer: unknown
  readonly replayed: boolean
}

/**
 * Does the work once for a key, in the transaction of the work: either both are kept or neither, and of two that come at once
 * one waits for the other and gets its answer. Work that failed is not remembered. Throws `invalid` for a key that is none and
 * `refused` for a key that came with another request before.
 */
export async function once(
  tx: Tx,
  request: Keyed,
  work: () => Promise<{ status: number; answer: unknown }>,
): Promise<Answered> {
  if (!/^[\x21-\x7e]{1,255}$/.test(request.key))
    throw new LetheError('invalid', 'the Idempotency-Key is not 1 to 255 visible ASCII characters', {
      hint: 'Send a fresh UUID for each new request, the same one for a repetition.',
    })
  const { idempotency } = tables(tx)
  const id = tx.keys.hash('api-idempotency', `${request.tokenId}:${request.key}`)
  const fingerprint = tx.keys.hash(
    'api-fingerprint',
    canonicalJson([request.method, request.path, (request.body ?? null) as Json]),
  )
  await tx.lock(`api-idempotency:${id}`)
  const [before] = await tx.q.select().from(idempotency).where(eq(idempotency.id, id))
  if (before && before.expiresAt > tx.now) {
    if (before.fingerprint !== fingerprint)
      throw new LetheError('refused', 'this Idempotency-Key came with another request before', {
        hint: 'Send a fresh key for a new request.',
      })
    return { status: before.status, answer: before.answer, replayed: true }
  }
  await tx.q.delete(idempotency).where(lte(idempotency.expiresAt, tx.now))
  const done = await work()
  const row = { id, fingerprint, ...done, answer: done.answer ?? null, expiresAt: plusMs(tx.now, livesMs) }
  await tx.q.insert(idempotency).values(row)
  return { ...done, replayed: false }
}
