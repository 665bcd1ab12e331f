import { createHash } from 'node:crypto'
import { domainToUnicode } from 'node:url'
import type { Entry } from './book.ts'

/** What a hash of an address is called in a report. */
export type DigestName = 'md5' | 'sha1' | 'sha256'

export interface Digests {
  readonly size: number
  /** Of 32, 40 or 64 hexadecimal digits, or the base64 of so many bytes without its padding. */
  of(token: string): { readonly name: DigestName; readonly entry: Entry } | undefined
}

const names: readonly DigestName[] = ['md5', 'sha1', 'sha256']

/** Hashes of the lower-case address as Gravatar, Mailchimp and audience uploads make them, with its domain in either form. */
export function digestsOf(entries: readonly Entry[]): Digests {
  const known = new Map<string, { name: DigestName; entry: Entry }>()
  for (const entry of entries)
    for (const address of formsOf(entry.needle.value))
      for (const name of names) {
        const digest = createHash(name).update(address).digest()
        known.set(digest.toString('hex'), { name, entry })
        known.set(digest.toString('base64url'), { name, entry })
      }
  return {
    size: known.size,
    of: (token) =>
      known.get(token) ??
      known.get(token.toLowerCase()) ??
      known.get(token.replaceAll('+', '-').replaceAll('/', '_')),
  }
}

function formsOf(address: string): readonly string[] {
  const cut = address.lastIndexOf('@') + 1
  return [...new Set([address, address.slice(0, cut) + domainToUnicode(address.slice(cut))])]
}
