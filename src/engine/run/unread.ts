import { eq } from 'drizzle-orm'
import type { Ctx } from '../../ops/db/database.ts'
import { orderOf } from '../order/state.ts'
import { type OrderFinding, tables } from '../tables.ts'
import type { Unread } from './changes.ts'

/** Values that stay because they cannot be read, as an officer sees them. */
export const unreadFindings = (of: { store: string; collection: string }, unread: Unread): OrderFinding[] =>
  Object.entries(unread).map(([column, rows]) => ({
    kind: 'packed',
    store: of.store,
    collection: `${of.collection}.${column}`,
    rows,
    message: 'is not packed as the map says, or could not lose the person and stay valid: left as it is',
  }))

/** Keeps them with the order, which does not end before a person has looked. */
export async function noteUnread(
  { tx }: Ctx,
  orderId: string,
  of: { store: string; collection: string },
  unread: Unread,
): Promise<void> {
  const found = unreadFindings(of, unread)
  if (found.length === 0) return
  const { order } = tables(tx)
  const { findings } = await orderOf(tx, orderId)
  await tx.q
    .update(order)
    .set({ findings: [...findings, ...found] })
    .where(eq(order.id, orderId))
}
