import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../app/app.ts'
import { epochMs } from '../base/instant.ts'
import { jobFigures } from '../ops/jobs/figures.ts'
import { failedJobs, openWorker } from '../ops/jobs/worker.ts'
import { fireDue, syncSchedules } from '../ops/schedules.ts'

export interface Worked {
  /** Jobs taken up, a second try counted again. */
  readonly ran: number
  readonly schedules: readonly string[]
  /** Failed before, waiting for another try. */
  readonly retrying: number
  /** Without a try left: a person must look. Only those that failed meanwhile. */
  readonly failed: readonly { readonly id: string; readonly name: string; readonly error: string | null }[]
}

/** A job whose next try is this near is waited for. */
const patienceMs = 10_000
const lookMs = 200

/**
 * Runs what is due, and what that leads to, until nothing is: jobs that others hold are waited for (or taken over when their
 * lease ends), tries within ten seconds too; later ones stay for the next time.
 */
export async function untilIdle(app: App, signal?: AbortSignal): Promise<Worked> {
  await syncSchedules(app.db, app.schedules)
  const before = new Set((await failedJobs(app.db, 1000)).map((job) => job.id))
  const worker = openWorker(app.db, app.jobs, app.log)
  const schedules: string[] = []
  let ran = 0
  try {
    for (;;) {
      schedules.push(...(await fireDue(app.db, app.schedules)))
      ran += await worker.drain()
      if (signal?.aborted || !(await hasMore(app))) break
      await sleep(lookMs, undefined, signal ? { signal } : {}).catch(() => undefined)
    }
  } finally {
    await worker.stop()
  }
  const { retrying } = await app.db.read(jobFigures)
  const failed = (await failedJobs(app.db, 1000)).filter((job) => !before.has(job.id))
  return {
    ran,
    schedules,
    retrying,
    failed: failed.map(({ id, name, lastError }) => ({ id, name, error: lastError })),
  }
}

async function hasMore(app: App): Promise<boolean> {
  const { running, nextDueAt } = await app.db.read(jobFigures)
  if (running > 0) return true
  return nextDueAt !== undefined && epochMs(nextDueAt) <= epochMs(app.clock.now()) + patienceMs
}
