import type { Identity } from '../../base/identity.ts'
import type { Instant } from '../../base/instant.ts'
import { hersIn, identityFields, leadsIn, mentionedIn, namesIn } from './hers.ts'
import type { Erasure } from './load.ts'
import type { Judged, Search, Searched } from './search.ts'
import type { LeftRows } from './tables.ts'

/** One erasure whose rows are back, with what its person is found by: in the clear, from the restored rows themselves. */
export interface Back {
  readonly erasure: Erasure
  readonly rows: number
  /** Of the first receipt whose rows are back: the backup is older. */
  readonly before: Instant
  /** Where the search begins. */
  readonly identities: readonly Identity[]
  /** Found in texts that were redacted: taken out of texts again, followed nowhere. */
  readonly identifiers: readonly Identity[]
  readonly names: readonly string[]
  /** Rows that the erasure had as hers: where an address is in doubt by now, that stands. */
  readonly same: readonly Judged[]
  readonly led: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/**
 * The rows that are back, by erasure. Rows that show no address, number or name count where one of the same erasure does, or where
 * the ledger has no other of it in this store and half of them are back: single ids are given away again. A guard, not a proof.
 */
export function rowsBack({ judged }: Searched, search: Search): ReadonlyMap<Erasure, readonly Judged[]> {
  const back = new Map<Erasure, readonly Judged[]>()
  for (const [erasure, rows] of Map.groupBy(judged, (one) => one.erasure)) {
    const same = rows.filter(({ verdict }) => verdict.is === 'same')
    const sure = same.some(({ verdict }) => verdict.is === 'same' && verdict.sure)
    const isHalf = !hasTelling(search, erasure) && same.length * 2 >= deletedRows(erasure)
    if (sure || (same.length > 0 && isHalf)) back.set(erasure, same)
  }
  return back
}

/** Whether a receipt of this store speaks of a row by which a person can be told. */
function hasTelling({ deps }: Search, erasure: Erasure): boolean {
  return erasure.lots.some(({ collectionId }) => {
    const collection = deps.map.collections.get(collectionId)
    return (
      collection !== undefined &&
      collection.erase !== 'keep' &&
      identityFields(deps.graph, collection).length > 0
    )
  })
}

const deletedRows = (erasure: Erasure): number =>
  erasure.lots.reduce((sum, lot) => sum + (lot.action === 'delete' ? lot.marks.length : 0), 0)

/** Whether a return would be seen at all: of what was only redacted in texts, nothing shows it. */
export const isTelling = ({ deps }: Search, erasure: Erasure): boolean =>
  erasure.lots.some(({ action, collectionId, vias }) => {
    if (action === 'delete') return true
    const collection = deps.map.collections.get(collectionId)
    const fields = collection ? identityFields(deps.graph, collection) : []
    return vias.some((via) => fields.some(({ place }) => via.includes(place.column)))
  })

/** For each erasure that is back, what a new order needs. */
export function backOf(searched: Searched, search: Search): Back[] {
  return [...rowsBack(searched, search)].map(([erasure, rows]) => {
    const texts = searched.judged.filter((one) => one.erasure === erasure && one.met.action === 'redact')
    const mentioned = texts.map((one) => mentionedAt(one, search))
    const others = othersOf(searched, erasure, rows)
    return {
      erasure,
      rows: rows.length,
      same: rows,
      before: rows.map(({ at }) => at).reduce((a, b) => (a < b ? a : b)),
      identities: distinct(rows.flatMap((one) => identitiesOf(one, search))).filter(
        (one) => !others.has(idText(one)),
      ),
      identifiers: distinct(mentioned.flatMap(({ identifiers }) => identifiers)),
      names: [
        ...new Set([...rows.flatMap((one) => namesOf(one, search)), ...mentioned.flatMap((m) => m.names)]),
      ],
      led: ledOf(rows, search, others),
    }
  })
}

const idText = ({ kind, value }: Identity): string => `${kind}:${value}`

/** Addresses and numbers that were, when the backup was made, in the record of a person who is not she: they lead nowhere. */
function othersOf(searched: Searched, erasure: Erasure, rows: readonly Judged[]): ReadonlySet<string> {
  const hers = new Set(rows.map(({ collection, met }) => placeText(collection.id, met.key)))
  const others = searched.carriers.filter(
    (one) =>
      one.erasure === erasure && one.collection.person && !hers.has(placeText(one.collection.id, one.key)),
  )
  return new Set(others.map(({ identity }) => idText(identity)))
}

const placeText = (collection: string, key: readonly string[]): string => JSON.stringify([collection, key])

/** A person's own row says who she is, as it stood at the time of the backup; another row only what the ledger knows. */
function identitiesOf({ erasure, collection, met }: Judged, { deps, keys }: Search): readonly Identity[] {
  const fields = identityFields(deps.graph, collection)
  const hers = hersIn(keys, collection, fields, met.row, erasure, deps.policyOf(collection.store))
  return collection.person ? hers.all : hers.matching
}

const namesOf = ({ erasure, collection, met }: Judged, { keys }: Search): readonly string[] =>
  namesIn(keys, collection, met.row, erasure.names)

function mentionedAt({ erasure, collection, met }: Judged, { deps, keys }: Search) {
  const texts = collection.fields
    .filter(({ freeText }) => freeText)
    .flatMap(({ name }) => (typeof met.row[name] === 'string' ? [met.row[name]] : []))
  return mentionedIn(keys, texts.join('\n'), erasure, deps.policyOf(collection.store))
}

function ledOf(rows: readonly Judged[], { deps, keys }: Search, others: ReadonlySet<string>): Back['led'] {
  const led = new Map<string, Map<string, Set<string>>>()
  for (const { erasure, collection, met } of rows)
    for (const lead of leadsIn(
      keys,
      deps.graph,
      collection,
      met.row,
      erasure,
      deps.policyOf(collection.store),
    )) {
      if (others.has(idText({ kind: lead.format, value: lead.value }))) continue
      const fields = led.get(lead.collection) ?? new Map<string, Set<string>>()
      led.set(lead.collection, fields.set(lead.field, (fields.get(lead.field) ?? new Set()).add(lead.value)))
    }
  return Object.fromEntries(
    [...led].map(([id, fields]) => [
      id,
      Object.fromEntries([...fields].map(([field, values]) => [field, [...values]])),
    ]),
  )
}

const distinct = (identities: readonly Identity[]): Identity[] => [
  ...new Map(identities.map((one) => [idText(one), one])).values(),
]

/** What a person must look at: rows of the ledger that stand, and rows that carry what it knows and it does not list. */
export function leftOf(searched: Searched, search: Search): LeftRows[] {
  const back = rowsBack(searched, search)
  const left = new Map<string, { collection: string; why: LeftRows['why']; keys: Set<string> }>()
  const add = (collection: string, why: LeftRows['why'], key: readonly string[]) => {
    const id = `${collection}\0${why}`
    const one = left.get(id) ?? { collection, why, keys: new Set<string>() }
    one.keys.add(JSON.stringify(key))
    left.set(id, one)
  }
  const listed = new Set<string>()
  for (const { erasure, collection, met, verdict } of searched.judged) {
    listed.add(placeText(collection.id, met.key))
    if (verdict.is === 'none') continue
    const isBack = back.get(erasure)?.some((one) => one.met.key === met.key && one.collection === collection)
    const why = verdict.is === 'same' ? (isBack ? 'again' : 'changed') : verdict.is
    add(collection.id, why, met.key)
  }
  for (const { collection, key } of searched.carriers)
    if (collection.erase !== 'keep' && !listed.has(placeText(collection.id, key)))
      add(collection.id, 'unlisted', key)
  return [...left.values()]
    .map(({ keys, ...one }) => ({ ...one, rows: keys.size }))
    .sort((a, b) => (a.collection + a.why < b.collection + b.why ? -1 : 1))
}
