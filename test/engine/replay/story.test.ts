import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Identity } from '../../../src/base/identity.ts'
import { instantOf, type TimeZone } from '../../../src/base/instant.ts'
import { evidenceDigest } from '../../../src/engine/plan/evidence.ts'
import { type Canary, canaries, canaryJobName } from '../../../src/engine/replay/canary.ts'
import { readLines } from '../../../src/engine/replay/file.ts'
import { forgetErasuresJobName } from '../../../src/engine/replay/forget.ts'
import { importErasures } from '../../../src/engine/replay/import.ts'
import { erasuresSince } from '../../../src/engine/replay/load.ts'
import { verdictOf } from '../../../src/engine/replay/verdict.ts'
import { isSuppressed } from '../../../src/engine/run/suppress.ts'
import { tables as engine } from '../../../src/engine/tables.ts'
import { listEntries } from '../../../src/ledger/list.ts'
import { enqueue } from '../../../src/ops/jobs/enqueue.ts'
import { keysFrom } from '../../../src/ops/sealing.ts'
import { freshFolder } from '../../support/ask.ts'
import { backUp } from '../../support/backup.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase, testKeys } from '../../support/database.ts'
import { differences } from '../../support/store-dump.ts'
import { bench } from './bench.ts'
import { ann, openShop, people, type Shop, shopTables, tillTables } from './shop.ts'

const clock = fixedClock()
let database: TestDatabase
let shop: Shop
let desk: ReturnType<typeof bench>
let urls: Record<string, string>

beforeEach(async () => {
  clock.set('2026-03-05T09:00:00Z')
  database = await testDatabase(clock)
  urls = Object.fromEntries(
    ['shop', 'till'].map((name) => [name, `file:${join(freshFolder(), `${name}.db`)}`]),
  )
  shop = await openShop(
    Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { kind: 'sqlite', url }])),
    freshFolder(),
  )
  await shop.exec(...shopTables('sqlite'), ...people)
  await shop.execIn('till', ...tillTables)
  desk = bench(database, clock, shop)
})
afterEach(async () => {
  await shop.close()
  await database.close()
})
const backup = (store = 'shop') => shop.away(() => backUp('sqlite', urls[store] as string))
const restore = (from: { restore(): void }) => shop.away(() => from.restore())
const suppressed = (at: TestDatabase) =>
  at.db.read((reader) =>
    isSuppressed(reader, { list: 'marketing', kind: 'email', value: 'Ann.Lee@example.org' }),
  )

describe('a replay', { timeout: 60_000 }, () => {
  test('finds rows that only a number of another store ties to her, and her name in the texts of others', async () => {
    const copy = await backup('till')
    const since = clock.now()
    const whole = await shop.dump('till')
    clock.advance(3_600_000)
    expect(await desk.erase(ann)).toMatchObject({ status: 'done' })
    const after = await shop.dump('till')
    expect(differences(whole, after).map((d) => `${d.table}/${d.key} ${d.how}`)).toEqual([
      'receipts/51 gone',
      'receipts/52 gone',
      'talks/61 changed',
    ])
    const shopAfter = await shop.dump()
    await restore(copy)
    expect(await desk.replay(since, { store: 'till' })).toMatchObject({ status: 'done', left: [] })
    expect(await shop.dump('till')).toEqual(after)
    expect(await shop.dump()).toEqual(shopAfter)
  })

  test('knows her by her name under another address, and takes what the application had deleted since', async () => {
    await shop.exec("UPDATE customers SET email = 'ann@old.example', phone = NULL WHERE id = 2")
    await shop.exec(
      "INSERT INTO tickets VALUES (22, 2, 'Deleted later')",
      "INSERT INTO messages VALUES (203, 22, 'x')",
    )
    const copy = await backup()
    const since = clock.now()
    clock.advance(3_600_000)
    await shop.exec("UPDATE customers SET email = 'ann.lee@example.org', phone = '06-12000002' WHERE id = 2")
    await shop.exec('DELETE FROM messages WHERE id = 203', 'DELETE FROM tickets WHERE id = 22')
    expect(await desk.erase(ann)).toMatchObject({ status: 'done' })
    const after = await shop.dump()
    await restore(copy)
    const replay = await desk.replay(since)
    expect(replay).toMatchObject({ status: 'done' })
    const left = differences(after, await shop.dump()).map((d) => `${d.table}/${d.key}`)
    expect(left).toEqual([])
  })

  test('does not touch him who had her address when the backup was made', async () => {
    await shop.exec(
      "UPDATE customers SET email = 'desk@example.org' WHERE id = 1",
      "UPDATE customers SET email = 'ann@old.example' WHERE id = 2",
      "INSERT INTO letters VALUES (42, 'desk@example.org')",
    )
    const copy = await backup()
    const since = clock.now()
    const whole = await shop.dump()
    clock.advance(3_600_000)
    await shop.exec(
      "UPDATE customers SET email = 'bob@example.org' WHERE id = 1",
      "UPDATE customers SET email = 'desk@example.org' WHERE id = 2",
    )
    expect(await desk.erase([{ kind: 'email', value: 'desk@example.org' }])).toMatchObject({ status: 'done' })
    await restore(copy)
    const replay = await desk.replay(since)
    expect(replay).toMatchObject({ status: 'done' })
    expect(replay.left).toEqual([
      { collection: 'shop.customers', why: 'unlisted', rows: 1 },
      { collection: 'shop.letters', why: 'again', rows: 1 },
    ])
    const changed = differences(whole, await shop.dump()).map((d) => `${d.table}/${d.key}`)
    expect(changed).toContain('customers/2')
    expect(changed).toContain('tickets/20')
    expect(changed).not.toContain('customers/1')
    expect(changed).not.toContain('tickets/10')
  })

  test('knows what an officer decided of rows on a line that two people share', async () => {
    await shop.exec("UPDATE customers SET phone = '0612000002' WHERE id = 1")
    const copy = await backup()
    const since = clock.now()
    const whole = await shop.dump()
    clock.advance(3_600_000)
    expect(await desk.erase(ann, 'owned')).toMatchObject({ status: 'done' })
    const after = await shop.dump()
    const changed = differences(whole, after).map((d) => `${d.table}/${d.key}`)
    expect(changed).toContain('visits/30')
    expect(changed).not.toContain('customers/1')
    await restore(copy)
    expect(await desk.replay(since)).toMatchObject({ status: 'done' })
    expect(differences(after, await shop.dump())).toEqual([])
  })

  test('makes anonymous again what was made anonymous, and deletes nothing of it', async () => {
    const copy = await backup()
    const since = clock.now()
    clock.advance(3_600_000)
    expect(await desk.erase(ann, undefined, 'anonymisation')).toMatchObject({ status: 'done' })
    const after = await shop.dump()
    expect(after['customers']?.has('2')).toBe(true)
    await restore(copy)
    expect(await shop.dump()).not.toEqual(after)
    expect(await desk.replay(since)).toMatchObject({ status: 'done', left: [] })
    expect(await shop.dump()).toEqual(after)
  })

  test('does not forget that she is not to be mailed, and forgets who she is', async () => {
    const copy = await backup()
    const since = clock.now()
    clock.advance(3_600_000)
    await desk.erase(ann)
    await restore(copy)
    expect(await suppressed(database)).toBe(true)
    await desk.replay(since)
    expect(await suppressed(database)).toBe(true)
    const kept = await database.db.read(async (reader) => {
      const { order } = engine(reader)
      return (await reader.q.select().from(order)).filter((one) => one.origin.startsWith('replay:'))
    })
    expect(kept).toMatchObject([{ status: 'closed', identities: [], memory: null }])
  })

  test('of the same backup, restored once more, does it once more', async () => {
    const copy = await backup()
    const since = clock.now()
    clock.advance(3_600_000)
    await desk.erase(ann)
    const after = await shop.dump()
    for (const origin of [`replay:request:R-1@${since}`, `replay:request:R-1@${since}#2`]) {
      clock.advance(3_600_000)
      await restore(copy)
      expect((await desk.replay(since)).orders).toMatchObject([{ origin }])
      expect(await shop.dump()).toEqual(after)
    }
  })

  test('erases nobody who was erased before the backup', async () => {
    await desk.erase(ann)
    clock.advance(3_600_000)
    const since = clock.now()
    await shop.exec("INSERT INTO customers VALUES (2, 'ann.lee@example.org', NULL, 'Ann Lee', NULL)")
    const copy = await backup()
    clock.advance(3_600_000)
    await desk.erase([{ kind: 'email', value: 'bob@example.org' }])
    await restore(copy)
    const before = await shop.dump()
    expect(await desk.replay(since)).toMatchObject({ erasures: 1, left: [] })
    expect(differences(before, await shop.dump()).map((d) => `${d.table}/${d.key}`)).not.toContain(
      'customers/2',
    )
  })

  test('leaves her who was back before the backup, though her erasure was replayed elsewhere after it', async () => {
    const till = await backup('till')
    const erasedSince = clock.now()
    clock.advance(3_600_000)
    await desk.erase(ann)
    await shop.exec("INSERT INTO customers VALUES (2, 'ann.lee@example.org', NULL, 'Ann Lee', NULL)")
    clock.advance(3_600_000)
    const copy = await backup()
    const since = clock.now()
    const whole = await shop.dump()
    clock.advance(3_600_000)
    await restore(till)
    expect(await desk.replay(erasedSince, { store: 'till' })).toMatchObject({ back: 2 })
    await restore(copy)
    expect(await desk.replay(since)).toMatchObject({ erasures: 1, back: 0, orders: [] })
    expect(await shop.dump()).toEqual(whole)
  })

  test('takes a person’s row that was reached by its number alone for hers only by what stands in it', async () => {
    const collection = shop.deps.map.collections.get('shop.customers')
    if (!collection) throw new Error('no customers')
    const row = { id: '2', email: 'cy@example.org', phone: null, name: 'Cy Doe', created_at: null }
    const bench = { keys: testKeys, collection, table: undefined, zone: 'UTC' as TimeZone }
    const evidence = evidenceDigest(testKeys, ['2'], ['id'], row)
    const met = { key: ['2'], row, action: 'delete', via: ['id'], evidence } as const
    const cy = { kind: 'email', value: 'cy@example.org' }
    const verdict = (matching: readonly Identity[]) =>
      verdictOf(bench, met, { all: [cy], matching, names: false }, clock.now())
    expect(verdict([])).toEqual({ is: 'changed' })
    expect(verdict([cy])).toEqual({ is: 'same', sure: true })
  })
})

describe('the canary', { timeout: 60_000 }, () => {
  const look = async (day: number) => {
    await desk.act(({ tx }) => enqueue(tx, { name: canaryJobName, key: `test:${day}`, input: {} }))
    await desk.drain()
  }
  const entries = async (type: string) =>
    (await database.db.read((reader) => listEntries(reader, { type }))).map((entry) => entry.subject)

  test('says once that a store went back, and once that it is over', async () => {
    const alarms: Canary[] = []
    Object.assign(shop.deps, { alarm: async (_: unknown, seen: Canary) => void alarms.push(seen) })
    const copy = await backup()
    const since = clock.now()
    clock.advance(3_600_000)
    const erasedFrom = clock.now()
    await desk.erase(ann)
    await look(1)
    expect(await database.db.read(canaries)).toMatchObject([
      { store: 'shop', state: 'clear' },
      { store: 'till', state: 'clear' },
    ])
    await restore(copy)
    await look(2)
    await look(3)
    expect(alarms).toEqual([{ store: 'shop', state: 'back', rows: 9, before: erasedFrom }])
    expect(await entries('replay.alarm')).toEqual(['store:shop'])
    await desk.replay(since)
    expect(await database.db.read(canaries)).toMatchObject([{ state: 'clear' }, { state: 'clear' }])
    expect(await entries('replay.cleared')).toEqual(['store:shop'])
    expect(alarms).toHaveLength(1)
  })
})

describe('the erasure ledger', { timeout: 60_000 }, () => {
  const clear = ['ann.lee', 'Ann Lee', 'ann lee', '12000002', 'example.org']

  test('holds hashes only, in the tables and in the file, which only its owner reads', async () => {
    await desk.erase(ann)
    const file = shop.deps.erasureFile as string
    const text = readFileSync(file, 'utf8')
    const rows = JSON.stringify(
      await database.db.read((reader) => erasuresSince(reader, { store: 'shop' })),
      (_, value: unknown) => (value instanceof Set ? [...value] : value),
    )
    expect(rows.length).toBeGreaterThan(1000)
    for (const word of clear) expect([text.includes(word), rows.includes(word)], word).toEqual([false, false])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('lives beside the database: a desk that has forgotten everything replays from the file', async () => {
    const copy = await backup()
    const since = clock.now()
    clock.advance(3_600_000)
    await desk.erase(ann)
    const after = await shop.dump()
    await restore(copy)
    const fresh = await testDatabase(clock)
    const desk2 = bench(fresh, clock, shop)
    expect(await suppressed(fresh)).toBe(false)
    const file = shop.deps.erasureFile as string
    appendFileSync(file, '{"v":1,"id":"cut off')
    const { lines, cut } = await readLines(file, fresh.db.keys)
    expect([lines.length, cut]).toEqual([1, 1])
    expect(await desk2.act((ctx) => importErasures(ctx, { lines }))).toEqual({ erasures: 1, suppressions: 1 })
    expect(await desk2.act((ctx) => importErasures(ctx, { lines }))).toEqual({ erasures: 0, suppressions: 0 })
    expect(await suppressed(fresh)).toBe(true)
    expect(await desk2.replay(since)).toMatchObject({ status: 'done', erasures: 1, left: [] })
    expect(await shop.dump()).toEqual(after)
    // What is written after a line that was cut off is whole.
    expect(await readLines(file, testKeys)).toMatchObject({ lines: { length: 2 }, cut: 1 })
    await fresh.close()
  })

  test('learns from the file how an erasure went on that our own backup knows the beginning of', async () => {
    const copy = await backup()
    const since = clock.now()
    clock.advance(3_600_000)
    await desk.erase(ann)
    const after = await shop.dump()
    await restore(copy)
    const fresh = await testDatabase(clock)
    const desk2 = bench(fresh, clock, shop)
    const { lines } = await readLines(shop.deps.erasureFile as string, fresh.db.keys)
    const nothing = { identities: [], names: [], rows: [], firstAt: instantOf(0), lastAt: instantOf(0) }
    await desk2.act((ctx) => importErasures(ctx, { lines: lines.map((line) => ({ ...line, ...nothing })) }))
    await desk2.act((ctx) => importErasures(ctx, { lines }))
    expect(await desk2.replay(since)).toMatchObject({ status: 'done', erasures: 1, left: [] })
    expect(await shop.dump()).toEqual(after)
    await fresh.close()
  })

  test('is refused where a line was changed, or written with another key', async () => {
    await desk.erase(ann)
    const file = shop.deps.erasureFile as string
    await expect(readLines(file, keysFrom(new Uint8Array(32).fill(8)))).rejects.toMatchObject({
      code: 'invalid',
    })
    writeFileSync(file, readFileSync(file, 'utf8').replace('"delete"', '"redact"'))
    await expect(readLines(file, testKeys)).rejects.toThrow(`${file}:1`)
  })

  test('is forgotten, file and all, on the first day after its period and not on the last day of it', async () => {
    const forget = async (day: string) => {
      clock.set(`${day}T12:00:00+02:00`)
      await desk.act(({ tx }) => enqueue(tx, { name: forgetErasuresJobName, key: day, input: {} }))
      await desk.drain()
      return (await database.db.read((reader) => erasuresSince(reader, { store: 'shop' }))).length
    }
    await desk.erase(ann)
    clock.set('2026-03-06T09:00:00Z')
    await desk.erase([{ kind: 'email', value: 'bob@example.org' }])
    const file = shop.deps.erasureFile as string
    // 5 March and 65 days is 9 May.
    expect(await forget('2026-05-09')).toBe(2)
    expect(await forget('2026-05-10')).toBe(1)
    expect((await readLines(file, testKeys)).lines.map((line) => line.origin)).toEqual(['request:R-2'])
    expect(await forget('2026-05-11')).toBe(0)
    expect(existsSync(file)).toBe(false)
    expect(
      await database.db.read((reader) => listEntries(reader, { type: 'replay.forgotten' })),
    ).toHaveLength(2)
  })
})
