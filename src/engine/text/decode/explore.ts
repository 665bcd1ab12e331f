import { isUtf8 } from 'node:buffer'
import { embedded } from './embedded.ts'
import { unpack, type Stream } from './inflate.ts'
import { kindOf, looksRandom } from './magic.ts'
import { packedIn } from './packed.ts'
import { writings } from './written.ts'
import { wideTexts } from './wide.ts'

/** Why something in a value was not read, for the report. */
export type Unread = 'unpacks to too much' | 'packed too deep' | 'encrypted' | 'packed in an unknown way'

export interface Found {
  /** A text out of the value; `path` says how it was come by, outer to inner. */
  text(text: string, path: readonly string[]): void
  /** A token as long as a hash. */
  token(token: string, path: readonly string[]): void
  unread(why: Unread): void
}

/** How far one value is opened: layers, and bytes and pieces all in all. */
export const limits = { depth: 8, bytes: 64 * 2 ** 20, pieces: 4_000 }

interface Walk {
  readonly found: Found
  readonly seen: Set<string>
  bytes: number
  pieces: number
}
type Path = readonly string[]

/** Opens everything that is written or packed in a text, and hands over each text in it; not the text itself. */
export async function exploreText(text: string, found: Found): Promise<void> {
  await inText(walkOf(found), text, [])
}

/** The same for bytes, which are handed over as text too. */
export async function exploreBytes(bytes: Uint8Array, found: Found, path: Path = []): Promise<void> {
  await inBytes(walkOf(found), asBuffer(bytes), path)
}

const walkOf = (found: Found): Walk => ({ found, seen: new Set(), bytes: 0, pieces: 0 })
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Whether so much more may be looked at; what may not is said. */
function may(walk: Walk, path: Path, size: number): boolean {
  walk.pieces++
  walk.bytes += size
  if (path.length > limits.depth) walk.found.unread('packed too deep')
  else if (walk.pieces > limits.pieces || walk.bytes > limits.bytes * 4)
    walk.found.unread('unpacks to too much')
  else return true
  return false
}

async function inText(walk: Walk, text: string, path: Path): Promise<void> {
  const { tokens, packed } = packedIn(text)
  for (const token of tokens) walk.found.token(token, path)
  for (const { name, bytes } of packed) {
    const id = bytes.toString('latin1')
    if (walk.seen.has(id)) continue
    walk.seen.add(id)
    if (may(walk, [...path, name], bytes.length)) await inBytes(walk, bytes, [...path, name])
  }
  for (const writing of writings) {
    if (!writing.signs.some((sign) => text.includes(sign))) continue
    writing.worth.lastIndex = 0
    if (!writing.worth.test(text)) continue
    const read = writing.read(text)
    if (read === text || walk.seen.has(read)) continue
    if (!may(walk, [...path, writing.name], read.length)) continue
    walk.seen.add(read)
    walk.found.text(read, [...path, writing.name])
    await inText(walk, read, [...path, writing.name])
  }
  if (text.includes('\0') && !/[^\0-\xff]/.test(text)) await inWide(walk, Buffer.from(text, 'latin1'), path)
}

const openable = new Set<string | undefined>(['gzip', 'zlib', 'zstd'])

async function inBytes(walk: Walk, bytes: Buffer, path: Path): Promise<void> {
  if ([16, 20, 32].includes(bytes.length)) walk.found.token(bytes.toString('hex'), path)
  const kind = kindOf(bytes)
  if (openable.has(kind) && (await inStream(walk, kind as Stream, bytes, path))) return
  if (kind === 'encrypted') walk.found.unread('encrypted')
  if (kind === 'packed') walk.found.unread('packed in an unknown way')
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8')
    walk.found.text(text, path)
    await inText(walk, text, path)
    return
  }
  const wide = await inWide(walk, bytes, path)
  for (const text of windows(bytes)) {
    walk.found.text(text, path)
    await inText(walk, text, path)
  }
  let opened = wide
  for await (const piece of embedded(bytes, kind)) {
    if ('unread' in piece) walk.found.unread(piece.unread)
    else if (may(walk, [...path, piece.name], piece.bytes.length)) {
      if (piece.cut) walk.found.unread('unpacks to too much')
      await inBytes(walk, piece.bytes, [...path, piece.name])
    }
    opened = true
  }
  if (opened || kind !== undefined) return
  if (await inStream(walk, 'deflate', bytes, path)) return
  if (path.length <= 1 && looksRandom(bytes)) walk.found.unread('packed in an unknown way')
}

/** A raw deflate stream has no mark: it is one if it ends where the bytes end and text comes out. */
async function inStream(walk: Walk, stream: Stream, bytes: Buffer, path: Path): Promise<boolean> {
  if (path.length >= limits.depth) {
    walk.found.unread('packed too deep')
    return true
  }
  const out = await unpack(stream, bytes, limits.bytes)
  if (!out) return false
  if (stream === 'deflate' && (out.used < bytes.length || out.bytes.length < 6 || !isUtf8(out.bytes)))
    return false
  if (out.cut) walk.found.unread('unpacks to too much')
  if (!may(walk, [...path, stream], out.bytes.length)) return true
  await inBytes(walk, out.bytes, [...path, stream])
  // Several streams one behind the other are one file, and what is behind the last may be anything.
  const rest = bytes.subarray(out.used)
  if (stream !== 'deflate' && rest.length > 8 && may(walk, path, rest.length)) await inBytes(walk, rest, path)
  return true
}

async function inWide(walk: Walk, bytes: Buffer, path: Path): Promise<boolean> {
  let any = false
  for (const text of wideTexts(bytes)) {
    any = true
    if (!may(walk, [...path, 'utf-16'], text.length)) return true
    walk.found.text(text, [...path, 'utf-16'])
    await inText(walk, text, [...path, 'utf-16'])
  }
  return any
}

const windowSize = 4 * 2 ** 20
const overlap = 8 * 2 ** 10

/** Bytes that are no valid text, as text with a mark where they are not: no letter is made up that would hide a word's beginning. */
function* windows(bytes: Buffer): Generator<string> {
  for (let from = 0; ; from += windowSize - overlap) {
    yield bytes.toString('utf8', from, from + windowSize)
    if (from + windowSize >= bytes.length) return
  }
}
