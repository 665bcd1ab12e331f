/*
 * A process that works through the jobs of a desk and is killed at its n-th transaction, the way a power cut would: no handler
 * runs. Called with one argument, JSON of `KillOrders`; with `at` 0 it works to the end and prints how many points it passed.
 */
import { openApp } from '../../src/app/open.ts'
import { readConfig } from '../../src/ops/config.ts'
import type { Database } from '../../src/ops/db/database.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { silentLog } from '../../src/ops/log.ts'
import type { Store } from '../../src/stores/port.ts'
import { fixedClock } from './clock.ts'

export interface KillOrders {
  readonly env: Record<string, string>
  readonly now: string
  /** Counts every commit of ours and of a store twice: just before it and just after it. */
  readonly at: number
}

const orders = JSON.parse(process.argv[2] ?? '{}') as KillOrders
let passed = 0
const point = () => {
  if (++passed === orders.at) process.kill(process.pid, 'SIGKILL')
}
/** Before the commit (the work is done, nothing is kept yet) and after it (kept, and nobody was told). */
const around = async <T, V>(
  run: (work: (v: V) => Promise<T>) => Promise<T>,
  work: (v: V) => Promise<T>,
): Promise<T> => {
  const result = await run(async (v) => {
    const inner = await work(v)
    point()
    return inner
  })
  point()
  return result
}

const app = await openApp(readConfig(orders.env), { clock: fixedClock(orders.now), log: silentLog })
const db: Database = { ...app.db, transact: (work) => around((inner) => app.db.transact(inner), work) }
for (const [name, store] of app.stores) {
  const writing: Store['writing'] = (work, options) => around((inner) => store.writing(inner, options), work)
  ;(app.stores as Map<string, Store>).set(name, { ...store, writing })
}
await openWorker(db, app.jobs, silentLog).drain()
await app.close()
console.log(passed)
