import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { servers } from '../../support/any-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDialect } from '../../support/database.ts'
import { type Approved, approvedOrder, endState } from './approved.ts'
import { withPoints } from './points.ts'
import { type Sql, sqlOn, type Story, story } from './story.ts'
import { tries } from './tries.ts'

const clock = fixedClock()
const long = process.env['LETHE_TEST_LONG'] === '1'
const kinds = (['sqlite', 'postgres', 'mysql'] as const).filter(
  (kind) => long || (testDialect === 'sqlite' ? kind === 'mysql' : kind === 'postgres'),
)
/** Longer than a lock is waited for, and far shorter than a person would. */
const boundMs = 20_000

for (const kind of kinds)
  describe.skipIf(servers[kind].missing)(
    `a row of a ${kind} store that somebody else holds ${servers[kind].missing ?? ''}`,
    () => {
      let desk: Story
      let order: Approved
      let at: TestDatabase
      let other: Sql
      beforeEach(async () => {
        desk = await story(kind)
        order = await approvedOrder(desk, clock, 'erasure')
        at = await order.again()
        other = await sqlOn(kind, desk.url)
      })
      afterEach(async () => {
        await other.close()
        await at.close()
        await order.close()
        await desk.close()
      })

      it('is waited for, but not for ever; its step is shown as failed, and done when the row is let go', async () => {
        const calm = await order.again()
        await tries(calm, clock, () => desk.deps).untilItEnds(order.orderId, 1)
        const { jobs: _, ...wanted } = await endState(desk, calm, order.orderId)
        await calm.close()
        await at.close()
        at = await order.again()
        let isHeld = false
        // Held when the work has begun: before that nothing is locked for long.
        const deps = withPoints(desk.deps, async (point) => {
          if (point !== 'committed' || isHeld) return
          isHeld = true
          await other.exec(kind === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN')
          await other.exec('UPDATE tickets SET writes = writes + 1 WHERE id = 3')
        })
        const desks = tries(at, clock, () => deps)
        const start = performance.now()
        const failed = await desks.once(order.orderId)
        expect(performance.now() - start).toBeLessThan(boundMs)
        expect([isHeld, failed.status]).toEqual([true, 'running'])
        expect(failed.steps.filter((s) => s.status === 'failed').map((s) => s.lastError)).toEqual(['busy'])
        await other.exec('COMMIT')
        clock.advance(3_600_000)
        expect((await desks.once(order.orderId)).status).toBe('done')
        const { jobs: __, ...state } = await endState(desk, at, order.orderId)
        expect(state).toEqual(wanted)
      }, 60_000)
    },
  )
