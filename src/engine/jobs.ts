import type { JobDefinition } from '../ops/jobs/define.ts'
import type { EngineDeps } from './deps.ts'
import { planJob } from './plan/job.ts'
import { runJob } from './run/job.ts'
import { forgetJob } from './spool/forget.ts'

/** The engine's own jobs; a purge has its own beside them. */
export const engineJobs = (deps: EngineDeps): JobDefinition[] => [
  planJob(deps),
  runJob(deps),
  forgetJob(deps),
]
