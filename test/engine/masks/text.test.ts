import { expect, test } from 'vitest'
import type { CollectionMap, FieldMap } from '../../../src/datamap/model.ts'
import { redactMasks } from '../../../src/engine/masks/mask.ts'
import { needlesOf } from '../../../src/engine/text/needles.ts'
import type { TableInfo } from '../../../src/stores/port.ts'

const field = { name: 'url', freeText: true, categories: [], format: 'exact' } as unknown as FieldMap
const links = { key: ['id'], fields: [field] } as unknown as CollectionMap
const table = (maxLength: number | null, uniqueKeys: readonly string[][]): TableInfo =>
  ({ columns: [{ name: 'url', kind: 'text', maxLength }], uniqueKeys }) as unknown as TableInfo
const hers = needlesOf([{ kind: 'email', value: 'a@b.nl' }], {})
const left = (row: { id: string; url: string }, info: TableInfo) =>
  redactMasks(links, [], info).map((mask) => mask.of(row, hers))

test('two texts of a unique column that differ only by her stay different', () => {
  const unique = table(null, [['url']])
  expect(left({ id: '5', url: 'x?m=a%40b.nl' }, unique)).toEqual(['x?m=[erased-5]'])
  expect(left({ id: '8', url: 'x?m=a@b.nl' }, unique)).toEqual(['x?m=[erased-8]'])
  expect(left({ id: '8', url: 'x?m=a@b.nl' }, table(null, []))).toEqual(['x?m=[erased]'])
})

test('a text that fills its column still fits: one sign stands for her', () => {
  expect(left({ id: '5', url: 'x?m=a@b.nl' }, table(10, []))).toEqual(['x?m=*'])
  expect(left({ id: '5', url: 'x?m=a@b.nl' }, table(12, []))).toEqual(['x?m=[erased]'])
})
