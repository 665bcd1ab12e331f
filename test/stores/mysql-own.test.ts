import mysql from 'mysql2/promise'
import { beforeEach, describe, expect, test } from 'vitest'
import { mysqlDialect } from '../../src/stores/mysql/dialect.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Row, RowQuery, Store } from '../../src/stores/port.ts'
import { collect, failure, row } from '../contracts/store.ts'
import { askFor, freshName } from '../support/ask.ts'
import { freshMariadb } from '../support/mariadb.ts'

const server = await askFor('mariadb')

describe.skipIf(server.missing)(`MariaDB${server.missing ? ` (${server.missing})` : ''}`, () => {
  let app: mysql.Connection
  let store: Store
  beforeEach(async () => {
    const fresh = await freshMariadb(server.url as string, freshName())
    app = await mysql.createConnection({ uri: fresh.url, charset: 'utf8mb4', dateStrings: true })
    store = openStore('calls', { kind: 'mysql', url: fresh.url, files: undefined })
    return async () => {
      await store.close()
      await app.end()
      await fresh.close()
    }
  })
  const read = (query: Partial<RowQuery> & Pick<RowQuery, 'table' | 'columns'>): Promise<Row[]> =>
    store.reading((reader) => collect(reader, { key: ['id'], ...query }))
  const idsOf = (rows: Row[]) => rows.map((r) => r['id'])
  const run = async (...statements: string[]) => {
    for (const sql of statements) await app.query(sql)
  }

  test('a reader is refused by the server when a view tries to write', async () => {
    await run(
      'CREATE TABLE t (id int PRIMARY KEY)',
      'CREATE FUNCTION sneak() RETURNS int BEGIN INSERT INTO t VALUES (1); RETURN 1; END',
      'CREATE VIEW v AS SELECT sneak() AS id',
    )
    // A read-only transaction does not even see the columns of such a view: looked up by one that writes.
    await store.writing((w) => w.count({ table: 't', key: ['id'] }))
    expect(await failure(read({ table: 'v', columns: ['id'], key: [] }))).toMatchObject({
      failure: 'denied',
      permanent: true,
    })
    expect((await app.query('SELECT * FROM t'))[0]).toEqual([])
  })

  test("'0' finds the text 0, and not every text that is no number", async () => {
    await run(
      'CREATE TABLE t (id int PRIMARY KEY, code varchar(10), n int)',
      "INSERT INTO t VALUES (1, 'abc', 0), (2, '0', 7), (3, 'x', NULL)",
    )
    const by = (column: string, value: string) =>
      read({ table: 't', columns: ['id'], where: [{ column, is: [value] }] }).then(idsOf)
    expect(await by('code', '0')).toEqual(['2'])
    expect(await by('n', 'abc')).toEqual([])
    expect(await by('n', '0')).toEqual(['1'])
    expect(await by('n', '7.4')).toEqual([])
  })

  test('unsigned numbers of twenty digits, zerofill, floats, bits and years keep their spelling and find their row', async () => {
    await run(
      'CREATE TABLE t (id bigint unsigned PRIMARY KEY, z int(6) zerofill, f float, b bit(9), y year, d decimal(30,10), tm time(3))',
      "INSERT INTO t VALUES (18446744073709551615, 42, 0.1, b'101', 2026, 12345678901234567890.0123456789, '-12:00:01.5')",
    )
    const columns = ['id', 'z', 'f', 'b', 'y', 'd', 'tm']
    const [found] = await read({ table: 't', columns })
    expect(found).toEqual(
      row({
        id: '18446744073709551615',
        z: '000042',
        f: '0.1',
        b: '5',
        y: '2026',
        d: '12345678901234567890.0123456789',
        tm: '-12:00:01.500',
      }),
    )
    for (const column of columns)
      expect([
        column,
        idsOf(
          await read({ table: 't', columns: ['id'], where: [{ column, is: [found?.[column] ?? null] }] }),
        ),
      ]).toEqual([column, ['18446744073709551615']])
    expect(
      await store.writing((w) =>
        w.overwrite({ table: 't', key: ['id'], keys: [['18446744073709551615']], set: { b: '7', f: '2.5' } }),
      ),
    ).toBe(1)
    expect(await read({ table: 't', columns: ['b', 'f'] })).toEqual([row({ b: '7', f: '2.5' })])
  })

  test('zero dates are read, are never before a cut-off, and do not stop an update', async () => {
    await run(
      "SET SESSION sql_mode = ''",
      'CREATE TABLE t (id int PRIMARY KEY, at datetime NOT NULL, d date NOT NULL, note text)',
      "INSERT INTO t VALUES (1, '0000-00-00 00:00:00', '0000-00-00', 'x'), (2, '2026-01-01 00:00:00', '2026-01-01', 'y')",
    )
    expect(await read({ table: 't', columns: ['at', 'd'], keys: [['1']] })).toEqual([
      row({ at: '0000-00-00 00:00:00', d: '0000-00-00' }),
    ])
    for (const column of ['at', 'd'])
      expect(
        idsOf(await read({ table: 't', columns: ['id'], before: { column, cutoff: '2026-02-01' } })),
      ).toEqual(['2'])
    expect(
      idsOf(
        await read({ table: 't', columns: ['id'], where: [{ column: 'at', is: ['0000-00-00 00:00:00'] }] }),
      ),
    ).toEqual(['1'])
    expect(
      await store.writing((w) =>
        w.overwrite({ table: 't', key: ['id'], keys: [['1']], set: { note: null } }),
      ),
    ).toBe(1)
  })

  test('columns that stamp themselves keep what they said', async () => {
    await run(
      'CREATE TABLE t (id int PRIMARY KEY, v varchar(9), changed timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp)',
      "INSERT INTO t VALUES (1, 'a', '2020-02-02 02:02:02'), (2, 'b', '2020-02-02 02:02:02')",
    )
    const before = (await app.query('SELECT changed FROM t ORDER BY id'))[0]
    await store.writing((w) => w.overwrite({ table: 't', key: ['id'], keys: [['1']], set: { v: null } }))
    await store.writing((w) =>
      w.rewrite({
        table: 't',
        key: ['id'],
        changes: [
          { key: ['1'], set: { v: 'x' } },
          { key: ['2'], set: { v: 'y' } },
        ],
      }),
    )
    expect((await app.query('SELECT changed FROM t ORDER BY id'))[0]).toEqual(before)
  })

  test('a TIMESTAMP is read in UTC, a DATETIME as it stands', async () => {
    await run(
      "SET time_zone = '+02:00'",
      'CREATE TABLE t (id int PRIMARY KEY, z timestamp NULL, w datetime(3))',
      "INSERT INTO t VALUES (1, '2026-03-05 10:00:00', '2026-03-05 10:00:00.123')",
    )
    expect(await read({ table: 't', columns: ['z', 'w'] })).toEqual([
      row({ z: '2026-03-05 08:00:00', w: '2026-03-05 10:00:00.123' }),
    ])
    const columns = (await store.describe()).tables[0]?.columns
    expect(columns?.map((c) => c.zoned)).toEqual([undefined, true, false])
    const before = (column: string, cutoff: string) =>
      read({ table: 't', columns: ['id'], before: { column, cutoff } }).then((rows) => rows.length)
    expect([await before('z', '2026-03-05 08:00:00'), await before('z', '2026-03-05 08:00:01')]).toEqual([
      0, 1,
    ])
    expect([
      await before('w', '2026-03-05 10:00:00.123'),
      await before('w', '2026-03-05 10:00:00.124'),
    ]).toEqual([0, 1])
  })

  test('collations and character sets: candidates in each, an index served where one can', async () => {
    await run(
      'CREATE TABLE t (id int PRIMARY KEY, ci varchar(50) COLLATE utf8mb4_general_ci, bin varchar(50) COLLATE utf8mb4_bin, l1 varchar(50) CHARACTER SET latin1, raw varbinary(50), KEY (ci), KEY (bin))',
      "INSERT INTO t VALUES (1, 'Ann@X.org', 'Ann@X.org', 'Ann@X.org', 'Ann@X.org'), (2, 'Jørgen@x.org', 'JØRGEN@x.org', 'Jørgen@x.org', NULL)",
    )
    for (const column of ['ci', 'bin', 'l1']) {
      const by = (value: string) =>
        read({ table: 't', columns: ['id'], match: { column, how: 'email', values: [value] } }).then(idsOf)
      expect([column, await by('ANN@x.ORG')]).toEqual([column, ['1']])
      expect([column, await by('jørgen@x.org')]).toEqual([column, ['2']])
      // Its other scripts are left open: candidates, for the caller to confirm.
      expect([column, await by('李@x.org')]).toEqual([column, ['1', '2']])
      expect([
        column,
        idsOf(await read({ table: 't', columns: ['id'], where: [{ column, is: ['李'] }] })),
      ]).toEqual([column, []])
    }
    expect(
      idsOf(
        await read({
          table: 't',
          columns: ['id'],
          match: { column: 'raw', how: 'contains', values: ['ann@'] },
        }),
      ),
    ).toEqual(['1'])
    expect((await store.describe()).tables[0]?.indexedBlind).toEqual(['ci'])
  })

  test('a NOT NULL column is not emptied into nothing, a number out of range is not cut', async () => {
    await run(
      "SET GLOBAL sql_mode = ''",
      'CREATE TABLE t (id int PRIMARY KEY, name varchar(9) NOT NULL, n tinyint)',
      "INSERT INTO t VALUES (1, 'a', 1)",
    )
    const set = (values: Record<string, string | null>) =>
      failure(store.writing((w) => w.overwrite({ table: 't', key: ['id'], keys: [['1']], set: values })))
    expect((await set({ name: null })).failure).toBe('constraint')
    expect((await set({ n: '300' })).failure).toBe('constraint')
    expect((await set({ n: 'abc' })).failure).toBe('constraint')
    expect(await read({ table: 't', columns: ['name', 'n'] })).toEqual([row({ name: 'a', n: '1' })])
  })

  test('the catalogue tells engines, JSON, and names whatever their case', async () => {
    await run(
      "CREATE TABLE Old (id int PRIMARY KEY, J json, e enum('a','b')) ENGINE = MyISAM",
      "INSERT INTO Old VALUES (1, '{ \"x\":1}', 'b')",
    )
    const [table] = (await store.describe()).tables
    expect(table).toMatchObject({ name: 'Old', transactional: false })
    expect(table?.columns.map((c) => c.kind)).toEqual(['integer', 'json', 'other'])
    expect(await read({ table: 'old', columns: ['j', 'E'], key: ['ID'] })).toEqual([
      row({ j: '{ "x":1}', E: 'b' }),
    ])
    expect((await store.settle(['Old'])).remains.join()).toContain('OPTIMIZE')
  })

  test('25: a cascade fires no triggers, and the catalogue knows both', async () => {
    await run(
      'CREATE TABLE p (id int PRIMARY KEY)',
      'CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE)',
      'CREATE TABLE log (id int)',
      'CREATE TRIGGER heard AFTER DELETE ON c FOR EACH ROW INSERT INTO log VALUES (OLD.id)',
      'INSERT INTO p VALUES (1)',
      'INSERT INTO c VALUES (1, 1)',
    )
    const { tables } = await store.describe()
    const child = tables.find((t) => t.name === 'c')
    expect([child?.foreignKeys[0]?.onDelete, child?.fires?.[0]?.writes]).toEqual(['cascade', ['log']])
    expect(await store.writing((w) => w.remove({ table: 'p', key: ['id'], keys: [['1']] }))).toBe(1)
    expect([
      await read({ table: 'c', columns: ['id'] }),
      await read({ table: 'log', columns: ['id'] }),
    ]).toEqual([[], []])
  })

  test('27: a value without a partition is a constraint', async () => {
    await run(
      'CREATE TABLE t (id int, at int NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at) (PARTITION a VALUES LESS THAN (2025))',
      'INSERT INTO t VALUES (1, 2024)',
    )
    const moved = store.writing((w) =>
      w.overwrite({ table: 't', key: ['id'], keys: [['1']], set: { at: '2026' } }),
    )
    expect(await failure(moved)).toMatchObject({ failure: 'constraint', permanent: true })
  })

  test('29: an engine without transactions is refused a rehearsal, before anything happens', async () => {
    await run('CREATE TABLE t (id int PRIMARY KEY) ENGINE = MyISAM', 'INSERT INTO t VALUES (1)')
    const refused = store.rehearse((w) => w.remove({ table: 't', key: ['id'], keys: [['1']] }))
    expect(await failure(refused)).toMatchObject({
      permanent: true,
      message: expect.stringContaining('cannot roll back') as string,
    })
    expect(idsOf(await read({ table: 't', columns: ['id'] }))).toEqual(['1'])
  })

  test('composite keys by the thousand use the index', async () => {
    await run('CREATE TABLE t (a int, b varchar(20), v int, PRIMARY KEY (a, b))')
    await app.query('INSERT INTO t SELECT seq, CONCAT("k", seq), seq FROM seq_1_to_20000')
    const keys = Array.from({ length: 2000 }, (_, i) => [`${i * 10}`, `k${i * 10}`])
    expect((await read({ table: 't', columns: ['v'], key: ['a', 'b'], keys })).length).toBe(1999)
    const tuples = keys.map(([a, b]) => [`CAST('${a}' AS SIGNED)`, `'${b}'`])
    const [plan] = await app.query(`EXPLAIN DELETE FROM t WHERE ${mysqlDialect.tuplesIn(['a', 'b'], tuples)}`)
    expect(plan).toMatchObject([{ type: 'range', key: 'PRIMARY' }])
    expect(await store.writing((w) => w.remove({ table: 't', key: ['a', 'b'], keys }))).toBe(1999)
  })

  test('a row somebody else holds is busy, a slow statement is a timeout, an abort stops it', async () => {
    await run(
      'CREATE TABLE t (id int PRIMARY KEY)',
      'INSERT INTO t VALUES (1)',
      'CREATE VIEW slow AS SELECT id, SLEEP(30) AS s FROM t',
    )
    expect(
      await failure(
        store.reading((r) => collect(r, { table: 'slow', columns: ['s'], key: ['id'] }), { timeoutMs: 200 }),
      ),
    ).toMatchObject({ failure: 'timeout', permanent: false })
    const stop = new AbortController()
    const running = store.reading(
      (r) => r.count({ table: 'slow', key: ['id'], where: [{ column: 's', is: ['1'] }] }),
      { signal: stop.signal },
    )
    const sleeping = async () =>
      (
        (
          await app.query(
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE '%slow%' AND id <> CONNECTION_ID()",
          )
        )[0] as unknown[]
      ).length
    await expect.poll(sleeping).toBe(1)
    stop.abort()
    expect((await failure(running)).failure).toBe('aborted')
    await expect.poll(sleeping).toBe(0)
    await run('BEGIN', 'SELECT * FROM t FOR UPDATE')
    expect(
      await failure(store.writing((w) => w.remove({ table: 't', key: ['id'], keys: [['1']] }))),
    ).toMatchObject({ failure: 'busy', permanent: false })
    await run('COMMIT')
  })
})
