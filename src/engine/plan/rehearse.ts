import { isStoreError } from '../../stores/errors.ts'
import { whyLasting } from '../../stores/lasting.ts'
import type { Catalogue, Store } from '../../stores/port.ts'
import type { Keys } from '../../ops/sealing.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { type Batch, writeBatch } from '../run/apply.ts'
import { unreadFindings } from '../run/unread.ts'
import type { OrderFinding, WorkItem } from '../tables.ts'
import { nameNeedles, needlesOf } from '../text/needles.ts'
import type { Drawing, DrawnStep } from './draw.ts'

/** Rows of one store that are tried at most: their locks are held until the last is. */
export const rehearsedAtMost = 2_000
/** A refused step is left out and the others are tried again, so that a plan names more than the first of its troubles. */
const rounds = 6
const batchSize = 500

/** One step of the rehearsal: some of its rows, or why none. */
interface Tried {
  readonly step: DrawnStep
  readonly items: readonly WorkItem[]
  readonly why: string | undefined
}

/**
 * Does what the plan says, store by store, each in one transaction that is rolled back: the same statements as the run, constraints
 * that wait for the end included. What a store refuses comes back as a finding that stops the plan; what could not be tried is said.
 */
export async function rehearsePlan(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  keys: Keys,
  drawing: Drawing,
  signal?: AbortSignal,
): Promise<OrderFinding[]> {
  const writing = drawing.steps.filter(({ action }) => ['delete', 'anonymise', 'redact'].includes(action))
  const found: OrderFinding[] = []
  for (const [name, steps] of Map.groupBy(writing, ({ collection }) => collection.store)) {
    const catalogue = catalogues.get(name)
    if (!catalogue) continue
    const batch = batchOf(deps, catalogue, drawing, name)
    found.push(...(await rehearseStore(storeOf(deps, name), catalogue, steps, { keys, batch, signal })))
  }
  return found
}

type MakeBatch = (step: DrawnStep, items: readonly WorkItem[]) => Batch

function batchOf(deps: EngineDeps, catalogue: Catalogue, { located }: Drawing, store: string): MakeBatch {
  const needles = needlesOf(located.identifiers, deps.policyOf(store))
  const hers = [...needles, ...nameNeedles(located.names, true)]
  const hersInFull = [...needles, ...nameNeedles(located.names, false)]
  return ({ collection, action }, items) => ({
    collection,
    table: catalogue.tables.find((table) => table.name === collection.table),
    action: action as Batch['action'],
    items,
    hers,
    hersInFull,
  })
}

interface How {
  readonly keys: Keys
  readonly batch: MakeBatch
  readonly signal: AbortSignal | undefined
}

async function rehearseStore(
  store: Store,
  catalogue: Catalogue,
  steps: readonly DrawnStep[],
  how: How,
): Promise<OrderFinding[]> {
  const refused = new Map<DrawnStep, OrderFinding>()
  for (let round = 0; round < rounds; round++) {
    const tries = triesOf(catalogue, steps, refused)
    const said = tries.flatMap(saidOf)
    const unread: OrderFinding[] = []
    const trouble = await tryOnce(store, tries, how, unread)
    if (trouble === undefined) return [...refused.values(), ...said, ...unread]
    if (trouble.step === undefined) return [...refused.values(), trouble.finding, ...said]
    refused.set(trouble.step, trouble.finding)
  }
  return [...refused.values()]
}

/** Which rows of which step are tried: a parent goes only where all that points at it went. */
function triesOf(
  catalogue: Catalogue,
  steps: readonly DrawnStep[],
  refused: ReadonlyMap<DrawnStep, unknown>,
): Tried[] {
  let left = rehearsedAtMost
  const staying = new Set<string>()
  return steps.map((step): Tried => {
    const { table } = step.collection
    const pointing = catalogue.tables.find(
      (t) => staying.has(t.name) && t.foreignKeys.some((key) => key.table === table),
    )
    const lasting = whyLasting(catalogue.tables, table)
    const why = refused.has(step)
      ? ''
      : (lasting ??
        (step.action === 'delete' && pointing
          ? `rows of ${pointing.name} that point there were not`
          : undefined) ??
        (left === 0 ? `the first ${rehearsedAtMost} rows of the store were` : undefined))
    const items = why === undefined ? step.items.slice(0, left) : []
    left -= items.length
    if (step.action === 'delete' && items.length < step.items.length) staying.add(table)
    return { step, items, why }
  })
}

const saidOf = ({ step, items, why }: Tried): OrderFinding[] =>
  why === '' || items.length === step.items.length
    ? []
    : [
        {
          kind: 'effect',
          store: step.collection.store,
          collection: step.collection.name,
          rows: step.items.length - items.length,
          message: `not rehearsed: ${why ?? `the first ${rehearsedAtMost} rows of the store were`}`,
        },
      ]

interface Trouble {
  /** Absent where it came at the end, or is not about one step. */
  readonly step: DrawnStep | undefined
  readonly finding: OrderFinding
}

/** What cannot be read goes to `unread`: it refuses nothing, and a person knows before the run that it will stay. */
async function tryOnce(
  store: Store,
  tries: readonly Tried[],
  how: How,
  unread: OrderFinding[],
): Promise<Trouble | undefined> {
  let at: Tried | undefined
  try {
    await store.rehearse(
      async (writer) => {
        for (at of tries)
          for (let from = 0; from < at.items.length; from += batchSize) {
            const batch = how.batch(at.step, at.items.slice(from, from + batchSize))
            const written = await writeBatch(writer, store, how.keys, batch)
            const of = { store: store.name, collection: at.step.collection.name }
            for (const found of unreadFindings(of, written.unread)) unread.push({ ...found, kind: 'effect' })
          }
        at = undefined
      },
      how.signal ? { signal: how.signal } : {},
    )
    return undefined
  } catch (error) {
    if (!isStoreError(error) || error.failure === 'aborted' || error.failure === 'unreachable') throw error
    const of = at && { collection: at.step.collection.name, rows: at.items.length }
    // Somebody holds a row just now: that says nothing against the plan.
    if (!error.permanent)
      return {
        step: undefined,
        finding: { kind: 'effect', store: store.name, ...of, message: `not rehearsed: ${error.message}` },
      }
    const verb = at ? `to ${at.step.action} these rows` : 'the plan, at its end'
    const message = `a rehearsal, of which nothing is kept, was refused ${verb}: ${error.message}. ${error.hint ?? ''}`
    return { step: at?.step, finding: { kind: 'map', store: store.name, ...of, message } }
  }
}
