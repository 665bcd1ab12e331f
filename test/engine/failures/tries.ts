import type { EngineDeps } from '../../../src/engine/deps.ts'
import { engineJobs } from '../../../src/engine/jobs.ts'
import { runOrder } from '../../../src/engine/order/run.ts'
import { type Plan, planOf } from '../../../src/engine/order/show.ts'
import { openWorker } from '../../../src/ops/jobs/worker.ts'
import { silentLog } from '../../../src/ops/log.ts'
import type { FixedClock } from '../../support/clock.ts'
import type { TestDatabase } from '../../support/database.ts'

/** An order that is tried again and again, as a worker does, with the clock of a test. */
export interface Tries {
  /** Approves the plan; nothing runs yet. */
  approve(plan: Plan): Promise<void>
  /** Tries once and shows the order. */
  once(orderId: string): Promise<Plan>
  /** Tries until the order no longer runs, at most so often; answers how often. */
  untilItEnds(orderId: string, most: number): Promise<{ readonly plan: Plan; readonly tries: number }>
}

/** `deps` anew for every try: a worker may be another by then. */
export function tries(at: TestDatabase, clock: FixedClock, deps: () => EngineDeps): Tries {
  const show = async (orderId: string): Promise<Plan> => {
    const plan = await at.db.read((reader) => planOf(reader, orderId))
    if (!plan) throw new Error('there is no such order')
    return plan
  }
  const once = async (orderId: string) => {
    await openWorker(at.db, engineJobs(deps()), silentLog).drain()
    return show(orderId)
  }
  return {
    async approve({ orderId, digest }) {
      if (digest === undefined) throw new Error('the order has no plan')
      const ctx = { actor: { kind: 'officer', id: 'ada' }, clock } as const
      await at.db.transact((tx) => runOrder({ ...ctx, tx }, { orderId, digest }))
    },
    once,
    async untilItEnds(orderId, most) {
      for (let tries = 1; ; tries++) {
        const plan = await once(orderId)
        if (plan.status !== 'running' || tries === most) return { plan, tries }
        // The longest wait between two tries, and longer than any lease.
        clock.advance(3_600_000)
      }
    },
  }
}
