import { hash } from 'node:crypto'
import { type Identity, type IdentityPolicy, normalise } from '../../base/identity.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { NameMark } from './tables.ts'

type Purpose = 'identity' | 'row' | 'lead' | 'name'

const secrets = new WeakMap<Keys, Map<Purpose, string>>()

/**
 * Each kind of hash has a purpose of its own: none can be matched with those of the audit ledger or of suppression. The secret is
 * on both sides of the text: a search hashes every key of a store, and an HMAC for each would take ten times as long.
 */
function keyed(keys: Keys, purpose: Purpose, text: string): string {
  const known = secrets.get(keys) ?? new Map<Purpose, string>()
  secrets.set(keys, known)
  const secret = known.get(purpose) ?? keys.hash(`erasure-${purpose}`, '')
  known.set(purpose, secret)
  return hash('sha256', `${secret}${text}${secret}`)
}

export const identityHash = (keys: Keys, { kind, value }: Identity): string =>
  keyed(keys, 'identity', `${kind}:${value}`)

export const rowHash = (
  keys: Keys,
  { store, table, key: columns }: Pick<CollectionMap, 'store' | 'table' | 'key'>,
  key: readonly string[],
): string => keyed(keys, 'row', JSON.stringify([store, table, columns, key]))

export const leadHash = (keys: Keys, collection: string, field: string, value: string): string =>
  keyed(keys, 'lead', JSON.stringify([collection, field, value]))

/** Words of letters of any script, with what stands inside them. */
const word = /\p{L}[\p{L}\p{M}\p{N}'’-]*/gu

export interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

export const wordsIn = (text: string): Word[] =>
  [...text.matchAll(word)].map((hit) => ({
    text: hit[0].normalize('NFC').toLowerCase(),
    start: hit.index,
    end: hit.index + hit[0].length,
  }))

/** A name by its words alone: `Lee, A.` and `lee a` are one. */
export function nameMark(keys: Keys, name: string): NameMark {
  const words = wordsIn(name).map(({ text }) => text)
  return [wordsHash(keys, words), words.length]
}

export const wordsHash = (keys: Keys, words: readonly string[]): string =>
  keyed(keys, 'name', words.join(' '))

/** One value in the normal form of each policy: two stores may compare one address by different rules. */
export function identityHashes(
  keys: Keys,
  identities: readonly Identity[],
  policies: readonly IdentityPolicy[],
): string[] {
  const hashes = new Set<string>()
  for (const { kind, value } of identities)
    for (const policy of policies) {
      const normal = normalise(kind, value, policy)
      if (normal !== undefined) hashes.add(identityHash(keys, { kind, value: normal }))
    }
  return [...hashes].sort()
}
