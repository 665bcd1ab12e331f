import type { Database } from '../../ops/db/database.ts'
import type { Catalogue } from '../../stores/port.ts'
import type { EngineDeps } from '../deps.ts'
import { rememberedLines } from '../locate/remembered.ts'
import { decidedOf } from '../order/doubt.ts'
import type { Order } from '../order/state.ts'
import { chosenOf } from '../others/choices.ts'
import { othersFindings, type Passage, surveyOthers } from '../others/survey.ts'
import type { OrderKind, RunMemory } from '../tables.ts'
import { drawAmendment } from './amend.ts'
import { type Drawing, drawPlan } from './draw.ts'

/** Takes rows away or makes them anonymous, so that it is rehearsed, verified and remembered. */
export const erases = (kind: OrderKind): boolean => kind === 'erasure' || kind === 'anonymisation'

/** Draws the plan of an order, whatever it asks for. Reads only. */
export async function drawOrder(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  db: Database,
  order: Order & { readonly kind: Exclude<OrderKind, 'purge'> },
  more: {
    readonly known: RunMemory | null
    readonly signal: AbortSignal
    /** Told each passage that names somebody else in what an access would copy. */
    readonly tell?: (passage: Passage) => void
  },
): Promise<Drawing> {
  const { kind, identities, change } = order
  const wasShared = await db.read(rememberedLines)
  const decided = await db.read((reader) => decidedOf(reader, order.id))
  switch (kind) {
    case 'access': {
      const drawing = await drawPlan(deps, db.keys, { kind, identities, wasShared, decided, ...more })
      const chosen = await db.read((reader) => chosenOf(reader, order.id))
      const survey = { deps, keys: db.keys, located: drawing.located, chosen, signal: more.signal }
      const others = await surveyOthers(survey, drawing.steps, more.tell)
      return { ...drawing, others, findings: [...drawing.findings, ...othersFindings(others)] }
    }
    case 'erasure':
    case 'anonymisation':
      return drawPlan(deps, db.keys, { kind, identities, wasShared, decided, catalogues, ...more })
    case 'rectification':
    case 'restriction':
    case 'lifting': {
      const { signal } = more
      return drawAmendment(deps, catalogues, db, { kind, identities, change, wasShared, decided, signal })
    }
  }
}
