import { domainToUnicode } from 'node:url'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { type Identity, type IdentityPolicy, normalise } from '../../base/identity.ts'
import { at, escapeBefore, solidPart, spelled } from './spelled.ts'

/** One identifier, ready to be found in running text in any of its spellings. */
export interface Needle {
  readonly kind: 'email' | 'phone' | 'name' | 'other'
  /** What it was made of, in its normal form. */
  readonly value: string
  /** Of a phone number: the digits that stand in every spelling of it. */
  readonly national?: string | undefined
  /** Global, so that every occurrence is found; never shared between two walks at once. */
  readonly pattern: RegExp
  /** A cheap test that every text with a hit passes: most texts end here. */
  mayHold(text: string, lower: string): boolean
}

/** A pattern takes half a millisecond to make, and of ten thousand needles few are ever asked. */
function needle(made: Omit<Needle, 'pattern'> & { readonly pattern: () => RegExp }): Needle {
  let pattern: RegExp | undefined
  return {
    kind: made.kind,
    value: made.value,
    national: made.national,
    mayHold: made.mayHold,
    get pattern() {
      return (pattern ??= made.pattern())
    },
  }
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Digits of a phone number may stand apart by these. */
const gap = '(?:[\\s().\\/\\-\\u2010-\\u2015]|&nbsp;){0,3}'

/** Letters and marks of any script: where a name begins and ends. */
const noLetterBefore = '(?<![\\p{L}\\p{M}\\p{N}])'
const noLetterAfter = '(?![\\p{L}\\p{M}\\p{N}])'

/**
 * E-mail and phone, and any other kind that is told from ordinary words: at least four characters, seven if they are all digits.
 * `2024` as a customer number would take every year and amount out of other people's texts.
 */
export function needlesOf(identities: readonly Identity[], policy: IdentityPolicy): Needle[] {
  const found = new Map<string, Needle>()
  for (const { kind, value } of identities) {
    // A login name that is an address is found as one: any other kind has no idea of where an address begins.
    const address = kind === 'phone' ? undefined : normalise('email', value, policy)
    const normal = address ?? normalise(kind, value, policy)
    if (normal === undefined) continue
    const one =
      address !== undefined
        ? emailNeedle(normal, policy)
        : kind === 'phone'
          ? phoneNeedle(normal)
          : normal.length >= 4 && !/^\d{1,6}$/.test(normal)
            ? otherNeedle(normal)
            : undefined
    if (one) found.set(`${kind}:${normal}`, one)
  }
  return [...found.values()]
}

/** A sign before it belongs to it only behind a letter or digit: `mary-ann@…` is another's, `'ann@…'` and `-ann@…` are hers. */
const noAddressBefore = "(?<![\\p{L}\\p{N}][._%+'-]{0,4})"

function emailNeedle(address: string, policy: IdentityPolicy): Needle {
  const cut = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, cut), address.slice(cut + 1)]
  const domains = [...new Set([domain, domainToUnicode(domain) || domain])]
  const tag = policy.plusAddressing === 'same' ? "(?:(?:\\+|%2B)[\\p{L}\\p{N}._%+'-]{0,64})?" : ''
  const parts = [solidPart(local), domains.length > 1 ? '' : solidPart(domain)]
  return needle({
    kind: 'email',
    value: address,
    pattern: () =>
      new RegExp(
        `(?:${escapeBefore}|${noAddressBefore})${spelled(local)}${tag}${at}(?:${domains.map(spelled).join('|')})(?!-{0,8}[\\p{L}\\p{N}]|\\.[\\p{L}\\p{N}])`,
        'giu',
      ),
    mayHold: (_, lower) => parts.every((part) => lower.includes(part)),
  })
}

const noDomainBefore = `(?<!${at}[\\p{L}\\p{N}.-]{0,253})`
const noAddressAfter = `(?![\\p{L}\\p{N}._%+'-]{0,64}${at})`

/** Never inside an e-mail address: a login name `ann.lee` says nothing of whose `ann.lee@…` is; what is hers is a needle itself. */
function otherNeedle(value: string): Needle {
  const lowerValue = value.toLowerCase()
  return needle({
    kind: 'other',
    value,
    pattern: () =>
      new RegExp(
        `${noDomainBefore}${noLetterBefore}${escape(value)}${noLetterAfter}${noAddressAfter}`,
        'giu',
      ),
    mayHold: (_, lower) => lower.includes(lowerValue),
  })
}

/** What people write between a number and its extension. */
const extension =
  '\\s{0,3}(?:;ext=|[,;]?\\s?(?:ext(?:ension)?\\.?|toestel|tst\\.?|lokal(?:nummer)?|x|#)[\\s:.]{0,2})'

/** A bracket belongs to the number where it closes inside it; one around a number is the text's. */
const opens = '(?:\\((?=\\+?[\\d\\s.\\-]{1,9}\\)[\\s.\\-]{0,3}\\d))?'

/**
 * Every usual spelling: +31 6…, 0031…, (0)6…, 06-…; never inside a longer number. One with an extension is hers only with it,
 * one without is not hers with somebody's extension behind it: the line in front is the company's.
 */
function phoneNeedle(e164: string): Needle | undefined {
  const [line = '', ext] = e164.split(';ext=')
  const number = parsePhoneNumberFromString(line)
  if (!number) return undefined
  const national = number.nationalNumber.split('').join(gap)
  const code = number.countryCallingCode.split('').join(gap)
  const prefix = `(?:(?:\\+|00)${gap}${code}${gap}(?:${opens}0\\)?${gap})?|${code}${gap}|${opens}0\\)?${gap})?`
  const after = ext === undefined ? `(?!\\d)(?!${extension}\\d)` : `${extension}0{0,3}${escape(ext)}(?!\\d)`
  const digits = [...new Set(number.nationalNumber)]
  return needle({
    kind: 'phone',
    value: e164,
    national: number.nationalNumber,
    pattern: () => new RegExp(`(?<![\\d])(?<!\\d[.\\-])${opens}${prefix}${national}${after}`, 'giu'),
    mayHold: (text) => digits.every((digit) => text.includes(digit)),
  })
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
      if (first && first.length >= 3) add(found, first, 'exact', noOtherLast)
      const last = words.slice(1).join(' ')
      // An initial is a letter like any other.
      if (last.replace(/\P{L}/gu, '').length >= 2) add(found, last, 'exact', noOtherFirst(last))
    }
  }
  return [...found.values()]
}

const blank = '(?:[ \\t\\u00a0]|&nbsp;)+'
const particles = `(?:(?:van|von|af|de|der|den|het|ten|ter|te|el|al|la|le|du|da|di)${blank}){0,3}`

/** Behind her first name alone no other surname: `Ann Smit` is somebody else. */
const noOtherLast = `(?!${blank}${particles}\\p{Lu}\\p{Ll})`

const titles =
  '(?:Mr|Mrs|Ms|Miss|Sir|Madam|Dr|Prof|Dear|Hello|Hi|Hey|Beste|Geachte|Mevrouw|Mevr|Meneer|Heer|Dhr|Mw|Hallo|Hoi|Dag|Kære|Hej|Fru|Frk|Herr|Hr)'

/** Before her surname alone no other first name, within a sentence: `ask Bo Lee` is somebody else, `Mail Lee` and `Ms Lee` are she. */
const noOtherFirst = (last: string): string =>
  `(?<!(?<=[\\p{L}\\p{N},;:]${blank})(?!${titles}${blank})\\p{Lu}[\\p{L}\\p{M}'’-]+${blank}${particles}${spelled(last)})`

/** Never inside an address either: `Ann.Smit@…` is somebody's whole, and what is hers is a needle itself. */
function add(
  found: Map<string, Needle>,
  name: string,
  letterCase: 'any' | 'exact' = 'any',
  guard = '',
): void {
  const part = solidPart(name)
  found.set(name, {
    kind: 'name',
    value: name,
    pattern: new RegExp(
      `(?:${escapeBefore}|${noLetterBefore})${noDomainBefore}${spelled(name)}${noLetterAfter}${noAddressAfter}${guard}`,
      letterCase === 'any' ? 'giu' : 'gu',
    ),
    mayHold: (_, lower) => lower.includes(part),
  })
}
