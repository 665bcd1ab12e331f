import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { LetheError } from '../../src/base/errors.ts'
import { leaseMs } from '../../src/ops/jobs/claim.ts'
import { defineJob, type JobDefinition } from '../../src/ops/jobs/define.ts'
import { enqueue } from '../../src/ops/jobs/enqueue.ts'
import { tables } from '../../src/ops/jobs/tables.ts'
import { failedJobs, openWorker } from '../../src/ops/jobs/worker.ts'
import { silentLog } from '../../src/ops/log.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let at: TestDatabase
const clock = fixedClock()
beforeEach(async () => {
  at = await testDatabase(clock)
})
afterEach(() => at.close())

const jobOf = (steps: JobDefinition['steps'], more: Partial<JobDefinition> = {}) =>
  defineJob({ name: 'test', input: z.unknown(), maxAttempts: 3, steps, ...more })
const put = (key = 'one', input: unknown = {}) =>
  at.db.transact((tx) => enqueue(tx, { name: 'test', key, input }))
const rows = () => at.db.read((reader) => reader.q.select().from(tables(reader).job))

describe('a job', () => {
  it('runs its steps in order, once', async () => {
    const did: string[] = []
    const job = jobOf([
      { name: 'a', run: async () => void did.push('a') },
      { name: 'b', run: async () => void did.push('b') },
    ])
    await put()
    const worker = openWorker(at.db, [job], silentLog)
    expect(await worker.drain()).toBe(1)
    expect(await worker.drain()).toBe(0)
    expect(did).toEqual(['a', 'b'])
  })

  it('is the same one when enqueued twice under one key', async () => {
    await put('one')
    await put('one')
    await put('two')
    expect(await rows()).toHaveLength(2)
  })

  it('does not exist when the change that asked for it is rolled back', async () => {
    await expect(
      at.db.transact(async (tx) => {
        await enqueue(tx, { name: 'test', key: 'x', input: {} })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await rows()).toEqual([])
  })

  it('goes on at its cursor after a failure, not at the beginning', async () => {
    const did: number[] = []
    let failOnce = true
    const job = jobOf([
      {
        name: 'count',
        async run(run) {
          for (let n = (run.cursor as number | null) ?? 0; n < 5; n++) {
            if (n === 3 && failOnce) {
              failOnce = false
              throw new LetheError('unavailable', 'the store is down')
            }
            did.push(n)
            await run.checkpoint(async () => undefined, n + 1)
          }
        },
      },
    ])
    await put()
    const worker = openWorker(at.db, [job], silentLog)
    await worker.drain()
    expect(await worker.drain()).toBe(0)
    clock.advance(5_000)
    expect(await worker.drain()).toBe(1)
    expect(did).toEqual([0, 1, 2, 3, 4])
  })

  it('does not repeat a finished step after a failure in the next', async () => {
    const did: string[] = []
    const job = jobOf([
      { name: 'a', run: async () => void did.push('a') },
      {
        name: 'b',
        async run() {
          did.push('b')
          if (did.length < 3) throw new Error('once')
        },
      },
    ])
    await put()
    const worker = openWorker(at.db, [job], silentLog)
    await worker.drain()
    clock.advance(60_000)
    await worker.drain()
    expect(did).toEqual(['a', 'b', 'b'])
  })

  it('is given to a person after its last try, and says so in the same transaction', async () => {
    const told: string[] = []
    const job = jobOf([{ name: 'a', run: () => Promise.reject(new LetheError('unavailable', 'down')) }], {
      onFailed: async (_, __, code) => void told.push(code),
    })
    await put()
    const worker = openWorker(at.db, [job], silentLog)
    for (let n = 0; n < 5; n++) {
      await worker.drain()
      clock.advance(3_600_000)
    }
    expect(told).toEqual(['unavailable'])
    expect(await failedJobs(at.db)).toMatchObject([{ name: 'test', attempts: 3, lastError: 'unavailable' }])
  })

  it('is not tried again when a rule refused it', async () => {
    let tries = 0
    const job = jobOf([
      {
        name: 'a',
        run: async () => {
          tries++
          throw new LetheError('refused', 'a hold stands against it')
        },
      },
    ])
    await put()
    const worker = openWorker(at.db, [job], silentLog)
    await worker.drain()
    clock.advance(3_600_000)
    await worker.drain()
    expect(tries).toBe(1)
  })

  it('belongs to one of two workers', async () => {
    let ran = 0
    const job = jobOf([{ name: 'a', run: async () => void ran++ }])
    for (let n = 0; n < 10; n++) await put(String(n))
    const workers = [openWorker(at.db, [job], silentLog), openWorker(at.db, [job], silentLog)]
    await Promise.all(workers.map((worker) => worker.drain()))
    expect(ran).toBe(10)
  })

  it('of a dead worker is taken over when its lease runs out, and the dead one can no longer write', async () => {
    const wrote: string[] = []
    let release: () => void = () => undefined
    const stuck = new Promise<void>((resolve) => {
      release = resolve
    })
    let started: () => void = () => undefined
    const begun = new Promise<void>((resolve) => {
      started = resolve
    })
    const slow = jobOf([
      {
        name: 'a',
        async run(run) {
          started()
          await stuck
          await run.checkpoint(async () => void wrote.push('dead'))
        },
      },
    ])
    const quick = jobOf([{ name: 'a', run: (run) => run.checkpoint(async () => void wrote.push('alive')) }])
    await put()
    const first = openWorker(at.db, [slow], silentLog).drain()
    await begun
    clock.advance(leaseMs + 1)
    await openWorker(at.db, [quick], silentLog).drain()
    release()
    await first
    expect(wrote).toEqual(['alive'])
    expect((await rows()).map((row) => row.status)).toEqual(['done'])
  })

  it('keeps its input out of sight in the database file', async () => {
    await put('one', { email: 'alice@example.com' })
    const [row] = await at.db.session((session) => session.rows('select input from job'))
    expect(String(row?.['input'])).not.toContain('alice')
    expect((await rows())[0]?.input).toEqual({ email: 'alice@example.com' })
    await at.db.transact((tx) => tx.q.delete(tables(tx).job).where(eq(tables(tx).job.key, 'one')))
  })
})
