import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { openApp } from '../../../src/app/open.ts'
import type { App } from '../../../src/app/app.ts'
import { cast } from '../../../src/demo/cast.ts'
import { confirmIdentities } from '../../../src/engine/order/confirm.ts'
import { placeOrder } from '../../../src/engine/order/place.ts'
import { runOrder } from '../../../src/engine/order/run.ts'
import { planOf } from '../../../src/engine/order/show.ts'
import { replayOf } from '../../../src/engine/replay/show.ts'
import { startReplay } from '../../../src/engine/replay/start.ts'
import { verifyLedger } from '../../../src/ledger/verify.ts'
import type { Ctx } from '../../../src/ops/db/database.ts'
import { readConfig } from '../../../src/ops/config.ts'
import { openWorker } from '../../../src/ops/jobs/worker.ts'
import { silentLog } from '../../../src/ops/log.ts'
import { freshFolder } from '../../support/ask.ts'
import { fixedClock } from '../../support/clock.ts'
import { testDatabase, testDialect, testKey } from '../../support/database.ts'
import { policies, sampleNow, sampleStores } from '../../support/desk.ts'
import type { KillOrders } from '../../support/killed-app.ts'
import { type Dump, dumpStore } from '../../support/store-dump.ts'

const clock = fixedClock(sampleNow)
const later = '2026-11-22T14:00:00Z'
const long = process.env['LETHE_TEST_LONG'] === '1'
const stores = ['tickets', 'calls', 'marketing']

interface Desk {
  readonly env: Record<string, string>
  readonly replayId: string
  /** Of the store that was restored, after the erasure. */
  readonly after: Dump
  dump(): Dump
  close(): Promise<void>
}

const withApp = async <T>(
  env: Record<string, string>,
  now: string,
  work: (app: App) => Promise<T>,
): Promise<T> => {
  const app = await openApp(readConfig(env), { clock: fixedClock(now), log: silentLog })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}

/** The sample desk, whose Alice was erased; then one store came back from a backup, and its replay is about to begin. */
async function restoredDesk(store: string): Promise<Desk> {
  const database = await testDatabase(clock)
  await database.db.close()
  const home = freshFolder()
  cpSync(await sampleStores(), join(home, 'stores'), { recursive: true })
  const copy = join(freshFolder(), 'copy')
  cpSync(join(home, 'stores'), copy, { recursive: true })
  const env = {
    LETHE_HOME: home,
    LETHE_POLICIES: policies,
    LETHE_DATABASE_URL: database.url,
    LETHE_KEY: Buffer.from(testKey).toString('base64'),
  }
  await withApp(env, sampleNow, erase)
  const file = join(home, 'stores', `${store}.db`)
  const after = dumpStore(file)
  for (const end of ['', '-wal', '-shm']) {
    rmSync(file + end, { force: true })
    const kept = join(copy, `${store}.db${end}`)
    if (existsSync(kept)) copyFileSync(kept, file + end)
  }
  expect(dumpStore(file)).not.toEqual(after)
  const { replayId } = await withApp(env, later, (app) =>
    app.db.transact((tx) =>
      startReplay({ actor: { kind: 'officer', id: 'ada' }, clock, tx }, { store, since: clock.now() }),
    ),
  )
  return { env, replayId, after, dump: () => dumpStore(file), close: database.close }
}

async function erase(app: App): Promise<void> {
  const act = <T>(work: (ctx: Ctx) => Promise<T>) =>
    app.db.transact((tx) => work({ actor: { kind: 'officer', id: 'ada' }, clock, tx }))
  const identities = [{ kind: 'email', value: cast.alice.emails[0] as string }]
  const { orderId } = await act((ctx) =>
    placeOrder(ctx, { kind: 'erasure', origin: 'request:R-1', identities, callback: 'test.none' }),
  )
  await act((ctx) => confirmIdentities(ctx, { orderId, identities }))
  const drain = () => openWorker(app.db, app.jobs, silentLog).drain()
  const plan = () => app.db.read((reader) => planOf(reader, orderId))
  await drain()
  const digest = (await plan())?.digest ?? ''
  await act((ctx) => runOrder(ctx, { orderId, digest }))
  await drain()
  expect(await plan()).toMatchObject({ status: 'done' })
}

/** Works in a process of its own, killed at the n-th point; 0 is never. Answers how many points there are. */
async function worked(desk: Desk, at: number, now: string): Promise<number> {
  const orders: KillOrders = { env: desk.env, now, at }
  const script = join(import.meta.dirname, '../../support/killed-app.ts')
  const child = spawn(process.execPath, [script, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, signal] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    new Promise<string | null>((resolve) =>
      child.once('exit', (code, ended) => resolve(code === 0 ? null : (ended ?? `exit ${code}`))),
    ),
  ])
  if (signal !== (at === 0 ? null : 'SIGKILL')) throw new Error(`${signal}: ${err.toString()}`)
  return Number(out.toString())
}

const outcome = (desk: Desk) =>
  withApp(desk.env, later, async (app) => ({
    replay: await app.db.read((reader) => replayOf(reader, desk.replayId)),
    faults: (await app.db.read(verifyLedger)).faults,
  }))

describe('a replay over the sample desk', () => {
  test.each(stores)(
    'gives %s back as it was after the erasure, whichever of the three was restored',
    async (store) => {
      const desk = await restoredDesk(store)
      await worked(desk, 0, later)
      const { replay, faults } = await outcome(desk)
      expect(replay).toMatchObject({ status: 'done', erasures: 1, left: [] })
      expect(replay.back).toBeGreaterThan(0)
      expect(faults).toEqual([])
      expect(desk.dump()).toEqual(desk.after)
      await desk.close()
    },
    60_000,
  )

  test('killed anywhere ends the same when it is started again', async () => {
    const whole = await restoredDesk('tickets')
    const points = await worked(whole, 0, later)
    await whole.close()
    expect(points).toBeGreaterThan(20)
    const step = long ? 1 : testDialect === 'sqlite' ? Math.ceil(points / 4) : Math.ceil(points / 2)
    for (let at = 1; at <= points; at += step) {
      const desk = await restoredDesk('tickets')
      await worked(desk, at, later)
      // Past the lease of the one that was killed.
      await worked(desk, 0, '2026-11-22T14:02:00Z')
      const { replay, faults } = await outcome(desk)
      expect(replay, `point ${at} of ${points}`).toMatchObject({ status: 'done', left: [] })
      expect(faults).toEqual([])
      expect(desk.dump(), `point ${at} of ${points}`).toEqual(desk.after)
      expect(readdirSync(desk.env['LETHE_HOME'] as string)).toContain('erasures.jsonl')
      await desk.close()
    }
  }, 300_000)
})
