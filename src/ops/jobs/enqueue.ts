import { newId } from '../../base/ids.ts'
import { epochMs, type Instant } from '../../base/instant.ts'
import type { Tx } from '../db/database.ts'
import { tables } from './tables.ts'

export interface NewJob {
  readonly name: string
  /** Says what makes two jobs the same one: a second enqueue of a name and key changes nothing. */
  readonly key: string
  readonly input: unknown
  readonly runAfter?: Instant
}

/** Hands work over in the caller's transaction: it exists if and only if the change that asked for it does. */
export async function enqueue(tx: Tx, job: NewJob): Promise<void> {
  const { job: table } = tables(tx)
  await tx.q
    .insert(table)
    .values({
      id: newId(epochMs(tx.now)),
      name: job.name,
      key: job.key,
      input: job.input,
      status: 'ready',
      step: 0,
      attempts: 0,
      runAfter: job.runAfter ?? tx.now,
      createdAt: tx.now,
    })
    .onConflictDoNothing()
  tx.afterCommit(wakeAll)
}

const sleepers = new Set<() => void>()

/** Workers of this process look again at once; those of other processes at their next beat. */
export function onWake(wake: () => void): () => void {
  sleepers.add(wake)
  return () => void sleepers.delete(wake)
}
function wakeAll(): void {
  for (const wake of sleepers) wake()
}
