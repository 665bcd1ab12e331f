import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/stores/open.ts'
import type { Catalogue } from '../../src/stores/port.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { freshPostgres } from '../support/postgres.ts'

const postgres = await askFor('postgres')
const mariadb = await askFor('mariadb')

const tableOf = (catalogue: Catalogue, name: string) => catalogue.tables.find((t) => t.name === name)
const columnOf = (catalogue: Catalogue, table: string, column: string) =>
  tableOf(catalogue, table)?.columns.find((c) => c.name === column)

describe.skipIf(postgres.missing)(`what PostgreSQL tells of itself ${postgres.missing ?? ''}`, () => {
  async function described(...statements: string[]): Promise<Catalogue> {
    const fresh = await freshPostgres(postgres.url as string, freshName())
    const app = new pg.Client({ connectionString: fresh.url })
    await app.connect()
    const store = openStore('shop', { kind: 'postgres', url: fresh.url, files: undefined })
    onTestFinished(async () => {
      await store.close()
      await app.end()
      await fresh.close()
    })
    for (const sql of statements) await app.query(sql)
    return store.describe()
  }

  test('rules, enums, domains, keys over expressions and over some rows, deferred keys', async () => {
    const found = await described(
      `CREATE TYPE mood AS ENUM ('glad', 'so so')`,
      `CREATE DOMAIN postcode AS text CHECK (VALUE ~ '^[0-9]{4}[A-Z]{2}$')`,
      `CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial, m mood, pc postcode, email text, gone timestamp, at timestamptz,
         CONSTRAINT alive CHECK (gone IS NULL OR email = ''))`,
      `CREATE UNIQUE INDEX one_mail ON p (lower(email)) WHERE gone IS NULL`,
      `CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED)`,
    )
    expect(columnOf(found, 'p', 'm')?.values).toEqual(['glad', 'so so'])
    expect([columnOf(found, 'p', 'id')?.numbered, columnOf(found, 'p', 'n')?.numbered]).toEqual([true, true])
    expect([columnOf(found, 'p', 'gone')?.zoned, columnOf(found, 'p', 'at')?.zoned]).toEqual([false, true])
    const checks = tableOf(found, 'p')?.checks ?? []
    expect(checks.map((c) => [c.name, [...c.columns].sort()])).toEqual([
      ['alive', ['email', 'gone']],
      ['postcode_check', ['pc']],
    ])
    expect(checks[1]?.sql).toContain('"pc" ~ ')
    expect(tableOf(found, 'p')?.ruleKeys).toMatchObject([{ name: 'one_mail' }])
    expect([...(tableOf(found, 'p')?.ruleKeys?.[0]?.columns ?? [])].sort()).toEqual(['email', 'gone'])
    expect(tableOf(found, 'c')?.foreignKeys).toMatchObject([
      { onDelete: 'set null', onUpdate: 'cascade', deferrable: true },
    ])
    expect(found.server).toEqual({ isStrict: true, readOnly: null, zone: 'Etc/UTC', canSeeTriggers: true })
  })

  test('triggers with what they write and set, rules, and what cannot be read', async () => {
    const found = await described(
      `CREATE TABLE p (id int PRIMARY KEY, changed timestamp)`,
      `CREATE TABLE log (line text)`,
      `CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id = OLD.id THEN NEW.changed := now(); END IF; RETURN NEW; END'`,
      `CREATE FUNCTION copy_out() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN
         -- UPDATE nothing
         INSERT INTO public.log VALUES ('update p'); DELETE FROM ONLY archive.old WHERE id = OLD.id; RETURN NULL; END $f$`,
      `CREATE FUNCTION blind() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN EXECUTE 'delete from log'; RETURN NULL; END $f$`,
      `CREATE TRIGGER a BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION stamp()`,
      `CREATE TRIGGER b AFTER DELETE OR UPDATE ON p FOR EACH ROW EXECUTE FUNCTION copy_out()`,
      `CREATE TRIGGER c AFTER TRUNCATE ON p EXECUTE FUNCTION blind()`,
      `CREATE TRIGGER d AFTER DELETE ON p FOR EACH ROW EXECUTE FUNCTION blind()`,
      `ALTER TABLE p DISABLE TRIGGER d`,
      `CREATE RULE keep AS ON DELETE TO p DO ALSO INSERT INTO log VALUES ('gone')`,
    )
    const nothing = { writes: [], sets: [], isOpaque: false }
    expect(tableOf(found, 'p')?.triggers).toEqual(['a', 'b', 'c', 'keep'])
    expect(tableOf(found, 'p')?.fires).toEqual([
      { ...nothing, name: 'a', timing: 'before', events: ['update'], sets: ['changed'] },
      {
        ...nothing,
        name: 'b',
        timing: 'after',
        events: ['delete', 'update'],
        writes: ['log', 'archive.old'],
      },
      { ...nothing, name: 'c', timing: 'after', events: ['truncate'], isOpaque: true },
      { ...nothing, name: 'keep', timing: 'after', events: ['delete'], writes: ['log'] },
    ])
  })

  test('partitions once, with their rows; heirs by name; views with what they read; hidden rows', async () => {
    const found = await described(
      `CREATE TABLE calls (id int, at date NOT NULL, src text) PARTITION BY RANGE (at)`,
      `CREATE TABLE calls_25 PARTITION OF calls FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')`,
      `INSERT INTO calls SELECT i, '2025-05-05', 'x' FROM generate_series(1, 50) i`,
      `ANALYZE calls`,
      `CREATE TABLE asset (id int PRIMARY KEY)`,
      `CREATE TABLE file (name text) INHERITS (asset)`,
      `CREATE VIEW seen AS SELECT c.src FROM calls c JOIN asset a USING (id)`,
      `CREATE MATERIALIZED VIEW kept AS SELECT * FROM seen`,
      `ALTER TABLE asset ENABLE ROW LEVEL SECURITY`,
      `CREATE POLICY own ON asset USING (id = 1)`,
    )
    expect(found.tables.map((t) => t.name)).toEqual(['asset', 'calls', 'file', 'kept', 'seen'])
    expect(tableOf(found, 'calls')).toMatchObject({ partitionedBy: ['at'], estimatedRows: 50 })
    expect(tableOf(found, 'asset')).toMatchObject({
      inheritedBy: ['file'],
      rowSecurity: { policies: ['own'], applies: false },
    })
    expect(tableOf(found, 'seen')).toMatchObject({ kind: 'view', materialised: false })
    expect([...(tableOf(found, 'seen')?.reads ?? [])].sort()).toEqual(['asset', 'calls'])
    expect(tableOf(found, 'kept')).toMatchObject({ kind: 'view', materialised: true, reads: ['seen'] })
  })
})

describe.skipIf(mariadb.missing)(`what MariaDB tells of itself ${mariadb.missing ?? ''}`, () => {
  async function described(...statements: string[]): Promise<Catalogue> {
    const fresh = await freshMariadb(mariadb.url as string, freshName())
    const app = await mysql.createConnection({ uri: fresh.url, charset: 'utf8mb4' })
    const store = openStore('shop', { kind: 'mysql', url: fresh.url, files: undefined })
    onTestFinished(async () => {
      await store.close()
      await app.end()
      await fresh.close()
    })
    for (const sql of statements) await app.query(sql)
    return store.describe()
  }

  test('rules, enums, collations, engines, stamps, keys over first letters, actions', async () => {
    const found = await described(
      `CREATE TABLE p (id int AUTO_INCREMENT PRIMARY KEY, email varchar(80) COLLATE utf8mb4_unicode_ci CHECK (email LIKE '%@%'), mood enum('glad','it''s') NOT NULL,
         j json, code varchar(9) COLLATE utf8mb4_bin, at timestamp DEFAULT current_timestamp ON UPDATE current_timestamp, born datetime, UNIQUE KEY k (email(3)))`,
      `CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE)`,
      `CREATE TABLE old (id int PRIMARY KEY) ENGINE = MyISAM`,
      `CREATE TABLE cdr (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (year(at)) (PARTITION a VALUES LESS THAN (2025), PARTITION b VALUES LESS THAN MAXVALUE)`,
      `CREATE VIEW seen AS SELECT q.email FROM p AS q JOIN c ON c.p = q.id`,
      `CREATE TRIGGER t AFTER DELETE ON p FOR EACH ROW BEGIN INSERT INTO old VALUES (OLD.id); UPDATE other.c SET p = NULL; END`,
      `CREATE TRIGGER u BEFORE UPDATE ON p FOR EACH ROW SET NEW.born = NOW(), NEW.code = 'x'`,
    )
    expect(columnOf(found, 'p', 'mood')?.values).toEqual(['glad', "it's"])
    expect(columnOf(found, 'p', 'email')?.collation).toEqual({
      name: 'utf8mb4_unicode_ci',
      ignoresCase: true,
      ignoresAccents: true,
      ignoresTrailingBlanks: true,
    })
    expect(columnOf(found, 'p', 'code')?.collation).toMatchObject({
      ignoresCase: false,
      ignoresAccents: false,
    })
    expect(columnOf(found, 'p', 'at')).toMatchObject({ selfUpdating: true, zoned: true })
    expect(columnOf(found, 'p', 'born')?.zoned).toBe(false)
    expect(columnOf(found, 'p', 'j')?.kind).toBe('json')
    expect(columnOf(found, 'p', 'id')?.numbered).toBe(true)
    expect(tableOf(found, 'p')?.checks?.map((c) => [c.name, c.columns])).toEqual([
      ['email', ['email']],
      ['j', ['j']],
    ])
    expect(tableOf(found, 'p')?.ruleKeys).toMatchObject([{ name: 'k', columns: ['email'] }])
    expect(tableOf(found, 'c')?.foreignKeys).toMatchObject([{ onDelete: 'set null', onUpdate: 'cascade' }])
    expect(tableOf(found, 'old')).toMatchObject({ engine: 'MyISAM', transactional: false })
    expect(tableOf(found, 'cdr')?.partitionedBy).toEqual(['at'])
    expect([...(tableOf(found, 'seen')?.reads ?? [])].sort()).toEqual(['c', 'p'])
    expect(tableOf(found, 'p')?.fires).toEqual([
      {
        name: 't',
        timing: 'after',
        events: ['delete'],
        writes: ['old', 'other.c'],
        sets: [],
        isOpaque: false,
      },
      {
        name: 'u',
        timing: 'before',
        events: ['update'],
        writes: [],
        sets: ['born', 'code'],
        isOpaque: false,
      },
    ])
    expect(found.server).toMatchObject({ readOnly: null, canSeeTriggers: true })
    expect(found.server.zone).not.toBe('')
  })

  test('an account that may not see triggers is known to be blind', async () => {
    const fresh = await freshMariadb(mariadb.url as string, freshName())
    const app = await mysql.createConnection({ uri: fresh.url, multipleStatements: true })
    const user = freshName()
    const url = new URL(fresh.url)
    url.username = user
    const store = openStore('shop', { kind: 'mysql', url: url.href, files: undefined })
    onTestFinished(async () => {
      await store.close()
      await app.query(`DROP USER ${user}@'%'`)
      await app.end()
      await fresh.close()
    })
    const database = url.pathname.slice(1)
    await app.query(`CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE log (id int);
      CREATE TRIGGER t AFTER DELETE ON p FOR EACH ROW INSERT INTO log VALUES (OLD.id);
      CREATE USER ${user}@'%'; GRANT SELECT, UPDATE, DELETE ON \`${database}\`.* TO ${user}@'%'`)
    const blind = await store.describe()
    expect([tableOf(blind, 'p')?.fires?.map((t) => t.isOpaque), blind.server.canSeeTriggers]).toEqual([
      [true],
      false,
    ])
    await app.query(`GRANT TRIGGER ON \`${database}\`.* TO ${user}@'%'`)
    // A privilege on a database is looked up anew where a connection turns to it.
    const again = openStore('shop', { kind: 'mysql', url: url.href, files: undefined })
    onTestFinished(() => again.close())
    const seeing = await again.describe()
    expect([tableOf(seeing, 'p')?.fires?.map((t) => t.writes), seeing.server.canSeeTriggers]).toEqual([
      [['log']],
      true,
    ])
  })
})

test('what SQLite tells of itself stands in the text of its statements', async () => {
  const path = join(freshFolder(), 'shop.db')
  const app = new Sqlite(path)
  app.exec(`CREATE TABLE p (id integer PRIMARY KEY AUTOINCREMENT, email text COLLATE NOCASE CHECK (email LIKE '%(@)%'), gone text, -- CHECK (no)
      "odd CHECK (" text, CONSTRAINT alive CHECK (gone IS NULL OR (email = '')));
    CREATE UNIQUE INDEX one_mail ON p (lower(email)) WHERE gone IS NULL;
    CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE log (line text);
    CREATE VIEW seen AS SELECT email FROM p, c WHERE c.p = p.id;
    CREATE TRIGGER t AFTER UPDATE OF email ON p BEGIN INSERT OR IGNORE INTO log VALUES ('x'); UPDATE c SET id = id; DELETE FROM log; END;`)
  app.close()
  const store = openStore('shop', { kind: 'sqlite', url: `file:${path}`, files: undefined })
  onTestFinished(() => store.close())
  const found = await store.describe()
  expect(tableOf(found, 'p')?.checks).toEqual([
    { name: 'CHECK 1', columns: ['email'], sql: "(email LIKE '%(@)%')" },
    { name: 'alive', columns: ['email', 'gone'], sql: "(gone IS NULL OR (email = ''))" },
  ])
  expect(tableOf(found, 'p')?.ruleKeys).toMatchObject([{ name: 'one_mail', columns: ['email', 'gone'] }])
  expect(columnOf(found, 'p', 'email')?.collation).toMatchObject({
    name: 'NOCASE',
    ignoresCase: true,
    ignoresAccents: false,
  })
  expect(columnOf(found, 'p', 'id')?.numbered).toBe(true)
  expect(tableOf(found, 'c')?.foreignKeys).toMatchObject([
    { onDelete: 'set null', onUpdate: 'cascade', deferrable: true, references: ['id'] },
  ])
  expect(tableOf(found, 'seen')?.reads).toEqual(['c', 'p'])
  expect(tableOf(found, 'p')?.fires).toEqual([
    { name: 't', timing: 'after', events: ['update'], writes: ['log', 'c'], sets: [], isOpaque: false },
  ])
  expect(found.server.readOnly).toBe(null)
})
