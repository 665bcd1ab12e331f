import { Unreadable } from '../unreadable.ts'

/** One value, key or bracket of a serialised text. Places are bytes. */
export type Token =
  | {
      readonly kind: 'string'
      readonly from: number
      readonly to: number
      readonly at: Span
      readonly escaped: boolean
    }
  | { readonly kind: 'number'; readonly at: Span; readonly text: string }
  | { readonly kind: 'other'; readonly at: Span; readonly text: string }
  | { readonly kind: 'open'; readonly at: Span; readonly name: string | undefined }
  | { readonly kind: 'close'; readonly at: Span }
  /** An object that packs itself: its bytes are its own affair. */
  | {
      readonly kind: 'custom'
      readonly from: number
      readonly to: number
      readonly at: Span
      readonly name: string
    }

/** From the first sign of a token up to behind its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type Role = 'key' | 'value'

/** An array or object that is open. */
interface Frame {
  /** Keys and values still to come. */
  left: number
}

/**
 * Reads what PHP's serialize() writes, one byte in a sign, as a list of tokens: strictly, with every length in bytes, and without
 * recursion. Answers where the value ends. Throws `Unreadable` for anything that unserialize() would refuse.
 */
export function scanPhp(source: string, from: number, seen: (token: Token, role: Role) => void): number {
  const frames: Frame[] = []
  let at = from
  do {
    const frame = frames.at(-1)
    if (frame && frame.left === 0) {
      if (source[at] !== '}') throw broken()
      seen({ kind: 'close', at: { start: at, end: ++at } }, 'value')
      frames.pop()
      continue
    }
    const role = frame && frame.left % 2 === 0 ? 'key' : 'value'
    if (frame) frame.left--
    const { token, entries } = tokenAt(source, at)
    if (role === 'key' && !isKey(token)) throw broken()
    seen(token, role)
    at = token.at.end
    if (token.kind === 'open') frames.push({ left: entries * 2 })
  } while (frames.length > 0)
  return at
}

const isKey = (token: Token): boolean =>
  token.kind === 'string' || (token.kind === 'number' && token.text.startsWith('i'))

const broken = (): Unreadable => new Unreadable('php', 'the text is not what serialize() writes')

const head =
  /(?:N;|b:[01];|i:[+-]?\d+;|d:(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NAN);|[rR]:\d+;|([sS]|E):(\d+):"|(a):(\d+):\{|([OC]):(\d+):")/y

function tokenAt(source: string, start: number): { token: Token; entries: number } {
  head.lastIndex = start
  const hit = head.exec(source)
  if (!hit) throw broken()
  const end = head.lastIndex
  const [text, word, length, array, count, object, nameLength] = hit
  if (array) return { token: { kind: 'open', at: { start, end }, name: undefined }, entries: Number(count) }
  if (object) return objectAt(source, start, end, object, Number(nameLength))
  if (word) return { token: stringAt(source, start, end, word, Number(length)), entries: 0 }
  const kind = /^[id]/.test(text) ? 'number' : 'other'
  return { token: { kind, at: { start, end }, text }, entries: 0 }
}

function stringAt(source: string, start: number, from: number, word: string, length: number): Token {
  const escaped = word === 'S'
  const to = escaped ? escapedEnd(source, from, length) : from + length
  expect(source, to, '";')
  const at = { start, end: to + 2 }
  return word === 'E'
    ? { kind: 'other', at, text: source.slice(start, to + 2) }
    : { kind: 'string', from, to, at, escaped }
}

function escapedEnd(source: string, from: number, length: number): number {
  let at = from
  for (let n = 0; n < length; n++) at += source[at] === '\\' ? 3 : 1
  return at
}

function objectAt(
  source: string,
  start: number,
  from: number,
  word: string,
  nameLength: number,
): { token: Token; entries: number } {
  const end = from + nameLength
  const name = source.slice(from, end)
  const rest = /":(\d+):\{/y
  rest.lastIndex = end
  const hit = rest.exec(source)
  if (!hit || !/^[\w\\\x80-\xff:@$/.\0-]+$/.test(name)) throw broken()
  const inner = rest.lastIndex
  if (word === 'O')
    return { token: { kind: 'open', at: { start, end: inner }, name }, entries: Number(hit[1]) }
  const to = inner + Number(hit[1])
  expect(source, to, '}')
  return { token: { kind: 'custom', from: inner, to, at: { start, end: to + 1 }, name }, entries: 0 }
}

function expect(source: string, at: number, signs: string): void {
  if (!source.startsWith(signs, at) || at > source.length) throw broken()
}
