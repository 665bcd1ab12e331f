import type { Encoding, FieldMap } from '../../datamap/model.ts'
import type { Value } from '../../stores/port.ts'
import { carried, textOf } from '../encodings/bytes.ts'
import { edited } from '../encodings/edit.ts'
import { rewriteWithin } from '../encodings/rewrite.ts'
import { isUnreadable, Unreadable } from '../encodings/unreadable.ts'
import type { Needle } from '../text/needles.ts'
import { redactions } from '../text/redact.ts'

/** What the values of a field are packed in: as the map says, or JSON where the map names fields inside it. */
export const encodingsOf = (field: FieldMap): readonly Encoding[] | undefined =>
  field.encoding ?? (field.nested ? ['json'] : undefined)

/**
 * A value without what is hers, in the packing it has; the very same value where nothing is. Throws `Unreadable` where it cannot be read,
 * or cannot lose it and stay what it is.
 */
export function withoutHer(field: FieldMap, value: Value, hers: readonly Needle[], mark: string): Value {
  const encodings = encodingsOf(field)
  if (encodings) return rewriteWithin(encodings, value, (text) => redactions(text, hers, mark))
  if (value === null) return null
  if (typeof value === 'string') return edited(value, redactions(value, hers, mark))
  const { text, back } = readable(value)
  const edits = redactions(text, hers, mark)
  return edits.length === 0 ? value : back(edited(text, edits))
}

/** Bytes of which nothing is said: a text, or something that is only searched. */
function readable(bytes: Uint8Array): ReturnType<typeof textOf> {
  try {
    return textOf(bytes)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    const back = () => {
      throw new Unreadable('text', 'a text stands in bytes that cannot be edited', 'stuck')
    }
    return { text: carried(bytes), back }
  }
}
