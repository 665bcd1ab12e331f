import { eq } from 'drizzle-orm'
import type { Identity } from '../../base/identity.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Ctx, Tx } from '../../ops/db/database.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { EngineDeps } from '../deps.ts'
import type { Order } from '../order/state.ts'
import type { WorkItem } from '../tables.ts'
import { identityHashes, leadHash, nameMark, rowHash } from './hashes.ts'
import { type ErasingKind, isErasing, type Mark, type NameMark, tables } from './tables.ts'

/** One batch of an erasure, at the moment of its receipt. */
export interface ErasedBatch {
  readonly batchId: string
  readonly collection: CollectionMap
  readonly action: string
  readonly items: readonly WorkItem[]
}

/**
 * Writes into the erasure ledger what a batch touched, in the transaction of its receipt: keyed hashes of the person's
 * identities and names, of the rows' keys, of what made them hers and of what led on from them. Nobody is named by it, and who
 * holds the service's key finds her again in a restored backup (Art. 17, stores.md trap 46). A second receipt changes nothing.
 */
export async function recordErased(
  ctx: Ctx,
  deps: Pick<EngineDeps, 'map' | 'policyOf'>,
  order: Order,
  batch: ErasedBatch,
): Promise<void> {
  const { tx } = ctx
  const kind: string = order.kind
  if (!isErasing(kind) || !erasingActions.includes(batch.action)) return
  const erasureId = await erasureOf(tx, order)
  await keepErasure(tx, deps, order, { id: erasureId, kind })
  const { erasedRows } = tables(tx)
  await tx.q
    .insert(erasedRows)
    .values({
      id: batch.batchId,
      erasureId,
      store: batch.collection.store,
      collectionId: batch.collection.id,
      action: batch.action as 'delete',
      ...marksOf(tx.keys, batch),
      at: tx.now,
    })
    .onConflictDoNothing()
}

const erasingActions: readonly string[] = ['delete', 'anonymise', 'redact']

/** A replay writes under the erasure that it does again: they are one, and are forgotten together. */
async function erasureOf(tx: Tx, order: Order): Promise<string> {
  if (order.within === null) return order.id
  const { replayOrder } = tables(tx)
  const [row] = await tx.q
    .select({ id: replayOrder.erasureId })
    .from(replayOrder)
    .where(eq(replayOrder.orderId, order.id))
  return row?.id ?? order.id
}

async function keepErasure(
  tx: Tx,
  deps: Pick<EngineDeps, 'map' | 'policyOf'>,
  order: Order,
  { id, kind }: { readonly id: string; readonly kind: ErasingKind },
): Promise<void> {
  const { erasure } = tables(tx)
  const hers: readonly Identity[] = [...order.identities, ...(order.memory?.identifiers ?? [])]
  const stores = [...new Set(deps.map.datasets.map(({ store }) => store))]
  const identities = identityHashes(tx.keys, hers, stores.map(deps.policyOf))
  const names = (order.memory?.names ?? []).map((name) => nameMark(tx.keys, name))
  const [known] = await tx.q.select().from(erasure).where(eq(erasure.id, id))
  if (!known) {
    const { origin, approvedDigest: approved } = order
    const fresh = { id, kind, origin, approved, identities, names, firstAt: tx.now, lastAt: tx.now }
    await tx.q.insert(erasure).values(fresh)
    return
  }
  await tx.q
    .update(erasure)
    .set({
      identities: [...new Set([...known.identities, ...identities])],
      names: distinctNames([...known.names, ...names]),
      lastAt: tx.now,
    })
    .where(eq(erasure.id, id))
}

export const distinctNames = (names: readonly NameMark[]): NameMark[] => [
  ...new Map(names.map((name) => [name[0], name])).values(),
]

function marksOf(keys: Keys, { collection, items }: ErasedBatch) {
  const vias: (readonly string[])[] = []
  const places = new Map<string, number>()
  const leads = new Set<string>()
  const marks = items.map((item): Mark => {
    const text = JSON.stringify(item.via)
    const via = places.get(text) ?? vias.push(item.via) - 1
    places.set(text, via)
    for (const [field, value] of Object.entries(item.led ?? {}))
      leads.add(leadHash(keys, collection.id, field, value))
    return [rowHash(keys, collection, item.key), via, item.digest ?? null]
  })
  return { vias, marks, leads: [...leads].sort() }
}
