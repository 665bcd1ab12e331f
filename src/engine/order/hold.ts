import { eq } from 'drizzle-orm'
import type { Ctx } from '../../ops/db/database.ts'
import { forUpdate } from '../../ops/db/locking.ts'
import { tables } from '../tables.ts'

/**
 * Holds an order for this transaction, for a caller that writes the ledger before it calls a verb of the engine: the engine's
 * own transactions hold the order first and the ledger after, and two orders of locking are a deadlock.
 */
export async function holdOrder({ tx }: Pick<Ctx, 'tx'>, input: { readonly orderId: string }): Promise<void> {
  const { order } = tables(tx)
  await forUpdate(tx, tx.q.select({ id: order.id }).from(order).where(eq(order.id, input.orderId)))
}
