import { type ColumnLike, columnOf, type TableLike } from './catalogue.ts'
import type { CollectionMap, FieldMap, Finding, Graph } from './model.ts'
import { covers, isPersonal } from './taxonomy.ts'

/**
 * What plain fideslang cannot say, where the live table shows that a word is missing: each finding names it. Without the word the
 * reading is the safe one (less is hers, more waits for a person), never a guess. Signs, no proofs.
 */
export function wordFindings(
  collection: CollectionMap,
  table: TableLike,
  graph: Graph,
  mates: readonly CollectionMap[],
): Finding[] {
  const say = (where: string, message: string, hint: string): Finding[] => [
    { level: 'warning', where, message, hint },
  ]
  const place = `${collection.store}.${table.name}`
  return [
    ...sameRows(collection, mates).flatMap((other) =>
      say(
        collection.where,
        `"${collection.name}" and "${other.name}" read the same rows of ${place}`,
        'Say which are which: lethe: {rows: {column: value}}.',
      ),
    ),
    ...manyMeanings(collection, table, graph).flatMap(({ field, kind }) =>
      say(
        field.where,
        `what "${field.name}" of ${place} points at may differ by "${kind}", and the map takes every row`,
        `Say which rows these are: lethe: {rows: {${kind}: …}}.`,
      ),
    ),
    ...collection.fields.flatMap((field) => {
      const column = columnOf(table, field.name)
      const isName = field.name === collection.file || isUnique(table, field.name)
      const missing = column && !isSaid(field) && !isName ? wordFor(field, column) : undefined
      return missing ? say(field.where, `${place}.${field.name} ${missing.looks}`, missing.hint) : []
    }),
  ]
}

/** One value for each row: a name or number, nothing that people write. */
const isUnique = (table: TableLike, name: string): boolean =>
  [table.primaryKey, ...table.uniqueKeys].some((key) => key.length === 1 && key[0] === name)

/** The map says of this field what to do with it. */
const isSaid = (field: FieldMap): boolean =>
  field.freeText ||
  field.secret ||
  field.readOnly ||
  field.primaryKey ||
  field.list === true ||
  field.encoding !== undefined ||
  field.hash !== undefined ||
  field.nested !== undefined ||
  field.mask !== undefined

function wordFor(
  field: FieldMap,
  column: ColumnLike,
): { readonly looks: string; readonly hint: string } | undefined {
  if (!field.categories.some(isPersonal)) return undefined
  if (column.kind === 'json')
    return {
      looks: 'is JSON, and the map does not say what of it is hers',
      hint: 'Name what lies inside by fields:, or say lethe: {encoding: [json]}.',
    }
  if (column.kind !== 'text') return undefined
  const isLong = column.maxLength === null || column.maxLength > 255
  if (field.format === 'email' && isLong && lists.test(field.name))
    return {
      looks: 'looks as if it held several addresses, and is compared as one',
      hint: 'If so, say lethe: {format: emails}.',
    }
  if (isLong && packed.test(field.name))
    return {
      looks: 'looks packed by a program, and is compared and redacted as plain text',
      hint: 'If so, say lethe: {encoding: [php]}, [json], [yaml] …',
    }
  if (isLong && field.format === 'exact' && field.categories.some((one) => covers('user.content', one)))
    return {
      looks: 'holds what people write, and is not searched for others',
      hint: 'Say lethe: {text: free}, or what it becomes: erase.',
    }
  return undefined
}

const lists =
  /^((mail_?)?(to|cc|bcc|reply_?to)|recipients?|to_?(list|addresses)|cc_?(list|addresses)|watchers)$/i
const packed = /(^|_)(serialized|serialised|php|yaml|json|blob|payload|preferences|options|settings)$/i

/** Collections over one table of which neither says which rows it means. */
const sameRows = (c: CollectionMap, mates: readonly CollectionMap[]): CollectionMap[] =>
  mates.filter((other) => other.table === c.table && other.id > c.id && isWhole(c) && isWhole(other))

const isWhole = (c: CollectionMap): boolean =>
  Object.keys(c.rows).length === 0 && c.lookups === undefined && !c.skip

/** `commentable_id` beside `commentable_type`, and no row filter. */
function manyMeanings(
  collection: CollectionMap,
  table: TableLike,
  graph: Graph,
): { readonly field: FieldMap; readonly kind: string }[] {
  if (!isWhole(collection)) return []
  return collection.fields.flatMap((field) => {
    const stem = /^(.+?)_?id$/i.exec(field.name)?.[1]
    const isReached = graph.edges.some((e) => e.to === collection.id && e.toField === field.name)
    const wanted = new Set(['type', 'class', 'kind', 'model'].flatMap((w) => [`${stem}_${w}`, `${stem}${w}`]))
    const kind = isReached && stem && table.columns.find((c) => wanted.has(c.name.toLowerCase()))
    return kind ? [{ field, kind: kind.name }] : []
  })
}
