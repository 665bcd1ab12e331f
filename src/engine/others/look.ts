import type { Database } from '../../ops/db/database.ts'
import type { EngineDeps } from '../deps.ts'
import { learned } from '../locate/gone.ts'
import { orderOf } from '../order/state.ts'
import { checkStores } from '../plan/check.ts'
import { drawOrder } from '../plan/draw-order.ts'
import type { Passage } from './survey.ts'

/**
 * Who else stands in what an access would copy, passage by passage, read from the stores as they are now: personal data of several
 * people. Those that wait for an officer come first; at most `most` of each collection (the plan's counts say how many there are).
 * None of an order that asks for anything else, or of which nobody proved anything.
 */
export async function othersOf(
  deps: EngineDeps,
  db: Database,
  input: { readonly orderId: string; readonly most?: number; readonly signal?: AbortSignal },
): Promise<Passage[]> {
  const { most = 50, signal = new AbortController().signal } = input
  const { order, known } = await db.read(async (reader) => {
    const found = await orderOf(reader, input.orderId)
    return { order: found, known: await learned(reader, found) }
  })
  if (order.kind !== 'access' || !order.proved || order.status === 'closed') return []
  const { live, catalogues } = await checkStores(deps, signal)
  const found = new Map<string, { open: Passage[]; others: Passage[] }>()
  const tell = (passage: Passage): void => {
    const { open, others } = found.get(passage.collectionId) ?? { open: [], others: [] }
    found.set(passage.collectionId, { open, others })
    const list = passage.rule === 'open' ? open : others
    if (list.length < most) list.push(passage)
  }
  await drawOrder(live, catalogues, db, { ...order, kind: 'access' }, { known, signal, tell })
  return [...found.values()].flatMap(({ open, others }) => [...open, ...others].slice(0, most))
}
