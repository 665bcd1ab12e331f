import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { openStore } from '../../src/stores/open.ts'
import type { StoreKind } from '../../src/stores/port.ts'
import { askFor, freshFolder, freshName } from './ask.ts'
import { freshMariadb } from './mariadb.ts'
import { freshPostgres } from './postgres.ts'

/** For stories that are told on every kind of store: skip by `missing`. */
export const servers = {
  sqlite: { missing: undefined },
  postgres: await askFor('postgres'),
  mysql: await askFor('mariadb'),
} as const

/** The application's own way into its database. */
export interface App {
  readonly url: string
  exec(sql: string): Promise<void>
  /** Everything in a table, as text. */
  dump(table: string): Promise<string>
}

/** An empty database of this kind, gone with the test. */
export async function appOn(kind: StoreKind): Promise<App> {
  if (kind === 'sqlite') {
    const path = join(freshFolder(), 'made.db')
    const db = new Sqlite(path)
    onTestFinished(() => void db.close())
    return {
      url: `file:${path}`,
      exec: async (sql) => void db.exec(sql),
      dump: async (table) => JSON.stringify(db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()),
    }
  }
  if (kind === 'postgres') {
    const fresh = await freshPostgres(servers.postgres.url as string, freshName())
    const client = new pg.Client({ connectionString: fresh.url })
    await client.connect()
    onTestFinished(async () => {
      await client.end()
      await fresh.close()
    })
    return {
      url: fresh.url,
      exec: async (sql) => void (await client.query(sql)),
      dump: async (table) => JSON.stringify((await client.query(`SELECT * FROM ${table} ORDER BY 1`)).rows),
    }
  }
  const fresh = await freshMariadb(servers.mysql.url as string, freshName())
  const client = await mysql.createConnection({ uri: fresh.url, multipleStatements: true })
  onTestFinished(async () => {
    await client.end()
    await fresh.close()
  })
  return {
    url: fresh.url,
    exec: async (sql) => void (await client.query(sql)),
    dump: async (table) => JSON.stringify((await client.query(`SELECT * FROM ${table} ORDER BY 1`))[0]),
  }
}

/** What the engine needs to work on it, with one dataset `made` of these collections. */
export async function depsOn(
  kind: StoreKind,
  app: App,
  collections: string,
  more: Pick<Parameters<typeof openStore>[1], 'access' | 'canary'> = {},
): Promise<EngineDeps> {
  const folder = freshFolder()
  mkdirSync(join(folder, 'datamap'))
  writeFileSync(
    join(folder, 'datamap', 'made.yaml'),
    `dataset:\n  - fides_key: made\n    name: Made\n    lethe: {purpose: Test, basis: contract}\n    collections:\n${collections}`,
  )
  const map = loadDataMap(folder, [{ name: 'made', map: 'datamap/made.yaml' }])
  const store = openStore('made', { kind, url: app.url, files: undefined, ...more })
  onTestFinished(() => store.close())
  const stores = new Map([['made', store]])
  return { map, graph: buildGraph(map), stores, policyOf: () => ({ country: 'NL' }), spool: folder }
}
