import { unpack, type Stream } from './inflate.ts'
import { isZlib, type Kind } from './magic.ts'
import type { Unread } from './explore.ts'

export type Piece =
  | { readonly name: string; readonly bytes: Buffer; readonly cut: boolean }
  | { readonly unread: Unread }

/** Chance makes a mark of four in 65,536 places; who puts in more wants us to try them all. */
const mostTries = (bytes: Buffer): number => 1_000 + (bytes.length >> 13)
const mostBytes = 64 * 2 ** 20

/** Streams inside a file: parts of a zip (office documents too), a PDF's streams, a PNG's text, gzip and zlib anywhere else. */
export async function* embedded(bytes: Buffer, kind: Kind | undefined): AsyncGenerator<Piece> {
  if (kind === 'encrypted' || kind === 'packed') return
  if (kind === 'png') return yield* pngTexts(bytes)
  if (kind === 'pdf' && bytes.includes('/Encrypt')) yield { unread: 'encrypted' }
  if (bytes.includes('PK\x03\x04', 0, 'latin1')) yield* zipParts(bytes)
  // Sound and pictures hold their text as it is.
  if (kind !== 'media') yield* streams(bytes, kind === 'pdf')
}

async function* zipParts(bytes: Buffer): AsyncGenerator<Piece> {
  let tries = 0
  for (let at = bytes.indexOf('PK\x03\x04', 0, 'latin1'); at >= 0; ) {
    let next = at + 4
    if (at + 30 <= bytes.length) {
      const [flags, method] = [bytes.readUInt16LE(at + 6), bytes.readUInt16LE(at + 8)]
      const data = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
      if (++tries > mostTries(bytes)) return yield { unread: 'unpacks to too much' }
      if ((flags & 1) === 1) yield { unread: 'encrypted' }
      else if (method === 8) {
        const part = await unpack('deflate', bytes.subarray(data), mostBytes)
        if (part) yield { name: 'zip', bytes: part.bytes, cut: part.cut }
        if (part) next = data + Math.max(0, part.used - 8)
      } else if (method !== 0) yield { unread: 'packed in an unknown way' }
    }
    at = bytes.indexOf('PK\x03\x04', Math.min(next, bytes.length), 'latin1')
  }
}

async function* streams(bytes: Buffer, isPdf: boolean): AsyncGenerator<Piece> {
  let tries = 0
  for (let at = nextMark(bytes, 1); at >= 0; ) {
    let next = at + 1
    const stream: Stream = bytes[at] === 0x1f ? 'gzip' : 'zlib'
    if (!(isPdf && isPicture(bytes, at))) {
      if (++tries > mostTries(bytes)) return yield { unread: 'unpacks to too much' }
      const out = await unpack(stream, bytes.subarray(at), mostBytes)
      if (out && out.bytes.length >= 6) {
        yield { name: isPdf ? 'pdf' : stream, bytes: isPdf ? pdfText(out.bytes) : out.bytes, cut: out.cut }
        next = at + Math.max(1, out.used)
      }
    }
    at = nextMark(bytes, next)
  }
}

/** Where gzip or zlib may begin; not at the very beginning: that was looked at. */
function nextMark(bytes: Buffer, from: number): number {
  const gzip = bytes.indexOf('\x1f\x8b\x08', from, 'latin1')
  let zlib = bytes.indexOf(0x78, from)
  while (zlib >= 0 && (gzip < 0 || zlib < gzip) && !mayBegin(bytes, zlib))
    zlib = bytes.indexOf(0x78, zlib + 1)
  if (zlib < 0) return gzip
  return gzip < 0 ? zlib : Math.min(gzip, zlib)
}

/** The first block is of a kind that there is; a stored one says its length twice. */
function mayBegin(bytes: Buffer, at: number): boolean {
  if (!isZlib(bytes, at) || at + 6 > bytes.length) return false
  const kind = ((bytes[at + 2] as number) >> 1) & 3
  if (kind !== 0) return kind !== 3
  return at + 7 <= bytes.length && (bytes.readUInt16LE(at + 3) ^ bytes.readUInt16LE(at + 5)) === 0xffff
}

const isPicture = (bytes: Buffer, at: number): boolean => {
  const before = bytes.toString('latin1', Math.max(0, at - 500), at)
  return before.slice(before.lastIndexOf('obj') + 1).includes('/Image')
}

/** A PDF draws a word in pieces with their distances between: `[(an) -2 (n.lee)] TJ`. */
function pdfText(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  if (!/T[jJ]\b/.test(text)) return bytes
  return Buffer.from(
    text.replace(/\)\s{0,8}-?[\d.]{0,12}\s{0,8}\(/g, '').replace(/>\s{0,8}-?[\d.]{0,12}\s{0,8}</g, ''),
    'latin1',
  )
}

async function* pngTexts(bytes: Buffer): AsyncGenerator<Piece> {
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (name === 'zTXt' || name === 'iTXt' || name === 'iCCP')
      for (let from = data.indexOf(0x78); from >= 0; from = data.indexOf(0x78, from + 1)) {
        const out = isZlib(data, from) ? await unpack('zlib', data.subarray(from), mostBytes) : undefined
        if (!out) continue
        yield { name: 'png', bytes: out.bytes, cut: out.cut }
        break
      }
    at += 12 + length
  }
}
