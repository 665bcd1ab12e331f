import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalDate, TimeZone } from '../../../src/base/instant.ts'
import { buildGraph } from '../../../src/datamap/graph.ts'
import { loadDataMap } from '../../../src/datamap/load.ts'
import type { PurgeDeps } from '../../../src/engine/purge/deps.ts'
import { purgeJob } from '../../../src/engine/purge/job.ts'
import { placePurge } from '../../../src/engine/purge/place.ts'
import { purgeOf } from '../../../src/engine/purge/show.ts'
import type { PurgeSpec } from '../../../src/engine/purge/tables.ts'
import { isSuppressed } from '../../../src/engine/run/suppress.ts'
import { tables as engine } from '../../../src/engine/tables.ts'
import { placeHold } from '../../../src/holds/place.ts'
import type { Ctx } from '../../../src/ops/db/database.ts'
import { openWorker } from '../../../src/ops/jobs/worker.ts'
import { silentLog } from '../../../src/ops/log.ts'
import { askFor, freshFolder, freshName } from '../../support/ask.ts'
import { type CallStore, callStore, datamap } from '../../support/call-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { freshMariadb } from '../../support/mariadb.ts'
import { freshPostgres } from '../../support/postgres.ts'

const postgres = await askFor('postgres')
const mariadb = await askFor('mariadb')
const clock = fixedClock('2027-03-01T09:00:00+01:00')
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
const spec: PurgeSpec = {
  collection: 'calls.calls',
  where: [],
  from: 'ended_at',
  lastStart: '2026-11-30' as LocalDate,
  zone: 'Europe/Amsterdam' as TimeZone,
  today: '2027-03-01' as LocalDate,
  action: 'delete',
  others: [],
}
const old = '2026-10-01T10:00:00Z'

for (const { kind, missing, fresh } of places)
  describe.skipIf(missing)(`a purge of a ${kind} store ${missing ?? ''}`, () => {
    let database: TestDatabase
    let store: CallStore
    let end: () => Promise<void>
    let orders = 0

    beforeEach(async () => {
      database = await testDatabase(clock)
      const place = await fresh()
      store = await callStore(kind, place.url, freshFolder())
      end = async () => {
        await store.close()
        await place.close()
        await database.close()
      }
    })
    afterEach(() => end())

    const act = <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> =>
      database.db.transact((tx) => work({ actor: officer, clock, tx }))
    const mapped = (text: string): PurgeDeps => {
      writeFileSync(join(store.policies, 'datamap', 'calls.yaml'), text)
      const map = loadDataMap(store.policies, [{ name: 'calls', map: 'datamap/calls.yaml' }])
      return { ...store.deps, map, graph: buildGraph(map) }
    }
    const purge = async (more: Partial<PurgeSpec> = {}, deps: PurgeDeps = store.deps) => {
      const wanted = { ...spec, ...more }
      const collection = deps.map.collections.get(wanted.collection)
      if (!collection) throw new Error('no such collection')
      const { orderId } = await act((ctx) =>
        placePurge(ctx, {
          origin: `rule:x@${++orders}`,
          spec: wanted,
          collection,
          callback: 'none',
          because: {},
        }),
      )
      await openWorker(database.db, [purgeJob(deps)], silentLog).drain()
      return database.db.read((reader) => purgeOf(reader, orderId))
    }
    const hold = (key: string) =>
      act((ctx) =>
        placeHold(ctx, {
          scope: { kind: 'record', store: 'calls', collection: 'calls', key: [key] },
          reason: 'r',
          authority: 'a',
          reviewOn: '2027-06-01' as LocalDate,
          blocks: ['purge'],
        }),
      )

    test('a hold that comes between reading and writing keeps its row', async () => {
      await store.addCall({ id: 1, ended: old })
      await store.addCall({ id: 2, ended: old })
      let placed = false
      const at = async (point: string) => {
        if (point === 'read' && !placed) {
          placed = true
          await hold('1')
        }
      }
      expect((await purge({}, { ...store.deps, at })).counts).toMatchObject({
        due: 2,
        done: 1,
        kept: { hold: 1 },
      })
      expect(await store.ids()).toEqual([1])
    })

    // The other kinds hold moments there.
    if (kind === 'mysql')
      test('a wall clock is read in the zone that the map says of its column', async () => {
        // In Auckland it is still the last day that may go, in Amsterdam the day after.
        await store.addCall({ id: 1, ended: '2026-12-01 05:00:00' })
        const said = datamap.replace(
          '{name: ended_at',
          '{name: ended_at, lethe: {timezone: Pacific/Auckland}',
        )
        expect(said).not.toBe(datamap)
        expect((await purge()).counts.due).toBe(0)
        expect((await purge({}, mapped(said))).counts.due).toBe(1)
      })

    test('a row that changed between reading and writing stays', async () => {
      await store.addCall({ id: 1, ended: old })
      await store.addCall({ id: 2, ended: old })
      const again = kind === 'mysql' ? '2027-02-01 10:00:00' : '2027-02-01T10:00:00Z'
      const at = async (point: string) => {
        if (point === 'intended') await store.exec(`UPDATE calls SET ended_at = '${again}' WHERE id = 1`)
      }
      expect((await purge({}, { ...store.deps, at })).counts).toMatchObject({ due: 2, done: 1, skipped: 1 })
      expect(await store.ids()).toEqual([1])
      expect(store.hasFile('call-1.wav')).toBe(true)
    })

    test('starts that are no date are never purged, and are reported', async () => {
      await store.addCall({ id: 1, ended: old })
      await store.addCall({ id: 2, ended: null })
      await store.addCall({
        id: 3,
        ended:
          kind === 'postgres'
            ? '-infinity'
            : kind === 'mysql'
              ? '1970-01-01 00:00:00'
              : '0000-00-00 00:00:00',
      })
      if (kind === 'mysql')
        await store.exec(
          `SET SESSION sql_mode = ''`,
          `UPDATE calls SET ended_at = '0000-00-00 00:00:00' WHERE id = 3`,
        )
      await store.addCall({ id: 4, ended: '1970-01-01T00:00:00Z' })
      await store.addCall({ id: 5, ended: kind === 'sqlite' ? 'tomorrow' : '9999-12-31 23:59:59' })
      expect((await purge()).counts).toMatchObject({ due: 1, done: 1, exceptions: 3 })
      expect(await store.ids()).toEqual([2, 3, 4, 5])
    })

    test('one row that the store refuses to let go does not keep the others', async () => {
      for (let id = 1; id <= 40; id++) await store.addCall({ id, ended: old, file: false })
      await store.exec(...refusal[kind])
      expect((await purge()).counts).toMatchObject({ due: 40, done: 39, kept: { constraint: 1 } })
      expect(await store.ids()).toEqual([17])
    })

    test('rows that point at each other go together, upper ones after lower ones; one that stays keeps what it points at', async () => {
      const merged = datamap.replace(
        '- {name: state}',
        '- {name: state}\n        - {name: merged_into, fides_meta: {references: [{dataset: calls, field: calls.id, direction: to}]}}',
      )
      await store.exec(
        `ALTER TABLE calls ADD COLUMN merged_into integer${kind === 'sqlite' ? ' REFERENCES calls (id)' : ''}`,
      )
      for (const id of [1, 2, 3, 5, 6])
        await store.exec(
          `INSERT INTO calls VALUES (${id}, NULL, '2026-10-01 10:00:00', NULL, 'closed', NULL, NULL)`,
        )
      await store.exec(
        `INSERT INTO calls VALUES (4, NULL, '2027-02-01 10:00:00', NULL, 'closed', NULL, NULL)`,
      )
      await store.exec(...selfReference[kind])
      // 1 < 2 < 3 all due; 5 is pointed at by 4, which is not due; 6 by 5, which therefore stays.
      await store.exec(
        'UPDATE calls SET merged_into = 1 WHERE id = 2',
        'UPDATE calls SET merged_into = 2 WHERE id = 3',
      )
      await store.exec(
        'UPDATE calls SET merged_into = 5 WHERE id = 4',
        'UPDATE calls SET merged_into = 6 WHERE id = 5',
      )
      expect((await purge({}, mapped(merged))).counts).toMatchObject({
        due: 5,
        done: 3,
        kept: { referenced: 2 },
      })
      expect(await store.ids()).toEqual([4, 5, 6])
    })

    test('an address that may not come back is kept as a hash before its row goes', async () => {
      const text = datamap
        .replace(
          'lethe: {person: true, erase: delete}',
          'lethe: {person: true, erase: delete, suppress: {field: email, kind: email, list: marketing, when: {phone: [out]}}}',
        )
        .replace('        - {name: email', '        - {name: seen_on}\n        - {name: email')
      await store.exec('ALTER TABLE customers ADD COLUMN seen_on date')
      await store.exec(
        `INSERT INTO customers VALUES (1, 'Ann@example.org', 'out', '2026-10-01'), (2, 'bob@example.org', 'in', '2026-11-30'), (3, 'cas@example.org', 'out', '2026-12-01')`,
      )
      const done = await purge({ collection: 'calls.customers', from: 'seen_on' }, mapped(text))
      expect(done.counts).toMatchObject({ due: 2, done: 2 })
      expect(await store.ids('customers')).toEqual([3])
      const on = (value: string) =>
        database.db.read((reader) => isSuppressed(reader, { list: 'marketing', kind: 'email', value }))
      expect([await on('ann@EXAMPLE.org'), await on('bob@example.org'), await on('cas@example.org')]).toEqual(
        [true, false, false],
      )
    })

    test('what the map keeps for a while goes only when that is over too', async () => {
      const kept = datamap.replace(
        'lethe: {erase: delete, file: recording}',
        'lethe: {erase: keep, file: recording, keep: {ground: legal_claims, because: x, keep: P1Y, from: ended_at}}',
      )
      await store.addCall({ id: 1, ended: '2026-02-28T10:00:00+01:00' })
      await store.addCall({ id: 2, ended: '2026-03-01T10:00:00+01:00' })
      expect((await purge({}, mapped(kept))).counts).toMatchObject({ due: 2, done: 1, kept: { ground: 1 } })
      expect(await store.ids()).toEqual([2])
    })

    test.each([
      ['seconds', 'bigint', (ms: number) => `${ms / 1000}`],
      ['milliseconds', 'bigint', (ms: number) => `${ms}`],
      ['a day', 'date', (ms: number) => `'${new Date(ms + 3_600_000).toISOString().slice(0, 10)}'`],
      [
        'a wall clock',
        kind === 'sqlite' ? 'text' : kind === 'postgres' ? 'timestamp' : 'datetime',
        (ms: number) => `'${new Date(ms + 3_600_000).toISOString().slice(0, 19).replace('T', ' ')}'`,
      ],
      [
        'text with an offset',
        'varchar(40)',
        (ms: number) => `'${new Date(ms + 18_000_000).toISOString().slice(0, 19)}+05:00'`,
      ],
    ])('starts spelled as %s (%s) go by the same day', async (_, type, spell) => {
      await store.exec(`ALTER TABLE calls ADD COLUMN began ${type}`)
      const last = Date.parse('2026-11-30T23:59:59+01:00')
      for (const [id, ms] of [
        [1, last],
        [2, last + 1000],
        [3, last - 86_400_000],
      ] as const)
        await store.exec(`INSERT INTO calls VALUES (${id}, NULL, NULL, NULL, 'closed', NULL, ${spell(ms)})`)
      await store.exec(`INSERT INTO calls VALUES (4, NULL, NULL, NULL, 'closed', NULL, NULL)`)
      const deps = mapped(datamap.replace('- {name: state}', '- {name: state}\n        - {name: began}'))
      expect((await purge({ from: 'began' }, deps)).counts).toMatchObject({ due: 2, done: 2, exceptions: 0 })
      expect(await store.ids()).toEqual([2, 4])
    })

    test('a rule for some rows leaves the others', async () => {
      await store.addCall({ id: 1, ended: old, state: 'open' })
      await store.addCall({ id: 2, ended: old, state: 'closed' })
      await store.addCall({ id: 3, ended: old, state: 'disputed' })
      await purge({ where: [{ column: 'state', is: ['open', 'disputed'], not: true }] })
      expect(await store.ids()).toEqual([1, 3])
    })

    test('no key of a row is left in the service’s own tables when its batch is done', async () => {
      await store.addCall({ id: 424_242, ended: old })
      const { orderId } = await purge()
      const left = await database.db.read(async (reader) => {
        const { batch } = engine(reader)
        return reader.q.select({ orderId: batch.orderId, items: batch.items }).from(batch)
      })
      expect(left).toEqual([{ orderId, items: [] }])
      const rows = await database.db.session(async (session) => [
        await session.rows('select * from engine_batch'),
        await session.rows('select * from ledger_entry'),
      ])
      expect(JSON.stringify(rows)).not.toContain('424242')
    })
  })

const refusal = {
  sqlite: [
    `CREATE TRIGGER stays BEFORE DELETE ON calls WHEN old.id = 17 BEGIN SELECT RAISE(ABORT, 'no'); END`,
  ],
  postgres: [
    `CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.id = 17 THEN RAISE foreign_key_violation; END IF; RETURN OLD; END $$`,
    'CREATE TRIGGER stays BEFORE DELETE ON calls FOR EACH ROW EXECUTE FUNCTION no()',
  ],
  mysql: [
    `CREATE TRIGGER stays BEFORE DELETE ON calls FOR EACH ROW BEGIN IF OLD.id = 17 THEN SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1451; END IF; END`,
  ],
}
const selfReference = {
  // SQLite takes it with the column.
  sqlite: [],
  postgres: ['ALTER TABLE calls ADD FOREIGN KEY (merged_into) REFERENCES calls (id)'],
  mysql: ['ALTER TABLE calls ADD FOREIGN KEY (merged_into) REFERENCES calls (id)'],
}
