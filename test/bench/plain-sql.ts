import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { person } from './samples.ts'

/*
 * What a careful person would write by hand against the sample stores for this one customer: indexed statements, known
 * beforehand, no plan, no approval, no evidence, no second look. The floor beside which the engine is measured; it knows
 * neither data map nor engine.
 */

type Row = Record<string, string | number | Buffer | null>
const id = person.customerId
const subscriber = person.subscriberId
const { phone } = person
const email = person.emails[0]

const herThreads = `SELECT id FROM tickets WHERE requester_id = $id UNION SELECT ticket_id FROM participants WHERE customer_id = $id
  UNION SELECT ticket_id FROM messages WHERE customer_id = $id UNION SELECT merged_into FROM tickets WHERE requester_id = $id`

const selects = {
  tickets: [
    'SELECT * FROM customers WHERE email = $email COLLATE NOCASE',
    'SELECT * FROM companies WHERE id = (SELECT company_id FROM customers WHERE id = $id)',
    `SELECT * FROM tickets WHERE id IN (${herThreads})`,
    'SELECT * FROM participants WHERE customer_id = $id OR address = $email COLLATE NOCASE',
    `SELECT * FROM messages WHERE ticket_id IN (${herThreads})`,
    `SELECT * FROM attachments WHERE message_id IN (SELECT id FROM messages WHERE ticket_id IN (${herThreads}))`,
    'SELECT * FROM remote_sessions WHERE customer_id = $id',
  ],
  calls: [
    'SELECT * FROM calls WHERE caller_number = $phone OR callee_number = $phone',
    'SELECT * FROM claims WHERE call_id IN (SELECT id FROM calls WHERE caller_number = $phone OR callee_number = $phone)',
  ],
  marketing: [
    'SELECT * FROM subscribers WHERE email = $email COLLATE NOCASE',
    'SELECT * FROM subscriptions WHERE subscriber_id = $subscriber',
    'SELECT * FROM lists WHERE id IN (SELECT list_id FROM subscriptions WHERE subscriber_id = $subscriber)',
    'SELECT * FROM sends WHERE subscriber_id = $subscriber',
    'SELECT * FROM campaigns WHERE id IN (SELECT campaign_id FROM sends WHERE subscriber_id = $subscriber)',
    'SELECT * FROM clicks WHERE send_id IN (SELECT id FROM sends WHERE subscriber_id = $subscriber)',
    'SELECT * FROM unsubscribed WHERE address = $email COLLATE NOCASE',
  ],
} as const

type StoreName = keyof typeof selects
const values = { id, subscriber, phone, email }
const open = (dir: string, store: StoreName, readonly = false) =>
  new Sqlite(join(dir, `${store}.db`), { readonly })

/** Only the parameters a statement names: the driver refuses others. */
const bound = (sql: string) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => sql.includes(`$${name}`)))

/** All her rows, over three stores. */
export function selectHers(dir: string): number {
  let rows = 0
  for (const store of Object.keys(selects) as StoreName[]) {
    const db = open(dir, store, true)
    for (const sql of selects[store]) rows += db.prepare(sql).all(bound(sql)).length
    db.close()
  }
  return rows
}

const hers: RegExp[] = [
  /(?<![\w.+-])alice\.jansen@post\.example(?![\w-]|\.\w)/gi,
  /(?<!\d)\(?(?:(?:\+|00)31[\s().-]*(?:\(?0\)?[\s().-]*)?|\(?0\)?[\s().-]*)6(?:[\s().-]*\d){0}[\s().-]*1[\s().-]*2[\s().-]*3[\s().-]*4[\s().-]*5[\s().-]*6[\s().-]*7[\s().-]*8(?!\d)/g,
  /\bAlice Jansen\b/gi,
]
const herShortNames = [/\bAlice\b/g, /\bJansen\b/g]
const clean = (text: string, patterns: readonly RegExp[]): string =>
  patterns.reduce((rest, pattern) => rest.replace(pattern, '[erased]'), text)

/** Free text that holds her address or number, read from end to end in JavaScript: what any search of it costs at least. */
const texts: readonly (readonly [StoreName, string, string, readonly string[]])[] = [
  ['tickets', 'customers', 'id', ['notes']],
  ['tickets', 'tickets', 'id', ['subject', 'resolution']],
  ['tickets', 'messages', 'id', ['body']],
  ['tickets', 'attachments', 'id', ['file_name', 'text']],
  ['calls', 'calls', 'id', ['caller_shown', 'callee_shown', 'transcript']],
  ['calls', 'claims', 'id', ['about']],
  ['marketing', 'unsubscribed', 'id', ['reason']],
]

/** Reads every free text once and tests it for one literal: the floor of a scan. */
export function readTexts(dir: string): { rows: number; bytes: number; hits: number } {
  const sum = { rows: 0, bytes: 0, hits: 0 }
  for (const [store, table, key, columns] of texts)
    read(dir, store, `SELECT ${key}, ${columns.join(', ')} FROM ${table}`, sum)
  return sum
}

/** Reads every text column of every table once: the floor of the verification. */
export function readEverything(dir: string): { rows: number; bytes: number; hits: number } {
  const sum = { rows: 0, bytes: 0, hits: 0 }
  for (const store of Object.keys(selects) as StoreName[]) {
    const db = open(dir, store, true)
    const columns = db
      .prepare(
        "SELECT t.name AS name, group_concat(c.name) AS list FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.type = 'TEXT' AND t.name NOT LIKE 'sqlite%' GROUP BY t.name",
      )
      .all() as { name: string; list: string }[]
    db.close()
    for (const { name, list } of columns) read(dir, store, `SELECT ${list} FROM ${name}`, sum)
  }
  return sum
}

function read(
  dir: string,
  store: StoreName,
  sql: string,
  sum: { rows: number; bytes: number; hits: number },
): void {
  const db = open(dir, store, true)
  for (const row of db.prepare(sql).raw().iterate() as IterableIterator<unknown[]>) {
    sum.rows++
    for (const value of row)
      if (typeof value === 'string') {
        sum.bytes += value.length
        if (value.includes(email as string)) sum.hits++
      }
  }
  db.close()
}

/** Rows of others that name her; found by reading everything, so that their keys can be given to `eraseHers`. */
export function mentionsOfHer(dir: string): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const [store, table, key, columns] of texts) {
    const db = open(dir, store, true)
    const keys: number[] = []
    for (const row of db
      .prepare(`SELECT ${key}, ${columns.join(', ')} FROM ${table}`)
      .raw()
      .iterate() as IterableIterator<unknown[]>)
      if (row.slice(1).some((v) => typeof v === 'string' && hers.slice(0, 2).some((p) => v.search(p) >= 0)))
        keys.push(row[0] as number)
    found.set(table, keys)
    db.close()
  }
  return found
}

const herSpellings =
  "'+31612345678', '0612345678', '06-12345678', '06 12345678', '06 1234 5678', '+31 6 1234 5678', '+31 6 12345678', '0031612345678', '(06) 12345678'"

const erasures: Record<StoreName, readonly string[]> = {
  tickets: [
    'DELETE FROM participants WHERE customer_id = $id OR address = $email COLLATE NOCASE',
    'DELETE FROM attachments WHERE message_id IN (SELECT id FROM messages WHERE customer_id = $id)',
    'DELETE FROM remote_sessions WHERE customer_id = $id',
    "UPDATE messages SET customer_id = NULL, from_address = NULL, body = '[erased]' WHERE customer_id = $id",
    "UPDATE tickets SET requester_id = NULL, subject = '[erased]', callback = NULL, resolution = NULL WHERE requester_id = $id",
    `UPDATE tickets SET callback = NULL WHERE callback IN (${herSpellings})`,
    'DELETE FROM customers WHERE id = $id',
  ],
  calls: [
    "UPDATE calls SET caller_number = NULL WHERE direction = 'conference' AND disputed = 0 AND caller_number = $phone",
    "UPDATE calls SET callee_number = NULL WHERE direction = 'conference' AND disputed = 0 AND callee_number = $phone",
    "DELETE FROM calls WHERE direction <> 'conference' AND disputed = 0 AND (caller_number = $phone OR callee_number = $phone)",
  ],
  marketing: [
    'DELETE FROM clicks WHERE send_id IN (SELECT id FROM sends WHERE subscriber_id = $subscriber)',
    'DELETE FROM subscriptions WHERE subscriber_id = $subscriber',
    'UPDATE sends SET subscriber_id = NULL, address = NULL WHERE subscriber_id = $subscriber',
    'DELETE FROM subscribers WHERE id = $subscriber',
  ],
}

/** Erases her: one transaction a store. `mentions` as `mentionsOfHer` found them before the clock started. */
export function eraseHers(dir: string, mentions: ReadonlyMap<string, readonly number[]>): void {
  for (const store of Object.keys(erasures) as StoreName[]) {
    const db = open(dir, store)
    db.pragma('secure_delete = ON')
    db.pragma('foreign_keys = ON')
    db.transaction(() => {
      redactTexts(db, store, mentions)
      for (const sql of erasures[store]) db.prepare(sql).run(bound(sql))
    })()
    db.close()
  }
}

function redactTexts(
  db: Sqlite.Database,
  store: StoreName,
  mentions: ReadonlyMap<string, readonly number[]>,
): void {
  const shared: Record<string, string> = {
    tickets: `SELECT id FROM tickets WHERE id IN (${herThreads}) AND requester_id IS NOT $id`,
    messages: `SELECT id FROM messages WHERE ticket_id IN (${herThreads}) AND customer_id IS NOT $id`,
    attachments: `SELECT a.id FROM attachments a JOIN messages m ON m.id = a.message_id WHERE m.ticket_id IN (${herThreads}) AND m.customer_id IS NOT $id`,
    calls:
      "SELECT id FROM calls WHERE direction = 'conference' AND (caller_number = $phone OR callee_number = $phone)",
  }
  for (const [of, table, key, columns] of texts) {
    if (of !== store) continue
    const sql = shared[table]
    const sharedKeys = new Set(sql === undefined ? [] : (db.prepare(sql).pluck().all(bound(sql)) as number[]))
    const pick = db.prepare(`SELECT ${columns.join(', ')} FROM ${table} WHERE ${key} = ?`)
    const put = db.prepare(
      `UPDATE ${table} SET ${columns.map((c) => `${c} = ?`).join(', ')} WHERE ${key} = ?`,
    )
    for (const one of new Set([...sharedKeys, ...(mentions.get(table) ?? [])])) {
      const row = pick.get(one) as Row | undefined
      if (!row) continue
      const patterns = sharedKeys.has(one) ? [...hers, ...herShortNames] : hers
      const after = columns.map((c) => (typeof row[c] === 'string' ? clean(row[c], patterns) : row[c]))
      if (after.some((value, i) => value !== row[columns[i] as string])) put.run(...after, one)
    }
  }
}

/** Calls that have ended three months ago, in one statement. */
export const deleteOldCalls = (db: Sqlite.Database, cutoff: string): number =>
  db
    .prepare("DELETE FROM calls WHERE disputed = 0 AND direction IN ('inbound', 'outbound') AND ended_at < ?")
    .run(cutoff).changes
