import { describe, expect, it } from 'vitest'
import type { NewOrder } from '../../../src/engine/order/place.ts'
import type { StoreKind } from '../../../src/stores/port.ts'
import { servers } from '../../support/any-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDialect } from '../../support/database.ts'
import { orders } from '../../support/orders.ts'
import { approvedOrder, endState } from './approved.ts'
import { Dead, mortal } from './mortal.ts'
import { rights, story } from './story.ts'

const clock = fixedClock()
const long = process.env['LETHE_TEST_LONG'] === '1'
const seed = Number(process.env['LETHE_TEST_SEED'] ?? 20261122)

/** All of them in the long suite; else some, spread over the run and another choice for every seed. */
function chosen(points: number, count: number, salt: number): number[] {
  if (long) return Array.from({ length: points }, (_, n) => n + 1)
  let state = seed + salt
  const random = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31
  return Array.from({ length: count }, (_, n) =>
    Math.min(points, 1 + Math.floor(((n + random()) * points) / count)),
  )
}

/** Works until it dies, and whatever else goes wrong is told. */
async function workedUntilDead(
  at: TestDatabase,
  deps: Parameters<typeof orders>[2],
  point: number,
): Promise<readonly string[]> {
  const one = mortal(at.db, deps, point)
  await orders({ ...at, db: one.db }, clock, one.deps)
    .drain()
    .catch((error: unknown) => {
      if (!(error instanceof Dead)) throw error
    })
  return one.passed
}

/** Points in the short suite: every right on SQLite, an erasure and a rectification elsewhere. */
function count(kind: StoreKind, right: NewOrder['kind']): number {
  if (kind === 'sqlite' && testDialect === 'sqlite') return right === 'erasure' ? 4 : 2
  const isTold = testDialect === 'sqlite' || kind === 'postgres'
  return isTold && (right === 'erasure' || (right === 'rectification' && kind === 'mysql')) ? 2 : 0
}
const told = (kind: StoreKind) =>
  rights.map((right, n) => ({ right: right.kind, n })).filter(({ right }) => long || count(kind, right) > 0)

for (const kind of (['sqlite', 'postgres', 'mysql'] as const).filter((one) => told(one).length > 0))
  describe.skipIf(servers[kind].missing)(
    `the work on a ${kind} store dies ${servers[kind].missing ?? ''}`,
    () => {
      it.each(told(kind))(
        `and what a new process ends is what an undisturbed one had ended: $right (seed ${seed})`,
        async ({ right, n }) => {
          const desk = await story(kind)
          const order = await approvedOrder(desk, clock, right)
          const calm = await order.again()
          const points = await workedUntilDead(calm, desk.deps, 0)
          const wanted = await endState(desk, calm, order.orderId)
          await calm.close()
          // Invoices and messages know no mark: restricting those is a person's.
          const status = right === 'restriction' ? 'tasks' : 'done'
          expect([wanted.order.status, wanted.faults]).toEqual([status, []])
          expect(points.length).toBeGreaterThan(15)
          for (const point of chosen(points.length, count(kind, right), n)) {
            const at = await order.again()
            const passed = await workedUntilDead(at, desk.deps, point)
            const name = `${point} of ${points.length}, ${points[point - 1]}`
            expect(passed.length, name).toBe(point)
            clock.advance(61_000)
            await orders(at, clock, desk.deps).drain()
            expect(await endState(desk, at, order.orderId), name).toEqual(wanted)
            await at.close()
          }
          await order.close()
          await desk.close()
        },
        long ? 1_800_000 : 60_000,
      )
    },
  )
