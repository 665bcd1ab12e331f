import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { buildGraph } from '../../src/datamap/graph.ts'
import { stronger, weaker } from '../../src/datamap/links.ts'
import type { DataMap, Graph, Link } from '../../src/datamap/model.ts'
import { complaints, load } from './support.ts'

const here = join(import.meta.dirname, 'fides')
const file = readFileSync(join(here, 'postgres_example_test_dataset.yml'), 'utf8')
type Counts = Record<string, number>
const expected = parse(readFileSync(join(here, 'expected.yml'), 'utf8')) as {
  cases: { id: string; expected_rows_per_collection: Counts }[]
}
const rowsOf = (id: string): Counts =>
  expected.cases.find((c) => c.id === id)?.expected_rows_per_collection ?? {}

type SampleRow = Record<string, string>
/** The rows of Fides's sample database, read from its SQL. */
function sample(): Map<string, SampleRow[]> {
  const sql = readFileSync(join(here, 'postgres_sample.sql'), 'utf8')
  const rows = new Map<string, SampleRow[]>()
  for (const [, name, body] of sql.matchAll(/CREATE TABLE public\.(\w+) \(\n([\s\S]*?)\n\);/g)) {
    const columns = [...(body as string).matchAll(/^ {4}([a-z_]+) /gm)].map((m) => m[1] as string)
    const values = new RegExp(`INSERT INTO public\\.${name} VALUES\\n([\\s\\S]*?);\\n`).exec(sql)?.[1] ?? ''
    rows.set(
      name as string,
      [...values.matchAll(/^\s*\((.*)\),?$/gm)].map(([, tuple]) => {
        const cells = [...(tuple as string).matchAll(/'([^']*)'|([^,\s]+)/g)].map((m) => m[1] ?? m[2] ?? '')
        return Object.fromEntries(columns.map((c, i) => [c, cells[i] ?? 'null']))
      }),
    )
  }
  return rows
}

/** Walks the graph over rows in memory, slowly and plainly: row → the link by which it is hers. */
function walk(map: DataMap, graph: Graph, email: string): Map<string, Map<SampleRow, Link>> {
  const data = sample()
  const found = new Map([...map.collections.keys()].map((id) => [id, new Map<SampleRow, Link>()]))
  const reach = (id: string, field: string, value: string | undefined, link: Link): boolean => {
    let news = false
    for (const row of data.get(map.collections.get(id)?.table ?? '') ?? []) {
      if (value === undefined || value === 'null' || row[field] !== value) continue
      const before = found.get(id)?.get(row)
      const after = before ? stronger(before, link) : link
      if (before === after) continue
      found.get(id)?.set(row, after)
      news = true
    }
    return news
  }
  for (const seed of graph.seeds) reach(seed.collection, seed.field, email, seed.link)
  let again = true
  while (again) {
    again = false
    for (const edge of graph.edges)
      for (const [row, link] of found.get(edge.from) ?? [])
        if (reach(edge.to, edge.toField, row[edge.fromField], weaker(link, edge.link))) again = true
  }
  return found
}

const counted = (found: Map<string, Map<SampleRow, Link>>, links?: Link): Counts =>
  Object.fromEntries(
    [...found].map(([id, rows]) => [
      id.split('.')[1],
      [...rows.values()].filter((l) => links === undefined || l === links).length,
    ]),
  )

test('a dataset written for Fides loads unchanged and reaches the rows that Fides reaches', () => {
  const map = load({ 'shop.yml': file })
  expect(counted(walk(map, buildGraph(map), 'customer-1@example.com'))).toEqual(rowsOf('C1'))
})

test('without a word on ownership, what hangs on her key is hers and everything else is shared', () => {
  const map = load({ 'shop.yml': file })
  const found = walk(map, buildGraph(map), 'customer-1@example.com')
  expect(counted(found, 'owned')).toEqual({ ...rowsOf('C1'), address: 0, product: 0 })
  expect(counted(found, 'shared')).toEqual({
    ...Object.fromEntries(Object.keys(rowsOf('C1')).map((name) => [name, 0])),
    address: 2,
    product: 2,
  })
  const unsaid = map.warnings.filter((w) => w.message.endsWith('the map does not say'))
  expect(unsaid).toHaveLength(buildGraph(map).seeds.length + buildGraph(map).edges.length)
  expect(unsaid.filter(({ hint }) => !hint.startsWith('Add lethe: {link: '))).toEqual([])
})

const skipping = (collection: string) =>
  file.replace(
    `- name: ${collection}\n`,
    `- name: ${collection}\n        fides_meta: {skip_processing: true}\n`,
  )

test('a collection with skip_processing that nothing refers to is left out', () => {
  const map = load({ 'shop.yml': skipping('login') })
  const found = counted(walk(map, buildGraph(map), 'customer-1@example.com'))
  const { login, ...others } = found
  expect(login).toBe(0)
  expect(others).toEqual(rowsOf('C3'))
  expect(buildGraph(map).eraseOrder).not.toContain('postgres_example_test_dataset.login')
})

test('a collection with skip_processing that others refer to makes the map invalid, at each reference', () => {
  const found = complaints({ 'shop.yml': skipping('address') })
  expect(found).toHaveLength(4)
  expect(found[0]).toBe(
    'shop.yml:31:26: the reference leads to "postgres_example_test_dataset.address", which is left out by skip_processing. ' +
      'Take skip_processing away, or the reference.',
  )
})

test('children go before parents, whichever side declares the reference', () => {
  const { eraseOrder, cuts } = buildGraph(load({ 'shop.yml': file }))
  const at = (name: string) => eraseOrder.indexOf(`postgres_example_test_dataset.${name}`)
  expect(cuts).toEqual([])
  for (const [child, parent] of [
    ['order_item', 'orders'],
    ['order_item', 'product'],
    ['orders', 'customer'],
    ['login', 'customer'],
    ['customer', 'address'],
    ['orders', 'address'],
    ['service_request', 'employee'],
  ] as const)
    expect(at(child), `${child} before ${parent}`).toBeLessThan(at(parent))
})

test('the masking Fides declares is kept: a rewritten value with its suffix, a length', () => {
  const map = load({ 'shop.yml': file })
  const field = (collection: string, name: string) =>
    map.collections.get(`postgres_example_test_dataset.${collection}`)?.fields.find((f) => f.name === name)
  expect(field('employee', 'name')?.mask).toEqual({ how: 'value', template: 'testing-test' })
  expect(field('customer', 'name')).toMatchObject({ length: 40, mask: undefined, categories: ['user.name'] })
  expect(field('customer', 'id')).toMatchObject({ primaryKey: true })
})
