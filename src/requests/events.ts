import { count, eq } from 'drizzle-orm'
import { newId } from '../base/ids.ts'
import { epochMs } from '../base/instant.ts'
import type { Ctx } from '../ops/db/database.ts'
import { tables } from './tables.ts'
import type { OrderEvent } from './types.ts'

/**
 * Adds what happened to the order of a case. With an id (the telling job's) the same event twice is one: answers whether it
 * is new. The caller holds the case.
 */
export async function addEvent(
  { tx }: Pick<Ctx, 'tx'>,
  requestId: string,
  input: {
    readonly event: OrderEvent | 'run' | 'replan'
    readonly planDigest?: string | undefined
    readonly id?: string
  },
): Promise<boolean> {
  const { event } = tables(tx)
  if (input.id !== undefined) {
    const known = await tx.q.select({ id: event.id }).from(event).where(eq(event.id, input.id))
    if (known.length > 0) return false
  }
  const [row] = await tx.q.select({ n: count() }).from(event).where(eq(event.requestId, requestId))
  const id = input.id ?? newId(epochMs(tx.now))
  const seq = Number(row?.n ?? 0) + 1
  await tx.q
    .insert(event)
    .values({ id, requestId, seq, event: input.event, planDigest: input.planDigest ?? null, at: tx.now })
  return true
}
