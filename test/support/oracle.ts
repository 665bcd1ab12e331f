import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { CastMember } from '../../src/demo/cast.ts'
import { everyRow, type StoreRow } from './store-dump.ts'

export * from './store-dump.ts'

/*
 * What is true of the sample stores, by plain SQL and regular expressions written for them alone: nothing here knows the
 * data map, the graph or the engine, so that a mistake of theirs is not repeated.
 */

export type SampleStore = 'tickets' | 'calls' | 'marketing'
export const sampleStores: readonly SampleStore[] = ['tickets', 'calls', 'marketing']

/**
 * `owned`: about her alone, or written by her. `shared`: she takes part in what is somebody else's too. `mentioned`: her
 * e-mail address or phone number stands there. `named`: only her name does, which may be a namesake's.
 */
export type Part = 'owned' | 'shared' | 'mentioned' | 'named'

export interface Found {
  readonly store: SampleStore
  readonly table: string
  /** The primary key's values, joined by a slash. */
  readonly key: string
  readonly part: Part
  /** Columns that hold her e-mail address, her phone number or her name, in any spelling. */
  readonly holds: readonly string[]
}

/** Every row of hers. By the truth of the cast, not by what an identity finds: Karin's are Karin's, though Henk reads her mail. */
export function rowsOf(dir: string, person: CastMember): Found[] {
  return sampleStores.flatMap((store) => {
    const db = new Sqlite(join(dir, `${store}.db`), { readonly: true })
    try {
      return foundIn(db, store, person)
    } finally {
      db.close()
    }
  })
}

/** The keys of one table among what was found: `keysIn(rows, 'tickets', 'messages', 'owned')`. */
export const keysIn = (rows: readonly Found[], store: SampleStore, table: string, part?: Part): string[] =>
  rows
    .filter((r) => r.store === store && r.table === table && (part === undefined || r.part === part))
    .map((r) => r.key)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))

/** Her rows by SQL: `:id` is her id in the store, `:phone` her number in E.164. A later statement does not override an earlier one. */
const statements: Record<SampleStore, readonly [Part, string, string][]> = {
  tickets: [
    ['owned', 'customers', 'SELECT id FROM customers WHERE id = :id'],
    ['owned', 'tickets', 'SELECT id FROM tickets WHERE requester_id = :id'],
    ['owned', 'participants', 'SELECT id FROM participants WHERE customer_id = :id'],
    ['owned', 'messages', 'SELECT id FROM messages WHERE customer_id = :id'],
    [
      'owned',
      'attachments',
      'SELECT a.id FROM attachments a JOIN messages m ON m.id = a.message_id WHERE m.customer_id = :id',
    ],
    ['owned', 'remote_sessions', 'SELECT id FROM remote_sessions WHERE customer_id = :id'],
    ['shared', 'companies', 'SELECT company_id FROM customers WHERE id = :id AND company_id IS NOT NULL'],
    [
      'shared',
      'tickets',
      `SELECT ticket_id FROM participants WHERE customer_id = :id UNION SELECT ticket_id FROM messages WHERE customer_id = :id
       UNION SELECT merged_into FROM tickets WHERE requester_id = :id AND merged_into IS NOT NULL`,
    ],
    [
      'shared',
      'messages',
      `SELECT id FROM messages WHERE ticket_id IN (SELECT id FROM tickets WHERE requester_id = :id
       UNION SELECT ticket_id FROM participants WHERE customer_id = :id UNION SELECT ticket_id FROM messages WHERE customer_id = :id
       UNION SELECT merged_into FROM tickets WHERE requester_id = :id)`,
    ],
    [
      'shared',
      'attachments',
      `SELECT id FROM attachments WHERE message_id IN (SELECT id FROM messages WHERE ticket_id IN (SELECT id FROM tickets WHERE requester_id = :id
       UNION SELECT ticket_id FROM participants WHERE customer_id = :id UNION SELECT ticket_id FROM messages WHERE customer_id = :id
       UNION SELECT merged_into FROM tickets WHERE requester_id = :id))`,
    ],
  ],
  calls: [
    [
      'owned',
      'calls',
      "SELECT id FROM calls WHERE direction <> 'conference' AND :phone IN (caller_number, callee_number)",
    ],
    [
      'shared',
      'calls',
      "SELECT id FROM calls WHERE direction = 'conference' AND :phone IN (caller_number, callee_number)",
    ],
    [
      'owned',
      'claims',
      'SELECT id FROM claims WHERE call_id IN (SELECT id FROM calls WHERE :phone IN (caller_number, callee_number))',
    ],
  ],
  marketing: [
    ['owned', 'subscribers', 'SELECT id FROM subscribers WHERE id = :id'],
    [
      'owned',
      'subscriptions',
      "SELECT subscriber_id || '/' || list_id FROM subscriptions WHERE subscriber_id = :id",
    ],
    ['owned', 'sends', 'SELECT id FROM sends WHERE subscriber_id = :id'],
    [
      'owned',
      'clicks',
      'SELECT id FROM clicks WHERE send_id IN (SELECT id FROM sends WHERE subscriber_id = :id)',
    ],
    ['shared', 'lists', 'SELECT list_id FROM subscriptions WHERE subscriber_id = :id'],
    ['shared', 'campaigns', 'SELECT campaign_id FROM sends WHERE subscriber_id = :id'],
  ],
}

function foundIn(db: Sqlite.Database, store: SampleStore, person: CastMember): Found[] {
  const parts = new Map<string, Part>()
  const id = store === 'marketing' ? person.subscriberId : person.customerId
  // A switchboard or a mailbox of several is nobody's alone.
  const line: Part | undefined = person.sharesPhoneWith.length > 0 ? 'shared' : undefined
  const mailbox: Part | undefined = person.sharesEmailWith.length > 0 ? 'shared' : undefined
  for (const [part, table, sql] of statements[store]) {
    const weakened = (store === 'calls' ? line : store === 'marketing' ? mailbox : undefined) ?? part
    for (const key of db.prepare(sql).pluck().all({ id, phone: person.phone }) as (string | number)[])
      if (!parts.has(`${table}\t${key}`)) parts.set(`${table}\t${key}`, weakened)
  }
  if (store === 'marketing') unsubscribed(db, person, mailbox ?? 'owned', parts)
  const found: Found[] = []
  for (const [table, key, row] of everyRow(db)) {
    const byName = textColumns(row, nameOf(person))
    const byIdentifier = textColumns(row, identifiersOf(person))
    const part =
      parts.get(`${table}\t${key}`) ??
      (byIdentifier.length > 0 ? 'mentioned' : byName.length > 0 ? 'named' : undefined)
    if (part)
      found.push({ store, table, key, part, holds: [...new Set([...byIdentifier, ...byName])].sort() })
  }
  return found
}

function unsubscribed(db: Sqlite.Database, person: CastMember, part: Part, parts: Map<string, Part>) {
  const select = db.prepare('SELECT id FROM unsubscribed WHERE lower(address) = ?').pluck()
  for (const email of person.emails)
    for (const id of select.all(email) as number[]) parts.set(`unsubscribed\t${id}`, part)
}

const textColumns = (row: StoreRow, patterns: readonly RegExp[]): string[] =>
  Object.keys(row).filter((name) => {
    const value = row[name]
    const text = typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('latin1') : ''
    return text !== '' && patterns.some((pattern) => pattern.test(text))
  })

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Her addresses (also percent-encoded, as in links) and her number, however it is spaced; never inside a longer one. */
export function identifiersOf(person: CastMember): RegExp[] {
  const emails = person.emails.map(
    (email) =>
      new RegExp(
        `(?<![\\w.+-])${literal(email).replace('\\+', '(?:\\+|%2B)').replace('@', '(?:@|%40)')}(?![\\w-]|\\.\\w)`,
        'i',
      ),
  )
  if (person.phone === null) return emails
  const code = person.phone.slice(1, 3)
  const spaced = person.phone.slice(3).split('').join('[ ().-]*')
  return [
    ...emails,
    new RegExp(
      `(?<!\\d)(?:(?:\\+|00)?${code.split('').join(' ?')}\\)?[ .-]*(?:\\(0\\))?|\\(?0)?[ ().-]*${spaced}(?!\\d)`,
    ),
  ]
}

/** Her full name in both orders, whole words only. */
export function nameOf(person: CastMember): RegExp[] {
  if (person.name === '') return []
  const [first = '', ...rest] = person.name.split(' ')
  const last = rest.map(literal).join(' ')
  const gap = '(?:\\s|&nbsp;|\u00a0)+'
  return [`${literal(first)}${gap}${last}`, `${last},${gap}${literal(first)}`].map(
    (name) => new RegExp(`(?<![\\p{L}\\p{M}])${name}(?![\\p{L}\\p{M}])`, 'iu'),
  )
}
