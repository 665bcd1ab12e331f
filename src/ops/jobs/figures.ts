import { and, count, eq, gt, min, ne } from 'drizzle-orm'
import type { Instant } from '../../base/instant.ts'
import type { Reader } from '../db/database.ts'
import { type JobStatus, tables } from './tables.ts'

export interface JobFigures {
  /** By job and state, without those that are done. */
  readonly rows: readonly { readonly name: string; readonly status: JobStatus; readonly jobs: number }[]
  readonly ready: number
  readonly running: number
  /** Given to a person: no try is left. */
  readonly failed: number
  /** Of those ready: failed before, waiting for another try. */
  readonly retrying: number
  /** When the next ready job is due; undefined when none is. */
  readonly nextDueAt: Instant | undefined
  /** When the first lease of a running job ends: from then on anybody may take the job over. */
  readonly nextLeaseEndsAt: Instant | undefined
}

/** How the queue stands: for the health check, metrics and `lethe work`. */
export async function jobFigures(reader: Reader): Promise<JobFigures> {
  const { job } = tables(reader)
  const rows = await reader.q
    .select({ name: job.name, status: job.status, jobs: count() })
    .from(job)
    .where(ne(job.status, 'done'))
    .groupBy(job.name, job.status)
  const [again] = await reader.q
    .select({ jobs: count() })
    .from(job)
    .where(and(eq(job.status, 'ready'), gt(job.attempts, 0)))
  const [due] = await reader.q
    .select({ at: min(job.runAfter) })
    .from(job)
    .where(eq(job.status, 'ready'))
  const [lease] = await reader.q
    .select({ at: min(job.leaseUntil) })
    .from(job)
    .where(eq(job.status, 'running'))
  const sum = (status: JobStatus) =>
    rows.filter((row) => row.status === status).reduce((total, row) => total + row.jobs, 0)
  return {
    rows,
    ready: sum('ready'),
    running: sum('running'),
    failed: sum('failed'),
    retrying: again?.jobs ?? 0,
    nextDueAt: due?.at ?? undefined,
    nextLeaseEndsAt: lease?.at ?? undefined,
  }
}
