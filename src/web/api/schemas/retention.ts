import { z } from '@hono/zod-openapi'
import { day, instant, words } from './shared.ts'

const then = z.enum(['delete', 'anonymise', 'review'])
const kept = z
  .record(z.string(), z.int())
  .openapi({ description: 'By reason: hold, restriction, freeze, ground …' })

export const rule = z
  .object({
    id: z.string(),
    version: z.string().openapi({ description: 'Digest of all it says; another one must be approved anew.' }),
    title: words,
    store: z.string(),
    collection: z.string(),
    collectionId: z.string(),
    purpose: words,
    basis: z.string(),
    from: z.string(),
    keep: z.string().openapi({ example: 'P3M' }),
    minimum: z.string().nullable(),
    then,
    owner: z.string(),
    because: words,
    schedule: z.string(),
    timezone: z.string(),
    approved: z.boolean(),
    nextRunAt: instant,
  })
  .openapi('Rule')

export const preview = z
  .object({
    ruleId: z.string(),
    version: z.string(),
    approved: z.boolean(),
    on: day,
    lastStart: day.openapi({ description: 'Records that began on or before this day are due.' }),
    due: z.int(),
    go: z.int(),
    already: z.int(),
    kept,
    perMonth: z.array(z.object({ month: z.string(), rows: z.int() })),
    sample: z.array(z.array(z.string())).openapi({ description: 'Keys, not values.' }),
    exceptions: z.object({ rows: z.int(), sample: z.array(z.array(z.string())) }),
    withoutStart: z.int(),
    startIsKnown: z.boolean(),
  })
  .openapi('Preview')

export const approval = z
  .object({ ruleId: z.string(), version: z.string(), approved: z.literal(true) })
  .openapi('ApprovedRule')

export const runPlaced = z
  .object({
    runId: z.string(),
    orderId: z.string(),
    started: z
      .boolean()
      .openapi({ description: 'False when another run of the rule is not over: then that one.' }),
  })
  .openapi('RunPlaced')

const counts = z.object({
  due: z.int(),
  done: z.int(),
  below: z.int(),
  files: z.int(),
  kept,
  already: z.int(),
  skipped: z.int(),
  exceptions: z.int(),
  settled: z.int(),
})

export const run = z
  .object({
    id: z.string(),
    ruleId: z.string(),
    version: z.string(),
    rule: z.object({
      title: words,
      keep: z.string(),
      from: z.string(),
      then: z.string(),
      store: z.string(),
      collection: z.string(),
      timezone: z.string(),
    }),
    slot: instant,
    orderId: z.string(),
    status: z.enum(['running', 'done', 'stopped']),
    lastStart: day,
    startedAt: instant,
    finishedAt: instant.nullable(),
    counts,
  })
  .openapi('Run')

export const certificate = z
  .object({
    schema: z.literal(1),
    rule: z.object({
      id: z.string(),
      version: z.string(),
      title: words,
      keep: z.string(),
      from: z.string(),
      then: z.string(),
    }),
    slot: instant,
    store: z.string(),
    collection: z.string(),
    lastStart: day,
    timezone: z.string(),
    startedAt: instant,
    finishedAt: instant,
    counts,
    batches: z.array(z.object({ seq: z.int(), done: z.int(), root: z.string() })),
    root: z.string().openapi({ description: 'Merkle root over the batches.' }),
    ledger: z.object({ from: z.int(), to: z.int() }),
    remains: z.array(z.string()),
  })
  .openapi('Certificate')
