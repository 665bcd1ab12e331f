import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js/max'
import { type IdentityPolicy, normalise } from '../../base/identity.ts'
import { edited } from '../encodings/edit.ts'
import { find, type Span } from './find.ts'
import { namesFinder } from './known-names.ts'
import type { Needle } from './needles.ts'
import { at } from './spelled.ts'

export type OtherKind = 'email' | 'phone' | 'name'

/** A place in a text that points at somebody else. */
export interface Other extends Span {
  readonly kind: OtherKind
  /** In normal form; of a name, as its record has it. */
  readonly value: string
}

/** Finds everybody else in a text: in order, none over another. */
export type OthersIn = (text: string) => readonly Other[]

export interface Parties {
  /** What is hers, her whole names too: never somebody else's. */
  readonly hers: readonly Needle[]
  /** Names of people who are tied to her records. A name that nobody's record holds is not looked for. */
  readonly names: readonly string[]
  readonly policy: IdentityPolicy
  /** Our own addresses and numbers are no third party's. */
  readonly isOurs?: ((kind: OtherKind, value: string) => boolean) | undefined
}

export const otherMark = '[withheld]'

/**
 * Other people's addresses, numbers and known names (Art. 15(4)). A guard, not a proof: a name that stands in no record, and a
 * nickname, are for the officer's eye.
 */
export function othersFinder({ hers, names, policy, isOurs = () => false }: Parties): OthersIn {
  const [herNames, herLines] = [
    hers.filter(({ kind }) => kind === 'name'),
    hers.filter(({ kind }) => kind !== 'name'),
  ]
  const namesIn = namesFinder(names)
  return (text) => {
    const lines = [...addressesIn(text, policy), ...numbersIn(text, policy)]
    // Her name inside another's address does not make it hers.
    const theirs = without(lines, lines.length > 0 ? find(text, herLines) : [])
    const called = namesIn(text).map((hit): Other => ({ ...hit, kind: 'name' }))
    // `Ann Lee` in `Ann Lee Smith` is no sign of her.
    const named =
      called.length > 0 ? without(called, find(text, herNames), (a, b) => length(a) > length(b)) : []
    return apart([...theirs, ...named]).filter(({ kind, value }) => !isOurs(kind, value))
  }
}

/** Hides other people's addresses and numbers; hers stay. */
export function hideOthers(
  text: string,
  hers: readonly Needle[],
  country?: CountryCode,
): { text: string; hidden: number } {
  const found = othersFinder({ hers, names: [], policy: { country } })(text)
  return {
    text: edited(
      text,
      found.map((other) => ({ ...other, with: otherMark })),
    ),
    hidden: found.length,
  }
}

const length = ({ start, end }: Span): number => end - start

/** Those that lie over nothing of hers, or win against it. Both are in order, so that each is looked at once. */
function without(
  others: readonly Other[],
  mine: readonly Span[],
  wins: (other: Other, mine: Span) => boolean = () => false,
): Other[] {
  let i = 0
  return [...others].sort(byPlace).filter((other) => {
    while (i < mine.length && (mine[i] as Span).end <= other.start) i++
    for (let j = i; j < mine.length && (mine[j] as Span).start < other.end; j++)
      if (!wins(other, mine[j] as Span)) return false
    return true
  })
}

const byPlace = (a: Span, b: Span): number => a.start - b.start || b.end - a.end

/** What lies over another is one place, told as the longer. */
function apart(others: readonly Other[]): Other[] {
  const out: Other[] = []
  for (const other of [...others].sort(byPlace)) {
    const last = out.at(-1)
    if (!last || last.end <= other.start) out.push(other)
    else
      out[out.length - 1] = {
        ...(length(other) > length(last) ? other : last),
        start: last.start,
        end: Math.max(last.end, other.end),
      }
  }
  return out
}

/** Begins where a run of its signs begins, or a long run without an @ would be read again from each of them. */
const address = new RegExp(
  `(?<![\\p{L}\\p{N}._%+'-])[\\p{L}\\p{N}._%+'-]+${at}[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+`,
  'giu',
)
const writtenAt = new RegExp(at, 'i')

function addressesIn(text: string, policy: IdentityPolicy): Other[] {
  return [...text.matchAll(address)].map(({ index, 0: hit }) => ({
    start: index,
    end: index + hit.length,
    kind: 'email',
    value: normalise('email', hit.replace(writtenAt, '@'), policy) ?? hit.toLowerCase(),
  }))
}

/**
 * What may be one number, or a few with blanks between, with its extension. A comma or semicolon ends it: behind one stands the
 * next person's number, which the library would take for an extension.
 */
const digits =
  /(?<![\d.,])[+(]{0,2}\d(?:[ \t\u00a0()./\u2010-\u2015-]{0,3}\d){6,}(?:;ext=\d{1,7}|[,;]?[ \t]?(?:ext(?:ension)?\.?|toestel|tst\.?|lokal(?:nummer)?|x|#)[ \t:.]{0,2}\d{1,7})?/giu
/** Moments and dates, which a country with numbers of eight digits takes for numbers. */
const moment =
  /^(?:19|20)\d\d([-/.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?:[T \t]?[0-2]\d(?:[0-5]\d){0,2})?$/

function numbersIn(text: string, { country }: IdentityPolicy): Other[] {
  const found: Other[] = []
  const options = country ? { defaultCountry: country } : {}
  const take = (from: number, to: number): number => {
    const hits = findPhoneNumbersInText(text.slice(from, to), options)
    for (const { startsAt, endsAt, number } of hits)
      found.push({
        start: from + startsAt,
        end: from + endsAt,
        kind: 'phone',
        value: number.number + (number.ext ? `;ext=${number.ext}` : ''),
      })
    return hits.length
  }
  for (const { index, 0: run } of text.matchAll(digits)) {
    if (moment.test(run) || (run.length > 200 && !/\d\d/.test(run))) continue
    // A letter hard before it tells the library that it is a part of a word.
    const from = index - (/\p{L}/u.test(text.charAt(index - 1)) ? 1 : 0)
    if (take(from, index + run.length) === 0) oneByOne(run, (from, to) => take(index + from, index + to))
  }
  return found
}

/** Numbers that stand behind each other may be read as one that is none: the longest rows of digits that are a number, in turn. */
function oneByOne(run: string, take: (from: number, to: number) => number): void {
  const groups = [...run.matchAll(/[+(]{0,2}\d[\d)]*/g)]
  // Of a longer row nobody knows where a number begins, and a hostile one would go on for long.
  if (groups.length > 200) return
  for (let i = 0; i < groups.length; i++)
    for (let j = Math.min(groups.length, i + 7) - 1; j >= i; j--) {
      const [first, last] = [groups[i] as RegExpExecArray, groups[j] as RegExpExecArray]
      const [from, to] = [first.index, last.index + last[0].length]
      const count = run.slice(from, to).replace(/\D/g, '').length
      if (count < 7 || count > 17 || (i === 0 && j === groups.length - 1) || take(from, to) === 0) continue
      i = j
      break
    }
}
