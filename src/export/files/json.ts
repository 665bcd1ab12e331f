import type { ExportField, ExportRow } from '../model.ts'
import { type ExtraNames, pieceLength, valueOf } from './rows.ts'

/** An array of objects, one row a line, exactly as the store holds the values. */
export async function* jsonRows(
  fields: readonly ExportField[],
  extra: ExtraNames,
  rows: AsyncIterable<ExportRow>,
): AsyncGenerator<string> {
  let piece = '['
  let separator = '\n'
  for await (const row of rows) {
    piece += separator + JSON.stringify(jsonRow(fields, extra, row))
    separator = ',\n'
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield `${piece}\n]\n`
}

function jsonRow(fields: readonly ExportField[], extra: ExtraNames, row: ExportRow): Record<string, unknown> {
  // Without a prototype, so that a column named __proto__ is a column.
  const object = Object.create(null) as Record<string, unknown>
  for (const field of fields) object[field.name] = valueOf(row, field)
  object[extra.link] = row.link
  object[extra.redacted] = row.redacted
  return object
}
