import { expect, test } from 'vitest'
import type { TableLike } from '../../src/datamap/catalogue.ts'
import { checkMap } from '../../src/datamap/check.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { column, dataset, load, table } from './support.ts'

/** What plain fideslang cannot say: the warning names the word that is missing, and goes when it is there. */
const id = column('id', 'integer', { nullable: false })
const pk = '{name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}'
const email = '{name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}'

/** The words that are asked for, as `field: hint`. */
function asked(collections: string, tables: readonly TableLike[]): string[] {
  const map = load({ 'shop.yml': dataset(collections) })
  return checkMap(map, buildGraph(map), new Map([['shop', { tables }]]))
    .filter(({ hint }) => hint.includes('lethe: {') && !hint.includes('table: …'))
    .map(({ message, hint }) => `${message}. ${hint}`)
}
const people = (field: string, lethe = '') =>
  `- name: people\n  fields:\n    - ${pk}\n    - ${email}\n    - ${field.replace('}', `${lethe && `, lethe: {${lethe}}`}}`)}\n`
const live = (...columns: Parameters<typeof column>[]) => [
  table('people', [
    id,
    column('email', 'varchar(80)', { maxLength: 80 }),
    ...columns.map((c) => column(...c)),
  ]),
]

test('a text that people write without text: free', () => {
  const remarks = '{name: remarks, data_categories: [user.content]}'
  expect(asked(people(remarks), live(['remarks']))).toEqual([
    'shop.people.remarks holds what people write, and is not searched for others. Say lethe: {text: free}, or what it becomes: erase.',
  ])
  expect(asked(people(remarks, 'text: free'), live(['remarks']))).toEqual([])
  expect(asked(people(remarks), live(['remarks', 'varchar(9)', { maxLength: 9 }]))).toEqual([])
})

test('a column of JSON, or one that looks packed, without encoding', () => {
  const extra = '{name: preferences, data_categories: [user.preferences]}'
  expect(asked(people(extra), live(['preferences', 'jsonb', { kind: 'json' }]))).toEqual([
    'shop.people.preferences is JSON, and the map does not say what of it is hers. Name what lies inside by fields:, or say lethe: {encoding: [json]}.',
  ])
  expect(asked(people(extra), live(['preferences']))).toEqual([
    'shop.people.preferences looks packed by a program, and is compared and redacted as plain text. If so, say lethe: {encoding: [php]}, [json], [yaml] …',
  ])
  expect(asked(people(extra, 'encoding: [yaml]'), live(['preferences']))).toEqual([])
})

test('a list of addresses without format: emails', () => {
  const cc = '{name: cc, data_categories: [user.contact.email]}'.replace(
    '}',
    ', fides_meta: {identity: email}}',
  )
  expect(asked(people(cc), live(['cc']))).toEqual([
    'shop.people.cc looks as if it held several addresses, and is compared as one. If so, say lethe: {format: emails}.',
  ])
  const said = people(cc).replace(/(name: cc.*)\}$/m, '$1, lethe: {format: emails}}')
  expect(asked(said, live(['cc']))).toEqual([])
})

test('a number that means several things by the column beside it, and two readings of one table, without rows', () => {
  const notes = (lethe: string) => `- name: notes
  ${lethe}
  fields:
    - ${pk}
    - {name: notable_id, data_categories: [system.operations], fides_meta: {references: [{dataset: shop, field: people.id, direction: from}]}}
    - {name: notable_type, data_categories: [system.operations]}
`
  const tables = [...live(), table('notes', [id, column('notable_id', 'integer'), column('notable_type')])]
  const first = people(pk).replace(`    - ${pk}\n    - ${email}\n`, `    - ${email}\n`)
  expect(asked(first + notes('description: d'), tables)).toEqual([
    'what "notable_id" of shop.notes points at may differ by "notable_type", and the map takes every row. Say which rows these are: lethe: {rows: {notable_type: …}}.',
  ])
  expect(asked(first + notes('lethe: {rows: {notable_type: Person}}'), tables)).toEqual([])
  expect(
    asked(`${first}${first.replace('name: people', 'name: customers\n  lethe: {table: people}')}`, live()),
  ).toContain(
    '"customers" and "people" read the same rows of shop.people. Say which are which: lethe: {rows: {column: value}}.',
  )
})
