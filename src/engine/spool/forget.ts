import { z } from 'zod'
import { defineJob, type JobDefinition } from '../../ops/jobs/define.ts'
import type { EngineDeps } from '../deps.ts'
import { removeSpool } from './read.ts'

export const forgetJobName = 'engine.forget'

/** `engine.forget`: takes the files of a closed order away; their key is gone already. Safe to run twice. */
export const forgetJob = (deps: Pick<EngineDeps, 'spool'>): JobDefinition =>
  defineJob({
    name: forgetJobName,
    input: z.object({ orderId: z.string() }),
    maxAttempts: 20,
    steps: [{ name: 'remove', run: (run) => removeSpool(deps, run.input.orderId) }],
  })
