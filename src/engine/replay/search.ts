import type { Instant, TimeZone } from '../../base/instant.ts'
import type { Identity } from '../../base/identity.ts'
import { liveMap } from '../../datamap/live.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { Catalogue, StoreReader } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyOfRow, keyText } from '../locate/reach.ts'
import { identityHash, rowHash } from './hashes.ts'
import { hersIn, identitiesIn, type IdentityField, identityFields } from './hers.ts'
import type { Erasure, Lot } from './load.ts'
import { type Met, type Verdict, verdictOf } from './verdict.ts'

/** A row under a key of the ledger, judged. */
export interface Judged {
  readonly erasure: Erasure
  readonly collection: CollectionMap
  readonly met: Met
  readonly verdict: Verdict
  /** When its receipt was written. */
  readonly at: Instant
}

/** A row that carries an address or number of somebody erased, whether a receipt speaks of it or not. */
export interface Carrier {
  readonly erasure: Erasure
  readonly collection: CollectionMap
  readonly key: readonly string[]
  readonly identity: Identity
}

export interface Searched {
  readonly judged: readonly Judged[]
  readonly carriers: readonly Carrier[]
}

export interface SearchDeps extends EngineDeps {
  readonly zoneOf?: (store: string) => TimeZone | undefined
}

export interface Search {
  readonly deps: SearchDeps
  readonly keys: Keys
  readonly store: string
  readonly catalogue: Catalogue
  readonly erasures: readonly Erasure[]
  readonly signal?: AbortSignal | undefined
}

/** With the store as it is now: the tables and keys that are there. */
export async function searchOf(
  deps: SearchDeps,
  keys: Keys,
  input: Pick<Search, 'store' | 'erasures' | 'signal'>,
): Promise<Search> {
  const { store, signal } = input
  const catalogue = await storeOf(deps, store).describe(signal ? { signal } : {})
  const live = liveMap(deps.map, new Map([[store, catalogue]]))
  return { deps: { ...deps, ...live }, keys, catalogue, ...input }
}

/** Rows of a page; values stay in memory for one page only. */
const pageSize = 1000
const atOnce = 500

/**
 * Reads a store from end to end, its keys and the columns that say who somebody is, and holds every row against the erasure
 * ledger. Rows under a key of the ledger are read whole and judged. One snapshot, reads only, memory of the rows met.
 */
export async function searchStore(
  search: Search,
  options: { readonly carriers: boolean },
): Promise<Searched> {
  const judged: Judged[] = []
  const carriers: Carrier[] = []
  const { deps, store, signal } = search
  await storeOf(deps, store).reading(
    async (reader) => {
      for (const collection of deps.map.collections.values()) {
        if (collection.store !== store || collection.skip || collection.key.length === 0) continue
        const one = { search, collection, listed: listedIn(search.erasures, collection) }
        const fields = identityFields(deps.graph, collection)
        const asked = options.carriers ? fields : []
        if (one.listed.size === 0 && asked.length === 0) continue
        const met = await readThrough(reader, one, asked)
        carriers.push(...met.carriers)
        judged.push(...(await judge(reader, one, fields, met.hits)))
      }
    },
    signal ? { signal } : {},
  )
  return { judged, carriers }
}

interface Listed {
  readonly erasure: Erasure
  readonly lot: Lot
  readonly via: readonly string[]
  readonly evidence: string | null
}

interface Reading {
  readonly search: Search
  readonly collection: CollectionMap
  readonly listed: ReadonlyMap<string, readonly Listed[]>
}

interface Hit {
  readonly key: readonly string[]
  readonly listed: readonly Listed[]
}

/** By row hash. Of the receipts of one erasure for one row the first counts: a replay writes another. */
function listedIn(
  erasures: readonly Erasure[],
  { id }: CollectionMap,
): ReadonlyMap<string, readonly Listed[]> {
  const rows = new Map<string, Listed[]>()
  for (const erasure of erasures)
    for (const lot of erasure.lots) {
      if (lot.collectionId !== id) continue
      for (const [hash, via, evidence] of lot.marks) {
        const known = rows.get(hash) ?? []
        if (known.some((one) => one.erasure.id === erasure.id)) continue
        known.push({ erasure, lot, via: lot.vias[via] ?? [], evidence })
        rows.set(hash, known)
      }
    }
  return rows
}

async function readThrough(
  reader: StoreReader,
  { search, collection, listed }: Reading,
  fields: readonly IdentityField[],
): Promise<{ hits: Hit[]; carriers: Carrier[] }> {
  const { deps, keys, erasures, signal } = search
  const policy = deps.policyOf(collection.store)
  const columns = [...new Set([...collection.key, ...fields.map(({ place }) => place.column)])]
  const { table, key } = collection
  const wanted = new Map<string, Erasure[]>()
  for (const erasure of erasures)
    for (const hash of erasure.identities) wanted.set(hash, [...(wanted.get(hash) ?? []), erasure])
  const hits: Hit[] = []
  const carriers: Carrier[] = []
  for await (const page of reader.rows({ table, key, columns, where: rowFilter(collection), pageSize })) {
    signal?.throwIfAborted()
    for (const row of page) {
      const rowKey = keyOfRow(collection, row)
      if (!rowKey) continue
      const known = listed.get(rowHash(keys, collection, rowKey))
      if (known) hits.push({ key: rowKey, listed: known })
      for (const identity of identitiesIn(fields, row, policy))
        for (const erasure of wanted.get(identityHash(keys, identity)) ?? [])
          carriers.push({ erasure, collection, key: rowKey, identity })
    }
  }
  return { hits, carriers }
}

async function judge(
  reader: StoreReader,
  { search, collection }: Reading,
  fields: readonly IdentityField[],
  hits: readonly Hit[],
): Promise<Judged[]> {
  const { deps, keys, catalogue } = search
  const table = catalogue.tables.find(({ name }) => name === collection.table)
  const bench = { keys, collection, table, zone: deps.zoneOf?.(collection.store) ?? ('UTC' as TimeZone) }
  const policy = deps.policyOf(collection.store)
  const byKey = new Map(hits.map((hit) => [keyText(hit.key), hit]))
  const judged: Judged[] = []
  for (let from = 0; from < hits.length; from += atOnce)
    for await (const page of reader.rows({
      table: collection.table,
      key: collection.key,
      columns: wholeRow(collection, table, hits),
      where: rowFilter(collection),
      keys: hits.slice(from, from + atOnce).map(({ key }) => key),
    }))
      for (const row of page) {
        const hit = byKey.get(keyText(keyOfRow(collection, row) ?? []))
        for (const { erasure, lot, via, evidence } of hit?.listed ?? []) {
          const met: Met = { key: hit?.key ?? [], row, action: lot.action, via, evidence }
          const hers = hersIn(keys, collection, fields, row, erasure, policy)
          const verdict = verdictOf(bench, met, hers, lot.at)
          judged.push({ erasure, collection, met, verdict, at: lot.at })
        }
      }
  return judged
}

/** All but bytes, which say nothing here and may be large, unless they are evidence. */
function wholeRow(
  collection: CollectionMap,
  table: Catalogue['tables'][number] | undefined,
  hits: readonly Hit[],
): string[] {
  const live = table?.columns.filter(({ kind }) => kind !== 'bytes').map(({ name }) => name) ?? []
  const evidence = hits.flatMap(({ listed }) => listed.flatMap(({ via }) => via))
  return [...new Set([...collection.key, ...live, ...evidence])]
}
