import { expect, test } from 'vitest'
import { checkMap } from '../../src/datamap/check.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { rowFilter } from '../../src/engine/locate/columns.ts'
import type { CollectionMap } from '../../src/datamap/model.ts'
import { column, complaints, dataset, load, table } from './support.ts'

const pk = '{name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}'
const entries = (rows: string) =>
  dataset(
    `- name: entries\n  lethe: {rows: {${rows}}, erase: delete}\n  fields:\n    - ${pk}`,
    '    lethe: {purpose: p, basis: consent}\n',
  )
const byName = 'kind: a, object_id: {lookup: objects, where: {name: [Ticket, Article]}}'
const entry = table(
  'entries',
  ['id', 'kind', 'object_id'].map((name) => column(name)),
)
const check = (rows: string, tables: Parameters<typeof table>[1] | undefined) => {
  const map = load({ 'shop.yaml': entries(rows) })
  const live = [entry, ...(tables ? [table('objects', tables)] : [])]
  return checkMap(map, buildGraph(map), new Map([['shop', { tables: live }]]))
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message)
}

test('rows are told by what a number stands for, beside rows told by value', () => {
  const entriesOf = load({ 'shop.yaml': entries(byName) }).collections.get('shop.entries') as CollectionMap
  expect(rowFilter(entriesOf)).toEqual([
    { column: 'kind', is: ['a'] },
    {
      column: 'object_id',
      is: [],
      standsIn: { table: 'objects', column: 'id', where: [{ column: 'name', is: ['Ticket', 'Article'] }] },
    },
  ])
})

test('a lookup in a table or column that is not there is an error before anything runs', () => {
  expect(
    check(
      byName,
      ['id', 'name'].map((name) => column(name)),
    ),
  ).toEqual([])
  expect(check(byName, undefined)).toEqual([
    'the rows of "entries" are told by a lookup, and the store shop has no table "objects"',
  ])
  expect(check(byName, [column('id'), column('title')])).toEqual([
    'the rows of "entries" are told by a lookup, and the table shop.objects has no column "name"',
  ])
  expect(
    check(
      byName.replace('where', 'take: nr, where'),
      ['id', 'name'].map((name) => column(name)),
    ),
  ).toEqual(['the rows of "entries" are told by a lookup, and the table shop.objects has no column "nr"'])
})

test('a lookup that does not say where is refused with its place', () => {
  expect(complaints({ 'shop.yaml': entries('object_id: {lookup: objects}') }).length).toBeGreaterThan(0)
})
