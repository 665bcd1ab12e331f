import { room } from '../db/kit.ts'

export type JobStatus = 'ready' | 'running' | 'done' | 'failed'

export const tables = room((k) => ({
  /** Work that outlives the process. `input` is sealed: it may name a person's request. */
  job: k.table(
    'job',
    {
      id: k.text().primaryKey(),
      name: k.text().notNull(),
      /** At most one job of a name and key exists: enqueueing it again changes nothing. */
      key: k.text().notNull(),
      input: k.sealed<unknown>().notNull(),
      status: k.text().$type<JobStatus>().notNull(),
      /** The next step to do, and where in it: set in the transaction that did the work before it. */
      step: k.int().notNull(),
      cursor: k.sealed<unknown>(),
      attempts: k.int().notNull(),
      runAfter: k.instant().notNull(),
      /** Whoever holds the lease may write; a lease that ran out is anybody's. */
      leaseBy: k.text(),
      leaseUntil: k.instant(),
      /** A word from a closed list; texts with values stay in no table. */
      lastError: k.text(),
      createdAt: k.instant().notNull(),
      finishedAt: k.instant(),
    },
    (t) => [k.uniqueIndex('job_key').on(t.name, t.key), k.index('job_due').on(t.status, t.runAfter)],
  ),
  schedule: k.table('schedule', {
    name: k.text().primaryKey(),
    cron: k.text().notNull(),
    timezone: k.text().notNull(),
    nextDueAt: k.instant().notNull(),
    lastSlotAt: k.instant(),
  }),
}))
