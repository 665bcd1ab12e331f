import { and, asc, eq, inArray, lte, or } from 'drizzle-orm'
import { plusMs } from '../../base/instant.ts'
import type { Tx } from '../db/database.ts'
import { forUpdateSkipLocked } from '../db/locking.ts'
import { tables } from './tables.ts'

export const leaseMs = 60_000

export type ClaimedJob = Awaited<ReturnType<typeof claim>>[number]

/** Takes up to `n` jobs that are due, or whose worker's lease ran out; each is then this worker's alone. */
export async function claim(tx: Tx, worker: string, n: number, names: readonly string[]) {
  const { job } = tables(tx)
  const due = or(
    and(eq(job.status, 'ready'), lte(job.runAfter, tx.now)),
    and(eq(job.status, 'running'), lte(job.leaseUntil, tx.now)),
  )
  const found = await forUpdateSkipLocked(
    tx,
    tx.q
      .select({ id: job.id })
      .from(job)
      .where(and(due, inArray(job.name, [...names])))
      .orderBy(asc(job.runAfter), asc(job.id))
      .limit(n),
  )
  if (found.length === 0) return []
  return tx.q
    .update(job)
    .set({ status: 'running', leaseBy: worker, leaseUntil: plusMs(tx.now, leaseMs) })
    .where(
      inArray(
        job.id,
        found.map((row) => row.id),
      ),
    )
    .returning()
}
