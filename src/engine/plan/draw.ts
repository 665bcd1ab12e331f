import type { Identity } from '../../base/identity.ts'
import { canonicalJson } from '../../base/json.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import { collectionOf, type EngineDeps } from '../deps.ts'
import { placeOf as placeIn, valuesIn } from '../locate/values.ts'
import { findMentions } from '../locate/mentions.ts'
import type { WasShared } from '../locate/remembered.ts'
import { writerIn } from '../locate/authors.ts'
import { locatePerson } from '../locate/person.ts'
import type { FoundRow, Located, Reach } from '../locate/reach.ts'
import type { Catalogue } from '../../stores/port.ts'
import type { Candidate, OrderFinding, RunMemory, StepAction, WorkItem } from '../tables.ts'
import { findCandidates } from '../locate/candidates.ts'
import type { Decided } from '../order/doubt.ts'
import type { OthersFound } from '../others/survey.ts'
import type { DrawnTask } from '../order/tasks.ts'
import { evidenceDigest } from './evidence.ts'
import { byOrder } from './order.ts'
import { findingsOf, severalPeople, tellCandidates } from './findings.ts'
import { canDo, drawTasks, handTasks, tellAround } from './tasks.ts'
import { placeText, type Twins, twinsOf } from './twins.ts'

/** One collection, one action: what will be done with which rows. */
export interface DrawnStep {
  readonly collection: CollectionMap
  readonly action: StepAction
  readonly link: Reach
  readonly items: readonly WorkItem[]
  readonly keysDigest: string
  readonly ground: string | null
}

export interface Drawing {
  readonly steps: readonly DrawnStep[]
  readonly digest: string
  readonly findings: readonly OrderFinding[]
  readonly located: Located
  /** What only people can do; none for an access. */
  readonly tasks: readonly DrawnTask[]
  /** What may be hers too, for an officer to accept. */
  readonly candidates: readonly Candidate[]
  /** Other people in what is to be copied; of an access. */
  readonly others?: OthersFound | undefined
}

/**
 * Draws the plan of an access or erasure: locates, decides an action for each collection, orders the steps, and puts one digest
 * over everything that an approver sees. The same stores and map give the same digest. Reads only.
 */
export async function drawPlan(
  deps: EngineDeps,
  keys: Keys,
  input: {
    readonly kind: 'access' | 'erasure' | 'anonymisation'
    readonly identities: readonly Identity[]
    /** What an earlier run of the order learned from rows that it may have erased. */
    readonly known: RunMemory | null
    readonly wasShared: WasShared
    /** What people decided of rows in doubt. */
    readonly decided?: Decided
    /** Tables that no rollback takes back are told by them, and written last. */
    readonly catalogues?: ReadonlyMap<string, Catalogue>
    readonly signal?: AbortSignal
  },
): Promise<Drawing> {
  const options = {
    led: input.known?.led,
    known: input.known?.identifiers,
    wasShared: input.wasShared,
    decided: input.decided,
    ...(input.signal && { signal: input.signal }),
  }
  const located = withKnown(await locatePerson(deps, input.identities, options), input.known)
  const mentions = await findMentions(deps, located, input.signal)
  const groups = new Map<string, { collection: CollectionMap; action: StepAction; rows: FoundRow[] }>()
  const goes = input.kind !== 'access' ? goingRows(deps, located) : new Set<string>()
  for (const [id, rows] of [...located.rows, ...mentions.rows])
    for (const row of rows.values()) {
      const collection = collectionOf(deps, id)
      const wanted = actionFor(input.kind, collection, row.reach)
      const action = canDo(deps, collection, wanted) ? wanted : 'decide'
      if (action === 'redact' && goes.has(placeOf(collection, row.key))) continue
      const group = groups.get(`${id}\0${action}`) ?? { collection, action, rows: [] }
      group.rows.push(row)
      groups.set(`${id}\0${action}`, group)
    }
  const twins = await twinsOf(deps, groups.values(), input.signal)
  const steps = [...groups.values()]
    .map((group) => drawStep(deps, keys, group, located, twins))
    .sort(byOrder(deps, input.catalogues))
  const tasks = input.kind !== 'access' ? [...drawTasks(deps, located), ...handTasks(steps)] : []
  const candidates = await findCandidates(deps, input.identities, located, input.signal)
  return {
    steps,
    digest: planDigest(deps, keys, input, steps),
    findings: [
      ...severalPeople(deps, located),
      ...findingsOf(located, mentions.read),
      ...(input.kind !== 'access' ? tellAround(deps, tasks, steps) : []),
      ...tellCandidates(candidates),
    ],
    located,
    tasks,
    candidates,
  }
}

function withKnown(located: Located, known: RunMemory | null): Located {
  if (!known) return located
  const identifiers = [...known.identifiers, ...located.identifiers]
  return {
    ...located,
    names: [...new Set([...known.names, ...located.names])],
    identifiers: [...new Map(identifiers.map((one) => [`${one.kind}:${one.value}`, one])).values()],
  }
}

/** Rows that are deleted: another collection of their table has nothing to redact in them, and would spoil their evidence. */
function goingRows(deps: EngineDeps, located: Located): ReadonlySet<string> {
  const goes = new Set<string>()
  for (const [id, rows] of located.rows) {
    const collection = collectionOf(deps, id)
    if (collection.erase !== 'delete') continue
    for (const row of rows.values()) if (row.reach === 'owned') goes.add(placeOf(collection, row.key))
  }
  return goes
}

const placeOf = ({ store, table, key: columns }: CollectionMap, key: readonly string[]): string =>
  JSON.stringify([store, table, columns, key])

function actionFor(
  kind: 'access' | 'erasure' | 'anonymisation',
  collection: CollectionMap,
  reach: Reach,
): StepAction {
  if (reach === 'possible') return 'decide'
  if (kind === 'access') return 'collect'
  // The store derives it anew from what is left.
  if (collection.derived) return 'keep'
  return reach === 'owned' ? collection.erase : 'redact'
}

export function drawStep(
  deps: EngineDeps,
  keys: Keys,
  group: { collection: CollectionMap; action: StepAction; rows: FoundRow[] },
  located: Located,
  twins: Twins = new Map(),
): DrawnStep {
  const { collection, action } = group
  // Not for want of knowing whose it is, but because only a person can do it.
  const byHand = action === 'decide' && group.rows.some((row) => row.reach !== 'possible')
  const ground = byHand ? 'by_hand' : (collection.keep?.ground ?? null)
  const erases = action === 'delete' || action === 'anonymise'
  const writer = writerIn(deps, located, collection)
  const items = group.rows
    .map((row) => ({
      ...workItem(
        keys,
        erases ? withoutEmptied(deps, collection, row) : row,
        erases ? leadsOf(deps, collection, row, located) : {},
      ),
      ...unitOf(collection, row),
      ...twinOf(collection, row, twins),
      ...(action === 'collect' && writtenBy(writer(row.values))),
    }))
    .sort((a, b) => (canonicalJson(a.key) < canonicalJson(b.key) ? -1 : 1))
  const keysDigest = keys.hash('plan-keys', items.map(namedIn).join('\n'))
  const strongest = items.some((item) => item.link === 'owned') ? 'owned' : (items[0]?.link ?? 'owned')
  return { collection, action, link: strongest, items, keysDigest, ground }
}

const namedIn = ({ key, twins }: WorkItem): string => canonicalJson(twins === undefined ? key : [key, twins])

function twinOf(collection: CollectionMap, row: FoundRow, twins: Twins): Pick<WorkItem, 'twins'> {
  const count = twins.get(placeText(collection, row.key)) ?? 1
  return count > 1 ? { twins: count } : {}
}

/**
 * What leads on from a row of hers, for the time when the row is gone. A line or mailbox that she shares does not: once she is
 * erased it looks as if it were one person's, and that person is not she.
 */
function leadsOf(
  deps: EngineDeps,
  collection: CollectionMap,
  row: FoundRow,
  { identifiers }: Located,
): Record<string, string> {
  const policy = deps.policyOf(collection.store)
  const led: Record<string, string> = {}
  for (const { from, fromField, format } of deps.graph.edges) {
    if (from !== collection.id) continue
    const place = placeIn(collection, fromField)
    const value = row.values[place.column]
    if (typeof value !== 'string') continue
    const isHers =
      format === 'exact' ||
      valuesIn(place, value, format, policy).every((one) =>
        identifiers.some(({ kind, value: hers }) => kind === format && hers === one),
      )
    if (isHers) led[place.column] = value
  }
  return led
}

const writtenBy = (by: WorkItem['by']): Pick<WorkItem, 'by'> => (by ? { by } : {})

/** A record without a unit of its own is one by itself. */
function unitOf({ unit }: CollectionMap, row: FoundRow): { readonly unit?: string } {
  const value = unit === undefined ? null : (row.values[unit] ?? null)
  return typeof value === 'string' && value !== '' ? { unit: value } : {}
}

/** A key that the store empties when the row it points at goes first is no evidence: it would look as if the row had changed hands. */
function withoutEmptied({ graph }: EngineDeps, { id }: CollectionMap, row: FoundRow): FoundRow {
  const emptied = graph.cuts.flatMap((cut) => (cut.child === id ? (cut.emptied ?? []) : []))
  if (emptied.length === 0) return row
  return { ...row, via: new Set([...row.via].filter((name) => !emptied.includes(name))) }
}

/** The row's key and, as a keyed digest, the values that make it hers: a reused key is not taken for the same row. */
function workItem(keys: Keys, row: FoundRow, led: Readonly<Record<string, string>>): WorkItem {
  const via = [...row.via].sort()
  return {
    key: row.key,
    link: row.reach,
    via,
    // A row that was found by what stands in its texts has no evidence but them.
    ...(via.every((name) => name in row.values) && {
      digest: evidenceDigest(keys, row.key, via, row.values),
    }),
    ...(Object.keys(led).length > 0 && { led }),
  }
}

export function planDigest(
  deps: EngineDeps,
  keys: Keys,
  input: { readonly kind: string; readonly identities: readonly Identity[] },
  steps: readonly DrawnStep[],
): string {
  return keys.hash(
    'plan',
    canonicalJson({
      kind: input.kind,
      map: deps.map.digest,
      identities: input.identities.map(({ kind, value }) => keys.hash('identity', `${kind}:${value}`)).sort(),
      steps: steps.map((step) => [
        step.collection.id,
        step.action,
        step.link,
        step.items.length,
        step.keysDigest,
      ]),
    }),
  )
}
