import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/stores/open.ts'
import type { Row, RowQuery, Store } from '../../src/stores/port.ts'
import { openReader } from '../../src/stores/sqlite/connection.ts'
import { collect, failure, row } from '../contracts/store.ts'
import { freshFolder } from '../support/ask.ts'

let path: string
let app: Sqlite.Database
let store: Store
beforeEach(() => {
  path = join(freshFolder(), 'shop.db')
  app = new Sqlite(path)
  app.pragma('journal_mode = WAL')
  store = openStore('shop', { kind: 'sqlite', url: `file:${path}`, files: undefined })
  return async () => {
    await store.close()
    if (app.open) app.close()
  }
})

const read = (query: Partial<RowQuery> & Pick<RowQuery, 'table' | 'columns'>): Promise<Row[]> =>
  store.reading((reader) => collect(reader, { key: ['id'], ...query }))

test('a missing file is unreachable, and is not made', async () => {
  const absent = join(freshFolder(), 'absent', 'shop.db')
  const missing = openStore('gone', { kind: 'sqlite', url: `file:${absent}`, files: undefined })
  for (const attempt of [missing.describe(), missing.writing(async () => undefined), missing.settle([])]) {
    const error = await failure(attempt)
    expect(error).toMatchObject({ failure: 'unreachable', permanent: false })
    expect(error.message).toContain(absent)
  }
  expect(existsSync(absent)).toBe(false)
  await missing.close()
})

test('the connection of a reader refuses to write', () => {
  app.exec('CREATE TABLE t (id integer PRIMARY KEY)')
  const reader = openReader('shop', path)
  expect(() => reader.exec('DELETE FROM t')).toThrow(/readonly/)
  expect(() => reader.pragma('query_only = OFF')).not.toThrow()
  expect(() => reader.exec('INSERT INTO t VALUES (1)')).toThrow(/readonly/)
  reader.close()
})

test('columns without a type find 5 and "5", bytes and text, each by its spelling', async () => {
  app.exec(
    `CREATE TABLE loose (id, v); INSERT INTO loose VALUES (5, 'number'), ('x', 'text'), (x'0102', 'bytes'), (1.5, 'real')`,
  )
  const by = (id: string | Uint8Array) =>
    read({ table: 'loose', columns: ['v'], keys: [[id]] }).then((rows) => rows.map((r) => r['v']))
  expect(await by('5')).toEqual(['number'])
  expect(await by('x')).toEqual(['text'])
  expect(await by('1.5')).toEqual(['real'])
  expect(await by(new Uint8Array([1, 2]))).toEqual(['bytes'])
  const all = await read({ table: 'loose', columns: ['id'], key: [] })
  for (const { id } of all)
    expect(await store.writing((w) => w.remove({ table: 'loose', key: ['id'], keys: [[id ?? null]] }))).toBe(
      1,
    )
})

test('a number in a column of days is not before any day', async () => {
  app.exec(`CREATE TABLE t (id integer PRIMARY KEY, at datetime);
    INSERT INTO t VALUES (1, '2026-01-01 10:00:00'), (2, 0), (3, ''), (4, '0000-00-00 00:00:00'), (5, 'soon'), (6, 1700000000)`)
  const before = (cutoff: string) =>
    read({ table: 't', columns: ['id'], before: { column: 'at', cutoff } }).then((rows) =>
      rows.map((r) => r['id']),
    )
  expect(await before('2026-06-01 00:00:00')).toEqual(['1'])
  expect(await before('1700000001')).toEqual(['2', '6'])
})

test('a large table without an index is searched in stretches, and others get their turn', async () => {
  app.exec('CREATE TABLE big (id integer PRIMARY KEY, email text, filler text)')
  app.exec(
    `INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i, 'P' || i || '@X.org', hex(zeroblob(100)) FROM n`,
  )
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const found = await read({
    table: 'big',
    columns: ['id'],
    match: { column: 'email', how: 'email', values: ['p7@x.org', 'p199999@x.org'] },
  })
  clearInterval(timer)
  expect(found.map((r) => r['id'])).toEqual(['7', '199999'])
  expect(turns).toBeGreaterThan(3)
  expect(
    await store.reading((r) =>
      r.count({ table: 'big', key: [], match: { column: 'email', how: 'contains', values: ['P1'] } }),
    ),
  ).toBe(app.prepare("SELECT count(*) FROM big WHERE email LIKE '%P1%'").pluck().get())
  const limited = await read({
    table: 'big',
    columns: ['id'],
    match: { column: 'email', how: 'contains', values: ['99@'] },
    limit: 5,
    pageSize: 2,
  })
  expect(limited.map((r) => r['id'])).toEqual(['99', '199', '299', '399', '499'])
  const rest = await read({
    table: 'big',
    columns: ['id'],
    match: { column: 'email', how: 'contains', values: ['99@'] },
    after: ['499'],
  })
  expect(rest.length).toBe(1995)
})

test('a locked store is waited for without stopping the process, then busy', async () => {
  app.exec('CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1); BEGIN IMMEDIATE')
  let turns = 0
  const timer = setInterval(() => turns++, 5)
  const soon = store.writing((w) => w.remove({ table: 't', key: ['id'], keys: [['1']] }))
  setTimeout(() => app.exec('COMMIT'), 100)
  expect(await soon).toBe(1)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(5)
})

test('writers wait in line for one another', async () => {
  app.exec('CREATE TABLE t (id integer PRIMARY KEY, n integer); INSERT INTO t VALUES (1, 0)')
  await Promise.all(
    Array.from({ length: 20 }, () =>
      store.writing(async (w) => {
        const [now] = await w.lockRows({ table: 't', columns: ['n'], key: ['id'], keys: [['1']] })
        await w.overwrite({ table: 't', key: ['id'], keys: [['1']], set: { n: `${Number(now?.['n']) + 1}` } })
      }),
    ),
  )
  expect(await read({ table: 't', columns: ['n'] })).toEqual([row({ n: '20' })])
})

test('what was deleted or masked is not in the files any more, the write-ahead log included', async () => {
  app.exec('CREATE TABLE t (id integer PRIMARY KEY, email text, body text); CREATE INDEX e ON t (email)')
  for (let i = 0; i < 500; i++)
    app
      .prepare('INSERT INTO t VALUES (?, ?, ?)')
      .run(i, `secret${i}@example.org`, `long secret${i} `.repeat(200))
  const bytes = () => [path, `${path}-wal`].map((file) => readFileSync(file, 'latin1')).join('')
  expect(bytes()).toContain('secret250@')
  const keys = Array.from({ length: 500 }, (_, i) => [`${i}`]).filter(([id]) => id !== '3')
  await store.writing((w) => w.remove({ table: 't', key: ['id'], keys: keys.slice(0, 250) }))
  await store.writing((w) =>
    w.overwrite({ table: 't', key: ['id'], keys: keys.slice(250), set: { email: null, body: 'gone' } }),
  )
  const { done } = await store.settle(['t'])
  expect(done.join()).toContain('cut to nothing')
  const left = new Set(bytes().match(/secret\d+/g))
  expect([...left]).toEqual(['secret3'])
})

test('settle tells of a reader that keeps the write-ahead log', async () => {
  app.exec('CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1), (2)')
  const other = new Sqlite(path, { readonly: true })
  other.exec('BEGIN; SELECT count(*) FROM t')
  await store.writing((w) => w.remove({ table: 't', key: ['id'], keys: [['1']] }))
  expect((await store.settle(['t'])).remains.join()).toContain('-wal file keeps old bytes')
  other.close()
  expect((await store.settle(['t'])).remains).toEqual([])
}, 20_000)

test('a restored file is written to, not the one it replaced', async () => {
  app.exec('CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1), (2)')
  await store.writing((w) => w.remove({ table: 't', key: ['id'], keys: [['1']] }))
  app.pragma('wal_checkpoint(TRUNCATE)')
  app.close()
  const copy = new Sqlite(`${path}.backup`)
  copy.exec('CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)')
  copy.close()
  renameSync(`${path}.backup`, path)
  await store.writing((w) => w.remove({ table: 't', key: ['id'], keys: [['3']] }))
  expect((await read({ table: 't', columns: ['id'] })).map((r) => r['id'])).toEqual(['1', '2'])
})

test('tables without a row number, and ones that took its name, are read whole', async () => {
  app.exec(`CREATE TABLE a (k text, v text, PRIMARY KEY (k)) WITHOUT ROWID; INSERT INTO a VALUES ('x', '1'), ('y', '2');
    CREATE TABLE b (rowid text, v text); INSERT INTO b VALUES ('q', '1'), ('q', '2')`)
  expect((await read({ table: 'a', columns: ['v'], key: ['k'] })).map((r) => r['v'])).toEqual(['1', '2'])
  expect(await read({ table: 'b', columns: ['rowid', 'v'], key: [] })).toEqual([
    row({ rowid: 'q', v: '1' }),
    row({ rowid: 'q', v: '2' }),
  ])
})
