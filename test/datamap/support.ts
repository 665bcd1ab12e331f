import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { InvalidFile } from '../../src/base/yaml.ts'
import type { ColumnLike, TableLike } from '../../src/datamap/catalogue.ts'
import { loadDataMap, type MappedStore } from '../../src/datamap/load.ts'
import type { DataMap } from '../../src/datamap/model.ts'

/** A policies folder that lives as long as the test, with these files below `datamap/`. */
export function policies(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'lethe-datamap-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  mkdirSync(join(dir, 'datamap'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, 'datamap', name), text)
  return dir
}

const storesOf = (files: Readonly<Record<string, string>>): MappedStore[] =>
  Object.keys(files).map((name) => ({ name: name.replace(/\.ya?ml$/, ''), map: `datamap/${name}` }))

/** The map of these files, each of a store that is called like it. */
export const load = (files: Readonly<Record<string, string>>, stores = storesOf(files)): DataMap =>
  loadDataMap(policies(files), stores)

/** What loading these files complains of: `x.yaml:3:5: message. hint`. */
export function complaints(files: Readonly<Record<string, string>>, stores = storesOf(files)): string[] {
  const dir = policies(files)
  try {
    loadDataMap(dir, stores)
  } catch (error) {
    if (error instanceof InvalidFile)
      return error.problems.map((p) => `${p.where}: ${p.message}`.replaceAll(join(dir, 'datamap/'), ''))
    throw error
  }
  return []
}

/** One dataset `shop` with these collections, already indented by nothing. */
export const dataset = (collections: string, more = ''): string =>
  `dataset:\n  - fides_key: shop\n${more}    collections:\n${collections.replace(/^(?=.)/gm, '      ')}`

export const column = (name: string, type = 'text', more: Partial<ColumnLike> = {}): ColumnLike => ({
  name,
  type,
  kind: type === 'integer' ? 'integer' : 'text',
  nullable: true,
  generated: false,
  maxLength: null,
  ...more,
})

export const table = (
  name: string,
  columns: readonly ColumnLike[],
  more: Partial<TableLike> = {},
): TableLike => ({
  name,
  kind: 'table',
  columns,
  primaryKey: ['id'],
  uniqueKeys: [],
  indexed: columns.map((c) => c.name),
  foreignKeys: [],
  triggers: [],
  transactional: true,
  estimatedRows: 1000,
  ...more,
})
