import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { chmodSync } from 'node:fs'
import { userInfo } from 'node:os'
import { describe, expect, onTestFinished, test } from 'vitest'
import { liveMap } from '../../src/datamap/live.ts'
import { checkLive } from '../../src/stores/check.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Canary, Store } from '../../src/stores/port.ts'
import { dataset, load } from '../datamap/support.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { freshPostgres } from '../support/postgres.ts'

const postgres = await askFor('postgres')
const mariadb = await askFor('mariadb')

const people = (lethe = 'erase: delete', code = '') =>
  dataset(
    `- name: people
  lethe: {${lethe}}
  fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
    - {name: code, data_categories: [user.content]${code}}
`,
    '    lethe: {purpose: p, basis: consent}\n',
  )

/** What stops, of this map over this store. */
async function stops(store: Store, map = people()): Promise<string[]> {
  const catalogues = new Map([[store.name, await store.describe()]])
  const loaded = load({ 'shop.yaml': map })
  const found = await checkLive(new Map([[store.name, store]]), liveMap(loaded, catalogues), catalogues)
  return found.filter((f) => f.level === 'error').map((f) => f.message)
}

const table =
  "CREATE TABLE people (id int PRIMARY KEY, email varchar(40), code varchar(9) CHECK (code LIKE 'x%'))"

describe.skipIf(postgres.missing)(`asking PostgreSQL ${postgres.missing ?? ''}`, () => {
  async function shop(canary?: Canary) {
    const fresh = await freshPostgres(postgres.url as string, freshName())
    const app = new pg.Client({ connectionString: fresh.url })
    await app.connect()
    const role = freshName()
    await app.query(`${table}; INSERT INTO people VALUES (1, 'canary@shop.example', 'x1');
      CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA public TO ${role}`)
    const url = new URL(fresh.url)
    url.username = role
    const store = openStore('shop', {
      kind: 'postgres',
      url: url.href,
      files: undefined,
      ...(canary && { canary }),
    })
    onTestFinished(async () => {
      await store.close()
      await app.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
      await app.end()
      await fresh.close()
    })
    const grant = (rights: string) => app.query(`GRANT ${rights} ON people TO ${role}`)
    return { app, role, store, grant }
  }

  test('what may not be read or written is named before anything runs', async () => {
    const { store, grant } = await shop()
    expect(await stops(store)).toEqual([
      'the account of shop may not read people (denied): a search would leave it out',
    ])
    await grant('SELECT (id, email)')
    expect(await stops(store)).toEqual([
      'the account of shop may not read people.code (denied): a search would leave it out',
    ])
    await grant('SELECT')
    expect(await stops(store)).toEqual([
      'the account of shop cannot write to people (denied): SELECT … FOR UPDATE, DELETE',
    ])
    await grant('DELETE, UPDATE (email)')
    expect(await stops(store)).toEqual([])
    expect(await stops(store, people('erase: anonymise', ', lethe: {erase: x}'))).toEqual([
      'the account of shop cannot write to people (denied): UPDATE (code)',
    ])
  })

  test('rows behind a policy, and a canary that is not seen, stop everything', async () => {
    const { app, role, store, grant } = await shop()
    await grant('SELECT, DELETE, UPDATE')
    await app.query(
      `ALTER TABLE people ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON people USING (id > 5)`,
    )
    expect(await stops(store)).toEqual([
      'row-level security hides rows of shop.people from this account (none): a search would find too little and call it nothing',
    ])
    await app.query(`ALTER ROLE ${role} BYPASSRLS`)
    expect(await stops(store)).toEqual([])
  })

  test('the canary is looked for, and a view that hides it is noticed', async () => {
    const canary = { table: 'seen', column: 'email', value: 'canary@shop.example' }
    const { app, store, role, grant } = await shop(canary)
    await grant('SELECT, DELETE, UPDATE')
    await app.query(`CREATE VIEW seen AS SELECT * FROM people; GRANT SELECT ON seen TO ${role}`)
    expect(await stops(store)).toEqual([])
    await app.query(`CREATE OR REPLACE VIEW seen AS SELECT * FROM people WHERE id > 5`)
    expect(await stops(store)).toEqual([
      'the canary of shop (seen.email) is not seen: rows may be hidden from this account, so "nothing found" cannot be believed',
    ])
  })

  test('a mask that a rule or a domain refuses is known by asking the store', async () => {
    const { app, role, store } = await shop()
    await app.query(
      `GRANT ALL ON people TO ${role}; CREATE DOMAIN even AS int CHECK (VALUE % 2 = 0); ALTER TABLE people ADD n even`,
    )
    const masked = (mask: string) => stops(store, people('erase: anonymise', `, lethe: {erase: ${mask}}`))
    expect(await masked('gone')).toEqual([
      `the mask "gone" breaks the rule people_code_check of shop.people: ((code)::text ~~ 'x%'::text)`,
    ])
    expect(await masked('xxx')).toEqual([])
    expect(await masked('null')).toEqual([])
    const numbered = (mask: string) =>
      stops(
        store,
        people('erase: anonymise', '').replace('{name: code,', `{name: n, lethe: {erase: "${mask}"},`),
      )
    expect(await numbered('3')).toEqual([
      'the mask "3" breaks the rule even_check of shop.people: (("n" % 2) = 0)',
    ])
    expect(await numbered('4')).toEqual([])
  })
})

describe.skipIf(mariadb.missing)(`asking MariaDB ${mariadb.missing ?? ''}`, () => {
  test('what may not be read is not there, what may not be written is named, rules are asked', async () => {
    const fresh = await freshMariadb(mariadb.url as string, freshName())
    const app = await mysql.createConnection({ uri: fresh.url, multipleStatements: true })
    const user = freshName()
    const url = new URL(fresh.url)
    const database = url.pathname.slice(1)
    url.username = user
    await app.query(
      `${table}; CREATE USER ${user}@'%'; GRANT SHOW VIEW, TRIGGER ON \`${database}\`.* TO ${user}@'%'`,
    )
    const opened: Store[] = []
    const again = () => {
      const store = openStore('shop', { kind: 'mysql', url: url.href, files: undefined })
      opened.push(store)
      return store
    }
    onTestFinished(async () => {
      for (const store of opened) await store.close()
      await app.query(`DROP USER ${user}@'%'`)
      await app.end()
      await fresh.close()
    })
    const grant = (rights: string) => app.query(`GRANT ${rights} ON \`${database}\`.people TO ${user}@'%'`)
    expect(await stops(again())).toEqual(
      ['id', 'email', 'code'].map((name) => `the table shop.people has no column "${name}"`),
    )
    await grant('SELECT')
    expect(await stops(again())).toEqual(['the account of shop cannot write to people (denied): DELETE'])
    await grant('DELETE, UPDATE (email)')
    expect(await stops(again())).toEqual([])
    expect(await stops(again(), people('erase: anonymise', ', lethe: {erase: gone}'))).toEqual([
      'the account of shop cannot write to people (denied): UPDATE (code)',
      'the mask "gone" breaks the rule code of shop.people: `code` like \'x%\'',
    ])
  })
})

test('SQLite: a mask that a rule refuses, a file that may not be written', async () => {
  const path = join(freshFolder(), 'shop.db')
  const app = new Sqlite(path)
  app.exec(table)
  app.close()
  const store = openStore('shop', { kind: 'sqlite', url: `file:${path}`, files: undefined })
  onTestFinished(() => store.close())
  expect(await stops(store, people('erase: anonymise', ', lethe: {erase: gone}'))).toEqual([
    `the mask "gone" breaks the rule CHECK 1 of shop.people: (code LIKE 'x%')`,
  ])
  expect(await stops(store)).toEqual([])
  // Root writes where nobody may.
  if (userInfo().uid === 0) return
  chmodSync(path, 0o444)
  expect(await stops(store)).toEqual([
    'the account of shop cannot write to people (denied): DELETE; this process may not write to the file',
  ])
})
