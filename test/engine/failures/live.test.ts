import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { replanOrder } from '../../../src/engine/order/confirm.ts'
import { type Plan, planOf } from '../../../src/engine/order/show.ts'
import { verifyLedger } from '../../../src/ledger/verify.ts'
import { servers } from '../../support/any-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase, testDialect } from '../../support/database.ts'
import { type Orders, orders } from '../../support/orders.ts'
import { ann, rights, type Story, story, tableNames } from './story.ts'
import { tries } from './tries.ts'
import type { WriterOrders, Written } from './writer.ts'

const clock = fixedClock()
const long = process.env['LETHE_TEST_LONG'] === '1'
const herOwn = 120
/** Rows that the application goes on writing to: hers, her neighbour's, and those that they share. */
const rows = [
  'people/1',
  'people/2',
  ...[1, 2, 3, 4, 5, 6, herOwn + 1, herOwn + 2].map((id) => `tickets/${id}`),
  ...[1, 2, 3].map((id) => `invoices/${id}`),
  'messages/1',
  'messages/2',
]

/** In the short suite one kind on each of our own dialects, and the right that changes most. */
const kinds = (['sqlite', 'postgres', 'mysql'] as const).filter(
  (kind) => long || kind === (testDialect === 'sqlite' ? 'mysql' : 'postgres'),
)
const told = (['access', 'erasure', 'rectification'] as const).filter((right) => long || right === 'erasure')

for (const kind of kinds)
  describe.skipIf(servers[kind].missing)(
    `over a ${kind} store whose application goes on writing to the same rows ${servers[kind].missing ?? ''}`,
    () => {
      let at: TestDatabase
      let desk: Orders
      let app: Story
      let writers: { readonly child: ChildProcess; readonly said: Promise<string> }[] = []
      beforeEach(async () => {
        at = await testDatabase(clock)
        app = await story(kind, { tickets: herOwn })
        await app.reset()
        desk = orders(at, clock, app.deps)
      })
      afterEach(async () => {
        await stopped()
        await app.close()
        await at.close()
      })

      const start = async (herTicketEvery: number) => {
        const { url } = app
        for (let n = 0; n < 3; n++) {
          const orders: WriterOrders = { kind, url, n, rows, herTicketEvery }
          const child = spawn(
            process.execPath,
            [join(import.meta.dirname, 'writer.ts'), JSON.stringify(orders)],
            { stdio: ['pipe', 'pipe', 'inherit'] },
          )
          writers.push({ child, said: text(child.stdout) })
        }
        // They are at work before we are.
        const end = Date.now() + 30_000
        for (let writes = 0; writes < 20 && Date.now() < end; )
          writes = Number((await app.app.rows('SELECT SUM(writes) AS n FROM people'))[0]?.['n'] ?? 0)
      }
      const stopped = async (): Promise<Written[]> => {
        for (const { child } of writers) child.stdin?.end()
        const said = await Promise.all(writers.map((writer) => writer.said))
        writers = []
        return said.map((one) => JSON.parse(one) as Written)
      }

      /** Nothing that a writer committed is lost or overwritten, and what is her neighbour's is his. */
      const expectNothingLost = async (written: readonly Written[]) => {
        const counted = new Map<string, number>()
        for (const { counts } of written)
          for (const [row, n] of Object.entries(counts)) counted.set(row, (counted.get(row) ?? 0) + n)
        for (const table of tableNames)
          for (const { id, writes } of await app.app.rows(`SELECT id, writes FROM ${table}`))
            expect(Number(writes), `${table}/${String(id)}`).toBe(counted.get(`${table}/${String(id)}`) ?? 0)
        const bobs = await app.app.rows('SELECT id FROM tickets WHERE person_id = 2')
        expect(bobs.map((row) => Number(row['id'])).sort((a, b) => a - b)).toEqual(
          [herOwn + 1, herOwn + 2, ...written.flatMap((one) => one.others)].sort((a, b) => a - b),
        )
        expect(await app.app.rows('SELECT email, name, status FROM people WHERE id = 2')).toEqual([
          { email: 'bob@x.example', name: 'Bob Ray', status: 'enabled' },
        ])
        expect(await app.app.rows('SELECT email, name, amount FROM invoices WHERE id = 2')).toEqual([
          { email: 'bob@x.example', name: 'Bob Ray', amount: '20.00' },
        ])
        expect(await app.app.rows('SELECT cc, body FROM messages WHERE id = 2')).toEqual([
          { cc: 'cy@x.example', body: 'Bob wrote' },
        ])
      }

      /** Runs, and approves again what was planned anew, while they write. */
      const carriedOut = async (first: Plan): Promise<Plan> => {
        const worker = tries(at, clock, () => app.deps)
        let plan = first
        for (let turn = 0; turn < 4 && plan.status === 'planned'; turn++) {
          await worker.approve(plan)
          plan = (await worker.untilItEnds(plan.orderId, 12)).plan
        }
        return plan
      }
      const replanned = async (plan: Plan): Promise<Plan> => {
        await desk.act((ctx) => replanOrder(ctx, plan))
        await desk.drain()
        return (await at.db.read((reader) => planOf(reader, plan.orderId))) as Plan
      }

      it.each(told)(
        'ends an %s, or says what is open; what the application committed stands',
        async (right) => {
          await start(right === 'erasure' ? 25 : 0)
          const change = rights.find(({ kind: one }) => one === right)?.change
          let plan = await carriedOut(await desk.planned(right, ann, change))
          const written = await stopped()
          expect(written.reduce((sum, one) => sum + one.committed, 0)).toBeGreaterThan(30)
          const said = plan.findings.filter(({ kind: one }) => ['drift', 'residue', 'store'].includes(one))
          expect([plan.status === 'done', said.length > 0], JSON.stringify(plan)).toContain(true)
          if (plan.status !== 'done') plan = await desk.run(await replanned(plan))
          expect([plan.status, plan.residue ?? []]).toEqual(['done', []])
          await expectNothingLost(written)
          expect((await at.db.read(verifyLedger)).faults).toEqual([])
          // A rectification leaves what others wrote.
          const hers = (await app.dump())
            .split('\n')
            .filter((row) => /ann lee|ann@x\.example/i.test(row))
            .filter((row) => right !== 'rectification' || !row.includes('"cc"'))
          expect(hers.length > 0).toBe(right === 'access')
          const tickets = await app.app.rows('SELECT id FROM tickets WHERE person_id = 1')
          expect(tickets.length).toBe(right === 'erasure' ? 0 : herOwn)
          const collected = right === 'access' ? await desk.got(plan) : []
          const copies = collected.filter(({ collection }) => collection === 'tickets')
          expect(copies.length).toBe(right === 'access' ? herOwn : 0)
        },
        120_000,
      )
    },
  )
