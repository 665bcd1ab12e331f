import { z } from 'zod'
import type { Actor } from '../../src/base/actor.ts'
import type { Identity } from '../../src/base/identity.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { engineJobs } from '../../src/engine/jobs.ts'
import { confirmIdentities } from '../../src/engine/order/confirm.ts'
import { type NewOrder, placeOrder } from '../../src/engine/order/place.ts'
import type { Change } from '../../src/engine/tables.ts'
import { runOrder } from '../../src/engine/order/run.ts'
import { type Plan, planOf } from '../../src/engine/order/show.ts'
import { completeTask, tasksOf } from '../../src/engine/order/tasks.ts'
import { collected } from '../../src/engine/spool/read.ts'
import type { CollectedRow } from '../../src/engine/run/collect.ts'
import type { Ctx } from '../../src/ops/db/database.ts'
import { defineJob } from '../../src/ops/jobs/define.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { silentLog } from '../../src/ops/log.ts'
import type { FixedClock } from './clock.ts'
import type { TestDatabase } from './database.ts'

/** Orders from their placing to their end, as a desk would have them, over any stores. */
export interface Orders {
  act<T>(work: (ctx: Ctx) => Promise<T>): Promise<T>
  /** Runs what is due. */
  drain(): Promise<number>
  planned(kind: NewOrder['kind'], identities: readonly Identity[], change?: Change): Promise<Plan>
  run(plan: Plan): Promise<Plan>
  /** Somebody did all that only people can do. */
  attend(plan: Plan): Promise<Plan>
  /** What an access order collected: `store.table/key link`, with the row. */
  got(
    plan: Plan,
  ): Promise<{ readonly line: string; readonly collection: string; readonly row: CollectedRow }[]>
}

const actor: Actor = { kind: 'officer', id: 'ada' }

/** Several desks may work over one database. */
let placed = 0

export function orders(at: TestDatabase, clock: FixedClock, deps: EngineDeps): Orders {
  const told = defineJob({
    name: 'test.told',
    input: z.object({ orderId: z.string(), event: z.string() }),
    maxAttempts: 1,
    steps: [{ name: 'note', run: async () => undefined }],
  })
  const act = <T>(work: (ctx: Ctx) => Promise<T>) => at.db.transact((tx) => work({ actor, clock, tx }))
  const drain = () => openWorker(at.db, [...engineJobs(deps), told], silentLog).drain()
  const show = async (orderId: string) => {
    const plan = await at.db.read((reader) => planOf(reader, orderId))
    if (!plan) throw new Error('there is no such order')
    return plan
  }
  return {
    act,
    drain,
    async planned(kind, identities, change) {
      const origin = `request:${kind}-${++placed}`
      const { orderId } = await act((ctx) =>
        placeOrder(ctx, { kind, origin, identities, callback: 'test.told', ...(change && { change }) }),
      )
      await act((ctx) => confirmIdentities(ctx, { orderId, identities }))
      await drain()
      return show(orderId)
    },
    async run({ orderId, digest }) {
      if (digest === undefined) throw new Error('the order has no plan')
      await act((ctx) => runOrder(ctx, { orderId, digest }))
      await drain()
      return show(orderId)
    },
    async attend({ orderId }) {
      for (const { id, doneAt } of await at.db.read((reader) => tasksOf(reader, orderId)))
        if (doneAt === null)
          await act((ctx) => completeTask(ctx, { orderId, taskId: id, note: 'by hand, see the file' }))
      return show(orderId)
    },
    async got({ orderId }) {
      const lines = []
      for (const part of await at.db.read((reader) => collected(deps, reader, orderId)))
        for await (const row of part.rows())
          lines.push({
            line: `${part.collection.store}.${part.collection.table}/${row.key.join('/')} ${row.link}`,
            collection: part.collection.name,
            row,
          })
      return lines
    },
  }
}

/** What stood in a field that the copy withholds parts of is not compared: the copy's word, where it has the mark, else the store's. */
export const asGiven = (row: CollectedRow, column: string, stored: unknown): unknown => {
  const text = String(row.values[column])
  return row.redacted.includes(column) && text.includes('[withheld]') ? text : stored
}
