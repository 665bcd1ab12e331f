import mysql from 'mysql2/promise'
import pg from 'pg'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineDeps } from '../../../src/engine/deps.ts'
import { scanForPerson } from '../../../src/engine/verify/scan.ts'
import { openStore } from '../../../src/stores/open.ts'
import type { Store } from '../../../src/stores/port.ts'
import { askFor, freshName } from '../../support/ask.ts'
import { freshMariadb } from '../../support/mariadb.ts'
import { freshPostgres } from '../../support/postgres.ts'

const [postgres, mariadb] = [await askFor('postgres'), await askFor('mariadb')]
const ann = 'ann.lee@x.example'
const packed = gzipSync(JSON.stringify({ to: ann })).toString('hex')
const depsOf = (store: Store): EngineDeps =>
  ({
    map: { collections: new Map() },
    stores: new Map([['shop', store]]),
    policyOf: () => ({ country: 'NL' }),
  }) as unknown as EngineDeps

async function scanned(store: Store) {
  const { residue, unread } = await scanForPerson(depsOf(store), 'shop', [
    { kind: 'email', value: ann },
    { kind: 'phone', value: '+31612345678' },
  ])
  return {
    found: residue
      .map((r) => [`${r.table}.${r.column}`, r.rows, r.path].filter((p) => p !== undefined).join(' '))
      .sort(),
    unread: unread.map((u) => `${u.table}.${u.column} ${u.why}`).sort(),
  }
}

describe.skipIf(postgres.missing)(
  `a scan of PostgreSQL${postgres.missing ? ` (${postgres.missing})` : ''}`,
  () => {
    let fresh: Awaited<ReturnType<typeof freshPostgres>>
    let app: pg.Client
    const open = (url: string) => openStore('shop', { kind: 'postgres', url, files: undefined })
    beforeAll(async () => {
      fresh = await freshPostgres(postgres.url as string, freshName())
      app = new pg.Client({ connectionString: fresh.url })
      await app.connect()
    })
    afterAll(async () => {
      await app.end()
      await fresh.close()
    })

    it('reads arrays, JSON, bytes and materialised views, tables without a key, and values of many megabytes', async () => {
      await app.query(`
      CREATE TYPE pair AS (a text, b text);
      CREATE TABLE kinds (id int PRIMARY KEY, list text[], doc jsonb, plain json, raw bytea, both_of pair, words tsvector, at inet);
      INSERT INTO kinds VALUES (1, ARRAY['x', '${ann}'], '{"a": {"b": ["${ann}"]}}', '{"${ann}": 1.50}', '\\x${packed}',
        ROW('q', '+31 6 12345678'), to_tsvector('simple', 'write ${ann} now'), '10.0.0.1');
      CREATE TABLE keyless (body text, body2 varchar(80));
      INSERT INTO keyless SELECT repeat('word ', 100), NULL FROM generate_series(1, 3000);
      INSERT INTO keyless VALUES ('06-12345678', '${ann}'), ('06-12345678', '${ann}');
      CREATE TABLE long (a int, b int, body text, raw bytea, PRIMARY KEY (a, b));
      INSERT INTO long SELECT 1, n, 'short', NULL FROM generate_series(1, 400) n;
      INSERT INTO long VALUES (2, 1, repeat('a word, ', 1200000) || '${ann}', NULL),
        (2, 2, '${ann}', convert_to(repeat('a word, ', 1200000) || '${ann}', 'UTF8'));
      CREATE MATERIALIZED VIEW copied AS SELECT b, body2 FROM keyless, generate_series(1, 1) b WHERE body2 IS NOT NULL;
      CREATE VIEW shown AS SELECT * FROM keyless;`)
      const store = open(fresh.url)
      const { found, unread } = await scanned(store)
      await store.close()
      expect(found).toEqual([
        'copied.body2 2',
        'keyless.body 2',
        'keyless.body2 2',
        'kinds.both_of 1',
        'kinds.doc 1',
        'kinds.list 1',
        'kinds.plain 1',
        'kinds.raw 1 gzip',
        'kinds.words 1',
        'long.body 2',
        'long.raw 1',
      ])
      expect(unread).toEqual([])
    })

    it('says which columns the account may not read, and reads the others', async () => {
      const name = `r_${freshName()}`
      await app.query(`CREATE ROLE ${name} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA public TO ${name};
      CREATE TABLE half (id int PRIMARY KEY, open text, shut text); INSERT INTO half VALUES (1, '${ann}', '${ann}');
      CREATE TABLE closed (id int PRIMARY KEY, body text); GRANT SELECT (id, open) ON half TO ${name};`)
      const url = new URL(fresh.url)
      url.username = name
      url.password = 'x'
      const store = open(url.href)
      const { found, unread } = await scanned(store)
      await store.close()
      expect(found).toEqual(['half.open 1'])
      expect(unread.filter((line) => /^(half|closed)\./.test(line))).toEqual([
        'closed.body this account may not read it',
        'closed.id this account may not read it',
        'half.shut this account may not read it',
      ])
      await app.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)
    })
  },
)

describe.skipIf(mariadb.missing)(`a scan of MariaDB${mariadb.missing ? ` (${mariadb.missing})` : ''}`, () => {
  it('reads JSON, enums, bytes of COMPRESS() and pieces, tables without a key, and values of many megabytes', async () => {
    const fresh = await freshMariadb(mariadb.url as string, freshName())
    const app = await mysql.createConnection({ uri: fresh.url, multipleStatements: true })
    await app.query(`
      CREATE TABLE kinds (id int PRIMARY KEY, doc JSON, raw BLOB, pick ENUM('a', '${ann}'), old VARCHAR(80) CHARACTER SET latin1);
      INSERT INTO kinds VALUES (1, '{"a": ["${ann}"]}', COMPRESS('to ${ann}'), '${ann}', 'é ${ann}');
      CREATE TABLE keyless (body text) ENGINE=MyISAM;
      INSERT INTO keyless SELECT REPEAT('word ', 100) FROM seq_1_to_3000;
      INSERT INTO keyless VALUES ('06-12345678'), ('06-12345678');
      CREATE TABLE chunk (file_id int, chunk_id int, filedata longblob, PRIMARY KEY (file_id, chunk_id));
      INSERT INTO chunk VALUES (1, 0, CONCAT(REPEAT('a word, ', 1000), ' ann.lee@')), (1, 1, 'x.example and on');
      CREATE TABLE long_values (id int PRIMARY KEY, body LONGTEXT, raw LONGBLOB);
      INSERT INTO long_values VALUES (1, REPEAT('a word, ', 1200000), NULL), (2, 'short', REPEAT('a word, ', 1200000));
      UPDATE long_values SET body = CONCAT(body, ' ${ann}'), raw = CONCAT(raw, ' ${ann}');`)
    const store = openStore('shop', { kind: 'mysql', url: fresh.url, files: undefined })
    const { found, unread } = await scanned(store)
    await store.close()
    await app.end()
    await fresh.close()
    expect(found).toEqual([
      'chunk.filedata 1 pieces',
      'keyless.body 2',
      'kinds.doc 1',
      'kinds.old 1',
      'kinds.pick 1',
      'kinds.raw 1 zlib',
      'long_values.body 2',
      'long_values.raw 1',
    ])
    expect(unread).toEqual([])
  })
})
