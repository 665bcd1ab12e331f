import type { ExportField, ExportRow, RowLink } from '../model.ts'
import { valueOf } from '../files/rows.ts'

/** How much of a collection, and of all together, stands in the page; the files hold everything. */
const maxRows = 100
const maxValue = 4000
const maxCollection = 200_000
const maxPage = 4_000_000

export interface PreviewValue {
  readonly field: ExportField
  readonly text: string
  readonly cut: boolean
}
export interface PreviewRow {
  readonly link: RowLink
  readonly values: readonly PreviewValue[]
  readonly hiddenIn: readonly ExportField[]
}

/** Keeps the first rows for the page while the files are written; memory is bounded by the limits above. */
export interface Preview {
  begin(fields: readonly ExportField[]): { see(row: ExportRow): void; readonly rows: readonly PreviewRow[] }
}

export function openPreview(): Preview {
  let left = maxPage
  return {
    begin(fields) {
      const rows: PreviewRow[] = []
      let leftHere = Math.min(maxCollection, left)
      return {
        rows,
        see(row) {
          if (rows.length >= maxRows || leftHere <= 0) return
          const values = fields.flatMap((field) => shown(field, valueOf(row, field)))
          const size = values.reduce((sum, value) => sum + value.text.length + 100, 100)
          leftHere -= size
          left -= size
          const hidden = new Set(row.redacted)
          rows.push({ link: row.link, values, hiddenIn: fields.filter((field) => hidden.has(field.name)) })
        },
      }
    },
  }
}

function shown(field: ExportField, value: string | null): PreviewValue[] {
  if (value === null || value === '') return []
  const cut = value.length > maxValue
  // Copied, because a slice would keep the whole text alive.
  const text = cut ? Buffer.from(value.slice(0, maxValue), 'utf8').toString('utf8') : value
  return [{ field, text, cut }]
}
