import type { FieldMap } from '../../datamap/model.ts'
import type { Value } from '../../stores/port.ts'
import { shown } from '../encodings/show.ts'
import { isUnreadable } from '../encodings/unreadable.ts'
import { encodingsOf } from '../masks/within.ts'

/** A value as the person gets it: a packed one as it reads, bytes in base64. */
export function shownText(field: FieldMap, value: Value): string | null {
  const encodings = encodingsOf(field)
  if (value === null || !encodings) return asItIs(value)
  try {
    return shown(encodings, value).text
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return asItIs(value)
  }
}

const asItIs = (value: Value): string | null =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
