import type { Encoding } from '../../datamap/model.ts'
import { openBase64 } from './base64.ts'
import { carried, textOf, uncarried, utf8 } from './bytes.ts'
import { openGzip, openZlib } from './deflate.ts'
import { type Edit, edited } from './edit.ts'
import { jsonEdits } from './json.ts'
import { phpJson } from './php/show.ts'
import { unpercented } from './url.ts'
import { isUnreadable, Unreadable } from './unreadable.ts'
import { yamlJson } from './yaml/show.ts'

/** A packed value as a person can read it, and what that text still is: others in it are hidden inside. */
export interface Shown {
  readonly text: string
  readonly is: readonly Encoding[]
}

/**
 * The inner form of a packed value: JSON as it is, what PHP or YAML says as JSON, a mail or page as it is, anything else as its text.
 * Throws `Unreadable` where the value is not what the encodings say.
 */
export function shown(encodings: readonly Encoding[], value: string | Uint8Array): Shown {
  const [outer, ...rest] = encodings
  if (value.length === 0) return { text: '', is: [] }
  if (outer === undefined) return { text: plain(value), is: [] }
  switch (outer) {
    case 'base64':
      return shown(rest, openBase64(bytesOf(outer, value)).inner)
    case 'gzip':
      return shown(rest, openGzip(bytesOf(outer, value)).inner)
    case 'zlib':
      return shown(rest, openZlib(bytesOf(outer, value)).inner)
    case 'url':
      return shown(rest, unpercented(plain(value)).text)
    case 'json':
      return { text: withInner(plain(value), rest), is: ['json'] }
    case 'yaml':
      return { text: withInner(yamlJson(plain(value)), rest), is: ['json'] }
    case 'php':
      return { text: withInner(fromPhp(value), rest), is: ['json'] }
    case 'html':
      return { text: plain(value), is: ['html'] }
    case 'mime':
      return { text: typeof value === 'string' ? value : (utf8(value) ?? carried(value)), is: ['mime'] }
  }
}

const plain = (value: string | Uint8Array): string => (typeof value === 'string' ? value : textOf(value).text)

function bytesOf(encoding: Encoding, value: string | Uint8Array): Uint8Array {
  if (typeof value !== 'string') return value
  if (/[^\0-\xff]/.test(value)) throw new Unreadable(encoding, 'the value has signs that are no bytes')
  return uncarried(value)
}

function fromPhp(value: string | Uint8Array): string {
  if (typeof value !== 'string') return phpJson(value)
  try {
    return phpJson(Buffer.from(value, 'utf8'))
  } catch (error) {
    if (!isUnreadable(error) || !/^[\0-\xff]*$/.test(value)) throw error
    return phpJson(uncarried(value))
  }
}

/** What is packed in the strings of a value is shown there as it reads. */
function withInner(json: string, rest: readonly Encoding[]): string {
  const inner = (text: string): readonly Edit[] => [
    { start: 0, end: text.length, with: shown(rest, text).text },
  ]
  return edited(
    json,
    jsonEdits(json, (text, { role }) =>
      rest.length === 0 || role !== 'value' || text === '' ? [] : inner(text),
    ),
  )
}
