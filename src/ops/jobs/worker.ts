import { and, asc, eq, inArray, min } from 'drizzle-orm'
import { system } from '../../base/actor.ts'
import { isLetheError, LetheError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import { type Instant, plusMs } from '../../base/instant.ts'
import type { Ctx, Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import { type ClaimedJob, claim, leaseMs } from './claim.ts'
import type { JobDefinition, StepRun } from './define.ts'
import { onWake } from './enqueue.ts'
import { tables } from './tables.ts'

export interface Worker {
  /** Runs what is due now, one job after the other, until nothing is; answers how many ran. */
  drain(): Promise<number>
  /** Goes on until `stop`: looks when woken and at every beat. */
  start(beatMs?: number): void
  /** Lets the running step reach its next checkpoint, then ends. */
  stop(): Promise<void>
}

/** Runs durable jobs: leases with heartbeat, steps with cursors, doubling waits, a person after the last try. */
export function openWorker(db: Database, jobs: readonly JobDefinition[], log: Log): Worker {
  const id = newId()
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const names = [...byName.keys()]
  const stopping = new AbortController()
  let draining: Promise<number> | undefined

  async function drainOnce(): Promise<number> {
    for (let ran = 0; ; ran++) {
      if (stopping.signal.aborted || names.length === 0) return ran
      const [job] = await db.transact((tx) => claim(tx, id, 1, names))
      if (!job) return ran
      await runJob(db, job, byName.get(job.name) as JobDefinition, {
        worker: id,
        log,
        stopping: stopping.signal,
      })
    }
  }
  let again = false
  const drain = (): Promise<number> => {
    if (draining) {
      again = true
      return draining
    }
    draining = (async () => {
      let ran = 0
      do {
        again = false
        ran += await drainOnce()
      } while (again && !stopping.signal.aborted)
      return ran
    })().finally(() => {
      draining = undefined
    })
    return draining
  }
  let unsubscribe = () => {}
  let beat: NodeJS.Timeout | undefined
  return {
    drain,
    start(beatMs = 1000) {
      const look = () => void drain().catch((error: unknown) => log.error('worker.round', { error }))
      unsubscribe = onWake(look)
      beat = setInterval(look, beatMs)
      look()
    },
    async stop() {
      unsubscribe()
      clearInterval(beat)
      stopping.abort(new LetheError('unavailable', 'the service is stopping'))
      await draining?.catch(() => undefined)
    },
  }
}

interface Run {
  readonly worker: string
  readonly log: Log
  readonly stopping: AbortSignal
}

async function runJob(db: Database, job: ClaimedJob, definition: JobDefinition, run: Run): Promise<void> {
  const lost = new AbortController()
  const heart = setInterval(() => void renew(db, job.id, run.worker, lost), leaseMs / 3)
  const signal = AbortSignal.any([lost.signal, run.stopping])
  const fields = { job: job.name, jobId: job.id }
  try {
    const input = definition.input.parse(job.input)
    let cursor = job.cursor
    for (let step = job.step; step < definition.steps.length; step++) {
      const { name, run: work } = definition.steps[step] as JobDefinition['steps'][number]
      signal.throwIfAborted()
      await work(stepRun(db, job, { ...run, input, cursor, step, signal }))
      await fenced(db, job, run.worker, async (ctx) => {
        await setProgress(ctx, job.id, { step: step + 1, cursor: null })
      })
      run.log.info('job.step', { ...fields, step: name })
      cursor = null
    }
    await fenced(db, job, run.worker, async ({ tx }) => {
      const { job: table } = tables(tx)
      await tx.q
        .update(table)
        .set({ status: 'done', finishedAt: tx.now, leaseBy: null, leaseUntil: null, lastError: null })
        .where(eq(table.id, job.id))
    })
  } catch (error) {
    await giveBack(db, job, definition, run, error)
  } finally {
    clearInterval(heart)
  }
}

function stepRun(
  db: Database,
  job: ClaimedJob,
  at: Run & { input: unknown; cursor: unknown; step: number; signal: AbortSignal },
): StepRun<unknown, unknown> {
  return {
    jobId: job.id,
    input: at.input,
    cursor: at.cursor,
    db,
    clock: db.clock,
    actor: system(job.name),
    log: at.log,
    signal: at.signal,
    checkpoint: (work, cursor) =>
      fenced(db, job, at.worker, async (ctx) => {
        const result = await work(ctx)
        if (cursor !== undefined) await setProgress(ctx, job.id, { step: at.step, cursor })
        return result
      }),
  }
}

/** A transaction that only counts while the lease is ours. */
function fenced<T>(
  db: Database,
  job: ClaimedJob,
  worker: string,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  return db.transact(async (tx) => {
    const { job: table } = tables(tx)
    const held = await tx.q
      .update(table)
      .set({ leaseUntil: plusMs(tx.now, leaseMs) })
      .where(and(eq(table.id, job.id), eq(table.leaseBy, worker), eq(table.status, 'running')))
      .returning({ id: table.id })
    if (held.length === 0) throw new LetheError('conflict', 'the lease of this job is another worker’s')
    return work({ actor: system(job.name), clock: db.clock, tx })
  })
}

async function setProgress({ tx }: Ctx, id: string, set: { step: number; cursor: unknown }): Promise<void> {
  const { job } = tables(tx)
  await tx.q.update(job).set(set).where(eq(job.id, id))
}

async function renew(db: Database, id: string, worker: string, lost: AbortController): Promise<void> {
  try {
    const held = await db.transact((tx) => {
      const { job } = tables(tx)
      return tx.q
        .update(job)
        .set({ leaseUntil: plusMs(tx.now, leaseMs) })
        .where(and(eq(job.id, id), eq(job.leaseBy, worker)))
        .returning({ id: job.id })
    })
    if (held.length === 0) lost.abort(new LetheError('conflict', 'the lease of this job was lost'))
  } catch {
    // The next beat tries again; a lease that cannot be renewed runs out by itself and fences this worker off.
  }
}

/** 5 s, 10 s, 20 s … at most an hour. */
const waitMs = (attempt: number): number => Math.min(5000 * 2 ** (attempt - 1), 3_600_000)

async function giveBack(
  db: Database,
  job: ClaimedJob,
  definition: JobDefinition,
  run: Run,
  error: unknown,
): Promise<void> {
  const code = isLetheError(error) ? error.code : 'internal'
  if (run.stopping.aborted) return release(db, job, run.worker)
  const attempts = job.attempts + 1
  const isLast = attempts >= definition.maxAttempts || isPermanent(error)
  run.log.error(isLast ? 'job.failed' : 'job.retry', {
    job: job.name,
    jobId: job.id,
    attempt: attempts,
    error,
  })
  await fenced(db, job, run.worker, async (ctx) => {
    const { job: table } = tables(ctx.tx)
    const back = { attempts, lastError: code, leaseBy: null, leaseUntil: null }
    const runAfter: Instant = plusMs(ctx.tx.now, waitMs(attempts))
    await ctx.tx.q
      .update(table)
      .set(
        isLast
          ? { ...back, status: 'failed', finishedAt: ctx.tx.now }
          : { ...back, status: 'ready', runAfter },
      )
      .where(eq(table.id, job.id))
    if (isLast) await definition.onFailed?.(ctx, definition.input.parse(job.input), code, error)
  }).catch((second: unknown) =>
    run.log.error('job.give-back', { job: job.name, jobId: job.id, error: second }),
  )
}

async function release(db: Database, job: ClaimedJob, worker: string): Promise<void> {
  await db
    .transact((tx) => {
      const { job: table } = tables(tx)
      return tx.q
        .update(table)
        .set({ status: 'ready', leaseBy: null, leaseUntil: null })
        .where(and(eq(table.id, job.id), eq(table.leaseBy, worker)))
    })
    .catch(() => undefined)
}

const isPermanent = (error: unknown): boolean =>
  (error as { permanent?: unknown } | null)?.permanent === true || isLetheError(error, 'refused')

/** When the next job is due, of those that wait; undefined when none does. */
export async function nextDue(db: Database): Promise<Instant | undefined> {
  return db.read(async (reader) => {
    const { job } = tables(reader)
    const [row] = await reader.q
      .select({ at: min(job.runAfter) })
      .from(job)
      .where(inArray(job.status, ['ready']))
    return row?.at ?? undefined
  })
}

/** Jobs that need a person, oldest first. */
export async function failedJobs(db: Database, limit = 50) {
  return db.read((reader) => {
    const { job } = tables(reader)
    return reader.q
      .select({
        id: job.id,
        name: job.name,
        attempts: job.attempts,
        lastError: job.lastError,
        finishedAt: job.finishedAt,
      })
      .from(job)
      .where(eq(job.status, 'failed'))
      .orderBy(asc(job.finishedAt))
      .limit(limit)
  })
}
