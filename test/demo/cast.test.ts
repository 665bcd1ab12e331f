import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CastMember, type CastName, cast } from '../../src/demo/cast.ts'
import type { SampleSummary } from '../../src/demo/stores.ts'
import {
  differences,
  dumpStore,
  type Found,
  grepFiles,
  keysIn,
  needlesFor,
  rowsOf,
} from '../support/oracle.ts'
import { count, made, rows } from './support.ts'

const everybody = Object.entries(cast) as [CastName, CastMember][]

describe('the cast', () => {
  let stores: SampleSummary
  let of: Record<CastName, Found[]>
  beforeAll(async () => {
    stores = await made({ people: 400, seed: 7 })
    of = Object.fromEntries(
      everybody.map(([name, person]) => [name, rowsOf(stores.dir, person)]),
    ) as typeof of
  })

  test('is there with the ids it is said to have', () => {
    for (const [name, person] of everybody) {
      const mine = of[name]
      expect([name, keysIn(mine, 'tickets', 'tickets', 'owned')]).toEqual([name, person.tickets.map(String)])
      expect([name, keysIn(mine, 'tickets', 'tickets', 'shared')]).toEqual([
        name,
        person.sharedTickets.map(String),
      ])
      const calls = mine.filter((r) => r.table === 'calls' && (r.part === 'owned' || r.part === 'shared'))
      expect([name, keysIn(calls, 'calls', 'calls')]).toEqual([name, person.calls.map(String)])
      expect(keysIn(mine, 'tickets', 'customers', 'owned')).toEqual(
        person.customerId === null ? [] : [String(person.customerId)],
      )
    }
  })

  test('has the same tickets, messages and calls whatever the seed and size', async () => {
    const small = await made({ people: 1, seed: 99 })
    const stable = (rows: readonly Found[]) => rows.filter((r) => r.store !== 'marketing')
    for (const [name, person] of everybody)
      expect([name, stable(rowsOf(small.dir, person))]).toEqual([name, stable(of[name])])
  })

  test('has numbers that are possible in their countries', () => {
    // Britain's numbers for fiction are possible, not valid: no country is told by them, only its code.
    const codes = { NL: '31', DK: '45', GB: '44' }
    for (const [name, { phone, country }] of everybody) {
      if (phone === null) continue
      const number = parsePhoneNumberFromString(phone)
      expect([name, number?.isPossible(), number?.countryCallingCode]).toEqual([name, true, codes[country]])
    }
  })

  test('Alice is quoted in Bob’s tickets and calls: by address, by number and by name', () => {
    expect(of.alice.filter((r) => r.part === 'mentioned').map((r) => [r.table, r.key, r.holds])).toEqual([
      ['messages', '11', ['body']],
      ['tickets', '7', ['callback']],
      ['calls', '5', ['transcript']],
    ])
    expect(of.alice.filter((r) => r.part === 'named')).toEqual([])
  })

  test('Alice owns rows in every table that can hold a person', () => {
    const tables = new Set(of.alice.filter((r) => r.part === 'owned').map((r) => `${r.store}.${r.table}`))
    expect([...tables].sort()).toEqual([
      'calls.calls',
      'marketing.clicks',
      'marketing.sends',
      'marketing.subscribers',
      'marketing.subscriptions',
      'marketing.unsubscribed',
      'tickets.attachments',
      'tickets.customers',
      'tickets.messages',
      'tickets.participants',
      'tickets.remote_sessions',
      'tickets.tickets',
    ])
  })

  test('Joann’s rows hold Ann’s name and address only as a part of hers', () => {
    expect(keysIn(of.annLee, 'tickets', 'customers')).toEqual(['3'])
    expect(keysIn(of.annLee, 'marketing', 'subscribers')).toEqual(['3'])
    const [row] = rows<{ email: string }>(stores.dir, 'tickets', 'SELECT email FROM customers WHERE id = 4')
    expect(row?.email).toContain('ann.lee@mail.example')
    const loose = grepFiles(stores.dir, ['ann.lee@mail.example'])
    const strict = grepFiles(stores.dir, ['ann.lee@mail.example'], ['joann.lee@mail.example'])
    expect(strict.length).toBeGreaterThan(0)
    expect(loose.length).toBeGreaterThan(strict.length)
  })

  test('a mailbox, a line and a name belong to two', () => {
    const two = (store: string, table: string, where: string) =>
      count(stores.dir, store, `FROM ${table} WHERE ${where}`)
    expect(two('tickets', 'customers', "lower(email) = 'info@bakkerij-smit.example'")).toBe(2)
    expect(two('tickets', 'customers', "phone IN ('020-2345670', '+31 20 234 5670')")).toBe(2)
    expect(two('tickets', 'customers', "name = 'Peter Nielsen'")).toBe(2)
    expect(of.willem.filter((r) => r.store === 'calls').map((r) => r.part)).toEqual(['shared', 'shared'])
  })

  test('the disputed call is past its three months, has a claim and its recording', () => {
    const [call] = rows<{ disputed: number; ended_at: string; recording: string }>(
      stores.dir,
      'calls',
      'SELECT * FROM calls WHERE id = 6',
    )
    expect(call).toMatchObject({ disputed: 1, recording: expect.stringContaining('31612000011') as string })
    expect(call && call.ended_at < '2026-08-22').toBe(true)
    expect(keysIn(of.fatima, 'calls', 'claims', 'owned')).toEqual(['1'])
    expect(
      count(stores.dir, 'calls', 'FROM calls WHERE disputed = 1 AND id NOT IN (SELECT call_id FROM claims)'),
    ).toBe(0)
  })

  test('Søren is unsubscribed and no subscriber; Lars and the caller are in one store each', () => {
    expect(new Set(of.soren.filter((r) => r.store === 'marketing').map((r) => r.table))).toEqual(
      new Set(['unsubscribed']),
    )
    expect(new Set(of.lars.map((r) => r.store))).toEqual(new Set(['marketing']))
    expect(new Set(of.caller.map((r) => r.store))).toEqual(new Set(['calls']))
  })

  test('the drawn people hold nothing of the cast: names, addresses and numbers are found in the cast’s rows only', () => {
    const drawn = (r: Found) =>
      ({ tickets: 20, messages: 40, customers: 15, calls: 19, subscribers: 15, attachments: 5 })[r.table] ??
      Number.POSITIVE_INFINITY
    for (const [name] of everybody)
      expect([name, of[name].filter((r) => r.holds.length > 0 && Number(r.key) > drawn(r))]).toEqual([
        name,
        [],
      ])
  })

  test('the oracle sees what changes and nothing else, also in the log beside the file', async () => {
    const { dir } = await made({ people: 20, recordings: 30 })
    const path = join(dir, 'tickets.db')
    const before = dumpStore(path)
    expect(differences(before, dumpStore(path))).toEqual([])
    const db = new Sqlite(path)
    db.prepare("UPDATE customers SET city = 'Nergenshuizen' WHERE id = 2").run()
    db.prepare('DELETE FROM remote_sessions WHERE id = 1').run()
    expect(differences(before, dumpStore(path))).toEqual([
      { table: 'customers', key: '2', how: 'changed', columns: ['city'] },
      { table: 'remote_sessions', key: '1', how: 'gone', columns: [] },
    ])
    expect(grepFiles(dir, ['nergenshuizen']).map((hit) => hit.file)).toContain('tickets.db-wal')
    db.close()
    const alice = grepFiles(dir, needlesFor(cast.alice))
    expect(new Set(alice.map((hit) => hit.file.split('/')[0]))).toEqual(
      new Set(['tickets.db', 'calls.db', 'marketing.db', 'recordings']),
    )
  })
})
