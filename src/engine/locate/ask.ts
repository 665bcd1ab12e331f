import type { IdentityPolicy } from '../../base/identity.ts'
import type { CollectionMap, FieldMap } from '../../datamap/model.ts'
import type { Match, Row, StoreReader } from '../../stores/port.ts'
import { rowFilter } from './columns.ts'
import { placeOf, questionsFor, standing, valuesIn } from './values.ts'

type Format = FieldMap['format']

/** Values in one IN list: every store takes this many parameters. */
const chunkSize = 500

/**
 * Rows of a collection whose field holds one of the values. The store answers candidates by its own rules (letter case,
 * collation, phone spellings); each is confirmed here by code point of the normal form, so a store's idea of "equal" is never the last word.
 */
export async function* ask(
  reader: StoreReader,
  collection: CollectionMap,
  question: {
    readonly field: string
    readonly format: Format
    readonly values: readonly string[]
    readonly columns: readonly string[]
  },
  policy: IdentityPolicy,
): AsyncGenerator<Row> {
  const place = placeOf(collection, question.field)
  const wanted = new Set(question.values.map((value) => standing(place, value)))
  for (const match of matchesFor()) {
    const pages = reader.rows({
      table: collection.table,
      columns: question.columns,
      key: collection.key,
      where: rowFilter(collection),
      ...(match && { match: { column: place.column, ...match } }),
    })
    for await (const page of pages)
      for (const row of page) {
        const values = valuesIn(place, row[place.column] ?? null, question.format, policy)
        if (values.some((value) => wanted.has(value))) yield row
      }
  }

  /** Undefined: no question narrows it down, so every row is read, once. */
  function* matchesFor(): Generator<Omit<Match, 'column'> | undefined> {
    for (let at = 0; at < question.values.length; at += chunkSize) {
      const values = question.values.slice(at, at + chunkSize)
      const questions = questionsFor(place, question.format, values, policy)
      if (questions.length === 0) return yield undefined
      yield* questions
    }
  }
}
