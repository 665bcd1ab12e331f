import { uncarried, utf8 } from './bytes.ts'
import { Unreadable } from './unreadable.ts'
import { Reading, type Written } from './written.ts'

interface Charset {
  read(bytes: string): Written
  /** Throws `Unreadable` for a sign that the charset has not. */
  write(text: string): string
}

/**
 * Bytes (one in a sign) as the text they are by the charset's name in a mail, and the bytes of new text in it. What is valid UTF-8
 * beyond ASCII is read as such whatever the name says, and what claims to be and is not is read as windows-1252, as an unknown
 * name is: mail programs do the same.
 */
export function inCharset(
  label: string,
  bytes: string,
): { readonly written: Written; write(text: string): string } {
  const one = charset(known(label), bytes)
  return { written: one.read(bytes), write: (text) => one.write(text) }
}

function charset(name: string | undefined, bytes: string): Charset {
  const declared = name === 'utf-8' ? undefined : (wide(name, bytes) ?? multibyte(name))
  if (declared && /^(utf-16|iso-2022)/.test(name ?? '')) return declared
  const isAscii = !/[\x80-\xff]/.test(bytes)
  const isUnicode = isAscii ? name === 'utf-8' : utf8(uncarried(bytes)) !== undefined
  if (isUnicode) return unicode
  return declared ?? singleByte(name === 'utf-8' ? undefined : name)
}

/** The label's name for a decoder. */
function known(label: string): string | undefined {
  const name = label.trim().toLowerCase()
  if (name === '' || name === 'utf-8' || name === 'us-ascii' || name === 'ascii') return 'utf-8'
  try {
    return new TextDecoder(name).encoding
  } catch {
    return undefined
  }
}

const unicode: Charset = {
  read(bytes) {
    const reading = new Reading(bytes)
    let at = 0
    for (const { index, 0: sign } of bytes.matchAll(/[\xc0-\xff][\x80-\xbf]+/g)) {
      reading.plain(at, index)
      at = index + sign.length
      reading.atom(uncarried(sign).toString('utf8'), index, at)
    }
    reading.plain(at, bytes.length)
    return reading.written()
  },
  write: (text) => Buffer.from(text, 'utf8').toString('latin1'),
}

const singleBytes = new Map<string, Charset>()

/** Of 256 signs: what the decoder says each byte is, turned round. */
function singleByte(name = 'windows-1252'): Charset {
  const made = singleBytes.get(name)
  if (made) return made
  const signs = new TextDecoder(name).decode(Uint8Array.from({ length: 256 }, (_, n) => n))
  const bytes = new Map(signs.split('').map((sign, n) => [sign, String.fromCharCode(n)]))
  const one: Charset = {
    read(source) {
      const reading = new Reading(source)
      reading.plain(
        0,
        source.length,
        source.replace(/[\x80-\xff]/g, (byte) => signs[byte.charCodeAt(0)] ?? byte),
      )
      return reading.written()
    },
    write: (text) =>
      text.replace(/[^\0-\x7f]/gu, (sign) => {
        const byte = bytes.get(sign)
        if (byte === undefined)
          throw new Unreadable('mime', `the charset ${name} lacks a sign of the new text`, 'stuck')
        return byte
      }),
  }
  singleBytes.set(name, one)
  return one
}

/** Two bytes a sign. Without a mark UTF-16 is read as little-endian, as browsers do. */
function wide(name: string | undefined, bytes: string): Charset | undefined {
  if (name !== 'utf-16le' && name !== 'utf-16be') return undefined
  const swap = (raw: Buffer) => raw.subarray(0, raw.length - (raw.length % 2)).swap16()
  const isBig = name === 'utf-16be' || bytes.startsWith('\xfe\xff')
  return {
    read(source) {
      const raw = uncarried(source)
      const text = (isBig ? swap(raw) : raw).toString('utf16le')
      const reading = new Reading(source)
      for (let n = 0; n < text.length; n++) reading.atom(text.charAt(n), 2 * n, 2 * n + 2)
      return reading.written()
    },
    write(text) {
      const raw = Buffer.from(text, 'utf16le')
      return (isBig ? raw.swap16() : raw).toString('latin1')
    },
  }
}

/** Big5, GBK, Shift_JIS and their like: read byte by byte, to see where each sign begins. New text must be ASCII. */
function multibyte(name: string | undefined): Charset | undefined {
  if (name === undefined || !/^(gb|big5|euc|shift|iso-2022)/.test(name)) return undefined
  return {
    read(source) {
      const decoder = new TextDecoder(name)
      const reading = new Reading(source)
      let from = 0
      for (let at = 0; at < source.length; at++) {
        const text = decoder.decode(uncarried(source.charAt(at)), { stream: true })
        if (text === '') continue
        if (at === from && text === source[at]) reading.plain(from, at + 1)
        else reading.atom(text, from, at + 1)
        from = at + 1
      }
      reading.atom(decoder.decode(), from, source.length)
      return reading.written()
    },
    write(text) {
      // Between the escapes of ISO-2022 nothing can be put in safely.
      if (name.startsWith('iso-2022') || /[^\0-\x7f]/.test(text))
        throw new Unreadable('mime', `the charset ${name} is only read`, 'stuck')
      return text
    },
  }
}
