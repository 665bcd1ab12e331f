import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { TimeZone } from '../../src/base/instant.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { PurgeDeps } from '../../src/engine/purge/deps.ts'
import { openStore } from '../../src/stores/open.ts'
import type { StoreKind } from '../../src/stores/port.ts'

/*
 * A small call recorder on any kind of store: calls with audio files, notes below calls and files below notes, a table the
 * map does not know that points at calls, and one whose pointer lapses by itself. The end of a call is spelled another way
 * on each kind: ISO text with Z, a point in time, a wall clock of Amsterdam.
 */
export const schema: Record<StoreKind, string[]> = {
  sqlite: tables('TEXT', 'INTEGER PRIMARY KEY'),
  postgres: tables('timestamptz', 'integer PRIMARY KEY'),
  mysql: tables('DATETIME', 'integer PRIMARY KEY'),
}

function tables(moment: string, key: string): string[] {
  const ref = (then: string) => `call_id integer, FOREIGN KEY (call_id) REFERENCES calls (id)${then}`
  return [
    `CREATE TABLE customers (id ${key}, email varchar(200), phone varchar(40))`,
    `CREATE TABLE calls (id ${key}, caller varchar(40), ended_at ${moment}, recording varchar(200), state varchar(20) NOT NULL, remark varchar(200))`,
    `CREATE TABLE notes (id ${key}, body varchar(200), ${ref('')})`,
    `CREATE TABLE note_files (id ${key}, file varchar(200), note_id integer, FOREIGN KEY (note_id) REFERENCES notes (id))`,
    `CREATE TABLE marks (id ${key}, ${ref('')})`,
    `CREATE TABLE audits (id ${key}, ${ref('')})`,
    `CREATE TABLE claims (id ${key}, ${ref(' ON DELETE SET NULL')})`,
  ]
}

const field = (name: string, rest = '') => `        - {name: ${name}${rest}}\n`
const id = field('id', ', fides_meta: {primary_key: true, data_type: integer}')
const points = (name: string, at: string) =>
  field(
    name,
    `, fides_meta: {references: [{dataset: calls, field: ${at}, direction: from}]}, lethe: {link: owned}`,
  )
export const datamap = `dataset:
  - fides_key: calls
    name: Calls
    lethe: {purpose: Training, basis: legitimate_interests}
    collections:
    - name: customers
      lethe: {person: true, erase: delete}
      fields:
${id}${field('email', ', data_categories: [user.contact.email], fides_meta: {identity: email}')}${field('phone', ', data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}')}
    - name: calls
      lethe: {erase: delete, file: recording}
      fields:
${id}${field('caller', ', data_categories: [user.contact.phone_number], fides_meta: {references: [{dataset: calls, field: customers.phone, direction: from}]}, lethe: {link: owned, format: phone}')}${field('ended_at')}${field('recording', ', data_categories: [user.content]')}${field('state')}${field('remark', ', data_categories: [user.content], lethe: {text: free}')}
    - name: notes
      lethe: {erase: delete}
      fields:
${id}${points('call_id', 'calls.id')}${field('body', ', data_categories: [user.content]')}
    - name: note_files
      lethe: {erase: delete, file: file}
      fields:
${id}${points('note_id', 'notes.id')}${field('file')}
    - name: marks
      lethe: {erase: delete}
      fields:
${id}${points('call_id', 'calls.id')}
`

export interface CallStore {
  readonly deps: PurgeDeps
  readonly policies: string
  readonly files: string
  readonly kind: StoreKind
  exec(...sql: string[]): Promise<void>
  rows(sql: string): Promise<Record<string, unknown>[]>
  /** `ended` is a moment with an offset, or a text to be stored as it is. */
  addCall(call: {
    id: number
    ended: string | null
    caller?: string
    file?: boolean | string
    state?: string
    remark?: string
  }): Promise<void>
  ids(table?: string): Promise<number[]>
  hasFile(name: string): boolean
  close(): Promise<void>
}

/** Answers how a moment is written into `ended_at` on that kind. */
export function spelled(kind: StoreKind, moment: string): string {
  if (Number.isNaN(Date.parse(moment)) || !/[Z+]|T.*-/.test(moment)) return moment
  if (kind !== 'mysql') return new Date(moment).toISOString()
  const at = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Amsterdam',
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return at.format(new Date(moment))
}

export async function callStore(
  kind: StoreKind,
  url: string,
  folder: string,
  make = true,
): Promise<CallStore> {
  const policies = join(folder, 'policies')
  const files = join(folder, 'recordings')
  const raw = await rawSql(kind, url)
  if (make) {
    mkdirSync(join(policies, 'datamap'), { recursive: true })
    mkdirSync(join(policies, 'retention'), { recursive: true })
    mkdirSync(files, { recursive: true })
    writeFileSync(join(policies, 'datamap', 'calls.yaml'), datamap)
    for (const sql of schema[kind]) await raw.exec(sql)
  }
  const map = loadDataMap(policies, [{ name: 'calls', map: 'datamap/calls.yaml' }])
  const store = openStore('calls', { kind, url, files })
  const deps: PurgeDeps = {
    map,
    graph: buildGraph(map),
    stores: new Map([['calls', store]]),
    policyOf: () => ({ country: 'NL' }),
    zoneOf: () => 'Europe/Amsterdam' as TimeZone,
    spool: join(folder, 'spool'),
  }
  const text = (value: string | null | undefined) =>
    value === null || value === undefined ? 'NULL' : `'${value.replaceAll("'", "''")}'`
  return {
    deps,
    policies,
    files,
    kind,
    exec: async (...list) => {
      for (const sql of list) await raw.exec(sql)
    },
    rows: (sql) => raw.rows(sql),
    async addCall({ id: number, ended, caller, file, state, remark }) {
      const name = file === false ? null : typeof file === 'string' ? file : `call-${number}.wav`
      if (name !== null) writeFileSync(join(files, name), `audio of ${number}`)
      const at = ended === null ? null : spelled(kind, ended)
      await raw.exec(
        `INSERT INTO calls VALUES (${number}, ${text(caller)}, ${text(at)}, ${text(name)}, ${text(state ?? 'closed')}, ${text(remark)})`,
      )
    },
    ids: async (table = 'calls') =>
      (await raw.rows(`SELECT id FROM ${table} ORDER BY id`)).map((row) => Number(row['id'])),
    hasFile: (name) => existsSync(join(files, name)),
    async close() {
      await store.close()
      await raw.close()
    },
  }
}

interface Raw {
  exec(sql: string): Promise<unknown>
  rows(sql: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

async function rawSql(kind: StoreKind, url: string): Promise<Raw> {
  if (kind === 'sqlite') {
    const db = new Sqlite(url.replace(/^file:/, ''))
    db.pragma('journal_mode = WAL')
    return {
      exec: async (sql) => db.exec(sql),
      rows: async (sql) => db.prepare(sql).all() as Record<string, unknown>[],
      close: async () => void db.close(),
    }
  }
  if (kind === 'postgres') {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return {
      exec: (sql) => client.query(sql),
      rows: async (sql) => (await client.query(sql)).rows,
      close: () => client.end(),
    }
  }
  const client = await mysql.createConnection(url)
  return {
    exec: (sql) => client.query(sql),
    rows: async (sql) => (await client.query(sql))[0] as Record<string, unknown>[],
    close: () => client.end(),
  }
}

export const callsRule = (more = '') => `rules:
  - id: calls
    title: {en: Recorded calls, nl: Opgenomen gesprekken}
    data: calls.calls
    purpose: Training
    basis: legitimate_interests
    from: ended_at
    keep: P3M
    then: delete
    owner: Head of the service desk
    because: Three months are enough to coach on a call.
    schedule: '0 2 * * *'
    timezone: Europe/Amsterdam
${more}`
