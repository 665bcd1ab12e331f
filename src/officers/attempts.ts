import { eq } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import { epochMs, type Instant, plusMs } from '../base/instant.ts'
import type { Tx } from '../ops/db/database.ts'
import { tables } from './tables.ts'

export const maxTries = 5
export const windowMs = 15 * 60_000

/**
 * Takes one try for each key before the password is looked at, so that many tries at once are counted too.
 * Throws `too_many` when a window of 15 minutes has had its 5; the text does not say whether the name or the address did.
 * Answers the keys whose last try this was.
 */
export async function takeTry(tx: Tx, keys: readonly string[]): Promise<readonly string[]> {
  const { attempt } = tables(tx)
  await tx.lock('officer-attempt')
  const last: string[] = []
  for (const key of keys) {
    const [row] = await tx.q.select().from(attempt).where(eq(attempt.key, key))
    const open = row !== undefined && epochMs(tx.now) < epochMs(row.since) + windowMs
    if (open && row.tries >= maxTries) throw tooMany(tx.now, row.since)
    const next = open ? { tries: row.tries + 1, since: row.since } : { tries: 1, since: tx.now }
    if (next.tries === maxTries) last.push(key)
    await tx.q
      .insert(attempt)
      .values({ key, ...next })
      .onConflictDoUpdate({ target: attempt.key, set: next })
  }
  return last
}

/** After a right password: the name starts afresh, the address gets its one try back. */
export async function forgive(tx: Tx, name: string, address: string): Promise<void> {
  const { attempt } = tables(tx)
  await tx.lock('officer-attempt')
  await tx.q.delete(attempt).where(eq(attempt.key, name))
  const [row] = await tx.q.select().from(attempt).where(eq(attempt.key, address))
  if (row)
    await tx.q
      .update(attempt)
      .set({ tries: Math.max(0, row.tries - 1) })
      .where(eq(attempt.key, address))
}

function tooMany(now: Instant, since: Instant): LetheError {
  const minutes = Math.max(1, Math.ceil((epochMs(plusMs(since, windowMs)) - epochMs(now)) / 60_000))
  return new LetheError('too_many', 'there were too many wrong sign-ins', {
    hint: `Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  })
}
