import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildGraph, reachable } from '../../src/datamap/graph.ts'
import { dataset, load } from './support.ts'

const quiet = '    lethe: {purpose: p, basis: consent}\n'
const graphOf = (collections: string) => buildGraph(load({ 'x.yaml': dataset(collections, quiet) }))
const pk = '{name: id, fides_meta: {primary_key: true}}'
const pointing = (direction: string, lethe = '', target = 'b.id') =>
  `- name: a\n  fields:\n    - ${pk}\n    - {name: b_id, fides_meta: {references: [{dataset: shop, field: ${target}${direction}}]}${lethe}}\n` +
  `- name: b\n  fields:\n    - ${pk}\n    - {name: other}\n`
const steps = (collections: string) =>
  graphOf(collections).edges.map((e) => `${e.from}.${e.fromField} > ${e.to}.${e.toField} ${e.link}`)

test('a reference `from` leads from the other field to this one, `to` the other way, neither word both ways', () => {
  expect(steps(pointing(', direction: from'))).toEqual(['shop.b.id > shop.a.b_id owned'])
  expect(steps(pointing(', direction: to'))).toEqual(['shop.a.b_id > shop.b.id shared'])
  expect(steps(pointing(''))).toEqual(['shop.b.id > shop.a.b_id shared', 'shop.a.b_id > shop.b.id shared'])
})

test('only a row that points at a key is its owner’s by itself; pointing at another column makes it shared', () => {
  expect(steps(pointing(', direction: from', '', 'b.other'))).toEqual(['shop.b.other > shop.a.b_id shared'])
})

test('what the map says of a link counts in the direction of the reference, and never owns the way back', () => {
  expect(steps(pointing(', direction: from', ', lethe: {link: mentioned}'))).toEqual([
    'shop.b.id > shop.a.b_id mentioned',
  ])
  expect(steps(pointing(', direction: to', ', lethe: {link: owned}'))).toEqual([
    'shop.a.b_id > shop.b.id owned',
  ])
  expect(steps(pointing('', ', lethe: {link: owned}'))).toEqual([
    'shop.b.id > shop.a.b_id owned',
    'shop.a.b_id > shop.b.id shared',
  ])
})

test('a step that both ends declare counts once, and what one of them says outdoes silence', () => {
  const both = (link: string) =>
    pointing(', direction: from').replace(
      `- name: b\n  fields:\n    - ${pk}`,
      `- name: b\n  fields:\n    - {name: id, fides_meta: {primary_key: true, references: [{dataset: shop, field: a.b_id, direction: to}]}${link}}`,
    )
  expect(steps(both(', lethe: {link: mentioned}'))).toEqual(['shop.b.id > shop.a.b_id mentioned'])
  expect(steps(both(', lethe: {link: owned}'))).toEqual(['shop.b.id > shop.a.b_id owned'])
  expect(steps(both(''))).toEqual(['shop.b.id > shop.a.b_id shared'])
})

test('a part of a composite key is not a key', () => {
  const text = pointing(', direction: from').replace(
    '- name: b\n',
    '- name: b\n  lethe: {key: [id, other]}\n',
  )
  expect(steps(text)).toEqual(['shop.b.id > shop.a.b_id shared'])
})

test('an edge compares as e-mail or phone when either end is one', () => {
  const text = pointing(', direction: to').replace('{name: other}', '{name: other, lethe: {format: phone}}')
  expect(graphOf(text.replace('field: b.id', 'field: b.other')).edges[0]?.format).toBe('phone')
  expect(graphOf(text).edges[0]?.format).toBe('exact')
})

test('seeds carry the kind of identity, phone_number read as phone, and are owned unless the map says else', () => {
  const { seeds } = graphOf(
    `- name: a\n  fields:\n    - {name: m, fides_meta: {identity: email}}\n    - {name: p, fides_meta: {identity: phone_number}, lethe: {link: shared}}\n    - {name: n, fides_meta: {identity: customer_number}}\n`,
  )
  expect(seeds).toEqual([
    { collection: 'shop.a', field: 'm', identity: 'email', format: 'email', link: 'owned' },
    { collection: 'shop.a', field: 'p', identity: 'phone', format: 'phone', link: 'shared' },
    { collection: 'shop.a', field: 'n', identity: 'customer_number', format: 'exact', link: 'owned' },
  ])
})

test('references lead across datasets, and `after` puts one dataset before another', () => {
  const map = load({
    'crm.yaml': `dataset:\n  - fides_key: crm\n    collections:\n      - name: contacts\n        fields: [${pk}]\n`,
    'shop.yaml': `dataset:\n  - fides_key: shop\n    collections:\n      - name: orders\n        fields:\n          - {name: contact, fides_meta: {references: [{dataset: crm, field: contacts.id, direction: from}]}}\n`,
  })
  const graph = buildGraph(map)
  expect(graph.edges).toMatchObject([{ from: 'crm.contacts', to: 'shop.orders', link: 'owned' }])
  expect(graph.eraseOrder).toEqual(['shop.orders', 'crm.contacts'])
})

test('erase_after and the datasets’ after are kept where no reference speaks', () => {
  const file = (key: string, more: string, collection: string) =>
    `dataset:\n  - fides_key: ${key}\n${more}    collections:\n      - {name: a, fields: []${collection}}\n      - {name: b, fields: []}\n`
  const order = (x: string, y: string) => buildGraph(load({ 'x.yaml': x, 'y.yaml': y })).eraseOrder
  expect(order(file('x', '', ''), file('y', '', ''))).toEqual(['x.a', 'x.b', 'y.a', 'y.b'])
  expect(order(file('x', '', ', fides_meta: {erase_after: [x.b]}'), file('y', '', ''))).toEqual([
    'x.b',
    'y.a',
    'y.b',
    'x.a',
  ])
  expect(order(file('x', '    fides_meta: {after: [y]}\n', ''), file('y', '', ''))).toEqual([
    'y.a',
    'y.b',
    'x.a',
    'x.b',
  ])
})

test('a collection that points at itself keeps its place and is reported', () => {
  const { eraseOrder, cuts } = graphOf(
    `- name: a\n  fields:\n    - ${pk}\n    - {name: parent, fides_meta: {references: [{dataset: shop, field: a.id, direction: from}]}}\n`,
  )
  expect(eraseOrder).toEqual(['shop.a'])
  expect(cuts).toEqual([{ child: 'shop.a', parent: 'shop.a', field: 'parent', why: 'reference', self: true }])
})

test('a circle is cut at a wish before a reference, and the cut is reported', () => {
  const text = pointing(', direction: from').replace(
    '- name: a\n',
    '- name: a\n  fides_meta: {erase_after: [shop.b]}\n',
  )
  const { eraseOrder, cuts } = graphOf(text)
  expect(eraseOrder).toEqual(['shop.a', 'shop.b'])
  expect(cuts).toEqual([
    { child: 'shop.b', parent: 'shop.a', field: undefined, why: 'erase_after', self: false },
  ])
})

/** A random set of references: [from collection, to collection, declared from the other side]. */
const references = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.tuple(
    fc.constant(size),
    fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.constantFrom('from', 'to', '')), {
      maxLength: 24,
    }),
  ),
)

function fileOf([size, refs]: [number, [number, number, string][]]): string {
  const fields = (i: number) =>
    refs
      .filter(([child]) => child === i)
      .map(
        ([, parent, direction], n) =>
          `    - {name: f${n}, fides_meta: {references: [{dataset: shop, field: c${parent}.id${direction && `, direction: ${direction}`}}]}}\n`,
      )
      .join('')
  return Array.from({ length: size }, (_, i) => `- name: c${i}\n  fields:\n    - ${pk}\n${fields(i)}`).join(
    '',
  )
}

test('any references give a total order, in which a child precedes its parent unless a cut in a circle says so', () => {
  fc.assert(
    fc.property(references, (input) => {
      const [size, refs] = input
      const { eraseOrder, cuts } = graphOf(fileOf(input))
      expect([...eraseOrder].sort()).toEqual(Array.from({ length: size }, (_, i) => `shop.c${i}`).sort())
      const pairs = refs.map(([child, parent]) => [`shop.c${child}`, `shop.c${parent}`] as const)
      const broken = pairs.filter(([c, p]) => eraseOrder.indexOf(c) >= eraseOrder.indexOf(p))
      const said = new Set(cuts.map((cut) => `${cut.child} ${cut.parent}`))
      expect(new Set(broken.map((pair) => pair.join(' ')))).toEqual(said)
      for (const cut of cuts) expect(leads(pairs, cut.parent, cut.child), 'a cut lies in a circle').toBe(true)
      expect(graphOf(fileOf(input)).eraseOrder).toEqual(eraseOrder)
    }),
    { numRuns: 150 },
  )
})

function leads(pairs: readonly (readonly [string, string])[], from: string, to: string): boolean {
  const seen = new Set([from])
  for (const at of seen) for (const [child, parent] of pairs) if (child === at) seen.add(parent)
  return seen.has(to)
}

test('what no identity and no reference leads to is not reachable', () => {
  const graph = graphOf(
    pointing(', direction: from').replace('{name: other}', '{name: other, fides_meta: {identity: email}}') +
      `- name: c\n  fields: [${pk}]\n`,
  )
  expect([...reachable(graph)].sort()).toEqual(['shop.a', 'shop.b'])
})
