import { renameSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../../src/base/actor.ts'
import type { Identity } from '../../src/base/identity.ts'
import type { LocalDate } from '../../src/base/instant.ts'
import { cast, type CastMember } from '../../src/demo/cast.ts'
import { engineJobs } from '../../src/engine/jobs.ts'
import { closeOrder } from '../../src/engine/order/close.ts'
import { confirmIdentities } from '../../src/engine/order/confirm.ts'
import { placeOrder } from '../../src/engine/order/place.ts'
import { runOrder } from '../../src/engine/order/run.ts'
import { openFreezes, planOf } from '../../src/engine/order/show.ts'
import { isSuppressed } from '../../src/engine/run/suppress.ts'
import { collected } from '../../src/engine/spool/read.ts'
import { placeHold } from '../../src/holds/place.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import type { Ctx } from '../../src/ops/db/database.ts'
import { defineJob } from '../../src/ops/jobs/define.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { silentLog } from '../../src/ops/log.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type Desk, sampleDesk, sampleNow } from '../support/desk.ts'
import { differences, dumpStore, grepFiles, needlesFor, rowsOf } from '../support/oracle.ts'

const actor: Actor = { kind: 'officer', id: 'ada' }
const clock = fixedClock(sampleNow)
let at: TestDatabase
let desk: Desk
let events: string[]
beforeEach(async () => {
  at = await testDatabase(clock)
  desk = await sampleDesk()
  events = []
})
afterEach(async () => {
  await desk.close()
  await at.close()
})

const act = <T>(work: (ctx: Ctx) => Promise<T>) => at.db.transact((tx) => work({ actor, clock, tx }))
const listen = defineJob({
  name: 'test.told',
  input: z.object({ orderId: z.string(), event: z.string() }),
  maxAttempts: 1,
  steps: [{ name: 'note', run: async (run) => void events.push(run.input.event) }],
})
const work = () => openWorker(at.db, [...engineJobs(desk.deps), listen], silentLog).drain()
const plan = (orderId: string) => at.db.read((reader) => planOf(reader, orderId))

async function planned(
  kind: 'access' | 'erasure',
  person: CastMember,
  more: readonly Identity[] = [],
): Promise<string> {
  const identities = [{ kind: 'email', value: person.emails[0] as string }, ...more]
  const { orderId } = await act((ctx) =>
    placeOrder(ctx, { kind, origin: `request:${kind}`, identities, callback: 'test.told' }),
  )
  await act((ctx) => confirmIdentities(ctx, { orderId, identities }))
  await work()
  return orderId
}
async function run(orderId: string) {
  const digest = (await plan(orderId))?.digest as string
  await act((ctx) => runOrder(ctx, { orderId, digest }))
  await work()
  return plan(orderId)
}
const dumps = () =>
  ['tickets', 'calls', 'marketing'].map((store) => ({
    store,
    dump: dumpStore(join(desk.dir, `${store}.db`)),
  }))

describe('an erasure', () => {
  it('changes her data and nobody else’s, and the stores hold no identifier of hers but what a ground keeps', async () => {
    const hers = new Set(
      rowsOf(desk.dir, cast.alice)
        .filter((r) => r.part !== 'named')
        .map((r) => `${r.store}.${r.table}/${r.key}`),
    )
    const before = dumps()
    const orderId = await planned('erasure', cast.alice)
    const done = await run(orderId)
    expect(done).toMatchObject({ status: 'done' })
    const changed = dumps().flatMap(({ store, dump }, n) =>
      differences((before[n] as (typeof before)[number]).dump, dump).map(
        (d) => `${store}.${d.table}/${d.key}`,
      ),
    )
    expect(changed.length).toBeGreaterThan(20)
    expect(changed.filter((row) => !hers.has(row))).toEqual([])
    expect(events).toEqual(['planned', 'done'])
    expect(done?.residue?.filter((r) => r.ground === null)).toEqual([])
    expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
    expect(done?.steps.every((step) => step.status === 'done' && step.skipped === 0)).toBe(true)
    const left = rowsOf(desk.dir, cast.alice)
    expect(left.map((r) => `${r.store}.${r.table}`)).toEqual(['marketing.unsubscribed'])
    const hits = grepFiles(desk.dir, needlesFor(cast.alice))
    // The kept address stands in its row and in that table's index.
    expect([...new Set(hits.map((hit) => `${hit.file}: ${hit.needle}`))]).toEqual([
      `marketing.db: ${cast.alice.emails[0]}`,
    ])
    expect(hits).toHaveLength(2)
    expect(
      await at.db.read((reader) =>
        isSuppressed(reader, { list: 'marketing', kind: 'email', value: cast.alice.emails[0] as string }),
      ),
    ).toBe(true)
  })

  it('leaves the same end state for everybody in the cast, one after the other', async () => {
    for (const [name, person] of Object.entries(cast)) {
      if (
        person.emails.length === 0 ||
        person.sharesEmailWith.length > 0 ||
        person.sharesPhoneWith.length > 0
      )
        continue
      const identities = person.emails.map((value) => ({ kind: 'email', value }))
      const { orderId } = await act((ctx) =>
        placeOrder(ctx, { kind: 'erasure', origin: `request:${name}`, identities, callback: 'test.told' }),
      )
      await act((ctx) => confirmIdentities(ctx, { orderId, identities }))
      await work()
      expect(await run(orderId), name).toMatchObject({ status: 'done' })
      const kept = rowsOf(desk.dir, person).filter((r) => r.part !== 'named' && r.table !== 'unsubscribed')
      // What a ground keeps: the disputed call and its claim.
      expect(
        kept.filter((r) => !['calls', 'claims'].includes(r.table)),
        name,
      ).toEqual([])
    }
  })

  it('is bound to the plan that was approved: a row added since voids the approval', async () => {
    const orderId = await planned('erasure', cast.alice)
    const digest = (await plan(orderId))?.digest as string
    const db = new Sqlite(join(desk.dir, 'tickets.db'))
    db.prepare('UPDATE tickets SET requester_id = ? WHERE id = 7').run(cast.alice.customerId)
    db.close()
    await act((ctx) => runOrder(ctx, { orderId, digest }))
    const before = dumps()
    await work()
    const now = await plan(orderId)
    expect(now?.status).toBe('planned')
    expect(now?.digest).not.toBe(digest)
    expect(events).toEqual(['planned', 'drifted'])
    expect(dumps()).toEqual(before)
    await expect(act((ctx) => runOrder(ctx, { orderId, digest }))).rejects.toThrow('the plan changed')
  })

  it('stops before the first write when a hold covers any of her rows', async () => {
    const orderId = await planned('erasure', cast.alice)
    const before = dumps()
    await act((ctx) =>
      placeHold(ctx, {
        scope: { kind: 'person', identities: [{ kind: 'email', value: cast.alice.emails[0] as string }] },
        reason: 'claim 2026/14',
        authority: 'Rechtbank Amsterdam',
        reviewOn: '2027-01-15' as LocalDate,
        blocks: ['erasure', 'purge'],
      }),
    )
    const stopped = await run(orderId)
    expect(stopped?.status).toBe('stopped')
    expect(stopped?.findings).toContainEqual(expect.objectContaining({ kind: 'hold' }))
    expect(dumps()).toEqual(before)
  })

  it.each(['tickets.customers', 'customers'])(
    'stops for a hold on one record of hers, by %s',
    async (collection) => {
      await act((ctx) =>
        placeHold(ctx, {
          scope: { kind: 'record', store: 'tickets', collection, key: [String(cast.alice.customerId)] },
          reason: 'claim 2026/14',
          authority: 'Rechtbank Amsterdam',
          reviewOn: '2027-01-15' as LocalDate,
          blocks: ['erasure'],
        }),
      )
      const stopped = await run(await planned('erasure', cast.alice))
      expect(stopped?.findings).toContainEqual(expect.objectContaining({ kind: 'hold', rows: 1 }))
    },
  )

  it('stops for a held person whose own ticket would lose her name: evidence stays as it stands', async () => {
    await act((ctx) =>
      placeHold(ctx, {
        scope: { kind: 'person', identities: [{ kind: 'email', value: cast.bob.emails[0] as string }] },
        reason: 'claim 2026/15',
        authority: 'Rechtbank Amsterdam',
        reviewOn: '2027-01-15' as LocalDate,
        blocks: ['erasure'],
      }),
    )
    const before = dumps()
    const stopped = await run(await planned('erasure', cast.alice))
    expect(stopped?.findings).toContainEqual(expect.objectContaining({ kind: 'hold' }))
    expect(dumps()).toEqual(before)
  })

  it('of somebody else goes on while a hold is on her', async () => {
    await act((ctx) =>
      placeHold(ctx, {
        scope: { kind: 'person', identities: [{ kind: 'email', value: cast.alice.emails[0] as string }] },
        reason: 'claim 2026/14',
        authority: 'Rechtbank Amsterdam',
        reviewOn: '2027-01-15' as LocalDate,
        blocks: ['erasure', 'purge'],
      }),
    )
    expect(await run(await planned('erasure', cast.fatima))).toMatchObject({ status: 'done' })
  })

  it('by a second order finds nothing left', async () => {
    await run(await planned('erasure', cast.alice))
    const { orderId } = await act((ctx) =>
      placeOrder(ctx, {
        kind: 'erasure',
        origin: 'request:again',
        identities: [{ kind: 'email', value: cast.alice.emails[0] as string }],
        callback: 'test.told',
      }),
    )
    await act((ctx) =>
      confirmIdentities(ctx, {
        orderId,
        identities: [{ kind: 'email', value: cast.alice.emails[0] as string }],
      }),
    )
    await work()
    const again = await plan(orderId)
    expect(again?.steps.map((s) => `${s.store}.${s.collection} ${s.action}`)).toEqual([
      'marketing.unsubscribed keep',
    ])
  })

  it('says which store failed, and goes on when it is back', async () => {
    const orderId = await planned('erasure', cast.alice)
    const digest = (await plan(orderId))?.digest as string
    await act((ctx) => runOrder(ctx, { orderId, digest }))
    renameSync(join(desk.dir, 'calls.db'), join(desk.dir, 'calls.away'))
    await work()
    expect((await plan(orderId))?.status).toBe('running')
    renameSync(join(desk.dir, 'calls.away'), join(desk.dir, 'calls.db'))
    clock.advance(60_000)
    await work()
    expect((await plan(orderId))?.status).toBe('done')
  })

  it('forgets whose data it was when it is closed, and its counts stay', async () => {
    const orderId = await planned('erasure', cast.alice)
    await run(orderId)
    await act((ctx) => closeOrder(ctx, { orderId }))
    const [row] = await at.db.session((session) => session.rows('select * from engine_order'))
    expect(at.db.keys.open(String(row?.['identities']))).toBe('[]')
    expect((await plan(orderId))?.steps.length).toBeGreaterThan(5)
    expect(await at.db.session((session) => session.rows('select * from engine_batch'))).toEqual([])
  })
})

describe('an access order', () => {
  it('collects all and only her rows, others’ addresses and numbers withheld', async () => {
    const orderId = await planned('access', cast.alice)
    const before = dumps()
    expect(await run(orderId)).toMatchObject({ status: 'done' })
    expect(dumps()).toEqual(before)
    const got: string[] = []
    let text = ''
    for (const { collection, rows } of await at.db.read((reader) => collected(desk.deps, reader, orderId)))
      for await (const row of rows()) {
        got.push(`${collection.store}.${collection.table}/${row.key.join('/')} ${row.link}`)
        text += JSON.stringify(row.values)
      }
    const truth = rowsOf(desk.dir, cast.alice).filter((r) => r.part !== 'named')
    expect(got.sort()).toEqual(truth.map((r) => `${r.store}.${r.table}/${r.key} ${r.part}`).sort())
    expect(text).not.toContain(cast.bob.emails[0])
    expect(text).not.toContain('portal_password')
  })

  it('freezes from the moment it is placed, and no more once it is closed', async () => {
    const identities = [{ kind: 'email', value: cast.alice.emails[0] as string }]
    const { orderId } = await act((ctx) =>
      placeOrder(ctx, { kind: 'access', origin: 'request:x', identities, callback: 'test.told' }),
    )
    expect(await at.db.read(openFreezes)).toMatchObject([{ identities }])
    await act((ctx) => closeOrder(ctx, { orderId }))
    expect(await at.db.read(openFreezes)).toEqual([])
  })

  it('that nobody proves freezes for sixty days and no longer', async () => {
    const identities = [{ kind: 'email', value: cast.alice.emails[0] as string }]
    await act((ctx) =>
      placeOrder(ctx, { kind: 'access', origin: 'request:x', identities, callback: 'test.told' }),
    )
    const start = clock.now()
    clock.advance(60 * 86_400_000 - 1)
    expect(await at.db.read(openFreezes)).toHaveLength(1)
    clock.advance(1)
    expect(await at.db.read(openFreezes)).toEqual([])
    clock.set(start)
  })

  it('leaves nothing readable on the disk, and nothing openable after it is closed', async () => {
    const orderId = await planned('access', cast.alice)
    await run(orderId)
    expect(grepFiles(desk.deps.spool, needlesFor(cast.alice))).toEqual([])
    await act((ctx) => closeOrder(ctx, { orderId }))
    await expect(at.db.read((reader) => collected(desk.deps, reader, orderId))).rejects.toThrow('destroyed')
  })
})

describe('an erasure on a line that two people share', () => {
  it('does not make the line the other’s alone: its calls still wait for a person', async () => {
    await run(await planned('erasure', cast.willem))
    const identities = [{ kind: 'email', value: cast.sanne.emails[0] as string }]
    const { orderId } = await act((ctx) =>
      placeOrder(ctx, { kind: 'access', origin: 'request:sanne', identities, callback: 'test.told' }),
    )
    await act((ctx) => confirmIdentities(ctx, { orderId, identities }))
    await work()
    const steps = (await plan(orderId))?.steps ?? []
    expect(steps.filter((step) => step.store === 'calls').map((step) => step.action)).toEqual(['decide'])
  })

  it('ends, and leaves the other’s calls as they were', async () => {
    const orderId = await planned('erasure', cast.willem)
    const before = dumpStore(join(desk.dir, 'calls.db'))
    expect(await run(orderId)).toMatchObject({ status: 'done' })
    expect(differences(before, dumpStore(join(desk.dir, 'calls.db')))).toEqual([])
  })
})
