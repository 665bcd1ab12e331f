import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { and, asc, inArray, isNull, lte } from 'drizzle-orm'
import { z } from 'zod'
import { epochMs, type Instant } from '../base/instant.ts'
import { defineJob, type JobDefinition, type StepRun } from '../ops/jobs/define.ts'
import { destroyPackage, removeFileJob } from './destroy-package.ts'
import { tables } from './tables.ts'

/** For the page of schedules, once an hour; its input is nothing. */
export const expirePackagesJob = 'export.expire-packages'

const batch = 50
const strayAfterMs = 24 * 60 * 60 * 1000

/** The room's jobs: `export.expire-packages` and `export.remove-file`. */
export const exportJobs = (deps: { readonly folder: string }): readonly JobDefinition[] => [
  defineJob({
    name: expirePackagesJob,
    input: z.unknown(),
    maxAttempts: 5,
    steps: [
      { name: 'destroy', run: destroyExpired },
      { name: 'sweep', run: (run) => sweep(run, deps.folder) },
    ],
  }),
  defineJob({
    name: removeFileJob,
    input: z.object({ file: z.string() }),
    maxAttempts: 20,
    steps: [
      { name: 'remove', run: ({ input }) => rm(join(deps.folder, basename(input.file)), { force: true }) },
    ],
  }),
]

/** Every package whose time is reached; a batch a transaction, so that a kill loses nothing. */
async function destroyExpired(run: StepRun<unknown, unknown>): Promise<void> {
  for (let more = true; more; ) {
    run.signal.throwIfAborted()
    more = await run.checkpoint(async (ctx) => {
      const { package: table } = tables(ctx.tx)
      const due = await ctx.tx.q
        .select({ id: table.id })
        .from(table)
        .where(and(isNull(table.destroyedAt), lte(table.expiresAt, ctx.tx.now)))
        .orderBy(asc(table.expiresAt))
        .limit(batch)
      for (const { id } of due) await destroyPackage(ctx, { id, because: 'expired' })
      return due.length === batch
    })
  }
}

/** Removes what a crash left: files of a day ago that no living package names. */
async function sweep(run: StepRun<unknown, unknown>, folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.age(\.part)?$/.test(name))
  for (let i = 0; i < names.length; i += batch) {
    const some = names.slice(i, i + batch)
    const living = await run.db.read(async (reader) => {
      const { package: table } = tables(reader)
      return reader.q
        .select({ file: table.file })
        .from(table)
        .where(and(isNull(table.destroyedAt), inArray(table.file, some)))
    })
    const kept = new Set(living.map((row) => row.file))
    for (const name of some) if (!kept.has(name)) await removeStray(join(folder, name), run.clock.now())
  }
}

async function removeStray(path: string, now: Instant): Promise<void> {
  // It may be gone already, by the job that removes it.
  const found = await stat(path).catch(() => undefined)
  if (found && found.mtimeMs <= epochMs(now) - strayAfterMs) await rm(path, { force: true })
}
