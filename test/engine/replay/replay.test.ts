import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalDate } from '../../../src/base/instant.ts'
import { canaries } from '../../../src/engine/replay/canary.ts'
import { lookAtStore } from '../../../src/engine/replay/canary.ts'
import { placeHold } from '../../../src/holds/place.ts'
import { listEntries } from '../../../src/ledger/list.ts'
import { verifyLedger } from '../../../src/ledger/verify.ts'
import { askFor, freshFolder, freshName } from '../../support/ask.ts'
import { backUp } from '../../support/backup.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { freshMariadb } from '../../support/mariadb.ts'
import { freshPostgres } from '../../support/postgres.ts'
import { differences } from '../../support/store-dump.ts'
import { bench } from './bench.ts'
import { ann, openShop, people, type Shop, shopTables } from './shop.ts'

const postgres = await askFor('postgres')
const mariadb = await askFor('mariadb')
const clock = fixedClock()
const places = [
  {
    kind: 'sqlite' as const,
    missing: undefined,
    fresh: async () => ({ url: `file:${join(freshFolder(), 'shop.db')}`, close: async () => undefined }),
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
  describe.skipIf(missing)(
    `a ${kind} store restored from a backup ${missing ?? ''}`,
    { timeout: 60_000 },
    () => {
      let database: TestDatabase
      let shop: Shop
      let desk: ReturnType<typeof bench>
      let url: string
      let end: () => Promise<void>

      beforeEach(async () => {
        clock.set('2026-03-05T09:00:00Z')
        database = await testDatabase(clock)
        const place = await fresh()
        url = place.url
        shop = await openShop({ shop: { kind, url } }, freshFolder())
        await shop.exec(...shopTables(kind), ...people)
        desk = bench(database, clock, shop)
        end = async () => {
          await shop.close()
          await place.close()
          await database.close()
        }
      })
      afterEach(() => end())
      const backup = () => shop.away(() => backUp(kind, url))
      const restore = (from: { restore(): void }) => shop.away(() => from.restore())

      test('is as it was after the erasure and the purge, when both were done again; a second replay finds nothing left', async () => {
        const whole = await shop.dump()
        const copy = await backup()
        const since = clock.now()
        clock.advance(3_600_000)
        expect(await desk.erase(ann)).toMatchObject({ status: 'done' })
        expect((await desk.purgeVisits()).counts).toMatchObject({ done: 1 })
        const after = await shop.dump()
        const changed = differences(whole, after).map((d) => `${d.table}/${d.key} ${d.how}`)
        expect(changed).toEqual([
          'customers/2 gone',
          'letters/41 gone',
          'messages/200 gone',
          'messages/201 gone',
          'messages/202 gone',
          'notes/7 changed',
          'orders/6 changed',
          'tickets/20 gone',
          'tickets/21 gone',
          'visits/30 gone',
          'visits/31 gone',
        ])
        clock.advance(86_400_000)
        await restore(copy)
        expect(await shop.dump()).toEqual(whole)

        expect(await lookAtStore(shop.deps, database.db, { store: 'shop' })).toMatchObject({
          state: 'back',
          rows: 9,
        })
        const replay = await desk.replay(since)
        expect(replay).toMatchObject({ status: 'done', erasures: 1, back: 9, left: [] })
        expect(replay.orders).toMatchObject([
          { origin: `replay:request:R-1@${since}`, status: 'closed', done: 10 },
        ])
        // Bob's visit was purged by a rule: the rule takes it again.
        expect(replay.purged).toEqual([{ origin: 'rule:visits@2', collection: 'shop.visits', rows: 1 }])
        expect(differences(after, await shop.dump()).map((d) => `${d.table}/${d.key}`)).toEqual(['visits/31'])
        expect((await desk.purgeVisits()).counts).toMatchObject({ done: 1 })
        expect(await shop.dump()).toEqual(after)

        expect(await desk.replay(since)).toMatchObject({ status: 'done', back: 0, orders: [], left: [] })
        expect(await shop.dump()).toEqual(after)
        expect((await database.db.read(verifyLedger)).faults).toEqual([])
        const [approved] = await database.db.read((reader) =>
          listEntries(reader, { type: 'replay.approved' }),
        )
        expect(approved?.body).toMatchObject({ ground: 'request:R-1', approved: expect.any(String) })
        expect(await database.db.read(canaries)).toMatchObject([{ store: 'shop', state: 'clear' }])
      })

      test('leaves her who came back since under the number that was hers, and refuses where the store did not go back', async () => {
        const since = clock.now()
        clock.advance(3_600_000)
        await desk.erase(ann)
        await shop.exec(
          "INSERT INTO customers VALUES (2, 'ann.lee@example.org', '0612000002', 'Ann Lee', '2026-03-06 08:00:00')",
          "INSERT INTO tickets VALUES (20, 2, 'Ann is back')",
        )
        const live = await shop.dump()
        clock.advance(2 * 86_400_000)
        expect(await lookAtStore(shop.deps, database.db, { store: 'shop' })).toMatchObject({ state: 'clear' })
        await expect(desk.replay(since)).rejects.toMatchObject({ code: 'refused' })
        const replay = await desk.replay(since, { live: true })
        expect(replay).toMatchObject({ status: 'done', back: 0, orders: [] })
        expect(replay.left).toContainEqual({ collection: 'shop.customers', why: 'newer', rows: 1 })
        expect(await shop.dump()).toEqual(live)
      })

      test('leaves what stands under a key of hers and is another person’s, with what hangs on it', async () => {
        clock.advance(3_600_000)
        const since = clock.now()
        await desk.erase(ann)
        await shop.exec(
          "INSERT INTO customers VALUES (2, 'cy@example.org', '0612000003', 'Cy Doe', '2026-03-01 08:00:00')",
          "INSERT INTO tickets VALUES (20, 2, 'Cy asks')",
          "INSERT INTO messages VALUES (200, 20, 'I am Cy')",
        )
        const live = await shop.dump()
        const replay = await desk.replay(since, { live: true })
        expect(replay).toMatchObject({ status: 'done', back: 0, orders: [] })
        expect(replay.left).toEqual([
          { collection: 'shop.customers', why: 'changed', rows: 1 },
          { collection: 'shop.messages', why: 'changed', rows: 1 },
          { collection: 'shop.tickets', why: 'changed', rows: 1 },
        ])
        expect(await shop.dump()).toEqual(live)
      })

      test('keeps what a hold covers by now: the replay waits for a person', async () => {
        const copy = await backup()
        const since = clock.now()
        clock.advance(3_600_000)
        await desk.erase(ann)
        await restore(copy)
        const restored = await shop.dump()
        await desk.act((ctx) =>
          placeHold(ctx, {
            scope: { kind: 'person', identities: ann },
            reason: 'claim 2026/14',
            authority: 'Rechtbank Amsterdam',
            reviewOn: '2026-06-15' as LocalDate,
            blocks: ['erasure'],
          }),
        )
        const replay = await desk.replay(since)
        expect(replay.orders).toMatchObject([{ status: 'stopped' }])
        expect(replay.orders[0]?.findings).toContainEqual(expect.objectContaining({ kind: 'hold' }))
        expect(replay.left).toContainEqual({ collection: 'shop.customers', why: 'again', rows: 1 })
        expect(await shop.dump()).toEqual(restored)
      })
    },
  )
