import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Actor } from '../../src/base/actor.ts'
import type { TimeZone } from '../../src/base/instant.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import { engineJobs } from '../../src/engine/jobs.ts'
import { confirmIdentities } from '../../src/engine/order/confirm.ts'
import { placeOrder } from '../../src/engine/order/place.ts'
import { runOrder } from '../../src/engine/order/run.ts'
import { type Plan, planOf } from '../../src/engine/order/show.ts'
import type { PurgeDeps } from '../../src/engine/purge/deps.ts'
import { purgeJob } from '../../src/engine/purge/job.ts'
import type { Ctx, Database } from '../../src/ops/db/database.ts'
import { migrate } from '../../src/ops/db/migrate.ts'
import { openDatabase } from '../../src/ops/db/open.ts'
import { defineJob } from '../../src/ops/jobs/define.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { keysFrom } from '../../src/ops/sealing.ts'
import { retentionJobs } from '../../src/retention/jobs.ts'
import { loadRules, type Rules } from '../../src/retention/rules.ts'
import type { Store } from '../../src/stores/port.ts'
import { openSqliteStore } from '../../src/stores/sqlite/open.ts'
import { fixedClock } from '../support/clock.ts'
import { type Spent, stopwatch } from './figures.ts'
import { type Meter, openMeter, type Split } from './meter.ts'
import { benchNow, person, storeNames } from './samples.ts'

const root = join(import.meta.dirname, '../..')
const clock = fixedClock(benchNow)

export interface BenchDesk {
  readonly deps: PurgeDeps
  readonly db: Database
  readonly rules: Rules
  readonly meter: Meter
  act<T>(work: (ctx: Ctx) => Promise<T>): Promise<T>
  work(): Promise<number>
  close(): Promise<void>
}

/** The engine over the sample stores, with the shipped data map and rules. */
export function openDesk(stores: string, own: string): Promise<BenchDesk> {
  const opened = storeNames.map((name) => openSqliteStore(name, join(stores, `${name}.db`)))
  return deskOver(opened, join(root, 'policies'), own)
}

/** The whole engine as it runs in service: its own database on the disk, its worker. */
export async function deskOver(opened: readonly Store[], policies: string, own: string): Promise<BenchDesk> {
  const meter = openMeter()
  mkdirSync(own, { recursive: true })
  const map = loadDataMap(
    policies,
    opened.map(({ name }) => ({ name, map: `datamap/${name}.yaml` })),
  )
  const deps: PurgeDeps = {
    map,
    graph: buildGraph(map),
    stores: new Map(opened.map((store) => [store.name, meter.store(store)])),
    policyOf: () => ({ country: 'NL' }),
    zoneOf: () => 'UTC' as TimeZone,
    spool: join(own, 'spool'),
  }
  const plain = openDatabase(`file:${join(own, 'lethe.db')}`, keysFrom(new Uint8Array(32).fill(7)), clock)
  await migrate(plain, join(root, 'migrations'))
  const db = meter.database(plain)
  const rules = loadRules(join(policies, 'retention'), map)
  const told = defineJob({
    name: 'bench.told',
    input: z.unknown(),
    maxAttempts: 1,
    steps: [{ name: 'heard', run: async () => undefined }],
  })
  const jobs = [...engineJobs(deps), purgeJob(deps), ...retentionJobs({ rules: () => rules }), told]
  const actor: Actor = { kind: 'officer', id: 'bench' }
  return {
    deps,
    db,
    rules,
    meter,
    act: (work) => db.transact((tx) => work({ actor, clock, tx })),
    work: () => openWorker(db, jobs, meter.log).drain(),
    async close() {
      for (const store of opened) await store.close()
      await plain.close()
    },
  }
}

export interface OrderRun {
  readonly orderId: string
  readonly planned: Spent
  readonly ran: Spent
  readonly planSplit: Split
  readonly runSplit: Split
  readonly plan: Plan
}

/** Places, plans and runs one order, as an officer would who approves at once. */
export async function runOrderOf(
  desk: BenchDesk,
  kind: 'access' | 'erasure',
  email = person.emails[0] as string,
): Promise<OrderRun> {
  const identities = [{ kind: 'email', value: email }]
  desk.meter.take()
  const planning = stopwatch()
  const { orderId } = await desk.act((ctx) =>
    placeOrder(ctx, { kind, origin: `request:${kind}`, identities, callback: 'bench.told' }),
  )
  await desk.act((ctx) => confirmIdentities(ctx, { orderId, identities }))
  await desk.work()
  const planned = planning()
  const running = stopwatch()
  const planSplit = desk.meter.take()
  const digest = (await desk.db.read((reader) => planOf(reader, orderId)))?.digest as string
  await desk.act((ctx) => runOrder(ctx, { orderId, digest }))
  await desk.work()
  const ran = running()
  const runSplit = desk.meter.take()
  const plan = (await desk.db.read((reader) => planOf(reader, orderId))) as Plan
  if (plan.status !== 'done') throw new Error(`the ${kind} ended as ${plan.status}`)
  return { orderId, planned, ran, planSplit, runSplit, plan }
}
