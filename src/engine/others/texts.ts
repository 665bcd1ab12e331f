import type { CollectionMap, FieldMap } from '../../datamap/model.ts'
import { isPersonal } from '../../datamap/taxonomy.ts'
import { type Edit, edited } from '../encodings/edit.ts'
import { rewriteWithin, unpack } from '../encodings/rewrite.ts'
import { type Shown, shown } from '../encodings/show.ts'
import { isUnreadable } from '../encodings/unreadable.ts'
import { encodingsOf } from '../masks/within.ts'
import type { WorkItem } from '../tables.ts'
import { excerpts, type Span } from '../text/find.ts'
import type { Needle } from '../text/needles.ts'
import { type Other, type OthersIn, otherMark } from '../text/others.ts'
import { editsInside } from '../text/redact.ts'

/** A field in which other people may stand beside her: free text, packed values, lists of addresses. */
export const isText = (field: FieldMap): boolean =>
  !field.secret &&
  !field.name.includes('.') &&
  (field.freeText || field.list === true || !!encodingsOf(field))

/** Whether a field of a row is copied at all: in a row that is not hers, what is personal is only what led to her, and texts. */
export const isCopied = (field: FieldMap, item: Pick<WorkItem, 'link' | 'via'>): boolean =>
  item.link === 'owned' || field.freeText || !field.categories.some(isPersonal) || reaches(item, field.name)

/** Whether the row was reached through a field, or through what lies inside it. */
const reaches = ({ via }: Pick<WorkItem, 'via'>, field: string): boolean =>
  via.some((name) => name === field || name.startsWith(`${field}.`))

export const textFields = ({ fields }: CollectionMap): FieldMap[] => fields.filter(isText)

/** The text around a place, and where in it the place is. */
export interface Around extends Span {
  readonly text: string
}

/** What is withheld of a text. */
export interface Reading {
  /** Whose identifiers are hers: what stands around them is all that is copied of a row that only names her. */
  readonly hers: readonly Needle[]
  readonly others: OthersIn
  /** Whether this one is withheld here; told each one that is met, with the text around. */
  hides(other: Other, around: Around): boolean
}

/**
 * A text as it is copied: others in it that are withheld are marked, in whatever it is packed in, and everything else is as it was; of
 * a row that only names her, what stands around her. Undefined where nobody can tell what is in it.
 */
export function copiedText(
  field: FieldMap,
  value: string | Uint8Array,
  item: Pick<WorkItem, 'link'>,
  reading: Reading,
): { readonly text: string; readonly isLess: boolean } | undefined {
  const read = readable(field, value, item)
  if (!read) return undefined
  const { text, is } = read
  try {
    if (item.link === 'mentioned') {
      const around = unpack(is, text).flatMap((inner) => excerpts(inner, reading.hers) || [])
      const clean = around.map((inner) => edited(inner, editsInside(inner, hidden(reading)))).join('\n')
      return { text: clean, isLess: clean !== text }
    }
    const plain = hidden(reading)
    const clean = rewriteWithin(is, text, (inner, { role, path }) => {
      if (role === 'number' && inner.length < 10) return []
      if (is.length === 0) return editsInside(inner, plain)
      return ids.has(String(path.at(-1))) ? [] : plain(inner)
    }) as string
    return { text: clean, isLess: clean !== text }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return undefined
  }
}

/** What cannot be read is nobody's to tell; in a row of hers it is copied as it is. */
function readable(
  field: FieldMap,
  value: string | Uint8Array,
  item: Pick<WorkItem, 'link'>,
): Shown | undefined {
  try {
    return shown(encodingsOf(field) ?? [], value)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return item.link === 'owned' && typeof value === 'string' ? { text: value, is: [] } : undefined
  }
}

/** Headers of a mail whose values look like addresses and are none. */
const ids: ReadonlySet<string> = new Set(['message-id', 'in-reply-to', 'references', 'content-id'])

/** So much of the text around a passage tells an officer what it is. */
const around = 90

const hidden =
  ({ others, hides }: Reading) =>
  (text: string): Edit[] =>
    others(text)
      .filter((other) => hides(other, aroundOf(text, other)))
      .map(({ start, end }) => ({ start, end, with: otherMark }))

function aroundOf(text: string, { start, end }: Span): Around {
  const from = Math.max(0, start - around)
  return { text: text.slice(from, Math.min(text.length, end + around)), start: start - from, end: end - from }
}
