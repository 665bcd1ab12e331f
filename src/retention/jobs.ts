import { z } from 'zod'
import { isLetheError } from '../base/errors.ts'
import { type Instant, parseInstant } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import { defineJob, type JobDefinition } from '../ops/jobs/define.ts'
import type { ScheduleDefinition } from '../ops/schedules.ts'
import { finishRun } from './finish.ts'
import { ruleNamed, type Rules } from './rules.ts'
import { runRule } from './run.ts'

const slotInput = z.object({ ruleId: z.string(), slot: z.string().transform((text) => parseInstant(text)) })
const eventInput = z.object({ orderId: z.string(), event: z.string() })

/**
 * `retention.run`: what a schedule fires; a version that nobody approved is written down as waiting and left alone.
 * `retention.finish`: what the engine tells when a purge is over.
 */
export const retentionJobs = (deps: { readonly rules: () => Rules }): JobDefinition[] => [
  defineJob({
    name: 'retention.run',
    input: slotInput,
    maxAttempts: 5,
    steps: [{ name: 'place', run: (run) => run.checkpoint((ctx) => placed(ctx, run.input, deps.rules())) }],
  }),
  defineJob({
    name: 'retention.finish',
    input: eventInput,
    maxAttempts: 12,
    steps: [{ name: 'certify', run: (run) => run.checkpoint((ctx) => finishRun(ctx, run.input)) }],
  }),
]

async function placed(
  ctx: Parameters<typeof runRule>[0],
  input: { ruleId: string; slot: Instant },
  rules: Rules,
): Promise<void> {
  try {
    await runRule(ctx, input, rules)
  } catch (error) {
    if (!isLetheError(error, 'refused')) throw error
    // Thrown before anything was written.
    const { version } = ruleNamed(rules, input.ruleId)
    await append(ctx, {
      type: 'retention.waiting',
      subject: `rule:${input.ruleId}`,
      body: { version, slot: input.slot },
    })
  }
}

/** One line of the page of schedules for each rule. */
export const retentionSchedules = (rules: Rules): ScheduleDefinition[] =>
  rules.map((rule) => ({
    name: `retention:${rule.id}`,
    cron: rule.schedule,
    timezone: rule.timezone,
    job: 'retention.run',
    input: (slot) => ({ ruleId: rule.id, slot }),
  }))
