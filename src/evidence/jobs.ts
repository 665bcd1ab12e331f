import { z } from 'zod'
import { anchorJobName, checkpoint, lastCheckpoint, readCheckpoint } from '../ledger/checkpoint.ts'
import type { Anchor } from '../ops/config.ts'
import { defineJob, type JobDefinition, type StepRun } from '../ops/jobs/define.ts'
import type { ScheduleDefinition } from '../ops/schedules.ts'
import { askStamp } from './anchor/authority.ts'
import { anchorToFile } from './anchor/file.ts'
import { anchorByMail } from './anchor/mail.ts'
import { hasStamp, keepStamp } from './stamps.ts'

export interface AnchorDeps {
  readonly anchors: readonly Anchor[]
  /** Public address of the desk, for mails. */
  readonly url: string
}

const anchorInput = z.object({ outlets: z.enum(['files', 'all']) })
type Run = StepRun<z.output<typeof anchorInput>, unknown>

/**
 * `evidence.checkpoint` signs how the ledger stands. `evidence.anchor` carries checkpoints out of the house: every one to the files,
 * and once a day the newest by mail and to the time-stamping authorities, which covers all before it. Each may run twice.
 */
export const evidenceJobs = (deps: AnchorDeps): JobDefinition[] => [
  defineJob({
    name: 'evidence.checkpoint',
    input: z.object({}),
    maxAttempts: 5,
    steps: [{ name: 'sign', run: (run) => run.checkpoint(async (ctx) => void (await checkpoint(ctx))) }],
  }),
  defineJob({
    name: anchorJobName,
    input: anchorInput,
    maxAttempts: 12,
    steps: [
      { name: 'files', run: (run) => toFiles(run, deps) },
      { name: 'mail', run: (run) => byMail(run, deps) },
      { name: 'stamps', run: (run) => byStamp(run, deps) },
    ],
  }),
]

async function toFiles(run: Run, { anchors }: AnchorDeps): Promise<void> {
  for (const anchor of anchors) if (anchor.kind === 'file') await anchorToFile(run.db, anchor.path)
}

async function byMail(run: Run, { anchors, url }: AnchorDeps): Promise<void> {
  if (run.input.outlets === 'files') return
  await run.checkpoint(async (ctx) => {
    const newest = await lastCheckpoint(ctx.tx)
    for (const anchor of anchors)
      if (newest && anchor.kind === 'mail')
        await anchorByMail(ctx, { checkpoint: newest, to: anchor.to, url })
  })
}

async function byStamp(run: Run, { anchors }: AnchorDeps): Promise<void> {
  if (run.input.outlets === 'files') return
  const newest = await run.db.read(lastCheckpoint)
  if (!newest) return
  const { size } = readCheckpoint(newest)
  for (const anchor of anchors) {
    if (anchor.kind !== 'stamp') continue
    if (await run.db.read((reader) => hasStamp(reader, anchor.url, size))) continue
    const stamp = await askStamp(anchor.url, newest.text, run.signal)
    await run.checkpoint((ctx) => keepStamp(ctx, { url: anchor.url, size, stamp }))
  }
}

/** Every hour a checkpoint; every night it goes out. */
export const evidenceSchedules: readonly ScheduleDefinition[] = [
  { name: 'checkpoint', cron: '43 * * * *', timezone: 'UTC', job: 'evidence.checkpoint', input: () => ({}) },
  {
    name: 'anchor',
    cron: '53 23 * * *',
    timezone: 'UTC',
    job: anchorJobName,
    input: () => ({ outlets: 'all' }),
  },
]
