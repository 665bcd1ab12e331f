import { inArray, lt } from 'drizzle-orm'
import { z } from 'zod'
import { addDays, localDateAt, startOfDay } from '../../base/calendar.ts'
import { compareDurations, type Duration, latestEndedStart, parseDuration } from '../../base/duration.ts'
import type { Instant, TimeZone } from '../../base/instant.ts'
import type { DataMap } from '../../datamap/model.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { defineJob, type JobDefinition } from '../../ops/jobs/define.ts'
import { tidyLines } from './file.ts'
import { closeStopped } from './start.ts'
import { tables } from './tables.ts'

/** How long the erasure ledger is kept: its own storage period (Art. 5(1)(e)). */
export interface ErasureKeep {
  readonly keep: Duration
  /** In which a day begins and ends. */
  readonly zone: TimeZone
}

/** Where the map does not say how long a backup lives. */
const unstated = 'P1Y'

/** As long as the longest-lived backup of any store, and the margin. */
export function keepOf(map: DataMap, margin: Duration): Duration {
  const horizons = map.datasets.map(({ backupHorizon }) => parseDuration(backupHorizon ?? unstated))
  const longest = horizons.toSorted(compareDurations).at(-1) ?? parseDuration(unstated)
  return { months: longest.months + margin.months, days: longest.days + margin.days }
}

/** What was erased before this moment is forgotten: no backup of before it is left. */
export const forgottenBefore = ({ keep, zone }: ErasureKeep, now: Instant): Instant =>
  startOfDay(addDays(latestEndedStart(keep, localDateAt(now, zone)), 1), zone)

export const forgetErasuresJobName = 'engine.forget-erasures'

/** `engine.forget-erasures`: once a day. Deletes what is past its period from the tables and from the file, and says how much. */
export const forgetErasuresJob = (deps: {
  readonly erasureKeep?: ErasureKeep
  readonly erasureFile?: string
}): JobDefinition =>
  defineJob({
    name: forgetErasuresJobName,
    input: z.object({}),
    maxAttempts: 5,
    steps: [
      {
        name: 'tables',
        async run(run) {
          const { erasureKeep } = deps
          if (erasureKeep)
            await run.checkpoint((ctx) => forgetErasures(ctx, forgottenBefore(erasureKeep, ctx.tx.now)))
        },
      },
      {
        name: 'file',
        async run(run) {
          const { erasureKeep, erasureFile } = deps
          if (!erasureKeep || erasureFile === undefined) return
          const before = forgottenBefore(erasureKeep, run.clock.now())
          await tidyLines(erasureFile, (line) => line.lastAt < before)
        },
      },
    ],
  })

/** Ledger entry `replay.forgotten`, unless there was nothing. */
export async function forgetErasures(ctx: Ctx, before: Instant): Promise<number> {
  const { erasure, erasedRows, replay } = tables(ctx.tx)
  const gone = await ctx.tx.q.delete(erasure).where(lt(erasure.lastAt, before)).returning({ id: erasure.id })
  const ids = gone.map(({ id }) => id)
  for (let at = 0; at < ids.length; at += 500)
    await ctx.tx.q.delete(erasedRows).where(inArray(erasedRows.erasureId, ids.slice(at, at + 500)))
  const old = await ctx.tx.q.select({ id: replay.id }).from(replay).where(lt(replay.finishedAt, before))
  if (old.length > 0)
    await closeStopped(
      ctx,
      undefined,
      old.map(({ id }) => id),
    )
  if (ids.length > 0)
    await append(ctx, {
      type: 'replay.forgotten',
      subject: 'erasure-ledger',
      body: { erasures: ids.length, before },
    })
  return ids.length
}
