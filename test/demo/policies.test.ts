import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { CatalogueLike, TableLike } from '../../src/datamap/catalogue.ts'
import { checkMap } from '../../src/datamap/check.ts'
import { coverage } from '../../src/datamap/coverage.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import { sampleStores } from '../support/oracle.ts'
import { made } from './support.ts'

const policies = join(import.meta.dirname, '../../policies')
const map = loadDataMap(
  policies,
  sampleStores.map((name) => ({ name, map: `datamap/${name}.yaml` })),
)
let catalogues: Map<string, CatalogueLike>

beforeAll(async () => {
  const { dir } = await made({ people: 1, recordings: false })
  catalogues = new Map(sampleStores.map((name) => [name, { tables: tablesOf(join(dir, `${name}.db`)) }]))
})

test('the maps of the sample stores load without a warning', () => {
  expect(map.warnings).toEqual([])
})

test('the maps fit the stores as they are made: nothing to correct, nothing to warn of', () => {
  expect(checkMap(map, buildGraph(map), catalogues)).toEqual([])
})

test('every column of every store is declared', () => {
  for (const store of coverage(map, catalogues))
    expect(store).toMatchObject({ unknownColumns: 0, unknownTables: [] })
})

test('systems, collections and fields have a title in English, Dutch and Danish; purposes, grounds and sources too', () => {
  const languages = ['da', 'en', 'nl']
  const in3 = (words: object | undefined) => expect(Object.keys(words ?? {}).sort()).toEqual(languages)
  for (const dataset of map.datasets) {
    in3(dataset.title)
    expect(dataset.backupHorizon).toMatch(/^P\d+D$/)
    for (const collection of dataset.collections) {
      for (const words of [collection.title, collection.purpose, collection.source, ...collection.recipients])
        in3(words)
      if (collection.keep) in3(collection.keep.because)
      for (const field of collection.fields) in3(field.title)
    }
  }
})

interface Rule {
  readonly id: string
  readonly data: string
  readonly where?: Record<string, unknown>
  readonly from: string
  readonly then: string
}

test('every retention rule names a collection and columns that exist, once', () => {
  const rules = ['calls', 'tickets', 'marketing'].flatMap(
    (name) =>
      (parse(readFileSync(join(policies, 'retention', `${name}.yaml`), 'utf8')) as { rules: Rule[] }).rules,
  )
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length)
  for (const rule of rules) {
    const fields = map.collections.get(rule.data)?.fields.map((field) => field.name)
    for (const column of [rule.from, ...Object.keys(rule.where ?? {})])
      expect([rule.id, fields]).toEqual([rule.id, expect.arrayContaining([column])])
  }
})

/** The live schema as the checks want it, read by SQLite's own words. */
function tablesOf(path: string): TableLike[] {
  const db = new Sqlite(path, { readonly: true })
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  const tables = names.map((name): TableLike => {
    const columns = db.pragma(`table_xinfo(${name})`) as {
      name: string
      type: string
      notnull: number
      pk: number
      hidden: number
    }[]
    const indexes = db.pragma(`index_list(${name})`) as { name: string; unique: number; origin: string }[]
    const columnsOf = (index: string) =>
      (db.pragma(`index_info(${index})`) as { name: string }[]).map((c) => c.name)
    const keys = db.pragma(`foreign_key_list(${name})`) as {
      table: string
      from: string
      to: string
      on_delete: string
    }[]
    const primaryKey = columns
      .filter((c) => c.pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map((c) => c.name)
    return {
      name,
      kind: 'table',
      columns: columns.map((c) => ({
        name: c.name,
        type: c.type,
        kind:
          c.type === 'INTEGER'
            ? 'integer'
            : c.type === 'DATETIME'
              ? 'instant'
              : c.type === 'BLOB'
                ? 'bytes'
                : 'text',
        nullable: c.notnull === 0 && c.pk === 0,
        maxLength: null,
        generated: c.hidden > 1,
      })),
      primaryKey,
      uniqueKeys: indexes.filter((i) => i.unique && i.origin !== 'pk').map((i) => columnsOf(i.name)),
      indexed: [...primaryKey.slice(0, 1), ...indexes.map((i) => columnsOf(i.name)[0] as string)],
      foreignKeys: keys.map((k) => ({
        columns: [k.from],
        table: k.table,
        references: [k.to],
        onDelete: k.on_delete.toLowerCase() as 'no action' | 'set null',
      })),
      triggers: [],
      transactional: true,
      estimatedRows: 1,
    }
  })
  db.close()
  return tables
}
