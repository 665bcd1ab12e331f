import { setTimeout as breath } from 'node:timers/promises'
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

      // It takes as long as a lock is waited for.
      it.each(long ? [kind] : [])(
        'is waited for on %s, but not for ever; its step is shown as failed, and done when the row is let go',
        async () => {
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
        },
        60_000,
      )

      // SQLite has one writer: nobody waits for a row there.
      const both = kind === 'sqlite' ? [] : [kind]
      it.each(both)(
        'is no deadlock for ever on %s: one of the two is refused, nothing of the other is lost, and the order ends done',
        async () => {
          let isHeld = false
          const deps = withPoints(desk.deps, async (point) => {
            if (point !== 'committed' || isHeld) return
            isHeld = true
            await other.exec('BEGIN')
            // Bob's, and the last but few that we come to.
            await other.exec('UPDATE tickets SET writes = writes + 1 WHERE id = 504')
            await other.exec('UPDATE tickets SET writes = writes + 1 WHERE id = 499')
          })
          const desks = tries(at, clock, () => deps)
          const running = desks.untilItEnds(order.orderId, 5)
          await waits(desk.app, kind)
          const isCommitted = await other
            .exec('UPDATE tickets SET writes = writes + 1 WHERE id = 1')
            .then(() => other.exec('COMMIT'))
            .then(
              () => true,
              () => other.exec('ROLLBACK').then(() => false),
            )
          const { plan, tries: tried } = await running
          expect(plan.status).toBe('done')
          expect(tried).toBe(isCommitted ? 2 : 1)
          expect(await desk.app.rows('SELECT id, writes FROM tickets ORDER BY id')).toEqual([
            { id: 504, writes: isCommitted ? 1 : 0 },
            { id: 505, writes: 0 },
          ])
        },
        60_000,
      )
    },
  )

/** Until we wait for a row that somebody holds. InnoDB answers anew only who has not asked for a tenth of a second. */
async function waits(app: Sql, kind: 'sqlite' | 'postgres' | 'mysql'): Promise<void> {
  const sql =
    kind === 'postgres'
      ? `SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
      : `SELECT count(*) AS n FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()`
  for (const end = Date.now() + 20_000; Date.now() < end; await breath(150))
    if (Number((await app.rows(sql))[0]?.['n']) > 0) return
  throw new Error('nobody waits for a row')
}

for (const table of long ? ['tickets'] : [])
  describe.skipIf(servers.postgres.missing)(
    `a table of a PostgreSQL store that somebody else holds ${servers.postgres.missing ?? ''}`,
    () => {
      it('is not waited for without end when an erasure settles, and what that leaves is told', async () => {
        const desk = await story('postgres', { tickets: 1 })
        const other = await sqlOn('postgres', desk.url)
        await other.exec('BEGIN', `LOCK TABLE ${table} IN SHARE UPDATE EXCLUSIVE MODE`)
        const start = performance.now()
        const settled = await desk.deps.stores.get('made')?.settle(['people', table])
        expect(performance.now() - start).toBeLessThan(boundMs)
        expect(settled?.remains).toContain(
          `${table}: somebody else holds the table; the old rows stay until autovacuum has passed`,
        )
        expect(settled?.done).toEqual(['people: vacuumed, statistics taken anew'])
        await other.close()
        await desk.close()
      }, 60_000)
    },
  )
