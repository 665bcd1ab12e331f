import { domainToUnicode } from 'node:url'
import type { IdentityPolicy } from '../../../base/identity.ts'
import { at as atSigns } from '../spelled.ts'
import type { Entry, Propose } from './book.ts'

export interface Addresses {
  propose(text: string, propose: Propose): void
}

/** Those with one word before the at sign, those with more by the word before the last, and all. */
interface Shelf {
  readonly one: Entry[]
  readonly more: Map<string, Entry[]>
  readonly odd: Entry[]
  readonly all: Entry[]
}

const otherSigns = ['%40', '=40', '&#', '&com', '&COM', '&Com', '\\u0040']

/**
 * Addresses by the plain letters and digits that stand hard against the at sign on either side: those are written in one way only,
 * whatever becomes of the other signs.
 */
export function addressesOf(entries: readonly Entry[], policy: IdentityPolicy): Addresses {
  const shelves = new Map<string, Shelf>()
  for (const entry of entries) for (const key of keysOf(entry)) shelve(shelves, key, entry)
  const tags = policy.plusAddressing === 'same'
  return {
    propose(text, propose) {
      if (shelves.size === 0) return
      const seen = (start: number, end: number) => {
        look(shelves, text, start, start, end, propose)
        if (tags) for (const plus of plusesBefore(text, start)) look(shelves, text, plus, start, end, propose)
      }
      for (let i = text.indexOf('@'); i >= 0; i = text.indexOf('@', i + 1)) seen(i, i + 1)
      if (otherSigns.some((sign) => text.includes(sign)))
        for (const { index, 0: sign } of text.matchAll(spelledAt))
          if (sign !== '@') seen(index, index + sign.length)
    },
  }
}

const spelledAt = new RegExp(atSigns, 'gi')

interface Key {
  readonly key: string
  /** The word before the last, where one plain sign stands between them. */
  readonly before: string | undefined
  readonly alone: boolean
}

/** Composed and not, and the domain in both of its forms: each may end or begin with other plain letters. */
function keysOf({ needle: { value: address } }: Entry): Key[] {
  const cut = address.lastIndexOf('@')
  const domain = address.slice(cut + 1)
  const forms = (text: string) => [text.normalize('NFC'), text.normalize('NFD')]
  const heads = new Set(
    [domain, domainToUnicode(domain)].flatMap(forms).map((d) => /^[a-z0-9]*/i.exec(d)?.[0] ?? ''),
  )
  const locals = new Set(forms(address.slice(0, cut)))
  return [...locals].flatMap((local) => {
    const [, rest = '', word = ''] = /^(.*?)([a-z0-9]*)$/is.exec(local) ?? []
    const before = /(?:^|[^a-z0-9])([a-z0-9]+)[._+'-]$/i.exec(rest)?.[1]
    return [...heads].map((head) => ({ key: keyOf(word, head), before, alone: rest === '' }))
  })
}

const keyOf = (word: string, head: string): string => `${word}@${head}`.toLowerCase()

function shelve(shelves: Map<string, Shelf>, { key, before, alone }: Key, entry: Entry): void {
  const shelf = shelves.get(key) ?? { one: [], more: new Map<string, Entry[]>(), odd: [], all: [] }
  shelves.set(key, shelf)
  if (shelf.all.includes(entry)) return
  shelf.all.push(entry)
  if (alone) shelf.one.push(entry)
  else if (before === undefined) shelf.odd.push(entry)
  else shelf.more.set(before, [...(shelf.more.get(before) ?? []), entry])
}

/** `end`: behind the local part; the at sign is from `start` to `stop`. */
function look(
  shelves: ReadonlyMap<string, Shelf>,
  text: string,
  end: number,
  start: number,
  stop: number,
  propose: Propose,
): void {
  const headEnd = wordEnd(text, stop)
  const head = text.slice(stop, headEnd)
  const from = wordStart(text, end)
  const shelf = shelves.get(keyOf(text.slice(from, end), head))
  if (shelf) offer(shelf, text, from, start, propose)
  // An escape before the word ends in letters that are not its own.
  for (const cut of escapeLengths(text, from)) {
    if (from + cut > end) continue
    const other = shelves.get(keyOf(text.slice(from + cut, end), head))
    if (other) propose(start, other.all)
  }
}

function offer(shelf: Shelf, text: string, from: number, start: number, propose: Propose): void {
  if (shelf.one.length > 0) propose(start, shelf.one)
  if (shelf.odd.length > 0) propose(start, shelf.odd)
  if (shelf.more.size === 0) return
  const sign = text[from - 1] ?? ' '
  // Between words of an address stands a plain sign, or an escape of it that ends in a letter, a digit or a semicolon.
  if (!plainSigns.has(sign)) {
    if (sign === ';' || sign > '~') propose(start, shelf.all)
    return
  }
  const wordFrom = wordStart(text, from - 1)
  if (escapeLengths(text, wordFrom).length > 0) return propose(start, shelf.all)
  const found = shelf.more.get(text.slice(wordFrom, from - 1).toLowerCase())
  if (found) propose(start, found)
}

const plainSigns = new Set(['.', '_', '+', "'", '-'])

function escapeLengths(text: string, from: number): readonly number[] {
  const sign = text[from - 1]
  if (sign === '%' || sign === '=') return [2]
  return sign === '\\' ? [1, 5] : none
}
const none: readonly number[] = []

const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)

/** Never further than an address goes: a long run without an end would be read again from each of its signs. */
const longest = 70
function wordStart(text: string, end: number): number {
  let i = end
  while (i > 0 && end - i < longest && isWord(text.charCodeAt(i - 1))) i--
  return i
}
function wordEnd(text: string, start: number): number {
  let i = start
  while (i < text.length && i - start < longest && isWord(text.charCodeAt(i))) i++
  return i
}

/** Where a tag may begin: `ann+news@…`. */
function* plusesBefore(text: string, at: number): Generator<number> {
  const before = text.slice(Math.max(0, at - longest), at)
  for (const { index } of before.matchAll(/\+|%2b/gi)) yield at - before.length + index
}
