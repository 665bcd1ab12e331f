import { z } from 'zod'
import type { Identity } from '../../../src/base/identity.ts'
import type { Instant, LocalDate, TimeZone } from '../../../src/base/instant.ts'
import { engineJobs } from '../../../src/engine/jobs.ts'
import { confirmIdentities } from '../../../src/engine/order/confirm.ts'
import { decideRows, rowsInDoubt } from '../../../src/engine/order/doubt.ts'
import { placeOrder } from '../../../src/engine/order/place.ts'
import { runOrder } from '../../../src/engine/order/run.ts'
import { planOf } from '../../../src/engine/order/show.ts'
import { purgeJob } from '../../../src/engine/purge/job.ts'
import { placePurge } from '../../../src/engine/purge/place.ts'
import { purgeOf } from '../../../src/engine/purge/show.ts'
import { demandRestored, startReplay } from '../../../src/engine/replay/start.ts'
import { type Replay, replayOf } from '../../../src/engine/replay/show.ts'
import type { Ctx } from '../../../src/ops/db/database.ts'
import { defineJob } from '../../../src/ops/jobs/define.ts'
import { openWorker } from '../../../src/ops/jobs/worker.ts'
import { silentLog } from '../../../src/ops/log.ts'
import type { FixedClock } from '../../support/clock.ts'
import type { TestDatabase } from '../../support/database.ts'
import type { Shop } from './shop.ts'

const actor = { kind: 'officer', id: 'ada' } as const
const told = defineJob({
  name: 'test.told',
  input: z.object({ orderId: z.string(), event: z.string() }),
  maxAttempts: 1,
  steps: [{ name: 'note', run: async () => undefined }],
})

/** A desk's work over a shop, from its erasures and purges to its replays. */
export function bench(at: TestDatabase, clock: FixedClock, shop: Shop) {
  const act = <T>(work: (ctx: Ctx) => Promise<T>) => at.db.transact((tx) => work({ actor, clock, tx }))
  const jobs = () => [...engineJobs(shop.deps), purgeJob(shop.deps), told]
  const drain = () => openWorker(at.db, jobs(), silentLog).drain()
  let placed = 0
  const show = async (orderId: string) => {
    const plan = await at.db.read((reader) => planOf(reader, orderId))
    if (!plan) throw new Error('there is no such order')
    return plan
  }
  return {
    act,
    drain,
    /** `owned`: an officer says of every row in doubt that it is hers. */
    async erase(
      identities: readonly Identity[],
      doubts?: 'owned',
      kind: 'erasure' | 'anonymisation' = 'erasure',
    ) {
      const origin = `request:R-${++placed}`
      const { orderId } = await act((ctx) =>
        placeOrder(ctx, { kind, origin, identities, callback: 'test.told' }),
      )
      await act((ctx) => confirmIdentities(ctx, { orderId, identities }))
      await drain()
      if (doubts) {
        const rows = await rowsInDoubt(shop.deps, at.db, { orderId })
        await act((ctx) =>
          decideRows(ctx, { orderId, rows: rows.map((one) => ({ ...one, verdict: doubts })) }),
        )
        await drain()
      }
      const digest = (await show(orderId)).digest ?? ''
      await act((ctx) => runOrder(ctx, { orderId, digest }))
      await drain()
      return show(orderId)
    },
    async purgeVisits() {
      const collection = shop.deps.map.collections.get('shop.visits')
      if (!collection) throw new Error('no visits')
      const { orderId } = await act((ctx) =>
        placePurge(ctx, {
          origin: `rule:visits@${++placed}`,
          collection,
          callback: 'none',
          because: {},
          spec: {
            collection: 'shop.visits',
            where: [],
            from: 'began',
            lastStart: '2026-03-02' as LocalDate,
            zone: 'Europe/Amsterdam' as TimeZone,
            today: '2026-03-10' as LocalDate,
            action: 'delete',
            others: [],
          },
        }),
      )
      await drain()
      return at.db.read((reader) => purgeOf(reader, orderId))
    },
    async replay(since: Instant, options: { live?: boolean; store?: string } = {}): Promise<Replay> {
      const { live = false, store = 'shop' } = options
      await demandRestored(shop.deps, at.db, { store, since, live })
      const { replayId } = await act((ctx) => startReplay(ctx, { store, since }))
      await drain()
      return at.db.read((reader) => replayOf(reader, replayId))
    },
  }
}
