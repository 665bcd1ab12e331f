import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDuration } from '../../../src/base/duration.ts'
import type { TimeZone } from '../../../src/base/instant.ts'
import { buildGraph } from '../../../src/datamap/graph.ts'
import { loadDataMap } from '../../../src/datamap/load.ts'
import type { PurgeDeps } from '../../../src/engine/purge/deps.ts'
import type { ReplayDeps } from '../../../src/engine/replay/canary.ts'
import { openStore } from '../../../src/stores/open.ts'
import type { Store, StoreKind } from '../../../src/stores/port.ts'
import { dumpLive, mariadbSql, postgresSql, type Sql } from '../../support/live-dump.ts'
import { type Dump, dumpStore } from '../../support/store-dump.ts'
import { rawSqlite } from './raw.ts'

/*
 * A small shop on any kind of store: customers, tickets that are deleted, their messages, orders that are kept without a name,
 * notes that name people. A second database `till`, where there is one, knows customers by their number alone.
 */
const moment: Record<StoreKind, string> = { sqlite: 'text', postgres: 'timestamptz', mysql: 'datetime' }

export const shopTables = (kind: StoreKind): string[] => [
  `CREATE TABLE customers (id integer PRIMARY KEY, email varchar(200), phone varchar(40), name varchar(100), created_at ${moment[kind]})`,
  'CREATE TABLE tickets (id integer PRIMARY KEY, customer_id integer, subject varchar(200))',
  'CREATE TABLE messages (id integer PRIMARY KEY, ticket_id integer, body varchar(400))',
  'CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, email varchar(200), amount integer)',
  'CREATE TABLE notes (id integer PRIMARY KEY, body varchar(400))',
  'CREATE TABLE letters (id integer PRIMARY KEY, email varchar(200))',
  'CREATE TABLE visits (id integer PRIMARY KEY, phone varchar(40), began varchar(40))',
]

export const people = [
  "INSERT INTO customers VALUES (1, 'bob@example.org', '+31612000001', 'Bob Vos', '2026-01-05 10:00:00')",
  "INSERT INTO customers VALUES (2, 'Ann.Lee@example.org', '06-12000002', 'Ann Lee', '2026-02-05 10:00:00')",
  "INSERT INTO tickets VALUES (10, 1, 'Bob asks'), (20, 2, 'Ann asks'), (21, 2, 'Ann asks again')",
  "INSERT INTO messages VALUES (100, 10, 'I am Bob'), (200, 20, 'I am Ann Lee'), (201, 20, 'Bye'), (202, 21, 'Me again')",
  "INSERT INTO orders VALUES (5, 1, 'bob@example.org', 100), (6, 2, 'ann.lee@example.org', 200)",
  "INSERT INTO notes VALUES (7, 'Ask bob@example.org or ann.lee@example.org for the key'), (8, 'Bob knows')",
  "INSERT INTO letters VALUES (40, 'bob@example.org'), (41, 'ann.lee@example.org')",
  "INSERT INTO visits VALUES (30, '+31612000002', '2026-03-01 09:00:00'), (31, '+31612000001', '2026-03-01 09:00:00')",
]

export const ann = [{ kind: 'email', value: 'ann.lee@example.org' }]

const field = (name: string, rest = '') => `        - {name: ${name}${rest}}\n`
const id = field('id', ', fides_meta: {primary_key: true, data_type: integer}')
const points = (name: string, to: string) =>
  field(
    name,
    `, fides_meta: {references: [{dataset: shop, field: ${to}, direction: from}]}, lethe: {link: owned}`,
  )
const email = ', data_categories: [user.contact.email], fides_meta: {identity: email}'
const phone = ', data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}'
const calledFrom =
  ', data_categories: [user.contact.phone_number], fides_meta: {references: [{dataset: shop, field: customers.phone, direction: from}]}, lethe: {link: owned, format: phone}'
const text = ', data_categories: [user.content], lethe: {text: free}'
const shopMap = `dataset:
  - fides_key: shop
    name: Shop
    lethe: {purpose: Sales, basis: contract, backup: {horizon: P35D}}
    collections:
    - name: customers
      lethe: {person: true, erase: delete}
      fields:
${id}${field('email', email)}${field('phone', phone)}${field('name', ', data_categories: [user.name]')}${field('created_at')}
    - name: tickets
      lethe: {erase: delete}
      fields:
${id}${points('customer_id', 'customers.id')}${field('subject', ', data_categories: [user.content]')}
    - name: messages
      lethe: {erase: delete}
      fields:
${id}${points('ticket_id', 'tickets.id')}${field('body', text)}
    - name: orders
      lethe: {erase: anonymise}
      fields:
${id}${points('customer_id', 'customers.id')}${field('email', email)}${field('amount')}
    - name: notes
      lethe: {erase: keep, keep: {ground: legal_obligation, because: Kept}}
      fields:
${id}${field('body', text)}
    - name: letters
      lethe: {erase: delete, suppress: {field: email, kind: email, list: marketing}}
      fields:
${id}${field('email', email)}
    - name: visits
      lethe: {erase: delete}
      fields:
${id}${field('phone', calledFrom)}${field('began')}
`
const tillMap = `dataset:
  - fides_key: till
    name: Till
    lethe: {purpose: Sales, basis: contract, backup: {horizon: P35D}}
    collections:
    - name: receipts
      lethe: {erase: delete}
      fields:
${id}${points('customer_id', 'customers.id')}${field('total')}
    - name: talks
      lethe: {erase: delete}
      fields:
${id}${points('receipt_id', 'receipts.id').replace('dataset: shop', 'dataset: till').replace('owned', 'shared')}${field('body', text)}
`
export const tillTables = [
  'CREATE TABLE receipts (id integer PRIMARY KEY, customer_id integer, total integer)',
  'CREATE TABLE talks (id integer PRIMARY KEY, receipt_id integer, body varchar(200))',
  'INSERT INTO receipts VALUES (50, 1, 10), (51, 2, 20), (52, 2, 30)',
  "INSERT INTO talks VALUES (60, 50, 'Bob Vos paid'), (61, 51, 'Paid by Ann Lee, served by Cy Doe; mail ann.lee@example.org')",
]

export interface Place {
  readonly kind: StoreKind
  readonly url: string
}

export interface Shop {
  readonly deps: PurgeDeps & ReplayDeps
  readonly folder: string
  exec(...sql: string[]): Promise<void>
  execIn(store: string, ...sql: string[]): Promise<void>
  dump(store?: string): Promise<Dump>
  /** Nobody of us is connected while `work` runs. */
  away<T>(work: () => T): Promise<T>
  close(): Promise<void>
}

export async function openShop(places: Readonly<Record<string, Place>>, folder: string): Promise<Shop> {
  mkdirSync(join(folder, 'datamap'), { recursive: true })
  writeFileSync(join(folder, 'datamap', 'shop.yaml'), shopMap)
  writeFileSync(join(folder, 'datamap', 'till.yaml'), tillMap)
  const names = Object.keys(places)
  const map = loadDataMap(
    folder,
    names.map((name) => ({ name, map: `datamap/${name}.yaml` })),
  )
  const stores = new Map<string, Store>()
  const sql = new Map<string, Sql>()
  const open = async () => {
    for (const [name, { kind, url }] of Object.entries(places)) {
      stores.set(name, openStore(name, { kind, url, files: undefined }))
      sql.set(
        name,
        await (kind === 'sqlite' ? rawSqlite(url) : kind === 'postgres' ? postgresSql(url) : mariadbSql(url)),
      )
    }
  }
  const close = async () => {
    for (const store of stores.values()) await store.close()
    for (const one of sql.values()) await one.close()
  }
  await open()
  const deps: PurgeDeps & ReplayDeps = {
    map,
    graph: buildGraph(map),
    stores,
    policyOf: () => ({ country: 'NL' }),
    zoneOf: () => 'UTC' as TimeZone,
    spool: join(folder, 'spool'),
    erasureFile: join(folder, 'erasures.jsonl'),
    erasureKeep: { keep: parseDuration('P65D'), zone: 'Europe/Amsterdam' as TimeZone },
  }
  return {
    deps,
    folder,
    async exec(...list) {
      for (const one of list) await sql.get('shop')?.exec(one)
    },
    async execIn(store, ...list) {
      for (const one of list) await sql.get(store)?.exec(one)
    },
    async dump(store = 'shop') {
      const { kind, url } = places[store] as Place
      return kind === 'sqlite' ? dumpStore(url.replace(/^file:/, '')) : dumpLive(sql.get(store) as Sql, kind)
    },
    async away(work) {
      await close()
      const result = work()
      await open()
      return result
    },
    close,
  }
}
