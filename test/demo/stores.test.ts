import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { normalise } from '../../src/base/identity.ts'
import { cast, castSize } from '../../src/demo/cast.ts'
import { phoneWays, spellPhone } from '../../src/demo/phones.ts'
import type { SampleSummary } from '../../src/demo/stores.ts'
import { dumpStore, dumpText, sampleStores } from '../support/oracle.ts'
import { count, freshFolder, made, now, rows } from './support.ts'

const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(dir, name)).isFile())
    .sort()

function digest(dir: string): string {
  const hash = createHash('sha256')
  for (const store of sampleStores) hash.update(dumpText(dumpStore(join(dir, `${store}.db`))))
  for (const name of filesBelow(join(dir, 'recordings')))
    hash.update(name).update(readFileSync(join(dir, 'recordings', name)))
  return hash.digest('hex')
}

describe('sample stores', () => {
  let stores: SampleSummary
  beforeAll(async () => {
    stores = await made({ people: 600 })
  })

  test('one seed makes the same rows and files twice, another seed others', async () => {
    const [first, again, other] = [await made(), await made(), await made({ seed: 2 })]
    expect(digest(again.dir)).toBe(digest(first.dir))
    expect(digest(other.dir)).not.toBe(digest(first.dir))
  })

  test('every foreign key leads somewhere and the files are sound', () => {
    for (const store of sampleStores) {
      expect(rows(stores.dir, store, 'PRAGMA foreign_key_check')).toEqual([])
      expect(rows(stores.dir, store, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      expect(rows(stores.dir, store, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    }
  })

  test('a customer is found by address over the index, whatever the case', () => {
    const plan = rows<{ detail: string }>(
      stores.dir,
      'tickets',
      "EXPLAIN QUERY PLAN SELECT id FROM customers WHERE email = 'ALICE.JANSEN@POST.EXAMPLE' COLLATE NOCASE",
    )
    expect(plan[0]?.detail).toContain('customers_email')
  })

  test('nothing happens after the moment they are made for, and nothing ends before it begins', () => {
    const later = (store: string, table: string, column: string) =>
      count(stores.dir, store, `FROM ${table} WHERE ${column} > '${now}'`)
    expect(later('tickets', 'tickets', 'opened_at') + later('tickets', 'tickets', 'closed_at')).toBe(0)
    expect(later('tickets', 'messages', 'sent_at') + later('calls', 'calls', 'ended_at')).toBe(0)
    expect(later('marketing', 'sends', 'sent_at')).toBe(0)
    expect(count(stores.dir, 'tickets', 'FROM tickets WHERE closed_at < opened_at')).toBe(0)
    expect(count(stores.dir, 'calls', 'FROM calls WHERE ended_at < started_at')).toBe(0)
  })

  test('retention has something to take and something to leave in every store', () => {
    const due = { calls: '2026-08-22', tickets: '2024-11-22', sends: '2024-11-22' }
    for (const [store, table, column, day] of [
      ['calls', 'calls', 'ended_at', due.calls],
      ['tickets', 'tickets', 'closed_at', due.tickets],
      ['marketing', 'sends', 'sent_at', due.sends],
    ] as const) {
      expect(count(stores.dir, store, `FROM ${table} WHERE ${column} < '${day}'`)).toBeGreaterThan(10)
      expect(count(stores.dir, store, `FROM ${table} WHERE ${column} >= '${day}'`)).toBeGreaterThan(10)
    }
  })

  test('there are shared mailboxes, shared lines and namesakes among the drawn people too', () => {
    const several = (what: string) =>
      count(
        stores.dir,
        'tickets',
        `FROM (SELECT ${what} FROM customers WHERE id > ${castSize} AND ${what} IS NOT NULL GROUP BY ${what} HAVING count(*) > 1)`,
      )
    expect(several('lower(email)')).toBeGreaterThan(5)
    expect(several('lower(name)')).toBeGreaterThan(5)
    const phones = rows<{ phone: string }>(
      stores.dir,
      'tickets',
      `SELECT phone FROM customers WHERE id > ${castSize} AND phone IS NOT NULL`,
    )
    const normal = phones.map(({ phone }) => normalise('phone', phone, { country: 'NL' }))
    expect(normal).not.toContain(undefined)
    expect(normal.length - new Set(normal).size).toBeGreaterThan(5)
  })

  test('phones are spelled in all ways, addresses in capitals and with a plus', () => {
    const like = (pattern: string) =>
      count(stores.dir, 'tickets', `FROM customers WHERE phone GLOB '${pattern}'`)
    for (const pattern of ['+31 6 *', '00316*', '06-*', '(06) *', '06[0-9]*', '+316*'])
      expect(like(pattern)).toBeGreaterThan(3)
    expect(count(stores.dir, 'tickets', 'FROM customers WHERE email = upper(email)')).toBeGreaterThan(10)
    expect(count(stores.dir, 'marketing', "FROM subscribers WHERE email LIKE '%+%@%'")).toBeGreaterThan(5)
  })

  test('tickets are merged, people are copied in and quoted, in three languages, by every channel and status', () => {
    expect(
      count(stores.dir, 'tickets', 'FROM tickets WHERE merged_into IS NOT NULL AND id > 20'),
    ).toBeGreaterThan(5)
    expect(count(stores.dir, 'tickets', 'FROM participants WHERE id > 10')).toBeGreaterThan(20)
    expect(count(stores.dir, 'tickets', "FROM messages WHERE body LIKE '%> %@%.example%'")).toBeGreaterThan(
      20,
    )
    const distinct = (store: string, table: string, column: string) =>
      rows<{ v: string }>(stores.dir, store, `SELECT DISTINCT ${column} AS v FROM ${table} ORDER BY 1`).map(
        (r) => r.v,
      )
    expect(distinct('tickets', 'customers', 'language')).toEqual(['da', 'en', 'nl'])
    expect(distinct('tickets', 'tickets', 'channel')).toEqual(['email', 'phone', 'portal'])
    expect(distinct('tickets', 'tickets', 'status')).toHaveLength(7)
    expect(distinct('tickets', 'tickets', 'priority')).toHaveLength(4)
    expect(distinct('calls', 'calls', 'direction')).toEqual(['conference', 'inbound', 'outbound'])
    expect(distinct('marketing', 'subscribers', 'status')).toEqual(['active', 'bounced', 'unsubscribed'])
  })

  test('some people are in one store only, and some unsubscribed addresses belong to no subscriber', () => {
    const ids = (store: string, table: string) =>
      new Set(rows<{ id: number }>(stores.dir, store, `SELECT id FROM ${table}`).map((r) => r.id))
    const [customers, subscribers] = [ids('tickets', 'customers'), ids('marketing', 'subscribers')]
    expect([...subscribers].filter((id) => !customers.has(id)).length).toBeGreaterThan(10)
    expect([...customers].filter((id) => !subscribers.has(id)).length).toBeGreaterThan(10)
    expect(
      count(
        stores.dir,
        'marketing',
        'FROM unsubscribed WHERE lower(address) NOT IN (SELECT lower(email) FROM subscribers)',
      ),
    ).toBeGreaterThan(1)
  })

  test('every recording named is a WAV file that says what it holds, and no other file is there', () => {
    const named = rows<{ recording: string }>(
      stores.dir,
      'calls',
      'SELECT recording FROM calls WHERE recording IS NOT NULL ORDER BY 1',
    )
    const folder = join(stores.dir, 'recordings')
    expect(filesBelow(folder)).toEqual(named.map((r) => r.recording))
    expect(named.length).toBe(stores.recordings)
    for (const { recording } of named.slice(0, 50))
      expect(wav(readFileSync(join(folder, recording)))).toMatchObject({ rate: 8000, channels: 1, bits: 8 })
  })

  test('recordings can be limited or left out', async () => {
    expect(filesBelow(join((await made({ recordings: 25 })).dir, 'recordings'))).toHaveLength(25)
    expect(filesBelow(join((await made({ recordings: false })).dir, 'recordings'))).toHaveLength(0)
  })

  test('the number of tickets is the one asked for', async () => {
    expect((await made({ tickets: 1000, recordings: false })).tickets['tickets']).toBe(1000)
    expect((await made({ people: 200, ticketsPerPerson: 3, recordings: false })).tickets['tickets']).toBe(600)
  })

  test('a folder with something in it is refused, and what a crash left is cleared', async () => {
    await expect(made({ dir: stores.dir })).rejects.toMatchObject({ code: 'conflict' })
    const dir = join(freshFolder(), 'stores')
    mkdirSync(`${dir}.making`)
    writeFileSync(join(`${dir}.making`, 'tickets.db'), 'half a store')
    await made({ dir, recordings: false })
    expect(rows(dir, 'tickets', 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })
})

test('every spelling of a number is the same number', () => {
  for (const { phone } of Object.values(cast)) {
    if (phone === null) continue
    for (const way of phoneWays)
      expect([way, normalise('phone', spellPhone(phone, way), { country: 'NL' })]).toEqual([way, phone])
  }
})

test('ten times as many rows take neither ten times the memory nor a hundred times the time', async () => {
  const measured = async (tickets: number) => {
    const from = performance.now()
    await made({ people: tickets / 10, tickets, recordings: false })
    return { ms: performance.now() - from, rss: process.memoryUsage.rss() }
  }
  await measured(4_000)
  const small = await measured(4_000)
  const large = await measured(40_000)
  expect(large.ms).toBeLessThan(small.ms * 40 + 1000)
  expect(large.rss - small.rss).toBeLessThan(150 * 2 ** 20)
})

/** Reads the chunks by their lengths, as a player does. */
function wav(file: Buffer) {
  expect(file.toString('ascii', 0, 4) + file.toString('ascii', 8, 12)).toBe('RIFFWAVE')
  expect(file.readUInt32LE(4)).toBe(file.length - 8)
  const chunks = new Map<string, Buffer>()
  for (let at = 12; at < file.length; ) {
    const length = file.readUInt32LE(at + 4)
    chunks.set(file.toString('ascii', at, at + 4), file.subarray(at + 8, at + 8 + length))
    at += 8 + length + (length % 2)
  }
  const format = chunks.get('fmt ') as Buffer
  expect(format.readUInt16LE(0)).toBe(1)
  expect((chunks.get('data') as Buffer).length).toBeGreaterThan(1000)
  return { channels: format.readUInt16LE(2), rate: format.readUInt32LE(4), bits: format.readUInt16LE(14) }
}
