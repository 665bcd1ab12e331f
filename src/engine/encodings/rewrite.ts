import type { Encoding } from '../../datamap/model.ts'
import type { Value } from '../../stores/port.ts'
import { openBase64 } from './base64.ts'
import { carried, textOf, uncarried } from './bytes.ts'
import { openGzip, openZlib } from './deflate.ts'
import { type Change, difference, type Edit, edited, type Place } from './edit.ts'
import { htmlEdits } from './html.ts'
import { jsonEdits } from './json.ts'
import { rewriteMail } from './mime/entity.ts'
import { rewritePhp } from './php/rewrite.ts'
import { isUnreadable, Unreadable } from './unreadable.ts'
import { urlEdits } from './url.ts'
import type { Opened } from './whole.ts'
import { yamlEdits } from './yaml/edits.ts'

/** What becomes of one text of a packed value: itself, another text, or edits, which keep how everything else in it is written. */
export type Rewrite = (text: string, place: Place) => string | readonly Edit[]

/**
 * A packed value with texts inside it changed and everything else as it was; the very same value where nothing changes. Encodings are
 * named from the outside to the inside. NULL and nothing stay. Throws `Unreadable` where the value is not what the encodings say, or
 * a text cannot be changed without breaking it: then nothing is to be written.
 */
export function rewriteWithin(encodings: readonly Encoding[], value: Value, rewrite: Rewrite): Value {
  if (value === null || value.length === 0) return value
  const change: Change = (text, place) => {
    const now = rewrite(text, place)
    return typeof now === 'string' ? difference(text, now) : now
  }
  return typeof value === 'string'
    ? edited(value, textEdits(encodings, value, change, top))
    : changedBytes(encodings, value, change, top)
}

/** Every text inside a packed value: strings, keys, numbers, headers, parts. Throws `Unreadable` where the value is not what it should be. */
export function unpack(encodings: readonly Encoding[], value: Value): string[] {
  const texts: string[] = []
  rewriteWithin(encodings, value, (text) => {
    if (text !== '') texts.push(text)
    return []
  })
  return texts
}

const top: Place = { path: [], role: 'value' }

/** Edits of a text that is packed in the encodings. */
export function textEdits(
  encodings: readonly Encoding[],
  text: string,
  change: Change,
  place: Place,
): readonly Edit[] {
  const [outer, ...rest] = encodings
  if (outer === undefined) return change(text, place)
  switch (outer) {
    case 'json':
      return jsonEdits(text, inside(rest, change))
    case 'yaml':
      return yamlEdits(text, inside(rest, change))
    case 'html':
      return htmlEdits(text, inside(rest, change))
    case 'url':
      return urlEdits(text, inside(rest, change))
    case 'base64':
    case 'gzip':
    case 'zlib': {
      if (/[^\0-\xff]/.test(text)) throw new Unreadable(outer, 'the value has signs that are no bytes')
      const bytes = uncarried(text)
      const now = changedBytes(encodings, bytes, change, place)
      return now === bytes ? [] : difference(text, carried(now))
    }
    case 'php':
    case 'mime':
      return carriedEdits(outer, encodings, text, change, place)
  }
}

/** Byte lengths are those of UTF-8; where they are not, of a store that keeps one byte for each sign. */
function carriedEdits(
  outer: 'php' | 'mime',
  encodings: readonly Encoding[],
  text: string,
  change: Change,
  place: Place,
): Edit[] {
  if (!text.isWellFormed()) throw new Unreadable(outer, 'half a character stands in the text')
  const bytes = Buffer.from(text, 'utf8')
  try {
    const now = changedBytes(encodings, bytes, change, place)
    return now === bytes ? [] : difference(text, Buffer.from(now).toString('utf8'))
  } catch (error) {
    if (!isUnreadable(error, 'broken') || outer === 'mime' || !/^[\0-\xff]*$/.test(text)) throw error
    const narrow = uncarried(text)
    const now = changedBytes(encodings, narrow, change, place)
    return now === narrow ? [] : difference(text, carried(now))
  }
}

function changedBytes(
  encodings: readonly Encoding[],
  bytes: Uint8Array,
  change: Change,
  place: Place,
): Uint8Array {
  const [outer, ...rest] = encodings
  if (outer === undefined) return changedText(encodings, bytes, change, place)
  switch (outer) {
    case 'base64':
      return reclosed(openBase64(bytes), bytes, rest, change, place)
    case 'gzip':
      return reclosed(openGzip(bytes), bytes, rest, change, place)
    case 'zlib':
      return reclosed(openZlib(bytes), bytes, rest, change, place)
    case 'php':
      return rewritePhp(bytes, inside(rest, change))
    case 'mime':
      return rewriteMail(bytes, inside(rest, change))
    case 'json':
    case 'yaml':
    case 'html':
    case 'url':
      return changedText(encodings, bytes, change, place)
  }
}

function changedText(
  encodings: readonly Encoding[],
  bytes: Uint8Array,
  change: Change,
  place: Place,
): Uint8Array {
  const { text, back } = textOf(bytes)
  const edits = textEdits(encodings, text, change, place)
  return edits.length === 0 ? bytes : back(edited(text, edits))
}

function reclosed(
  opened: Opened,
  bytes: Uint8Array,
  rest: readonly Encoding[],
  change: Change,
  place: Place,
): Uint8Array {
  if (opened.inner.length === 0) return bytes
  const inner = changedBytes(rest, opened.inner, change, place)
  return inner === opened.inner ? bytes : opened.close(inner)
}

/** For the texts inside: strings are packed further, keys and numbers are what they are. */
const inside =
  (rest: readonly Encoding[], change: Change): Change =>
  (text, place) =>
    rest.length === 0 || text === '' || place.role !== 'value'
      ? change(text, place)
      : textEdits(rest, text, change, place)
