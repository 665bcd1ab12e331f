import { Unreadable } from './unreadable.ts'

/** Bytes as a text of one sign each: places in the one are places in the other. */
export const carried = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
export const uncarried = (text: string): Buffer => Buffer.from(text, 'latin1')

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of UTF-8, or undefined where the bytes are none. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Bytes as text, and the way back: UTF-8, UTF-16 with its mark, else one sign a byte. Throws `Unreadable` for what is no text at all.
 */
export function textOf(bytes: Uint8Array): { readonly text: string; back(text: string): Buffer } {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe && bytes.length % 2 === 0)
    return { text: Buffer.from(bytes).toString('utf16le'), back: (text) => Buffer.from(text, 'utf16le') }
  if (a === 0xfe && b === 0xff && bytes.length % 2 === 0)
    return {
      text: Buffer.from(bytes).swap16().toString('utf16le'),
      back: (text) => Buffer.from(text, 'utf16le').swap16(),
    }
  const text = utf8(bytes) ?? carried(bytes)
  if (isBinary(text)) throw new Unreadable('text', 'the bytes are no text')
  return utf8(bytes) === undefined
    ? { text, back: narrow }
    : { text, back: (changed) => Buffer.from(changed, 'utf8') }
}

/** Whether signs stand there that no text has: control characters but blanks, line ends and escape. */
export const isBinary = (text: string): boolean => /[^\P{Cc}\s\x7f-\x9f]/u.test(text.replaceAll('\u001b', ''))

function narrow(text: string): Buffer {
  if (/[^\0-\xff]/.test(text))
    throw new Unreadable('text', 'the new text has signs that the old one cannot hold', 'stuck')
  return uncarried(text)
}
