import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { type Identity, type IdentityPolicy, normalise } from '../../base/identity.ts'

/** One identifier, ready to be found in running text in any of its spellings. */
export interface Needle {
  readonly kind: 'email' | 'phone' | 'name' | 'other'
  /** Global, so that every occurrence is found; never shared between two walks at once. */
  readonly pattern: RegExp
  /** A cheap test that every text with a hit passes: most texts end here. */
  mayHold(text: string, lower: string): boolean
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Digits of a phone number may stand apart by these. */
const gap = '[\\s\\u00a0().\\/\\-\\u2010-\\u2015]{0,3}'

/** Letters and marks of any script: where a name begins and ends. */
const noLetterBefore = '(?<![\\p{L}\\p{M}\\p{N}])'
const noLetterAfter = '(?![\\p{L}\\p{M}\\p{N}])'

/** E-mail and phone, and any other kind of at least four characters (a customer number); shorter ones would hit everything. */
export function needlesOf(identities: readonly Identity[], policy: IdentityPolicy): Needle[] {
  const found = new Map<string, Needle>()
  for (const { kind, value } of identities) {
    // A login name that is an address is found as one: any other kind has no idea of where an address begins.
    const address = kind === 'phone' ? undefined : normalise('email', value, policy)
    const normal = address ?? normalise(kind, value, policy)
    if (normal === undefined) continue
    const needle =
      address !== undefined
        ? emailNeedle(normal)
        : kind === 'phone'
          ? phoneNeedle(normal)
          : normal.length >= 4
            ? otherNeedle(normal)
            : undefined
    if (needle) found.set(`${kind}:${normal}`, needle)
  }
  return [...found.values()]
}

function emailNeedle(address: string): Needle {
  return {
    kind: 'email',
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}._%+'-])${escape(address)}(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`,
      'giu',
    ),
    mayHold: (_, lower) => lower.includes(address),
  }
}

/** Never inside an e-mail address: a login name `ann.lee` says nothing of whose `ann.lee@…` is; what is hers is a needle itself. */
function otherNeedle(value: string): Needle {
  const lowerValue = value.toLowerCase()
  const noDomainBefore = '(?<!@[\\p{L}\\p{N}.-]{0,253})'
  const noAddressAfter = "(?![\\p{L}\\p{N}._%+'-]{0,64}@)"
  return {
    kind: 'other',
    pattern: new RegExp(
      `${noDomainBefore}${noLetterBefore}${escape(value)}${noLetterAfter}${noAddressAfter}`,
      'giu',
    ),
    mayHold: (_, lower) => lower.includes(lowerValue),
  }
}

/** Every usual spelling: +31 6…, 0031…, (0)6…, 06-…; never inside a longer number. */
function phoneNeedle(e164: string): Needle | undefined {
  const number = parsePhoneNumberFromString(e164.split(';')[0] as string)
  if (!number) return undefined
  const national = [...number.nationalNumber].map(escape).join(gap)
  const code = [...number.countryCallingCode].join(gap)
  const prefix = `(?:(?:\\+|00)${gap}${code}${gap}(?:\\(?0\\)?${gap})?|${code}${gap}|\\(?0\\)?${gap})?`
  const lastDigits = number.nationalNumber.slice(-2)
  return {
    kind: 'phone',
    pattern: new RegExp(`(?<![\\d])(?<!\\d[.\\-])(?:\\()?${prefix}${national}(?!\\d)`, 'gu'),
    mayHold: (text) => text.includes(lastDigits[0] as string) && /\d/.test(text),
  }
}

/** Full names in both orders, for redaction inside rows that are hers already; a name alone never selects a row. */
export function nameNeedles(names: readonly string[], parts: boolean): Needle[] {
  const found = new Map<string, Needle>()
  for (const raw of names) {
    const name = raw.normalize('NFC').trim().replace(/\s+/g, ' ')
    const words = name.split(' ')
    if (words.length > 1) {
      add(found, name)
      add(found, `${words.slice(1).join(' ')}, ${words[0]}`)
      add(found, `${words.at(-1)}, ${words.slice(0, -1).join(' ')}`)
    }
    if (parts) {
      const [first] = words
      if (first && first.length >= 3) add(found, first, 'exact')
      if (words.length > 1) add(found, words.slice(1).join(' '), 'exact')
    }
  }
  return [...found.values()]
}

function add(found: Map<string, Needle>, name: string, letterCase: 'any' | 'exact' = 'any'): void {
  const spaced = escape(name).replace(/ /g, '(?:\\s|&nbsp;|\\u00a0)+')
  const lowerFirst = (name.split(/[ ,]/)[0] ?? name).toLowerCase()
  found.set(name, {
    kind: 'name',
    pattern: new RegExp(`${noLetterBefore}${spaced}${noLetterAfter}`, letterCase === 'any' ? 'giu' : 'gu'),
    mayHold: (_, lower) => lower.includes(lowerFirst),
  })
}
