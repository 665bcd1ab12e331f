import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** `email` and `phone` have spellings of their own; any other kind (`customer_number`, `rt_user`) is compared as trimmed text. */
export type IdentityKind = 'email' | 'phone' | (string & {})

/** One thing that points at a person: as given, and in the one spelling that is compared. */
export interface Identity {
  readonly kind: IdentityKind
  readonly value: string
}

/** How a policy wants identities compared. */
export interface IdentityPolicy {
  /** For numbers without country code; without it they are not normalised. */
  readonly country?: CountryCode | undefined
  /** Treat `ann+news@x` as `ann@x`; off unless the policy says so. */
  readonly plusAddressing?: 'distinct' | 'same' | undefined
  /** Digits dialled to get an outside line; taken off a number that is none with them. */
  readonly outsideLine?: readonly string[] | undefined
  /** Our own lines and mailboxes, in normal form: never a person, and nothing is reached through them. */
  readonly ours?: ReadonlySet<string> | undefined
}

/**
 * The one spelling in which two values are the same person's, or undefined where the value is none of that kind.
 * E-mail: NFC, lower case without locale, IDN domain in its ASCII form. Phone: E.164, extension kept as `;ext=`.
 */
export function normalise(
  kind: IdentityKind,
  value: string,
  policy: IdentityPolicy = {},
): string | undefined {
  const text = value.normalize('NFC').trim()
  if (text === '') return undefined
  if (kind === 'email') return normaliseEmail(text, policy)
  if (kind === 'phone') return normalisePhone(text, policy)
  return text
}

function normaliseEmail(text: string, policy: IdentityPolicy): string | undefined {
  const bare = /<([^<>]+)>$/.exec(text)?.[1] ?? text.replace(/^mailto:/i, '')
  const at = bare.lastIndexOf('@')
  if (at < 1 || /[\s,;<>]/.test(bare)) return undefined
  let local = bare.slice(0, at).toLowerCase()
  if (policy.plusAddressing === 'same') local = local.replace(/\+.*$/, '')
  const domain = asciiDomain(bare.slice(at + 1))
  return local && domain ? `${local}@${domain}` : undefined
}

function asciiDomain(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}`).hostname || undefined
  } catch {
    return undefined
  }
}

function normalisePhone(text: string, policy: IdentityPolicy): string | undefined {
  const sip = /^(?:sips?|tel):([^@;>]+)/i.exec(text)?.[1] ?? text
  const whole = numberIn(sip, policy)
  if (whole?.isValid() || !policy.outsideLine) return e164(whole)
  for (const prefix of policy.outsideLine) {
    if (!sip.startsWith(prefix)) continue
    const outside = numberIn(sip.slice(prefix.length), policy)
    if (outside?.isValid()) return e164(outside)
  }
  return e164(whole)
}

const numberIn = (text: string, { country }: IdentityPolicy) =>
  parsePhoneNumberFromString(
    text.replace(/^00(?=[1-9])/, '+').replace(/\(0\)/, ''),
    country ? { defaultCountry: country } : {},
  )

const e164 = (number: ReturnType<typeof numberIn>): string | undefined =>
  number?.isPossible() ? number.number + (number.ext ? `;ext=${number.ext}` : '') : undefined
