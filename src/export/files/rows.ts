import { crc32 } from 'node:zlib'
import type { ExportField, ExportRow } from '../model.ts'

/** Text pieces are gathered to about this many UTF-16 units before they go on. */
export const pieceLength = 64 * 1024

/** The names under which JSON and CSV say how a row is hers and what was hidden; a field of that name pushes them aside. */
export interface ExtraNames {
  readonly link: string
  readonly redacted: string
}

export function extraNames(fields: readonly ExportField[]): ExtraNames {
  const known = new Set(fields.map((field) => field.name))
  const free = (name: string): string => (known.has(name) ? free(`_${name}`) : name)
  return { link: free('_link'), redacted: free('_redacted') }
}

export const valueOf = (row: ExportRow, field: ExportField): string | null =>
  Object.hasOwn(row.values, field.name) ? (row.values[field.name] ?? null) : null

/** Tells two readings of a collection apart. A guard against a source that changed meanwhile, not a proof. */
export interface RowCheck {
  add(row: ExportRow): void
  readonly rows: number
  readonly sum: number
}

export function rowCheck(fields: readonly ExportField[]): RowCheck {
  let rows = 0
  let sum = 0
  return {
    add(row) {
      rows++
      sum = crc32(row.link, sum)
      for (const field of fields) {
        const value = valueOf(row, field)
        sum = value === null ? crc32('\u0001', sum) : crc32(`\u0002${value}`, sum)
      }
    },
    get rows() {
      return rows
    },
    get sum() {
      return sum
    },
  }
}
