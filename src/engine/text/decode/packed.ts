import { isUtf8 } from 'node:buffer'
import { longRuns } from './runs.ts'
import { kindOf } from './magic.ts'

export interface Packed {
  readonly name: 'base64' | 'hex'
  readonly bytes: Buffer
}

export interface PackedIn {
  /** Tokens as long as a hash. */
  readonly tokens: readonly string[]
  readonly packed: readonly Packed[]
}

/** What stands in base64 or hexadecimal in a text, and reads as something: well formed, and text or a known kind of file inside. */
export function packedIn(text: string): PackedIn {
  const tokens = new Set<string>()
  const packed: Packed[] = []
  const seen = new Set<string>()
  let done = 0
  longRuns(text, (start, end) => {
    const token = text.slice(start, end)
    if (hashToken.test(token)) tokens.add(token)
    const asHex = fromHex(text, start, end)
    if (asHex) packed.push({ name: 'hex', bytes: asHex })
    if (end <= done) return
    const block = blockAt(text, start, end)
    done = block.end
    for (const signs of block.ways) {
      if (bareToken.test(signs)) tokens.add(signs)
      if (seen.has(signs)) continue
      seen.add(signs)
      const bytes = fromBase64(signs)
      if (bytes) packed.push({ name: 'base64', bytes })
    }
  })
  return { tokens: [...tokens], packed }
}

/** Hash-long tokens of a text, without opening anything. */
const hashToken = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i
const bareToken = /^(?:[\w+/-]{22}|[\w+/-]{27}|[\w+/-]{43})$/

function fromHex(text: string, start: number, end: number): Buffer | undefined {
  let from = start
  if (text[from] === '0' && /x/i.test(text[from + 1] ?? '')) from += 2
  else if (text[from] === 'x') from += 1
  const digits = text.slice(from, end)
  if (digits.length < 12 || digits.length % 2 === 1 || !/^[0-9a-f]+$/i.test(digits)) return undefined
  const bytes = Buffer.from(digits, 'hex')
  return readsAsSomething(bytes) ? bytes : undefined
}

/** All of base64's signs around a run, lines below it that go on with it, and the run alone: a path's slash is one of them too. */
function blockAt(text: string, start: number, end: number): { ways: string[]; end: number } {
  let from = start
  while (from > 0 && isSign(text.charCodeAt(from - 1))) from--
  let to = signsEnd(text, end)
  const one = text.slice(from, to)
  const alone = text.slice(start, end)
  const ways = [one]
  if (alone !== one) ways.push(alone, text.slice(start, to))
  const width = to - from
  const lines = [one]
  for (let line = nextLine(text, to); line !== undefined && width >= 20; line = nextLine(text, to)) {
    const lineEnd = signsEnd(text, line)
    if (lineEnd - line > width || lineEnd === line) break
    lines.push(text.slice(line, lineEnd))
    to = lineEnd
    if (lineEnd - line < width) break
  }
  if (lines.length > 1) ways.unshift(lines.join(''))
  return { ways, end: to }
}

const lineBreak = /(?:\r\n?|\n)[ \t]{0,40}/y
function nextLine(text: string, at: number): number | undefined {
  lineBreak.lastIndex = at
  return lineBreak.test(text) ? lineBreak.lastIndex : undefined
}

const isSign = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 47 && code <= 57) ||
  code === 43 ||
  code === 45 ||
  code === 95

function signsEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && isSign(text.charCodeAt(end))) end++
  return end
}

function fromBase64(signs: string): Buffer | undefined {
  if (signs.length < 8 || signs.length % 4 === 1) return undefined
  if (/[-_]/.test(signs) && /[+/]/.test(signs)) return undefined
  const bytes = Buffer.from(signs, 'base64')
  return readsAsSomething(bytes) ? bytes : undefined
}

/** Chance makes eight bytes of text out of a word seldom, a known kind of file or a long binary one never. */
function readsAsSomething(bytes: Buffer): boolean {
  if (kindOf(bytes) !== undefined) return true
  if (isUtf8(bytes)) return !hasControls(bytes)
  return bytes.length >= 144 || isWide(bytes)
}

function hasControls(bytes: Buffer): boolean {
  const most = bytes.length >> 4
  let controls = 0
  for (const byte of bytes)
    if (byte < 9 || (byte > 13 && byte < 27) || byte === 127)
      if (++controls > most && !isWide(bytes)) return true
  return false
}

/** Every second byte zero: UTF-16. */
function isWide(bytes: Buffer): boolean {
  let zeros = 0
  const end = Math.min(bytes.length, 64)
  for (let i = 0; i < end; i++) if (bytes[i] === 0) zeros++
  return end >= 8 && zeros * 2 >= end - 4
}
