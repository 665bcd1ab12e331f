import { carried, uncarried } from '../bytes.ts'
import { inCharset } from '../charset.ts'
import type { Reading } from '../written.ts'

/** `=?utf-8?Q?S=C3=B8ren?=`, one or several with nothing but blanks between them. */
export const encodedWords =
  /=\?[^?\s]+\?[bq]\?[^?\r\n]*\?=(?:(?:[ \t]|\r?\n[ \t])+=\?[^?\s]+\?[bq]\?[^?\r\n]*\?=)*/gi
const encodedWord = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\r\n]*)\?=/gi

/** Reads a run of encoded words (RFC 2047) as one atom, which is written again in the charset and coding of its first word. */
export function readWords(reading: Reading, run: string, at: number, lineEnd: string): void {
  const words = [...run.matchAll(encodedWord)].map(([, label = '', coding = '', data = '']) => ({
    label: label.toLowerCase(),
    coding: coding.toLowerCase(),
    bytes: coding.toLowerCase() === 'b' ? carried(Buffer.from(data, 'base64')) : unquotedWord(data),
  }))
  // A character may be cut in two between words of one charset.
  const parts: { label: string; bytes: string }[] = []
  for (const { label, bytes } of words) {
    const last = parts.at(-1)
    if (last?.label === label) last.bytes += bytes
    else parts.push({ label, bytes })
  }
  const text = parts.map(({ label, bytes }) => inCharset(label, bytes).written.text).join('')
  const [first] = words
  reading.atom(text, at, at + run.length, (changed) =>
    wordsFor(changed, first?.label ?? 'utf-8', first?.coding === 'b', lineEnd),
  )
}

const unquotedWord = (data: string): string =>
  data
    .replace(/_/g, ' ')
    .replace(/=([\da-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)))

/** At most 75 signs a word (RFC 2047, 2), and whole characters in each. */
export function wordsFor(text: string, label: string, isBase64: boolean, lineEnd: string): string {
  const charset = canWrite(text, label) ? label : 'utf-8'
  const [head, room] = [`=?${charset}?${isBase64 ? 'B' : 'Q'}?`, 75 - charset.length - 7]
  const words: string[] = []
  let [data, signs] = ['', '']
  for (const sign of text) {
    const next = coded(signs + sign, charset, isBase64)
    if (next.length > room && signs !== '') {
      words.push(data)
      ;[signs, data] = [sign, coded(sign, charset, isBase64)]
    } else [signs, data] = [signs + sign, next]
  }
  return [...words, data].map((word) => `${head}${word}?=`).join(`${lineEnd} `)
}

function canWrite(text: string, label: string): boolean {
  try {
    inCharset(label, '').write(text)
    return true
  } catch {
    return false
  }
}

function coded(text: string, label: string, isBase64: boolean): string {
  const bytes = inCharset(label, '').write(text)
  if (isBase64) return uncarried(bytes).toString('base64')
  return bytes.replace(/[^\w!*+\-/]|_/g, (byte) =>
    byte === ' ' ? '_' : `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
