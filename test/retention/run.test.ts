import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Instant, type LocalDate, parseInstant } from '../../src/base/instant.ts'
import { placeOrder } from '../../src/engine/order/place.ts'
import { closeOrder } from '../../src/engine/order/close.ts'
import { purgeJob } from '../../src/engine/purge/job.ts'
import { liftHold } from '../../src/holds/lift.ts'
import { placeHold } from '../../src/holds/place.ts'
import { entries } from '../../src/ledger/list.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import type { Ctx } from '../../src/ops/db/database.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { silentLog } from '../../src/ops/log.ts'
import { fireDue, syncSchedules } from '../../src/ops/schedules.ts'
import { approveRule } from '../../src/retention/approve.ts'
import { retentionJobs, retentionSchedules } from '../../src/retention/jobs.ts'
import { certificateOf, listRuns } from '../../src/retention/list.ts'
import { previewRule } from '../../src/retention/preview.ts'
import { loadRules, type Rules } from '../../src/retention/rules.ts'
import { runRule } from '../../src/retention/run.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { type CallStore, callsRule, callStore } from '../support/call-store.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { freshPostgres } from '../support/postgres.ts'

const postgres = await askFor('postgres')
const mariadb = await askFor('mariadb')
const clock = fixedClock()
const officer = { kind: 'officer', id: 'o-1' } as const

const places = [
  {
    kind: 'sqlite' as const,
    missing: undefined,
    fresh: async () => ({ url: `file:${join(freshFolder(), 'calls.db')}`, close: async () => undefined }),
  },
  {
    kind: 'postgres' as const,
    missing: postgres.missing,
    fresh: () => freshPostgres(postgres.url as string, freshName()),
  },
  {
    kind: 'mysql' as const,
    missing: mariadb.missing,
    fresh: () => freshMariadb(mariadb.url as string, freshName()),
  },
]

for (const { kind, missing, fresh } of places)
  describe.skipIf(missing)(`retention over a ${kind} store ${missing ?? ''}`, () => {
    let database: TestDatabase
    let store: CallStore
    let rules: Rules
    let end: () => Promise<void>

    beforeEach(async () => {
      clock.set('2027-03-01T09:00:00+01:00')
      database = await testDatabase(clock)
      const place = await fresh()
      store = await callStore(kind, place.url, freshFolder())
      writeFileSync(join(store.policies, 'retention', 'calls.yaml'), callsRule())
      rules = loadRules(join(store.policies, 'retention'), store.deps.map)
      end = async () => {
        await store.close()
        await place.close()
        await database.close()
      }
    })
    afterEach(() => end())

    const act = <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> =>
      database.db.transact((tx) => work({ actor: officer, clock, tx }))
    const drain = () =>
      openWorker(
        database.db,
        [purgeJob(store.deps), ...retentionJobs({ rules: () => rules })],
        silentLog,
      ).drain()
    const approveAll = async () => {
      for (const { id, version } of rules)
        await act((ctx) => approveRule(ctx, { ruleId: id, version }, rules))
    }
    const run = async (slot = clock.now()) => {
      await approveAll()
      const { runId } = await act((ctx) => runRule(ctx, { ruleId: 'calls', slot }, rules))
      await drain()
      const certificate = await database.db.read((reader) => certificateOf(reader, runId))
      if (!certificate) throw new Error('the run did not end')
      return certificate
    }
    const preview = (on?: string) =>
      previewRule(store.deps, database.db, { ruleId: 'calls', ...(on && { on: on as LocalDate }) }, rules)

    test('calls whose three months are over are gone with their audio; the day before they were not', async () => {
      await store.addCall({ id: 1, ended: '2026-11-30T23:59:59+01:00' })
      await store.addCall({ id: 2, ended: '2026-12-01T00:00:00+01:00' })
      await store.addCall({ id: 3, ended: null })
      clock.set('2027-02-28T23:59:59+01:00')
      expect((await run()).counts.done).toBe(0)
      expect(await store.ids()).toEqual([1, 2, 3])
      clock.set('2027-03-01T00:00:00+01:00')
      const certificate = await run()
      expect(certificate).toMatchObject({ lastStart: '2026-11-30', counts: { due: 1, done: 1, files: 1 } })
      expect(await store.ids()).toEqual([2, 3])
      expect([1, 2].map((id) => store.hasFile(`call-${id}.wav`))).toEqual([false, true])
    })

    test.each([
      ['31 January', '2027-01-31T23:59:59+01:00', '2027-02-01T00:00:00+01:00', '2027-05-01T00:00:00+02:00'],
      ['29 February', '2028-02-29T23:59:59+01:00', '2028-03-01T00:00:00+01:00', '2028-05-30T00:00:00+02:00'],
      [
        'the change to summer time',
        '2027-03-28T23:59:59+02:00',
        '2027-03-29T00:00:00+02:00',
        '2027-06-29T00:00:00+02:00',
      ],
      [
        'the change to winter time',
        '2026-10-25T23:59:59+01:00',
        '2026-10-26T00:00:00+01:00',
        '2027-01-26T00:00:00+01:00',
      ],
    ])(
      '%s: its last second goes with the day, the next second stays, and not a moment early',
      async (_, last, next, from) => {
        await store.addCall({ id: 1, ended: last })
        await store.addCall({ id: 2, ended: next })
        clock.set(new Date(Date.parse(from) - 1).toISOString())
        await run()
        expect(await store.ids()).toEqual([1, 2])
        clock.set(from)
        await run()
        expect(await store.ids()).toEqual([2])
      },
    )

    test('a second run does nothing, and the same slot never runs twice', async () => {
      for (let id = 1; id <= 1200; id++)
        await store.addCall({ id, ended: '2026-10-01T10:00:00Z', file: id % 400 === 0 })
      const slot = parseInstant('2027-03-01T01:00:00Z')
      const first = await run(slot)
      expect(first.counts).toMatchObject({
        due: 1200,
        done: 1200,
        files: 3,
        kept: {},
        skipped: 0,
        exceptions: 0,
        settled: 0,
      })
      expect(first.batches.reduce((sum, batch) => sum + batch.done, 0)).toBe(1200)
      const again = await act((ctx) => runRule(ctx, { ruleId: 'calls', slot }, rules))
      expect(again.started).toBe(false)
      clock.advance(1000)
      const second = await run()
      expect(second.counts).toMatchObject({ due: 0, done: 0 })
      expect(second.batches).toEqual([])
      expect((await database.db.read(verifyLedger)).faults).toEqual([])
      const all = []
      for await (const entry of await database.db.read(async (reader) => entries(reader))) all.push(entry)
      const batches = all.filter((entry) => entry.type === 'retention.batch')
      expect(batches.map((entry) => entry.body['root'])).toEqual(first.batches.map((batch) => batch.root))
      expect(batches.every(({ seq }) => seq > first.ledger.from && seq <= first.ledger.to)).toBe(true)
    })

    test('held, restricted and frozen calls stay, each for its own reason, and go when that ends', async () => {
      await store.exec(
        `INSERT INTO customers VALUES (1, 'Ann@example.org', '+31612345678')`,
        `INSERT INTO customers VALUES (2, 'bob@example.org', '+31687654321')`,
      )
      const ended = '2026-10-01T10:00:00Z'
      await store.addCall({ id: 1, ended, caller: '+31612345678' })
      await store.addCall({ id: 2, ended, caller: '06 8765 4321' })
      await store.addCall({ id: 3, ended })
      await store.addCall({ id: 4, ended })
      await store.addCall({ id: 5, ended })
      const reviewOn = '2027-08-01' as LocalDate
      const ann = await act((ctx) =>
        placeHold(ctx, {
          scope: { kind: 'person', identities: [{ kind: 'email', value: 'ann@example.org' }] },
          reason: 'claim',
          authority: 'court',
          reviewOn,
          blocks: ['purge'],
        }),
      )
      const four = await act((ctx) =>
        placeHold(ctx, {
          kind: 'restriction',
          scope: { kind: 'record', store: 'calls', collection: 'calls', key: ['4'] },
          reason: 'accuracy disputed',
          authority: 'Art. 18(1)(a)',
          reviewOn,
          blocks: ['purge'],
        }),
      )
      await act((ctx) =>
        placeHold(ctx, {
          scope: { kind: 'record', store: 'calls', collection: 'calls', key: ['3'] },
          reason: 'only the erasure',
          authority: 'court',
          reviewOn,
          blocks: ['erasure'],
        }),
      )
      const { orderId } = await act((ctx) =>
        placeOrder(ctx, {
          kind: 'access',
          origin: 'request:R-1',
          identities: [{ kind: 'phone', value: '+31687654321' }],
          callback: 'none',
        }),
      )
      expect(await preview()).toMatchObject({ due: 5, go: 2, kept: { hold: 1, restriction: 1, freeze: 1 } })
      expect((await run()).counts).toMatchObject({
        due: 5,
        done: 2,
        kept: { hold: 1, restriction: 1, freeze: 1 },
      })
      expect(await store.ids()).toEqual([1, 2, 4])
      expect(store.hasFile('call-1.wav') && store.hasFile('call-2.wav') && store.hasFile('call-4.wav')).toBe(
        true,
      )
      await act((ctx) => liftHold(ctx, { id: ann.id, reason: 'settled' }))
      await act((ctx) => liftHold(ctx, { id: four.id, reason: 'corrected' }))
      await act((ctx) => closeOrder(ctx, { orderId }))
      clock.advance(1000)
      expect((await run()).counts).toMatchObject({ due: 3, done: 3, kept: {} })
      expect(await store.ids()).toEqual([])
    })

    test('what belongs to a call goes with it, files included; what the map does not know keeps it', async () => {
      const ended = '2026-10-01T10:00:00Z'
      for (const id of [1, 2, 3, 4]) await store.addCall({ id, ended })
      writeFileSync(join(store.files, 'note-10.txt'), 'x')
      await store.exec(
        `INSERT INTO notes VALUES (10, 'a', 1), (11, 'b', 1), (20, 'c', 2)`,
        `INSERT INTO note_files VALUES (100, 'note-10.txt', 10)`,
        `INSERT INTO marks VALUES (5, 1), (6, 3)`,
        `INSERT INTO audits VALUES (7, 3)`,
        `INSERT INTO claims VALUES (8, 4)`,
      )
      await act((ctx) =>
        placeHold(ctx, {
          scope: { kind: 'record', store: 'calls', collection: 'notes', key: ['20'] },
          reason: 'x',
          authority: 'y',
          reviewOn: '2027-08-01' as LocalDate,
          blocks: ['purge'],
        }),
      )
      expect(await preview()).toMatchObject({ due: 4, go: 2, kept: { referenced: 1, hold: 1 } })
      expect((await run()).counts).toMatchObject({
        due: 4,
        done: 2,
        below: 4,
        files: 3,
        kept: { referenced: 1, hold: 1 },
      })
      expect(await store.ids()).toEqual([2, 3])
      expect(await store.ids('notes')).toEqual([20])
      expect(await store.ids('note_files')).toEqual([])
      expect(await store.ids('marks')).toEqual([6])
      expect(await store.rows('SELECT id, call_id FROM claims')).toEqual([{ id: 8, call_id: null }])
      expect(store.hasFile('note-10.txt')).toBe(false)
    })

    test('a recording that several calls name goes with the last of them', async () => {
      await store.addCall({ id: 1, ended: '2026-10-01T10:00:00Z', file: 'both.wav' })
      await store.addCall({ id: 2, ended: '2026-12-24T10:00:00Z', file: 'both.wav' })
      expect((await run()).counts).toMatchObject({ done: 1, files: 0 })
      expect(store.hasFile('both.wav')).toBe(true)
      clock.set('2027-03-25T00:00:00+01:00')
      expect((await run()).counts).toMatchObject({ done: 1, files: 1 })
      expect(store.hasFile('both.wav')).toBe(false)
    })

    test('a file name that leads out of the folder keeps its row, and the file', async () => {
      writeFileSync(join(store.files, '..', 'secret.txt'), 'not ours')
      await store.addCall({ id: 1, ended: '2026-10-01T10:00:00Z', file: '../secret.txt' })
      expect((await run()).counts).toMatchObject({ due: 1, done: 0, kept: { file: 1 } })
      expect(store.hasFile('../secret.txt')).toBe(true)
    })

    test('a row below with a rule of its own keeps the upper one until its own period is over', async () => {
      await store.exec('ALTER TABLE notes ADD COLUMN written_at varchar(40)')
      const other = `  - id: notes
    title: Notes
    data: calls.notes
    purpose: Training
    basis: legitimate_interests
    from: body
    keep: P1Y
    then: delete
    owner: Head of the service desk
    because: A year.
    schedule: '0 3 * * *'
    timezone: Europe/Amsterdam
`
      writeFileSync(join(store.policies, 'retention', 'calls.yaml'), callsRule(other))
      rules = loadRules(join(store.policies, 'retention'), store.deps.map)
      await store.addCall({ id: 1, ended: '2026-10-01T10:00:00Z' })
      await store.addCall({ id: 2, ended: '2026-10-01T10:00:00Z' })
      await store.exec(`INSERT INTO notes VALUES (10, '2026-09-01', 1, NULL), (20, '2026-02-01', 2, NULL)`)
      expect((await run()).counts).toMatchObject({ due: 2, done: 1, kept: { rule: 1 } })
      expect([await store.ids(), await store.ids('notes')]).toEqual([[1], [10]])
    })

    test('the preview counts what the run then does, names keys and no values, and writes nothing', async () => {
      for (let id = 1; id <= 30; id++)
        await store.addCall({
          id,
          ended: `2026-${id <= 10 ? '09' : '10'}-15T10:00:00Z`,
          caller: '+31612345678',
        })
      await store.addCall({ id: 31, ended: null })
      await store.addCall({ id: 32, ended: '2027-02-01T10:00:00Z' })
      const before = JSON.stringify(await store.rows('SELECT * FROM calls ORDER BY id'))
      const own = await database.db.session((session) =>
        session.rows('select count(*) as n from ledger_entry'),
      )
      const shown = await preview()
      expect(shown).toMatchObject({
        approved: false,
        on: '2027-03-01',
        lastStart: '2026-11-30',
        due: 30,
        go: 30,
        withoutStart: 1,
        startIsKnown: true,
        perMonth: [
          { month: '2026-09', rows: 10 },
          { month: '2026-10', rows: 20 },
        ],
      })
      expect(shown.sample).toHaveLength(20)
      expect(JSON.stringify(shown)).not.toContain('31612345678')
      expect((await preview('2027-05-02')).due).toBe(31)
      expect(JSON.stringify(await store.rows('SELECT * FROM calls ORDER BY id'))).toBe(before)
      expect(
        await database.db.session((session) => session.rows('select count(*) as n from ledger_entry')),
      ).toEqual(own)
      expect((await run()).counts.done).toBe(shown.go)
    })

    test('the preview holds a connection that refuses to write', async () => {
      await store.addCall({ id: 1, ended: '2026-10-01T10:00:00Z' })
      const real = store.deps.stores.get('calls')
      if (!real) throw new Error('no store')
      let writes = 0
      const watched = {
        ...real,
        writing: () => Promise.reject(new Error(`write ${++writes}`)),
        settle: () => Promise.reject(new Error(`write ${++writes}`)),
      }
      const deps = { ...store.deps, stores: new Map([['calls', watched]]) }
      expect(
        (await previewRule(deps, { read: (work) => database.db.read(work) }, { ruleId: 'calls' }, rules)).go,
      ).toBe(1)
      expect(writes).toBe(0)
      await expect(
        real.reading(async (reader) =>
          (reader as unknown as { remove(t: object): Promise<number> }).remove({
            table: 'calls',
            key: ['id'],
            keys: [['1']],
          }),
        ),
      ).rejects.toThrow(/remove/)
      expect(await store.ids()).toEqual([1])
    })

    test('anonymised once, a row is left alone; its free text and its audio are gone', async () => {
      writeFileSync(
        join(store.policies, 'retention', 'calls.yaml'),
        callsRule().replace('then: delete', 'then: anonymise'),
      )
      rules = loadRules(join(store.policies, 'retention'), store.deps.map)
      await store.addCall({
        id: 1,
        ended: '2026-10-01T10:00:00Z',
        caller: '+31612345678',
        remark: 'Ann Lee was angry',
      })
      await store.addCall({
        id: 2,
        ended: '2027-02-01T10:00:00Z',
        caller: '+31612345678',
        remark: 'Ann Lee was calm',
      })
      expect((await run()).counts).toMatchObject({ due: 1, done: 1, files: 1, already: 0 })
      const [one, two] = await store.rows(
        'SELECT id, caller, recording, state, remark FROM calls ORDER BY id',
      )
      expect(one).toMatchObject({ id: 1, caller: null, recording: null, state: 'closed', remark: null })
      expect(two).toMatchObject({ caller: '+31612345678', remark: 'Ann Lee was calm' })
      expect(store.hasFile('call-1.wav')).toBe(false)
      clock.advance(1000)
      expect((await run()).counts).toMatchObject({ due: 1, done: 0, already: 1, files: 0 })
    })

    test('data for review are counted and left alone', async () => {
      writeFileSync(
        join(store.policies, 'retention', 'calls.yaml'),
        callsRule().replace('then: delete', 'then: review'),
      )
      rules = loadRules(join(store.policies, 'retention'), store.deps.map)
      await store.addCall({ id: 1, ended: '2026-10-01T10:00:00Z' })
      expect((await run()).counts).toMatchObject({ due: 1, done: 1 })
      expect(await store.ids()).toEqual([1])
    })

    test('a rule runs by its schedule once a version of it is approved, and not before', async () => {
      await store.addCall({ id: 1, ended: '2026-10-01T10:00:00Z' })
      const schedules = retentionSchedules(rules)
      await syncSchedules(database.db, schedules)
      clock.set('2027-03-02T02:00:00+01:00')
      expect(await fireDue(database.db, schedules)).toEqual(['retention:calls'])
      await drain()
      expect(await store.ids()).toEqual([1])
      expect((await database.db.read((reader) => listRuns(reader))).length).toBe(0)
      await approveAll()
      clock.set('2027-03-03T02:00:00+01:00')
      await fireDue(database.db, schedules)
      await drain()
      expect(await store.ids()).toEqual([])
      const runs = await database.db.read((reader) => listRuns(reader))
      expect(runs).toMatchObject([
        { ruleId: 'calls', status: 'done', slot: '2027-03-03T01:00:00.000Z', counts: { done: 1 } },
      ])
    })

    test('an approval holds for the version that was seen', async () => {
      await approveAll()
      const [old] = rules
      writeFileSync(join(store.policies, 'retention', 'calls.yaml'), callsRule().replace('P3M', 'P2M'))
      rules = loadRules(join(store.policies, 'retention'), store.deps.map)
      const slot: Instant = clock.now()
      await expect(act((ctx) => runRule(ctx, { ruleId: 'calls', slot }, rules))).rejects.toMatchObject({
        code: 'refused',
      })
      await expect(
        act((ctx) => approveRule(ctx, { ruleId: 'calls', version: old?.version ?? '' }, rules)),
      ).rejects.toMatchObject({ code: 'conflict' })
    })

    test('a store that lost the column stops the run, and says so', async () => {
      await store.addCall({ id: 1, ended: '2026-10-01T10:00:00Z' })
      await store.exec('ALTER TABLE calls RENAME COLUMN ended_at TO finished_at')
      await approveAll()
      await act((ctx) => runRule(ctx, { ruleId: 'calls', slot: clock.now() }, rules))
      for (let attempt = 0; attempt < 13; attempt++) {
        await drain()
        clock.advance(3_700_000)
      }
      await drain()
      expect(await database.db.read((reader) => listRuns(reader))).toMatchObject([
        { status: 'stopped', counts: { done: 0 } },
      ])
      expect(await store.ids()).toEqual([1])
    })
  })
