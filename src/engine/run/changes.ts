import type { Keys } from '../../ops/sealing.ts'
import type { Row, Value } from '../../stores/port.ts'
import { isUnreadable } from '../encodings/unreadable.ts'
import { type ColumnMask, isSame } from '../masks/mask.ts'
import { evidenceDigest } from '../plan/evidence.ts'
import type { WorkItem } from '../tables.ts'
import type { Needle } from '../text/needles.ts'

export type Unread = Readonly<Record<string, number>>

export const isStillHers = (keys: Keys, item: WorkItem, row: Row): boolean =>
  item.digest === undefined || item.digest === evidenceDigest(keys, item.key, item.via, row)

/** Counts the rows of each column whose value cannot be read. */
export function unreadCounter(): [Unread, (column: string) => void] {
  const counts = Object.create(null) as Record<string, number>
  return [counts, (column) => void (counts[column] = (counts[column] ?? 0) + 1)]
}

/** The columns that a mask would still change; none for a row in its erased form. What cannot be read is noted and stays. */
export function changes(
  row: Row,
  masks: readonly ColumnMask[],
  hers: readonly Needle[],
  unread: (column: string) => void = () => undefined,
): Record<string, Value> {
  // A column may be called __proto__.
  const set = Object.create(null) as Record<string, Value>
  for (const mask of masks) {
    try {
      const value = mask.of(row, hers)
      if (!isSame(row[mask.column] ?? null, value)) set[mask.column] = value
    } catch (error) {
      if (!isUnreadable(error)) throw error
      unread(mask.column)
    }
  }
  return set
}
