import { type Identity, normalise } from '../../base/identity.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import { collectionOf, type EngineDeps } from '../deps.ts'
import type { Decided } from '../order/doubt.ts'
import type { Led } from '../tables.ts'
import { capsOf, type Facts, tighter } from './caps.ts'
import { namesIn } from './columns.ts'
import { stillGone } from './gone.ts'
import type { Caps, FoundRow, Located } from './reach.ts'
import type { WasShared } from './remembered.ts'
import { type SharedLines, sharedLines } from './shared.ts'
import { placeOf, valuesIn } from './values.ts'
import { Walk } from './walk.ts'

export interface LocateOptions {
  /** What people decided of rows in doubt. */
  readonly decided?: Decided | undefined
  readonly signal?: AbortSignal
  /** Rows of hers that are gone by now, by what led on from them. */
  readonly led?: Led | undefined
  /** Addresses and numbers of hers that are known from before: the rows that said so may be gone. */
  readonly known?: readonly Identity[] | undefined
  /** Lines that were shared by people who are erased by now. */
  readonly wasShared?: WasShared | undefined
}

/**
 * Finds everything of one person: from her identities along the map's references, across stores, until nothing new comes.
 * What only the whole shows (who else points at a shared row, who else was on a call) caps rows after a walk; then it is walked
 * again under those caps, until they hold. Caps only ever grow tighter, so that ends. Reads only.
 */
export async function locatePerson(
  deps: EngineDeps,
  identities: readonly Identity[],
  options: LocateOptions = {},
): Promise<Located> {
  const shared = sharedLines(deps, options.signal, options.wasShared)
  const led = options.led && (await stillGone(deps, options.led, options.signal))
  const given = [...normalForms(deps, identities), ...(options.known ?? [])]
  for (let caps: Caps = new Map(); ; ) {
    const walk = new Walk(deps, { shared, caps, decided: options.decided, signal: options.signal })
    begin(deps, walk, identities, led)
    await walk.untilNothingNew()
    const located = await resultOf(deps, walk, shared, given)
    const found: Facts = { deps, located, caps, signal: options.signal }
    const next = tighter(caps, await capsOf(found))
    if (!next) return located
    caps = next
  }
}

function begin(deps: EngineDeps, walk: Walk, identities: readonly Identity[], led: Led | undefined): void {
  for (const [id, fields] of Object.entries(led ?? {}))
    for (const [field, values] of Object.entries(fields))
      for (const value of values) walk.leadOn(collectionOf(deps, id), { [field]: value }, 'owned')
  for (const seed of deps.graph.seeds) {
    const policy = deps.policyOf(collectionOf(deps, seed.collection).store)
    for (const { kind, value } of identities) {
      const normal = kind === seed.identity ? normalise(kind, value, policy) : undefined
      if (normal !== undefined)
        walk.follow(
          { collection: seed.collection, field: seed.field, format: seed.format },
          normal,
          seed.link,
          true,
        )
    }
  }
}

/** As compared: an e-mail or phone that cannot be normalised stays as it was given. */
function normalForms(deps: EngineDeps, identities: readonly Identity[]): Identity[] {
  const policies = [...new Set([...deps.map.collections.values()].map(({ store }) => store))].map(
    deps.policyOf,
  )
  return identities.map(({ kind, value }) => {
    for (const policy of policies) {
      const normal = normalise(kind, value, policy)
      if (normal !== undefined) return { kind, value: normal }
    }
    return { kind, value }
  })
}

async function resultOf(
  deps: EngineDeps,
  walk: Walk,
  shared: SharedLines,
  given: readonly Identity[],
): Promise<Located> {
  const names = new Set<string>()
  const identifiers = new Map<string, Identity>(given.map((identity) => [idText(identity), identity]))
  const sharedLines = []
  for (const [id, rows] of walk.rows) {
    const collection = collectionOf(deps, id)
    if (collection.person)
      for (const row of rows.values())
        if (row.reach === 'owned') learn(deps, collection, row, names, identifiers)
    const possible = [...rows.values()].filter((row) => row.reach === 'possible').length
    if (possible > 0)
      sharedLines.push({ store: collection.store, collection: collection.name, rows: possible })
  }
  return {
    rows: walk.rows,
    names: [...names],
    identifiers: await hersAlone(shared, [...identifiers.values()]),
    lines: [...walk.lines.values()],
    sharedLines,
    unkeyed: [...walk.unkeyed].map(([id, met]) => {
      const { store, name, table } = collectionOf(deps, id)
      return { store, collection: name, table, rows: met.size }
    }),
  }
}

const idText = ({ kind, value }: Identity): string => `${kind}:${value}`

/** What her own row says of her: names for redaction, other addresses and numbers for the search in texts. */
function learn(
  deps: EngineDeps,
  collection: CollectionMap,
  row: FoundRow,
  names: Set<string>,
  identifiers: Map<string, Identity>,
): void {
  const policy = deps.policyOf(collection.store)
  for (const name of namesIn(collection, row.values)) names.add(name)
  for (const field of collection.fields) {
    const value = row.values[field.name] ?? null
    if (field.format === 'exact' || field.hash || field.encoding) continue
    for (const normal of valuesIn(placeOf(collection, field.name), value, field.format, policy)) {
      if (policy.ours?.has(normal)) continue
      identifiers.set(`${field.format}:${normal}`, { kind: field.format, value: normal })
    }
  }
}

async function hersAlone(lines: SharedLines, identifiers: readonly Identity[]): Promise<Identity[]> {
  const shared = new Set<string>()
  for (const format of ['email', 'phone'] as const) {
    const values = identifiers.filter(({ kind }) => kind === format).map(({ value }) => value)
    for (const value of await lines(format, values)) shared.add(idText({ kind: format, value }))
  }
  return identifiers.filter((identity) => !shared.has(idText(identity)))
}
