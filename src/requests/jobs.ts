import { z } from 'zod'
import { isLetheError } from '../base/errors.ts'
import { defineJob, type JobDefinition } from '../ops/jobs/define.ts'
import { close } from './close.ts'
import type { RequestJobDeps } from './deps.ts'
import { orderJob } from './order-job.ts'

/** The room's jobs: `request.order` (the engine's word about an order) and `request.close` (30 days after the answer). */
export const requestJobs = (deps: RequestJobDeps): JobDefinition[] => [orderJob(deps), closeJob]

const closeJob = defineJob({
  name: 'request.close',
  input: z.object({ reference: z.string() }),
  maxAttempts: 10,
  steps: [
    {
      name: 'close',
      run: (run) =>
        run
          .checkpoint((ctx) => close(ctx, run.input))
          .catch((error: unknown) => {
            // Closed by an officer before: nothing is left to do.
            if (!isLetheError(error, 'conflict')) throw error
          }),
    },
  ],
})
