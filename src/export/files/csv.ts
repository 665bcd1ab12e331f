import { stringify } from 'csv-stringify/sync'
import type { ExportField, ExportRow } from '../model.ts'
import { type ExtraNames, pieceLength, valueOf } from './rows.ts'

/**
 * RFC 4180 in UTF-8 with a header, CRLF. A cell that a spreadsheet would run as a formula gets an apostrophe in front
 * (a phone number too); NUL becomes U+FFFD, because readers stop at it. NULL is an empty cell, empty text is `""`.
 * The JSON beside it is exact.
 */
export async function* csvRows(
  fields: readonly ExportField[],
  extra: ExtraNames,
  rows: AsyncIterable<ExportRow>,
): AsyncGenerator<string> {
  let records: (string | null)[][] = [
    [...fields.map((field) => guarded(field.name)), extra.link, extra.redacted],
  ]
  let length = 0
  for await (const row of rows) {
    const record = fields.map((field) => guarded(valueOf(row, field)))
    records.push([...record, row.link, row.redacted.join(' ')])
    for (const cell of record) length += cell?.length ?? 0
    if (length < pieceLength) continue
    yield lines(records)
    records = []
    length = 0
  }
  yield lines(records)
}

// csv-stringify guards = + - @, tab, CR and their full-width twins; a line feed in front is also skipped by spreadsheets.
const guarded = (value: string | null): string | null => {
  if (value === null) return null
  const text = value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value
  return text.startsWith('\n') ? `'${text}` : text
}

const lines = (records: (string | null)[][]): string =>
  stringify(records, {
    escape_formulas: true,
    quoted_match: /^$/,
    quote_record_delimiter: true,
    record_delimiter: 'windows',
  })
