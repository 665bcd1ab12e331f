import { type Identity, type IdentityPolicy, normalise } from '../../base/identity.ts'
import { canonicalJson, type Json } from '../../base/json.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { NameMark } from './tables.ts'

/** Each kind of hash has a purpose of its own: none can be matched with those of the audit ledger or of suppression. */
export const identityHash = (keys: Keys, { kind, value }: Identity): string =>
  keys.hash('erasure-identity', `${kind}:${value}`)

export const rowHash = (
  keys: Keys,
  { store, table, key: columns }: Pick<CollectionMap, 'store' | 'table' | 'key'>,
  key: readonly unknown[],
): string => keys.hash('erasure-row', canonicalJson([store, table, columns, key] as unknown as Json))

export const leadHash = (keys: Keys, collection: string, field: string, value: string): string =>
  keys.hash('erasure-lead', canonicalJson([collection, field, value]))

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
  keys.hash('erasure-name', words.join(' '))

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
