import type { FieldMap } from '../../datamap/model.ts'
import type { Value } from '../../stores/port.ts'
import { rewriteWithin, unpack } from '../encodings/rewrite.ts'
import { shown } from '../encodings/show.ts'
import { isUnreadable } from '../encodings/unreadable.ts'
import { encodingsOf } from '../masks/within.ts'
import { excerpts } from '../text/find.ts'
import { hideOthers } from '../text/others.ts'
import type { Needle } from '../text/needles.ts'

type Country = Parameters<typeof hideOthers>[2]

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

/**
 * A text of a row that is not hers alone, without other people's addresses and numbers; of a row that only names her, what stands
 * around her. Undefined where the value is not packed as the map says: nobody can tell what is in it.
 */
export function sharedText(
  field: FieldMap,
  value: string | Uint8Array,
  hers: readonly Needle[],
  how: { readonly isMention: boolean; readonly country: Country },
): { readonly text: string; readonly isLess: boolean } | undefined {
  try {
    const { text, is } = shown(encodingsOf(field) ?? [], value)
    let isLess = false
    const without = (inner: string): string => {
      const { text: clean, hidden } = hideOthers(inner, hers, how.country)
      isLess ||= hidden > 0
      return clean
    }
    if (!how.isMention) return { text: rewriteWithin(is, text, without) as string, isLess }
    const around = unpack(is, text).flatMap((inner) => excerpts(inner, hers) || [])
    const clean = around.map(without).join('\n')
    return { text: clean, isLess: isLess || clean !== text }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return undefined
  }
}
