import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { buildGraph } from '../../../src/datamap/graph.ts'
import { loadDataMap } from '../../../src/datamap/load.ts'
import type { EngineDeps } from '../../../src/engine/deps.ts'
import type { NewOrder } from '../../../src/engine/order/place.ts'
import type { Change } from '../../../src/engine/tables.ts'
import { openStore } from '../../../src/stores/open.ts'
import type { StoreKind } from '../../../src/stores/port.ts'
import { freshFolder, freshName } from '../../support/ask.ts'
import { servers } from '../../support/any-store.ts'
import { freshMariadb } from '../../support/mariadb.ts'
import { freshPostgres } from '../../support/postgres.ts'

/*
 * A small help desk on any kind of store, for telling what failures do to it: Ann and her neighbour Bob, tickets with recordings
 * below them (more than one batch of Ann's), invoices that stay without names, and messages of Bob's that she was copied on.
 */
export const ann = [{ kind: 'email', value: 'ann@x.example' }] as const

/** Tickets of hers: two batches. */
export const herTickets = 503
export const tableNames = ['people', 'tickets', 'invoices', 'messages'] as const

const schema = [
  `CREATE TABLE people (id integer PRIMARY KEY, email varchar(200), name varchar(200), status varchar(20) NOT NULL, writes integer NOT NULL DEFAULT 0)`,
  `CREATE TABLE tickets (id integer PRIMARY KEY, person_id integer, subject varchar(200), contact varchar(200), recording varchar(200), blocked integer NOT NULL DEFAULT 0, writes integer NOT NULL DEFAULT 0, FOREIGN KEY (person_id) REFERENCES people (id))`,
  `CREATE TABLE invoices (id integer PRIMARY KEY, person_id integer, email varchar(200), name varchar(200), amount varchar(20), writes integer NOT NULL DEFAULT 0)`,
  `CREATE TABLE messages (id integer PRIMARY KEY, person_id integer, cc varchar(200), body varchar(2000), writes integer NOT NULL DEFAULT 0)`,
]

/** SQLite numbers rows by `INTEGER PRIMARY KEY` only when it is spelled so, and elsewhere nobody minds. */
export const created = schema.map((sql) => sql.replace('id integer PRIMARY', 'id INTEGER PRIMARY'))

/** Tickets 1 to 503 are hers, the two after them Bob's; every 100th has a recording. */
export const filled = (tickets = herTickets): string[] => [
  `INSERT INTO people VALUES (1, 'ann@x.example', 'Ann Lee', 'enabled', 0), (2, 'bob@x.example', 'Bob Ray', 'enabled', 0)`,
  `INSERT INTO tickets VALUES ${Array.from({ length: tickets + 2 }, (_, i) => {
    const recording = recordingOf(i + 1)
    return `(${i + 1}, ${i < tickets ? 1 : 2}, 'No. ${i + 1}', ${i < tickets ? "'ann@x.example'" : "'bob@x.example'"}, ${recording ? `'${recording}'` : 'NULL'}, 0, 0)`
  }).join(', ')}`,
  `INSERT INTO invoices VALUES (1, 1, 'ann@x.example', 'Ann Lee', '10.00', 0), (2, 2, 'bob@x.example', 'Bob Ray', '20.00', 0), (3, 1, 'ann@x.example', 'Ann Lee', '30.00', 0)`,
  `INSERT INTO messages VALUES (1, 2, 'ann@x.example', 'Ann Lee (ann@x.example) called bob@x.example', 0), (2, 2, 'cy@x.example', 'Bob wrote', 0)`,
]

const recordingOf = (id: number): string | undefined => (id % 100 === 0 ? `call-${id}.wav` : undefined)

const id = '        - {name: id, fides_meta: {primary_key: true, data_type: integer}}\n'
const person = (link: string) =>
  `        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: ${link}}}\n`
const collections = `
    - name: people
      lethe: {person: true, erase: delete, restrict: {status: blocked}, suppress: {field: email, kind: email, list: marketing}}
      fields:
${id}        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
        - {name: name, data_categories: [user.name]}
        - {name: status}
    - name: tickets
      lethe: {erase: delete, file: recording, restrict: {blocked: 1}}
      fields:
${id}${person('owned')}        - {name: subject, data_categories: [user.content]}
        - {name: contact, data_categories: [user.contact.email], lethe: {format: email}}
        - {name: recording, data_categories: [user.content]}
        - {name: blocked}
    - name: invoices
      lethe: {erase: anonymise}
      fields:
${id}${person('owned')}        - {name: email, data_categories: [user.contact.email], lethe: {format: email, erase: 'gone-{id}@invalid'}}
        - {name: name, data_categories: [user.name]}
        - {name: amount, data_categories: [user.financial]}
    - name: messages
      lethe: {erase: delete}
      fields:
${id}${person('owned')}        - {name: cc, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: shared}}
        - {name: body, data_categories: [user.content], lethe: {text: free}}
`

/** The application's own way into its database. */
export interface Sql {
  exec(...statements: string[]): Promise<void>
  rows(sql: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export async function sqlOn(kind: StoreKind, url: string): Promise<Sql> {
  if (kind === 'sqlite') {
    const db = new Sqlite(url.slice('file:'.length), { timeout: 20_000 })
    db.pragma('journal_mode = WAL')
    return {
      exec: async (...statements) => void db.exec(statements.join(';\n')),
      rows: async (sql) => db.prepare(sql).all() as Record<string, unknown>[],
      close: async () => void db.close(),
    }
  }
  if (kind === 'postgres') {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    return {
      exec: async (...statements) => void (await client.query(statements.join(';\n'))),
      rows: async (sql) => (await client.query(sql)).rows as Record<string, unknown>[],
      close: () => client.end(),
    }
  }
  const client = await mysql.createConnection({ uri: url, multipleStatements: true })
  return {
    exec: async (...statements) => void (await client.query(statements.join(';\n'))),
    rows: async (sql) => (await client.query(sql))[0] as Record<string, unknown>[],
    close: () => client.end(),
  }
}

export interface Story {
  readonly kind: StoreKind
  /** The store's own, for whoever opens it in another process. */
  readonly url: string
  readonly folder: string
  readonly files: string
  readonly deps: EngineDeps
  readonly app: Sql
  /** As at the beginning, files included. */
  reset(more?: readonly string[]): Promise<void>
  /** Every row of every table, and every file, as text. */
  dump(): Promise<string>
  close(): Promise<void>
}

/** An empty database of this kind with the story's tables. `url` is what Lethe uses, where that is not the application's. */
export async function story(
  kind: StoreKind,
  more: { readonly tickets?: number; readonly through?: (url: string) => string } = {},
): Promise<Story> {
  const folder = freshFolder()
  const place = await freshPlace(kind, folder)
  const app = await sqlOn(kind, place.url)
  await app.exec(...created)
  const url = more.through?.(place.url) ?? place.url
  const deps = depsOf(kind, url, folder)
  const files = join(folder, 'files')
  const statements = filled(more.tickets)
  return {
    kind,
    url,
    folder,
    files,
    deps,
    app,
    async reset(then = []) {
      for (const table of tableNames.toReversed()) await app.exec(`DELETE FROM ${table}`)
      for (const sql of [...statements, ...then]) await app.exec(sql)
      rmSync(files, { recursive: true, force: true })
      mkdirSync(files)
      for (let ticket = 1; ticket <= (more.tickets ?? herTickets) + 2; ticket++) {
        const name = recordingOf(ticket)
        if (name) writeFileSync(join(files, name), 'sound')
      }
    },
    async dump() {
      const tables = []
      for (const table of tableNames) tables.push(await app.rows(`SELECT * FROM ${table} ORDER BY id`))
      return [...tables.flat().map((row) => JSON.stringify(row)), ...readdirSync(files).sort()].join('\n')
    },
    async close() {
      for (const store of deps.stores.values()) await store.close()
      await app.close()
      await place.close()
    },
  }
}

function freshPlace(
  kind: StoreKind,
  folder: string,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  switch (kind) {
    case 'sqlite':
      return Promise.resolve({ url: `file:${join(folder, 'made.db')}`, close: async () => undefined })
    case 'postgres':
      return freshPostgres(servers.postgres.url as string, freshName())
    case 'mysql':
      return freshMariadb(servers.mysql.url as string, freshName())
  }
}

/** What the engine needs to work on the story's store; `folder` holds the map, the files and the spool. */
export function depsOf(kind: StoreKind, url: string, folder: string): EngineDeps {
  mkdirSync(join(folder, 'datamap'), { recursive: true })
  mkdirSync(join(folder, 'files'), { recursive: true })
  writeFileSync(
    join(folder, 'datamap', 'made.yaml'),
    `dataset:\n  - fides_key: made\n    name: Made\n    lethe: {purpose: Test, basis: contract}\n    collections:${collections}`,
  )
  const map = loadDataMap(folder, [{ name: 'made', map: 'datamap/made.yaml' }])
  const store = openStore('made', { kind, url, files: join(folder, 'files') })
  return {
    map,
    graph: buildGraph(map),
    stores: new Map([['made', store]]),
    policyOf: () => ({ country: 'NL' }),
    spool: join(folder, 'spool'),
  }
}

/** Every right, what it changes, and what stands in the store before it. */
export const rights: readonly {
  readonly kind: NewOrder['kind']
  readonly change?: Change
  readonly before?: readonly string[]
}[] = [
  { kind: 'access' },
  { kind: 'erasure' },
  { kind: 'anonymisation' },
  {
    kind: 'rectification',
    change: {
      corrections: [
        { category: 'user.contact.email', from: 'ann@x.example', to: 'ann.li@new.example' },
        { category: 'user.name', from: 'Ann Lee', to: 'Ann Li' },
      ],
    },
  },
  { kind: 'restriction' },
  {
    kind: 'lifting',
    before: [
      `UPDATE people SET status = 'blocked' WHERE id = 1`,
      `UPDATE tickets SET blocked = 1 WHERE person_id = 1`,
    ],
  },
]
