import type { CountryCode } from 'libphonenumber-js/max'
import { LetheError } from '../base/errors.ts'
import { type Identity, type IdentityKind, normalise } from '../base/identity.ts'
import type { Keys } from '../ops/sealing.ts'
import type { Regime } from './clock/pack.ts'

export interface Claim {
  readonly kind: IdentityKind
  readonly value: string
  /** In the spelling that is compared. */
  readonly normal: string
  readonly hash: string
}

const most = 10
const longest = 320

/**
 * What a person says is hers, each in one spelling, twice-named ones once. A phone number without country code is read as one
 * of the regime's country. Throws `invalid` without repeating the value.
 */
export function readClaims(keys: Keys, regime: Regime, identities: readonly Identity[]): Claim[] {
  if (identities.length === 0 || identities.length > most)
    throw new LetheError('invalid', `${identities.length} identities were given, expected 1 to ${most}`, {
      hint: 'Give an e-mail address or another identity by which the person is known.',
    })
  const claims = identities.map((identity) => readClaim(keys, regime, identity))
  return [...new Map(claims.map((claim) => [claim.hash, claim])).values()]
}

const examples: Readonly<Record<string, string>> = { email: 'ann@example.org', phone: '+31 6 12345678' }

function readClaim(keys: Keys, regime: Regime, { kind, value }: Identity): Claim {
  const normal = value.length > longest ? undefined : normalise(kind, value, { country: countryOf(regime) })
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(kind))
    throw new LetheError('invalid', 'this is no kind of identity', {
      hint: 'Write email, phone, or a kind of the data map.',
    })
  if (normal === undefined)
    throw new LetheError('invalid', `this ${kind} is none`, {
      hint: examples[kind] ? `Write it as in ${examples[kind]}.` : 'Write it as it stands in the records.',
    })
  return { kind, value: value.trim(), normal, hash: claimHash(keys, kind, normal) }
}

/** The same word and purpose as in the engine's ledger entries: one person is one hash all through the chain. */
export const claimHash = (keys: Keys, kind: string, normal: string): string =>
  keys.hash('identity', `${kind}:${normal}`)

/** `GB-SCT` is GB. */
export const countryOf = (regime: Regime): CountryCode => regime.name.slice(0, 2) as CountryCode

/** Enough for its owner to know it: `a•••@example.org`, `+31•••••678`. */
export function masked(kind: string, value: string): string {
  const dots = '•••'
  if (kind === 'email') {
    const at = value.lastIndexOf('@')
    return `${String.fromCodePoint(value.codePointAt(0) ?? 0x2022)}${dots}${value.slice(at)}`
  }
  if (kind === 'phone') return `${value.slice(0, 3)}${dots}${value.slice(-3)}`
  return value.length > 6 ? `${value.slice(0, 1)}${dots}${value.slice(-2)}` : dots
}
