import type { Command } from 'commander'
import type { App } from '../../app/app.ts'
import { openWorker } from '../../ops/jobs/worker.ts'
import { startBeat, syncSchedules } from '../../ops/schedules.ts'
import { answer, type Common, type Io, say, type Outcome } from '../io.ts'
import { withApp } from '../open.ts'
import { untilIdle, type Worked } from '../work.ts'

/** `lethe work`: jobs and due schedules in this process; several may work beside each other. */
export function work(program: Command, io: Io, outcome: Outcome): void {
  program
    .command('work')
    .description('runs queued jobs and due schedules in this process')
    .option('--until-idle', 'ends when nothing is due any more')
    .action((options: Common & { readonly untilIdle?: boolean }) =>
      withApp(io, options, async (app) => {
        if (!options.untilIdle) return untilStopped(io, app)
        const worked = await untilIdle(app)
        // What failed and what waits for another try is for later: a store or server was down.
        if (worked.failed.length > 0 || worked.retrying > 0) outcome.status = 4
        answer(io, options, worked, () => wordsOf(worked))
      }),
    )
}

async function untilStopped(io: Io, app: App): Promise<void> {
  await syncSchedules(app.db, app.schedules)
  const worker = openWorker(app.db, app.jobs, app.log)
  const endBeat = startBeat(app.db, app.schedules, app.log)
  worker.start()
  say(io, 'working; Ctrl+C ends it at the next safe point')
  const { promise, resolve } = Promise.withResolvers<void>()
  process.once('SIGINT', resolve).once('SIGTERM', resolve)
  try {
    await promise
  } finally {
    process.off('SIGINT', resolve).off('SIGTERM', resolve)
    await endBeat()
    await worker.stop()
  }
}

function wordsOf({ ran, schedules, retrying, failed }: Worked): string {
  const lines = [`${ran} jobs ran`]
  if (schedules.length > 0) lines.push(`schedules fired: ${schedules.join(', ')}`)
  if (retrying > 0) lines.push(`${retrying} jobs failed and wait for another try; run this again later`)
  for (const job of failed)
    lines.push(`failed for good: ${job.name} (${job.error ?? 'unknown'}), job ${job.id}`)
  return lines.join('\n')
}
