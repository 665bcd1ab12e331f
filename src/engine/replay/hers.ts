import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js/max'
import { type Identity, type IdentityPolicy, normalise } from '../../base/identity.ts'
import type { CollectionMap, FieldMap, Graph } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { Row } from '../../stores/port.ts'
import { namesIn as namesOf } from '../locate/columns.ts'
import { type Place, placeOf, valuesIn } from '../locate/values.ts'
import { identityHash, leadHash, nameMark, wordsHash, wordsIn } from './hashes.ts'
import type { Erasure } from './load.ts'
import type { NameMark } from './tables.ts'

/** One column of a collection that says who somebody is. */
export interface IdentityField {
  readonly kind: string
  readonly format: FieldMap['format']
  readonly place: Place
}

/** The map's seeds, and every field that holds an address or a number. Where only a hash of it stands there is nothing to read. */
export function identityFields(graph: Graph, collection: CollectionMap): IdentityField[] {
  const seeds = graph.seeds
    .filter((seed) => seed.collection === collection.id)
    .map(({ identity, format, field }) => ({ kind: identity, format, name: field }))
  const others = collection.fields
    .filter((field) => field.format !== 'exact')
    .map(({ name, format }) => ({ kind: format as string, format, name }))
  return [...new Map([...seeds, ...others].map((one) => [`${one.kind}\0${one.name}`, one])).values()]
    .map(({ kind, format, name }) => ({ kind, format, place: placeOf(collection, name) }))
    .filter(({ place }) => place.field?.hash === undefined)
}

export function identitiesIn(fields: readonly IdentityField[], row: Row, policy: IdentityPolicy): Identity[] {
  const found = new Map<string, Identity>()
  for (const { kind, format, place } of fields)
    for (const text of valuesIn(place, row[place.column] ?? null, format, policy)) {
      const value = format === 'exact' ? normalise(kind, text, policy) : text
      if (value !== undefined) found.set(`${kind}:${value}`, { kind, value })
    }
  return [...found.values()]
}

/** What a row says of whose it is. */
export interface Hers {
  readonly all: readonly Identity[]
  /** Those whose hash the ledger has. */
  readonly matching: readonly Identity[]
  /** Whether one of its name fields is hers. */
  readonly names: boolean
}

export function hersIn(
  keys: Keys,
  collection: CollectionMap,
  fields: readonly IdentityField[],
  row: Row,
  erasure: Pick<Erasure, 'identities' | 'names'>,
  policy: IdentityPolicy,
): Hers {
  const all = identitiesIn(fields, row, policy)
  return {
    all,
    matching: all.filter((identity) => erasure.identities.has(identityHash(keys, identity))),
    names: namesIn(keys, collection, row, erasure.names).length > 0,
  }
}

/** Names of hers in the fields that hold names. */
export function namesIn(
  keys: Keys,
  collection: CollectionMap,
  row: Row,
  known: readonly NameMark[],
): string[] {
  const hashes = new Set(known.map(([hash]) => hash))
  return namesOf(collection, row).filter((name) => hashes.has(nameMark(keys, name)[0]))
}

export interface Mentioned {
  readonly identifiers: readonly Identity[]
  readonly names: readonly string[]
}

/** Addresses, numbers and names of hers inside a text, known by their hashes; in the spelling in which they stand there. */
export function mentionedIn(
  keys: Keys,
  text: string,
  erasure: Pick<Erasure, 'identities' | 'names'>,
  policy: IdentityPolicy,
): Mentioned {
  const spelled: Identity[] = [
    ...(text.match(/[^\s<>,;:()[\]"']+@[^\s<>,;:()[\]"']+/g) ?? []).map((value) => ({
      kind: 'email',
      value: value.replace(/[.!?]+$/, ''),
    })),
    ...phonesIn(text, policy.country),
  ]
  const identifiers = spelled.flatMap(({ kind, value }) => {
    const normal = normalise(kind, value, policy)
    const identity = { kind, value: normal ?? '' }
    return normal !== undefined && erasure.identities.has(identityHash(keys, identity)) ? [identity] : []
  })
  return { identifiers, names: namesInText(keys, text, erasure.names) }
}

const phonesIn = (text: string, country: CountryCode | undefined): Identity[] =>
  findPhoneNumbersInText(text, country ? { defaultCountry: country } : {}).map(({ number }) => ({
    kind: 'phone',
    value: number.number + (number.ext ? `;ext=${number.ext}` : ''),
  }))

/** Pieces of as many words as her names have. */
function namesInText(keys: Keys, text: string, known: readonly NameMark[]): string[] {
  if (known.length === 0) return []
  const hashes = new Set(known.map(([hash]) => hash))
  const words = wordsIn(text)
  const found = new Set<string>()
  for (const length of new Set(known.map(([, count]) => count)))
    for (let at = 0; length > 0 && at + length <= words.length; at++) {
      const piece = words.slice(at, at + length)
      const hash = wordsHash(
        keys,
        piece.map((word) => word.text),
      )
      if (hashes.has(hash)) found.add(text.slice(piece[0]?.start, piece.at(-1)?.end).replace(/\s+/g, ' '))
    }
  return [...found]
}

export interface Lead {
  readonly collection: string
  readonly field: string
  readonly format: FieldMap['format']
  readonly value: string
}

/**
 * Values in this row by which a row of hers that is gone led on: ids whose hash the ledger has, and addresses and numbers of hers.
 * Whether somebody else has them by now is asked by the search that takes them up.
 */
export function leadsIn(
  keys: Keys,
  graph: Graph,
  collection: CollectionMap,
  row: Row,
  erasure: Pick<Erasure, 'leads' | 'identities'>,
  policy: IdentityPolicy,
): Lead[] {
  return graph.edges
    .filter((edge) => edge.to === collection.id)
    .flatMap(({ from, fromField, toField, format }) => {
      const place = placeOf(collection, toField)
      const isHers = (value: string) =>
        format === 'exact'
          ? erasure.leads.has(leadHash(keys, from, fromField, value))
          : erasure.identities.has(identityHash(keys, { kind: format, value }))
      return valuesIn(place, row[place.column] ?? null, format, policy)
        .filter(isHers)
        .map((value) => ({ collection: from, field: fromField, format, value }))
    })
}
