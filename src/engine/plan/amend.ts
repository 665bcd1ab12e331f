import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Identity } from '../../base/identity.ts'
import { canonicalJson } from '../../base/json.ts'
import { LetheError } from '../../base/errors.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Database, Reader } from '../../ops/db/database.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { Catalogue, Row } from '../../stores/port.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { locatePerson } from '../locate/person.ts'
import { type FoundRow, keyOfRow, keyText, type Located } from '../locate/reach.ts'
import type { WasShared } from '../locate/remembered.ts'
import { type Amendment, amendMasks, correctable } from '../masks/amend.ts'
import type { Decided } from '../order/doubt.ts'
import { changes } from '../run/changes.ts'
import { batchColumns } from '../run/columns.ts'
import { type Change, type OrderFinding, type StepAction, tables } from '../tables.ts'
import { type Drawing, type DrawnStep, drawStep, planDigest } from './draw.ts'
import { byOrder } from './order.ts'
import { tasksFor } from './amend-tasks.ts'
import { tellAround } from './tasks.ts'

export interface Input {
  readonly kind: 'rectification' | 'restriction' | 'lifting'
  readonly identities: readonly Identity[]
  readonly change: Change | null
  readonly wasShared: WasShared
  readonly decided: Decided
  readonly signal?: AbortSignal
}

export type Rows = ReadonlyMap<string, readonly FoundRow[]>

/**
 * Draws the plan of a rectification (Art. 16), a restriction or its lifting (Art. 18): only rows that are hers alone, and of those
 * only rows in which something changes. What the map has no way for becomes a task for a person. Reads only.
 */
export async function drawAmendment(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  db: Database,
  input: Input,
): Promise<Drawing> {
  const { signal, wasShared, decided } = input
  const located =
    input.kind === 'lifting'
      ? nobody
      : await locatePerson(deps, input.identities, { wasShared, decided, ...(signal && { signal }) })
  const owned = input.kind === 'lifting' ? await restrictedRows(deps, db, input.change) : ownedIn(located)
  const amendment = await amendmentOf(deps, db, input)
  const changing = await changingRows(deps, catalogues, owned, amendment, signal)
  if (input.kind === 'restriction') await addHeld(deps, db, changing, owned)
  const action = actions[input.kind]
  const groups = [
    ...[...changing].map(([id, rows]) => ({ collection: collectionOf(deps, id), action, rows: [...rows] })),
    ...doubtful(deps, located),
  ].filter((group) => group.rows.length > 0)
  const steps = groups
    .map((group) => drawStep(deps, db.keys, group, located))
    .sort(byOrder(deps, catalogues))
    .sort((a, b) => Number(leadsOn(deps, a, input.change)) - Number(leadsOn(deps, b, input.change)))
  const tasks = tasksFor(deps, input, owned)
  return {
    steps,
    digest: planDigest(deps, db.keys, input, steps),
    findings: [...sharedLines(located), ...tellAround(deps, tasks, [])],
    located,
    tasks,
    candidates: [],
  }
}

/** Rows by whose wrong value she is found are set right last: what is left of a work that stopped is found as before. */
const leadsOn = ({ graph }: EngineDeps, { collection }: DrawnStep, change: Change | null): boolean =>
  change !== null &&
  'corrections' in change &&
  collection.fields.some(
    (field) =>
      change.corrections.some((one) => correctable(field, one)) &&
      (graph.seeds.some((seed) => seed.collection === collection.id && seed.field === field.name) ||
        graph.edges.some((edge) => edge.from === collection.id && edge.fromField === field.name)),
  )

const actions = {
  rectification: 'rectify',
  restriction: 'restrict',
  lifting: 'lift',
} as const satisfies Record<Input['kind'], StepAction>

const nobody: Located = {
  rows: new Map(),
  names: [],
  identifiers: [],
  lines: [],
  sharedLines: [],
  unkeyed: [],
}

const ownedIn = (located: Located): Rows =>
  new Map(
    [...located.rows].map(([id, rows]) => [id, [...rows.values()].filter((row) => row.reach === 'owned')]),
  )

const doubtful = (deps: EngineDeps, located: Located) =>
  [...located.rows].map(([id, rows]) => ({
    collection: collectionOf(deps, id),
    action: 'decide' as const,
    rows: [...rows.values()].filter((row) => row.reach === 'possible'),
  }))

const sharedLines = (located: Located): OrderFinding[] =>
  located.sharedLines.map((line) => ({
    ...line,
    kind: 'shared-line',
    message:
      'reached only by an address or number that several people share: nothing is done with these rows until a person decides',
  }))

/** What an order changes in each row; the same for the plan, the work and the look back. */
export async function amendmentOf(
  deps: EngineDeps,
  db: Database,
  order: { readonly kind: string; readonly change: Change | null },
): Promise<(collection: CollectionMap) => Amendment> {
  const { change } = order
  if (order.kind === 'restriction') return () => ({ how: 'restrict' })
  if (order.kind === 'lifting' && change && 'lifts' in change) {
    const before = await beforeOf(db, change.lifts)
    return (collection) => ({
      how: 'lift',
      before: (row) => before.get(placeText(collection.id, keyOfRow(collection, row) ?? [])),
    })
  }
  if (order.kind === 'rectification' && change && 'corrections' in change)
    return ({ store }) => ({
      how: 'rectify',
      corrections: change.corrections,
      policy: deps.policyOf(store),
    })
  throw new LetheError('internal', `an order of kind ${order.kind} says nothing to change`)
}

/** Rows that another restriction marked already are restricted once more: its lifting alone is not to free them. */
async function addHeld(
  deps: EngineDeps,
  db: Database,
  changing: Map<string, FoundRow[]>,
  owned: Rows,
): Promise<void> {
  for (const [id, rows] of owned) {
    const { restrict, derived } = collectionOf(deps, id)
    if (!restrict || derived) continue
    const changed = new Set(changing.get(id))
    const left = rows.filter((row) => !changed.has(row))
    const others = await db.read((reader) => restrictedBefore(reader, id, left))
    const held = left.filter(({ key }) => others.has(restrictedHash(db.keys, id, key)))
    if (held.length > 0) changing.set(id, [...(changing.get(id) ?? []), ...held])
  }
}

/** How a restricted row is told, never by its key in clear. */
export const restrictedHash = (keys: Keys, collectionId: string, key: FoundRow['key']): string =>
  keys.hash('restricted', canonicalJson([collectionId, [...key]]))

/** By `restrictedHash`: what these rows held before any restriction that still holds them, the first of them. */
export async function restrictedBefore(
  reader: Reader,
  collectionId: string,
  rows: readonly { readonly key: FoundRow['key'] }[],
  but = '',
): Promise<ReadonlyMap<string, Readonly<Record<string, string | null>>>> {
  const { restricted } = tables(reader)
  const hashes = rows.map(({ key }) => restrictedHash(reader.keys, collectionId, key))
  const found = new Map<string, Readonly<Record<string, string | null>>>()
  for (let at = 0; at < hashes.length; at += atOnce) {
    const some = inArray(restricted.row, hashes.slice(at, at + atOnce))
    const met = await reader.q
      .select({ row: restricted.row, before: restricted.before })
      .from(restricted)
      .where(and(some, ne(restricted.orderId, but)))
      .orderBy(restricted.at)
    for (const { row, before } of met) if (!found.has(row)) found.set(row, before)
  }
  return found
}

const atOnce = 500

const placeText = (id: string, key: FoundRow['key']): string => `${id}\0${keyText(key)}`

async function beforeOf(
  db: Database,
  orderId: string,
): Promise<ReadonlyMap<string, Readonly<Record<string, string | null>>>> {
  const rows = await db.read(async (reader) => {
    const { restricted } = tables(reader)
    const own = await reader.q.select().from(restricted).where(eq(restricted.orderId, orderId))
    const free = []
    for (const [id, list] of Map.groupBy(own, (row) => row.collectionId)) {
      // Another restriction holds these too, and frees them when it is lifted.
      const held = await restrictedBefore(reader, id, list, orderId)
      free.push(...list.filter(({ row }) => !held.has(row)))
    }
    return free
  })
  return new Map(rows.map((row) => [placeText(row.collectionId, row.key), row.before]))
}

async function restrictedRows(deps: EngineDeps, db: Database, change: Change | null): Promise<Rows> {
  const orderId = change && 'lifts' in change ? change.lifts : ''
  const rows = await db.read((reader) => {
    const { restricted } = tables(reader)
    return reader.q.select().from(restricted).where(eq(restricted.orderId, orderId))
  })
  const found = (key: FoundRow['key']): FoundRow => ({ key, reach: 'owned', via: new Set(), values: {} })
  return new Map(
    [...Map.groupBy(rows, (row) => row.collectionId)].map(([id, list]) => [
      collectionOf(deps, id).id,
      list.map((row) => found(row.key)),
    ]),
  )
}

/** Of these rows those in which anything changes, as they stand now. */
export async function changingRows(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  rows: Rows,
  amendment: (collection: CollectionMap) => Amendment,
  signal?: AbortSignal,
): Promise<Map<string, FoundRow[]>> {
  const found = new Map<string, FoundRow[]>()
  for (const [id, list] of rows) {
    const collection = collectionOf(deps, id)
    const { store, table, key } = collection
    const info = catalogues.get(store)?.tables.find((t) => t.name === table)
    const masks = amendMasks(collection, info, amendment(collection))
    if (list.length === 0 || masks.length === 0 || collection.derived) continue
    const byKey = new Map(list.map((row) => [keyText(row.key), row]))
    const changing: FoundRow[] = []
    await storeOf(deps, store).reading(
      async (reader) => {
        const keys = list.map((row) => row.key)
        const columns = batchColumns(collection, [], masks)
        for await (const page of reader.rows({ table, key, columns, where: rowFilter(collection), keys }))
          for (const row of page) {
            const own = byKey.get(keyText(keyOfRow(collection, row) ?? []))
            if (own && Object.keys(changes(row, masks, [])).length > 0) changing.push(own)
          }
      },
      signal ? { signal } : {},
    )
    if (changing.length > 0) found.set(id, changing)
  }
  return found
}

/** What restricted rows hold in the columns of the mark, before it is set. */
export const markedColumns = (collection: CollectionMap, row: Row): Record<string, string | null> =>
  Object.fromEntries(
    Object.keys(collection.restrict ?? {}).map((column) => {
      const value = row[column] ?? null
      return [column, typeof value === 'string' ? value : null]
    }),
  )
