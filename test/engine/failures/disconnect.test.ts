import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { servers } from '../../support/any-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDialect } from '../../support/database.ts'
import { type Wire, wireTo } from '../../support/wire.ts'
import { type Approved, approvedOrder, endState } from './approved.ts'
import { withPoints } from './points.ts'
import { type Story, story } from './story.ts'
import { tries } from './tries.ts'

const clock = fixedClock()
const long = process.env['LETHE_TEST_LONG'] === '1'
/** What an application's operator does, on each server. */
const killLethe = {
  postgres: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lethe' AND datname = current_database()`,
  mysql: `SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()`,
} as const

/** In the short suite one kind on each of our own dialects, and one story of each sort. */
const kinds = (['postgres', 'mysql'] as const).filter(
  (kind) => long || kind === (testDialect === 'sqlite' ? 'mysql' : 'postgres'),
)
const told = <T>(all: readonly T[]): readonly T[] => (long ? all : all.slice(0, 1))

for (const kind of kinds)
  describe.skipIf(servers[kind].missing)(
    `a ${kind} store that goes away ${servers[kind].missing ?? ''}`,
    () => {
      let desk: Story
      let wire: Wire
      let order: Approved
      let at: TestDatabase
      let wanted: unknown
      const begin = async (right: 'erasure' | 'rectification' | 'anonymisation' | 'access') => {
        wire = await wireTo(servers[kind].url as string)
        desk = await story(kind, { through: (url) => wire.through(url) })
        order = await approvedOrder(desk, clock, right)
        const calm = await order.again()
        await tries(calm, clock, () => desk.deps).untilItEnds(order.orderId, 1)
        wanted = relevant(await endState(desk, calm, order.orderId))
        await calm.close()
        at = await order.again()
      }
      /** Tries that failed are no part of the end. */
      const relevant = ({ jobs: _, ...state }: Awaited<ReturnType<typeof endState>>) => state
      const ended = async () => relevant(await endState(desk, at, order.orderId))
      afterEach(async () => {
        await at.close()
        await order.close()
        await desk.close()
        await wire.close()
      })
      const killed = async () => {
        if (kind === 'postgres') return desk.app.exec(killLethe.postgres)
        for (const { id } of await desk.app.rows(killLethe.mysql))
          await desk.app.exec(`KILL CONNECTION ${Number(id)}`)
      }

      it.each(told(['rectification', 'erasure', 'anonymisation'] as const))(
        `ends an %s right when its connection is killed in every batch, before and after its rows are written`,
        async (right) => {
          await begin(right)
          const met = new Set<string>()
          let batch = 0
          const deps = withPoints(desk.deps, async (point) => {
            if (point === 'committed') batch++
            const name = `${batch} ${point}`
            if (!['rows locked', 'rows written', 'before commit'].includes(point) || met.has(name)) return
            met.add(name)
            await killed()
          })
          const { plan, tries: tried } = await tries(at, clock, () => deps).untilItEnds(order.orderId, 20)
          expect([plan.status, met.size > 8, tried > 4]).toEqual(['done', true, true])
          expect(await ended()).toEqual(wanted)
        },
      )

      it.each(told([2, 1, 3, 4]))(
        'ends right when the answer to commit %i is lost on its way: nothing is done or counted twice',
        async (nth) => {
          await begin('erasure')
          wire.loseCommit(nth)
          const desks = tries(at, clock, () => desk.deps)
          const failed = await desks.once(order.orderId)
          expect([wire.lost, failed.status]).toEqual([true, 'running'])
          expect(failed.steps.filter((s) => s.status === 'failed').map((s) => s.lastError)).toEqual([
            'unreachable',
          ])
          await desks.untilItEnds(order.orderId, 3)
          expect(await ended()).toEqual(wanted)
        },
      )

      it.each(told(['access', 'erasure'] as const))(
        'shows the step that failed while the server is down between steps, and ends %s right when it is back',
        async (right) => {
          await begin(right)
          const isFirstDone = (point: string) =>
            right === 'access'
              ? readdirSync(desk.folder, { recursive: true }).some((name) => String(name).endsWith('.age'))
              : point === 'committed'
          let isPulled = false
          const deps = withPoints(desk.deps, async (point) => {
            if (isPulled || !isFirstDone(point)) return
            isPulled = true
            await wire.down()
          })
          const desks = tries(at, clock, () => deps)
          const failed = await desks.once(order.orderId)
          expect(failed.status).toBe('running')
          expect(failed.steps.flatMap((s) => s.lastError ?? [])).toEqual(['unreachable'])
          clock.advance(3_600_000)
          expect((await desks.once(order.orderId)).status).toBe('running')
          await wire.up()
          clock.advance(3_600_000)
          expect((await desks.untilItEnds(order.orderId, 3)).plan.status).toBe('done')
          expect(await ended()).toEqual(wanted)
        },
      )
    },
  )
