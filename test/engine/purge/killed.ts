/*
 * A process that purges and is killed at the n-th time it comes to a point, the way a power cut would: no handler runs.
 * Called by kill.test.ts with one argument, JSON of `Orders`.
 */
import type { StoreKind } from '../../../src/stores/port.ts'
import type { PurgePoint } from '../../../src/engine/purge/deps.ts'
import { purgeJob } from '../../../src/engine/purge/job.ts'
import { openDatabase } from '../../../src/ops/db/open.ts'
import { openWorker } from '../../../src/ops/jobs/worker.ts'
import { silentLog } from '../../../src/ops/log.ts'
import { keysFrom } from '../../../src/ops/sealing.ts'
import { callStore } from '../../support/call-store.ts'
import { fixedClock } from '../../support/clock.ts'

export interface Orders {
  readonly database: string
  readonly kind: StoreKind
  readonly url: string
  readonly folder: string
  readonly now: string
  readonly point: PurgePoint
  readonly times: number
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders
const db = openDatabase(orders.database, keysFrom(new Uint8Array(32).fill(7)), fixedClock(orders.now))
const store = await callStore(orders.kind, orders.url, orders.folder, false)
let left = orders.times
const deps = {
  ...store.deps,
  at: (point: PurgePoint) => {
    if (point === orders.point && --left === 0) process.kill(process.pid, 'SIGKILL')
  },
}
await openWorker(db, [purgeJob(deps)], silentLog).drain()
await store.close()
await db.close()
