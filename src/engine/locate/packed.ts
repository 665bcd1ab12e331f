import type { Encoding } from '../../datamap/model.ts'
import type { Value } from '../../stores/port.ts'
import { openBase64 } from '../encodings/base64.ts'
import { carried } from '../encodings/bytes.ts'
import { openGzip, openZlib } from '../encodings/deflate.ts'
import { rewriteWithin, unpack } from '../encodings/rewrite.ts'
import { isUnreadable } from '../encodings/unreadable.ts'
import { jsonAt, jsonScalars } from './json.ts'

/**
 * Texts inside a packed value. What a program packed that is no text (Ruby's Marshal in base64) is one text of all its bytes: it can be
 * searched, never redacted. What is not packed as the map says holds nothing to go by; the verification reads it all the same.
 */
export function unpacked(encoding: readonly Encoding[], value: Value): string[] {
  if (encoding.every((one) => one === 'json')) return jsonScalars(value)
  try {
    return unpack(encoding, value)
  } catch (error) {
    if (isUnreadable(error)) return bytesIn(encoding, value)
    throw error
  }
}

/** Texts and numbers at a path inside a packed value; a list on the way stands for each of its elements. */
export function unpackedAt(encoding: readonly Encoding[], value: Value, path: readonly string[]): string[] {
  if (encoding.every((one) => one === 'json')) return jsonAt(value, path)
  const texts: string[] = []
  const wanted = JSON.stringify(path)
  try {
    rewriteWithin(encoding, value, (text, place) => {
      const names = place.path.filter((step) => typeof step === 'string')
      if (place.role !== 'key' && JSON.stringify(names) === wanted) texts.push(text)
      return []
    })
  } catch (error) {
    if (!isUnreadable(error)) throw error
  }
  return texts
}

const openers = { base64: openBase64, gzip: openGzip, zlib: openZlib } as const

function bytesIn(encoding: readonly Encoding[], value: Value): string[] {
  let bytes: Uint8Array =
    typeof value === 'string' ? Buffer.from(value, 'latin1') : (value ?? Buffer.alloc(0))
  try {
    for (const one of encoding) {
      if (!(one in openers)) return []
      bytes = openers[one as keyof typeof openers](bytes).inner
    }
  } catch (error) {
    if (isUnreadable(error)) return []
    throw error
  }
  return [carried(bytes)]
}
