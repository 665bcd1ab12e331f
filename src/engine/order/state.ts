import { eq } from 'drizzle-orm'
import { LetheError } from '../../base/errors.ts'
import { type Ctx, one, type Reader } from '../../ops/db/database.ts'
import { forUpdate } from '../../ops/db/locking.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import { type OrderStatus, tables } from '../tables.ts'

export type Order = Awaited<ReturnType<typeof orderOf>>

export async function orderOf(reader: Reader, orderId: string) {
  const { order } = tables(reader)
  return one(await reader.q.select().from(order).where(eq(order.id, orderId)), 'order')
}

/** Holds the order for this transaction, and throws `conflict` unless it is in one of the states. */
export async function orderIn(
  { tx }: Pick<Ctx, 'tx'>,
  orderId: string,
  states: readonly OrderStatus[],
): Promise<Order> {
  const { order } = tables(tx)
  const found = one(await forUpdate(tx, tx.q.select().from(order).where(eq(order.id, orderId))), 'order')
  if (states.includes(found.status)) return found
  throw new LetheError('conflict', `the order is ${found.status}, expected ${states.join(' or ')}`, {
    hint: 'Somebody else was quicker; look at the request again.',
  })
}

export type OrderEvent = 'planned' | 'drifted' | 'done' | 'stopped'

/** Tells whoever placed the order, in the transaction that made it so. `turn` tells repeated events apart. */
export async function tell(
  { tx }: Pick<Ctx, 'tx'>,
  order: Pick<Order, 'id' | 'callback'>,
  event: OrderEvent,
  turn: string,
): Promise<void> {
  if (order.callback !== null)
    await enqueue(tx, {
      name: order.callback,
      key: `${order.id}:${event}:${turn}`,
      input: { orderId: order.id, event },
    })
}
