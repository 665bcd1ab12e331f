import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../src/stores/open.ts'
import type { Row, RowQuery, Store } from '../../src/stores/port.ts'
import { collect, failure, row } from '../contracts/store.ts'
import { askFor, freshName } from '../support/ask.ts'
import { freshPostgres } from '../support/postgres.ts'

const server = await askFor('postgres')

describe.skipIf(server.missing)(`PostgreSQL${server.missing ? ` (${server.missing})` : ''}`, () => {
  let app: pg.Client
  let store: Store
  let url: string
  beforeEach(async () => {
    const fresh = await freshPostgres(server.url as string, freshName())
    url = fresh.url
    app = new pg.Client({ connectionString: url })
    await app.connect()
    store = openStore('shop', { kind: 'postgres', url, files: undefined })
    return async () => {
      await store.close()
      await app.end()
      await fresh.close()
    }
  })
  const read = (query: Partial<RowQuery> & Pick<RowQuery, 'table' | 'columns'>): Promise<Row[]> =>
    store.reading((reader) => collect(reader, { key: ['id'], ...query }))

  test('a reader is refused by the server when a view tries to write', async () => {
    await app.query(`CREATE TABLE t (id int PRIMARY KEY);
      CREATE FUNCTION sneak() RETURNS int LANGUAGE sql VOLATILE AS $$ INSERT INTO t VALUES (1) RETURNING id $$;
      CREATE VIEW v AS SELECT sneak() AS id`)
    expect(await failure(read({ table: 'v', columns: ['id'], key: [] }))).toMatchObject({
      failure: 'denied',
      permanent: true,
    })
    expect((await app.query('SELECT * FROM t')).rowCount).toBe(0)
  })

  test('rows that a policy would hide are an error, not a short answer', async () => {
    await app.query(`CREATE TABLE t (id int PRIMARY KEY, owner text); INSERT INTO t VALUES (1, 'a'), (2, 'b');
      ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (owner = 'a')`)
    const role = freshName()
    await app.query(`CREATE ROLE ${role} LOGIN; GRANT SELECT ON t TO ${role}`)
    const limited = new URL(url)
    limited.username = role
    const narrow = openStore('shop', { kind: 'postgres', url: limited.href, files: undefined })
    const error = await failure(narrow.reading((r) => r.count({ table: 't', key: ['id'] })))
    expect(error).toMatchObject({ failure: 'denied', permanent: true })
    expect(error.hint).toContain('row security')
    await narrow.close()
    await app.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  })

  test('moments are spelled in UTC and ISO, whatever the role says', async () => {
    await app.query(`CREATE TABLE t (id int PRIMARY KEY, z timestamptz, w timestamp, d date, i interval, b bytea);
      INSERT INTO t VALUES (1, '2026-03-29 03:30:00+02', '2026-03-29 02:30:00.123456', '2026-03-05', '1 day 2 hours', '\\x00ff')`)
    await app.query(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET TimeZone = 'Europe/Amsterdam'`)
    await app.query(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET DateStyle = 'German'`)
    await app.query(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET bytea_output = 'escape'`)
    expect(await read({ table: 't', columns: ['z', 'w', 'd', 'i', 'b'] })).toEqual([
      row({
        z: '2026-03-29 01:30:00+00',
        w: '2026-03-29 02:30:00.123456',
        d: '2026-03-05',
        i: '1 day 02:00:00',
        b: new Uint8Array([0, 255]),
      }),
    ])
    const columns = new Map((await store.describe()).tables[0]?.columns.map((c) => [c.name, c]))
    expect([columns.get('z')?.zoned, columns.get('w')?.zoned, columns.get('d')?.zoned]).toEqual([
      true,
      false,
      undefined,
    ])
    const before = (column: string, cutoff: string) =>
      read({ table: 't', columns: ['id'], before: { column, cutoff } }).then((rows) => rows.length)
    expect([
      await before('z', '2026-03-29 01:30:00+00'),
      await before('z', '2026-03-29 03:30:01+02'),
    ]).toEqual([0, 1])
    expect([await before('d', '2026-03-05'), await before('d', '2026-03-06')]).toEqual([0, 1])
    expect(
      await failure(read({ table: 't', columns: ['id'], before: { column: 'd', cutoff: 'yesterday' } })),
    ).toMatchObject({ failure: 'schema' })
  })

  test('infinity is no moment that is before another', async () => {
    await app.query(
      `CREATE TABLE t (id int PRIMARY KEY, z timestamptz); INSERT INTO t VALUES (1, '-infinity'), (2, 'infinity'), (3, '2020-01-01')`,
    )
    expect(
      (
        await read({ table: 't', columns: ['id'], before: { column: 'z', cutoff: '2026-01-01 00:00:00+00' } })
      ).map((r) => r['id']),
    ).toEqual(['3'])
  })

  test('types of its own are read, found and written: enum, uuid, inet, arrays, domains, char, json', async () => {
    await app.query(`CREATE TYPE "Mood" AS ENUM ('sad', 'it''s ok'); CREATE DOMAIN short AS varchar(5) NOT NULL;
      CREATE TABLE t (id int PRIMARY KEY, e "Mood", u uuid, i inet, a text[], s short, c char(4), j jsonb, k json);
      INSERT INTO t VALUES (1, 'it''s ok', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '10.0.0.1', '{a,"b c"}', 'abc', 'ab', '{"n": 12345678901234567890}', '{ "x":1}')`)
    const columns = ['e', 'u', 'i', 'a', 's', 'c', 'j', 'k']
    const [found] = await read({ table: 't', columns })
    expect(found).toEqual(
      row({
        e: "it's ok",
        u: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
        i: '10.0.0.1',
        a: '{a,"b c"}',
        s: 'abc',
        c: 'ab  ',
        j: '{"n": 12345678901234567890}',
        k: '{ "x":1}',
      }),
    )
    for (const column of columns)
      expect([
        column,
        await read({ table: 't', columns: ['id'], where: [{ column, is: [found?.[column] ?? null] }] }),
      ]).toEqual([column, [row({ id: '1' })]])
    expect(await read({ table: 't', columns: ['id'], where: [{ column: 'u', is: ['nonsense'] }] })).toEqual(
      [],
    )
    expect(await read({ table: 't', columns: ['id'], where: [{ column: 's', is: ['abcdefgh'] }] })).toEqual(
      [],
    )
    const set = { e: 'sad', u: null, i: '::1', a: '{}', s: 'xyz', c: 'z', j: '{"a": 1}', k: '[]' }
    expect(
      await store.writing((w) =>
        w.rewrite({
          table: 't',
          key: ['id'],
          changes: [
            { key: ['1'], set },
            { key: ['2'], set },
          ],
        }),
      ),
    ).toBe(1)
    expect(await read({ table: 't', columns })).toEqual([row({ ...set, c: 'z   ' })])
    expect(
      (
        await failure(
          store.writing((w) =>
            w.overwrite({ table: 't', key: ['id'], keys: [['1']], set: { s: 'toolong' } }),
          ),
        )
      ).failure,
    ).toBe('constraint')
  })

  test('tables of other schemas are called by it, partitions are counted once', async () => {
    await app.query(`CREATE SCHEMA "Sales"; CREATE TABLE "Sales"."Order" (id int PRIMARY KEY, t text); INSERT INTO "Sales"."Order" VALUES (1, 'x');
      CREATE TABLE log (id int, at date) PARTITION BY RANGE (at); CREATE TABLE log_26 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      INSERT INTO log VALUES (1, '2026-02-02')`)
    expect((await store.describe()).tables.map((t) => t.name).toSorted((a, b) => a.localeCompare(b))).toEqual(
      ['log', 'Sales.Order'],
    )
    expect(await read({ table: 'Sales.Order', columns: ['t'] })).toEqual([row({ t: 'x' })])
    expect(await store.reading((r) => r.count({ table: 'log', key: [] }))).toBe(1)
  })

  test('an index on lower(email) serves, and the catalogue tells it', async () => {
    await app.query(
      'CREATE TABLE t (id int PRIMARY KEY, email text, "Mail" varchar(50)); CREATE INDEX ON t (lower(email)); CREATE INDEX ON t (lower("Mail"))',
    )
    const [table] = (await store.describe()).tables
    expect(table?.indexed).toEqual(['id'])
    expect([...(table?.indexedBlind ?? [])].toSorted((a, b) => a.localeCompare(b))).toEqual(['email', 'Mail'])
  })

  test('identity columns that are always generated take the value a row had', async () => {
    await app.query('CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text)')
    expect(
      await store.writing((w) => w.insertOnce({ table: 't', key: ['id'], row: { id: '41', v: 'x' } })),
    ).toBe(true)
    expect(await read({ table: 't', columns: ['id', 'v'] })).toEqual([row({ id: '41', v: 'x' })])
  })

  test('a statement that takes too long is a timeout, one that waits for a lock is busy', async () => {
    await app.query(
      'CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(30)::text AS s',
    )
    expect(
      await failure(
        store.reading((r) => collect(r, { table: 'slow', columns: ['s'], key: [] }), { timeoutMs: 100 }),
      ),
    ).toMatchObject({ failure: 'timeout', permanent: false })
    await app.query('BEGIN; LOCK TABLE t')
    expect(
      await failure(
        store.writing((w) => w.remove({ table: 't', key: ['id'], keys: [['1']] }), { timeoutMs: 20_000 }),
      ),
    ).toMatchObject({ failure: 'busy', permanent: false })
    await app.query('COMMIT')
  })

  test('an abort stops a statement on the server too', async () => {
    await app.query('CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(30)::text AS s')
    await store.describe()
    const stop = new AbortController()
    const running = store.reading(
      (r) => r.count({ table: 'slow', key: [], where: [{ column: 's', is: ['x'] }] }),
      { signal: stop.signal },
    )
    const sleeping = async () =>
      Number(
        (
          await app.query(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%slow%' AND state = 'active' AND pid <> pg_backend_pid()",
          )
        ).rows[0]?.n,
      )
    await expect.poll(sleeping).toBe(1)
    stop.abort()
    expect((await failure(running)).failure).toBe('aborted')
    await expect.poll(sleeping).toBe(0)
  })

  test('30: rows that point at each other by deferred keys go in one transaction', async () => {
    await app.query(`CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED);
      ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
      BEGIN; INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1); COMMIT`)
    const one = { key: ['id'], keys: [['1']] }
    expect(await failure(store.rehearse((w) => w.remove({ table: 'a', ...one })))).toMatchObject({
      failure: 'constraint',
      message: expect.stringContaining('b_a_fkey') as string,
    })
    await store.writing(async (w) => {
      await w.remove({ table: 'a', ...one })
      await w.remove({ table: 'b', ...one })
    })
    expect(await read({ table: 'a', columns: ['id'] })).toEqual([])
  })

  test('27: partitions and heirs are read once; a value without a partition is a constraint', async () => {
    await app.query(`CREATE TABLE t (id int, at int NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
      CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); INSERT INTO t VALUES (1, 1);
      CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE h (more text) INHERITS (p); INSERT INTO p VALUES (1), (2); INSERT INTO h VALUES (2, 'x'), (3, 'y')`)
    const moved = store.writing((w) =>
      w.overwrite({ table: 't', key: ['id'], keys: [['1']], set: { at: '99' } }),
    )
    expect(await failure(moved)).toMatchObject({ failure: 'constraint', permanent: true })
    // The key of each holds for itself only: no page may lose one of the two rows called 2.
    expect((await read({ table: 'p', columns: ['id'], pageSize: 1 })).map((r) => r['id'])).toEqual([
      '1',
      '2',
      '2',
      '3',
    ])
  })

  test('settle makes materialised views anew, and says which it may not', async () => {
    await app.query(`CREATE TABLE t (id int PRIMARY KEY, who text); INSERT INTO t VALUES (1, 'ann'), (2, 'bob');
      CREATE MATERIALIZED VIEW m AS SELECT who FROM t; CREATE VIEW v AS SELECT who FROM t`)
    await store.writing((writer) => writer.remove({ table: 't', key: ['id'], keys: [['1']] }))
    const role = freshName()
    await app.query(`CREATE ROLE ${role} LOGIN; GRANT SELECT ON t, m, v TO ${role}`)
    const limited = new URL(url)
    limited.username = role
    const narrow = openStore('shop', { kind: 'postgres', url: limited.href, files: undefined })
    expect((await narrow.settle(['m'])).remains.join()).toContain('m: this account may not refresh it')
    await narrow.close()
    await app.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    expect((await app.query('SELECT who FROM m')).rowCount).toBe(2)
    expect((await store.settle(['t', 'm', 'v'])).done).toContain('m: made again')
    expect((await app.query('SELECT who FROM m')).rows).toEqual([{ who: 'bob' }])
  })

  test('settle vacuums what was touched', async () => {
    await app.query(
      "CREATE TABLE t (id int PRIMARY KEY, email text); INSERT INTO t SELECT i, 'secret@x.org' FROM generate_series(1, 100) i; ANALYZE t",
    )
    const statistics = async () =>
      JSON.stringify(
        (await app.query("SELECT most_common_vals::text FROM pg_stats WHERE tablename = 't'")).rows,
      )
    expect(await statistics()).toContain('secret')
    await store.writing((w) =>
      w.overwrite({
        table: 't',
        key: ['id'],
        keys: Array.from({ length: 100 }, (_, i) => [`${i + 1}`]),
        set: { email: 'gone' },
      }),
    )
    const { done, remains } = await store.settle(['t'])
    expect(done).toEqual(['t: vacuumed, statistics taken anew'])
    expect(remains.join()).toContain('write-ahead log')
    expect(await statistics()).not.toContain('secret')
  })
})
