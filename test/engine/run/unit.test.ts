import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runOrder } from '../../../src/engine/order/run.ts'
import { engineJobs } from '../../../src/engine/jobs.ts'
import { tables } from '../../../src/engine/tables.ts'
import { openWorker } from '../../../src/ops/jobs/worker.ts'
import { silentLog } from '../../../src/ops/log.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

const clock = fixedClock()
let at: TestDatabase
let made: MadeStore
let desk: Orders
beforeEach(async () => {
  at = await testDatabase(clock)
  // 300 calls of three legs; the legs of a call stand far apart in key order.
  const legs = Array.from({ length: 900 }, (_, i) => `(${i}, 'call-${i % 300}', '+31612345678')`)
  made = madeStore({
    sql: `CREATE TABLE legs (id INTEGER PRIMARY KEY, linked TEXT, src TEXT); INSERT INTO legs VALUES ${legs.join()}`,
    collections: `
    - name: legs
      lethe: {erase: delete, unit: linked}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: linked}
        - {name: src, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}, lethe: {link: owned}}
`,
  })
  desk = orders(at, clock, made.deps)
})
afterEach(async () => {
  await made.close()
  await at.close()
})

it('a call with all its legs goes in one transaction: no batch holds a part of it', async () => {
  const plan = await desk.planned('erasure', [{ kind: 'phone', value: '+31612345678' }])
  await desk.act((ctx) => runOrder(ctx, { orderId: plan.orderId, digest: plan.digest ?? '' }))
  // The legs that are left whenever a batch is about to be applied.
  const left: number[][] = []
  const real = made.deps.stores.get('made')
  if (!real) throw new Error('there is no store')
  const watched = new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name === 'writing')
        left.push(made.rows('SELECT count(*) AS n FROM legs GROUP BY linked').map(({ n }) => Number(n)))
      return value.bind(target) as unknown
    },
  })
  const jobs = engineJobs({ ...made.deps, stores: new Map([['made', watched]]) })
  await openWorker(at.db, jobs, silentLog).drain()
  expect(made.rows('SELECT count(*) AS n FROM legs')).toEqual([{ n: 0 }])
  const batches = await at.db.read((reader) => {
    const { batch } = tables(reader)
    return reader.q.select().from(batch).where(eq(batch.orderId, plan.orderId))
  })
  expect(batches.map(({ rows }) => rows)).toEqual([498, 402])
  expect(left.flat().every((legs) => legs === 3)).toBe(true)
  for (const { items } of batches)
    for (const legs of Map.groupBy(items, ({ unit }) => unit).values()) expect(legs).toHaveLength(3)
})
