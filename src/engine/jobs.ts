import type { JobDefinition } from '../ops/jobs/define.ts'
import { planJob } from './plan/job.ts'
import type { ReplayDeps } from './replay/canary.ts'
import { replayJobs } from './replay/job.ts'
import { runJob } from './run/job.ts'
import { forgetJob } from './spool/forget.ts'

/** The engine's own jobs; a purge has its own beside them. */
export const engineJobs = (deps: ReplayDeps): JobDefinition[] => [
  planJob(deps),
  runJob(deps),
  forgetJob(deps),
  ...replayJobs(deps),
]
