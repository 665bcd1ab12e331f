import { isUtf8 } from 'node:buffer'
import { exploreBytes, exploreText, type Found, type Unread } from '../decode/explore.ts'
import { kindOf } from '../decode/magic.ts'
import { longRuns } from '../decode/runs.ts'
import { writings } from '../decode/written.ts'
import type { Book, Entry } from './book.ts'

export interface Listener {
  /** `value`: place in the list searched. Each entry is told once for a value, by the shortest way to it. */
  hit(value: number, entry: Entry, path: readonly string[]): void
  unread(value: number, why: Unread): void
}

/** Values this long are searched by themselves. */
const longText = 1 << 18
/** Between values that are searched as one text: in no identifier, and it ends every one. */
const border = '\u0001'

/** Searches values for all identifiers of the book, as they stand and in every encoding known. */
export async function searchValues(
  book: Book,
  values: readonly (string | Uint8Array | null)[],
  listener: Listener,
  decode = true,
): Promise<void> {
  const told = new Map<number, Set<Entry>>()
  const tell = (value: number, entry: Entry, path: readonly string[]) => {
    let known = told.get(value)
    if (!known) told.set(value, (known = new Set()))
    if (known.has(entry)) return
    known.add(entry)
    listener.hit(value, entry, path)
  }
  const { least } = book
  const deep = new Set<number>()
  const texts: string[] = []
  const of: number[] = []
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined || value.length < least) continue
    const text = typeof value === 'string' ? value : plainText(value)
    // What is no text goes the long way, unless nothing is to be opened.
    if (text === undefined || typeof value !== 'string') deep.add(i)
    if (text === undefined) continue
    if (text.length > longText) searchOne(book, i, text, tell, decode ? deep : undefined)
    else {
      texts.push(text)
      of.push(i)
    }
  }
  searchJoined(book, texts, of, tell, decode ? deep : undefined)
  if (!decode) return
  for (const i of deep) await searchDeep(book, values[i] as string | Uint8Array, i, tell, listener)
}

function plainText(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes) || kindOf(bytes) !== undefined) return undefined
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

type Tell = (value: number, entry: Entry, path: readonly string[]) => void
const asItStands: readonly string[] = []

/** Many values as one text: what is asked of each sign is then asked of all of them at once. */
function searchJoined(
  book: Book,
  texts: readonly string[],
  of: readonly number[],
  tell: Tell,
  deep: Set<number> | undefined,
): void {
  if (texts.length === 0) return
  const joined = texts.join(border)
  if (book.isOdd(joined))
    return texts.forEach((text, i) => searchOne(book, of[i] as number, text, tell, deep))
  const starts: number[] = []
  let length = 0
  for (const text of texts) {
    starts.push(length)
    length += text.length + 1
  }
  book.propose(joined, (at, entries) => {
    const all = at < 0 ? texts.keys() : [placeOf(starts, at)]
    for (const i of all)
      confirm(book, texts[i] as string, at < 0 ? at : at - (starts[i] as number), entries, (entry) =>
        tell(of[i] as number, entry, asItStands),
      )
  })
  if (!deep) return
  const mark = (at: number): number => {
    const i = placeOf(starts, at)
    deep.add(of[i] as number)
    return starts[i + 1] ?? joined.length
  }
  markWritten(joined, mark)
  longRuns(joined, (start) => mark(start))
}

function searchOne(book: Book, value: number, text: string, tell: Tell, deep: Set<number> | undefined): void {
  book.propose(text, (at, entries) => {
    confirm(book, text, at, entries, (entry) => tell(value, entry, asItStands))
  })
  deep?.add(value)
}

function confirm(
  book: Book,
  text: string,
  at: number,
  entries: readonly Entry[],
  tell: (entry: Entry) => void,
): void {
  for (const entry of entries) if (book.confirms(text, at, entry)) tell(entry)
}

/** Marks values that are written in a way worth reading; `mark` answers where the next value begins. */
function markWritten(text: string, mark: (at: number) => number): void {
  for (const { signs, worth } of writings) {
    if (!signs.some((sign) => text.includes(sign))) continue
    worth.lastIndex = 0
    for (let match = worth.exec(text); match; match = worth.exec(text)) {
      const next = mark(match.index)
      worth.lastIndex = Math.max(next, match.index + 1)
    }
  }
}

/** Which of the texts a place of the joined one lies in. */
function placeOf(starts: readonly number[], at: number): number {
  let low = 0
  for (let high = starts.length - 1; low < high; ) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= at) low = middle
    else high = middle - 1
  }
  return low
}

async function searchDeep(
  book: Book,
  value: string | Uint8Array,
  i: number,
  tell: Tell,
  listener: Listener,
): Promise<void> {
  const found: Found = {
    text: (text, path) =>
      book.propose(text, (at, entries) => confirm(book, text, at, entries, (entry) => tell(i, entry, path))),
    token(token, path) {
      const known = book.digests.of(token)
      if (known) tell(i, known.entry, [...path, known.name])
    },
    unread: (why) => listener.unread(i, why),
  }
  await (typeof value === 'string' ? exploreText(value, found) : exploreBytes(value, found))
}
