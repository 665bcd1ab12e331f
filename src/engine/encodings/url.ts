import type { Change, Edit } from './edit.ts'
import { Reading, respell, type Written } from './written.ts'

/** Edits of a percent-encoded text. `+` is a blank where a query or a form stands. What is no escape stands for itself. */
export const urlEdits = (text: string, change: Change): Edit[] =>
  respell(unpercented(text), change(unpercented(text).text, { path: [], role: 'value' }), percented)

export const percented = (text: string): string => encodeURIComponent(text.toWellFormed())

export function unpercented(source: string): Written {
  const reading = new Reading(source)
  const query = source.includes('?') ? source.indexOf('?') : source.includes('=') ? 0 : source.length
  let at = 0
  for (const { index, 0: sign } of source.matchAll(escape)) {
    if (sign === '+' && index < query) continue
    reading.plain(at, index)
    at = index + sign.length
    reading.atom(sign === '+' ? ' ' : decoded(sign), index, at)
  }
  reading.plain(at, source.length)
  return reading.written()
}

/** One character of UTF-8 at a time, or a byte that is none. */
const escape =
  /\+|%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}|%[89a-f][\da-f]/gi

function decoded(sign: string): string {
  try {
    return decodeURIComponent(sign)
  } catch {
    return sign.length === 3 ? String.fromCharCode(Number.parseInt(sign.slice(1), 16)) : sign
  }
}
