import type { Identity, IdentityPolicy } from '../../../base/identity.ts'
import { find } from '../find.ts'
import { type Needle, needlesOf } from '../needles.ts'
import { type Addresses, addressesOf } from './addresses.ts'
import { type Digests, digestsOf } from './digests.ts'
import { type Numbers, numbersOf } from './numbers.ts'
import { type Words, wordsOf } from './words.ts'

/** One needle, and which of the persons it belongs to. */
export interface Entry {
  readonly needle: Needle
  readonly persons: readonly number[]
}

/** A place that may be a hit of one of these; `find` has the last word. */
export type Propose = (at: number, entries: readonly Entry[]) => void

/**
 * Identifiers of many persons, looked for together: candidates by what each kind cannot be written without (an at sign, its digits,
 * a word), then the same exact check that a single person's needles make.
 */
export interface Book {
  readonly size: number
  /** No shorter value can hold any of them, written in any way. */
  readonly least: number
  readonly digests: Digests
  /** Holds signs that stand in no index: such a text is searched by itself, and for each identifier in turn. */
  isOdd(text: string): boolean
  /** Every place of the text that may hold one of them; -1 where only the text as a whole can be asked. */
  propose(text: string, propose: Propose): void
  /** Whether the entry's needle stands at this place of the text. */
  confirms(text: string, at: number, entry: Entry): boolean
}

/** Of base64; what is shorter is not opened. */
const shortestPacked = 11
const leastOf = ({ needle: { national, value } }: Entry): number =>
  // An international domain is shorter in its own letters.
  national?.length ?? (/\bxn--/.test(value) ? 4 : value.length)

/** Enough around a place for all that a needle looks at: an address spelled in entities, an address before a login name. */
const reach = 320

export function openBook(persons: readonly (readonly Identity[])[], policy: IdentityPolicy): Book {
  const entries = entriesOf(persons, policy)
  const by = (kind: Needle['kind']) => entries.filter((entry) => entry.needle.kind === kind)
  const addresses: Addresses = addressesOf(by('email'), policy)
  const numbers: Numbers = numbersOf(by('phone'))
  const words: Words = wordsOf(by('other'))
  return {
    size: entries.length,
    least: Math.min(...entries.map(leastOf), shortestPacked),
    digests: digestsOf(by('email')),
    isOdd,
    propose(text, propose) {
      if (isOdd(text)) return propose(-1, standingIn(text, entries))
      addresses.propose(text, propose)
      numbers.propose(text, propose)
      words.propose(text, propose)
    },
    confirms: (text, at, entry) => confirms(text, at, entry),
  }
}

/** A pattern takes ſ for an s, and the Kelvin sign for a k. */
const isOdd = (text: string): boolean => text.includes('\u017f') || text.includes('\u212a')

function standingIn(text: string, entries: readonly Entry[]): readonly Entry[] {
  const lower = text.toLowerCase()
  return entries.filter(({ needle }) => needle.mayHold(text, lower))
}

function confirms(text: string, at: number, { needle }: Entry): boolean {
  if (at < 0) return find(text, [needle]).length > 0
  const plain = seenPlainly(text, at, needle)
  if (plain !== undefined) return plain
  const width = reach + needle.value.length * 12
  const from = Math.max(0, at - width)
  const to = Math.min(text.length, at + width)
  const here = at - from
  return find(text.slice(from, to), [needle]).some((span) => span.start <= here && here < span.end)
}

/**
 * Most candidates are the value itself between signs that mean nothing to any needle, or the end of a longer one. To see that takes
 * no pattern, which takes a millisecond to make; whatever looks otherwise is the pattern's to judge: undefined.
 */
function seenPlainly(text: string, at: number, { kind, value }: Needle): boolean | undefined {
  if (kind === 'phone') {
    const start = at + 1 - value.length
    const stands = text.startsWith(value, start) && isEdge(text, start - 1, edges)
    return stands && isEdge(text, at + 1, numberEnds) ? true : undefined
  }
  if (kind !== 'email') return undefined
  const cut = value.lastIndexOf('@')
  const sign = text[at] === '@' ? '@' : text.startsWith('%40', at) ? '%40' : undefined
  if (sign === undefined || at < cut) return undefined
  const domain = value.slice(cut + 1)
  const end = at + sign.length + domain.length
  const found = text.slice(at - cut, end).toLowerCase()
  if (found !== value.slice(0, cut) + sign + domain) return undefined
  if (isEdge(text, at - cut - 1, edges)) return isEdge(text, end, edges) ? true : undefined
  return goesOnBefore(text, at - cut) ? false : undefined
}

/** Letters hard before it that are of a longer address, and of no escape: `jo` of `joann.lee@…`. */
function goesOnBefore(text: string, start: number): boolean {
  const before = /(?:^|([ \t\r\n"<>()[\]{}|:;,/=]))([a-z0-9]{1,40})$/i.exec(
    text.slice(Math.max(0, start - 41), start),
  )
  if (!before || (before[1] === undefined && start > 41)) return false
  return before[1] !== '=' || before[2]?.length !== 2
}

const signs = (text: string) => new Set(Array.from(text, (sign) => sign.charCodeAt(0)))
/** No letter, digit or sign of an address. */
const edges = signs(' \t\n\r"<>()[]{}|:;,=/')
/** Nothing that may lead to an extension either. */
const numberEnds = signs('"<>()[]{}|')
const isEdge = (text: string, at: number, known: ReadonlySet<number>): boolean =>
  at === -1 || at === text.length || known.has(text.charCodeAt(at))

function entriesOf(persons: readonly (readonly Identity[])[], policy: IdentityPolicy): Entry[] {
  const found = new Map<string, { needle: Needle; persons: number[] }>()
  persons.forEach((identities, person) => {
    for (const identity of identities)
      for (const needle of needlesOf([identity], policy)) {
        const id = `${needle.kind} ${needle.value}`
        const known = found.get(id)
        if (!known) found.set(id, { needle, persons: [person] })
        else if (known.persons.at(-1) !== person) known.persons.push(person)
      }
  })
  return [...found.values()]
}
