import { z } from '@hono/zod-openapi'
import { durationText } from '../../../base/duration.ts'
import { parseLocalDate } from '../../../base/calendar.ts'
import { nextSlot } from '../../../ops/schedules.ts'
import { approveRule, isApproved } from '../../../retention/approve.ts'
import { certificateOf, listRuns } from '../../../retention/list.ts'
import { previewRule } from '../../../retention/preview.ts'
import { type RetentionRule, ruleNamed } from '../../../retention/rules.ts'
import { runRule } from '../../../retention/run.ts'
import { type Api, asks, reads, writes } from '../endpoint.ts'
import { approval, certificate, preview, rule, run, runPlaced } from '../schemas/retention.ts'
import { day, idParam, limit, nothing } from '../schemas/shared.ts'

const tag = 'Retention'
const previewMs = 60_000

/** Retention rules, what they would do, and their runs (Art. 5(1)(e)). */
export function retentionResources(api: Api): void {
  const { deps } = api
  reads(api, {
    path: '/retention/rules',
    tag,
    summary: 'The rules, and whether each may run',
    scope: 'retention.read',
    answer: z.object({ items: z.array(rule) }).openapi('Rules'),
    run: async ({ reader }) => {
      const items = []
      for (const one of deps.rules)
        items.push({
          ...shown(one),
          approved: await isApproved(reader, one.id, one.version),
          nextRunAt: nextSlot(one.schedule, one.timezone, reader.now),
        })
      return { items }
    },
  })
  asks(api, 'get', {
    path: '/retention/rules/{id}/preview',
    tag,
    summary: 'What would go and why, today or on a day; writes nothing anywhere',
    scope: 'retention.read',
    params: idParam,
    query: z.object({ on: day.optional() }),
    answer: preview,
    run: ({ params, query }) => {
      const on = query.on === undefined ? {} : { on: parseLocalDate(query.on) }
      return previewRule(
        deps.purge,
        deps.db,
        { ruleId: params.id, ...on },
        deps.rules,
        AbortSignal.timeout(previewMs),
      )
    },
  })
  ruleVerbs(api)
  runs(api)
}

function ruleVerbs(api: Api): void {
  const { rules } = api.deps
  writes(api, {
    path: '/retention/rules/{id}/approve',
    tag,
    summary: 'Let this version of a rule run',
    scope: 'retention.run',
    params: idParam,
    body: z
      .strictObject({
        version: z.string().openapi({ description: 'Of the preview that was looked at.' }),
        due: z
          .int()
          .min(0)
          .optional()
          .openapi({ description: 'How many were due in it; goes into the ledger.' }),
      })
      .openapi('RuleApproval'),
    answer: approval,
    run: async (ctx, { params, body }) => {
      const { version, due } = body
      await approveRule(
        ctx,
        { ruleId: params.id, version, ...(due === undefined ? {} : { seen: { due } }) },
        rules,
      )
      return { ruleId: params.id, version, approved: true }
    },
  })
  writes(api, {
    path: '/retention/rules/{id}/run',
    tag,
    summary: 'One run now, as the schedule would',
    description: 'Refused for a rule that is new or changed and that nobody approved.',
    scope: 'retention.run',
    params: idParam,
    body: nothing,
    answer: runPlaced,
    status: 202,
    run: (ctx, { params }) => runRule(ctx, { ruleId: params.id, slot: ctx.tx.now }, rules),
  })
}

function runs(api: Api): void {
  reads(api, {
    path: '/retention/runs',
    tag,
    summary: 'Runs, the latest first',
    scope: 'retention.read',
    query: z.object({ rule: z.string().optional(), limit }),
    answer: z.object({ items: z.array(run) }).openapi('Runs'),
    run: async ({ reader }, { query }) => {
      const ruleId = query.rule === undefined ? {} : { ruleId: ruleNamed(api.deps.rules, query.rule).id }
      return { items: await listRuns(reader, { ...ruleId, limit: query.limit ?? 50 }) }
    },
  })
  reads(api, {
    path: '/retention/runs/{id}/certificate',
    tag,
    summary: 'What a run certifies; null while it runs',
    scope: 'retention.read',
    params: idParam,
    answer: z.object({ certificate: certificate.nullable() }).openapi('RunCertificate'),
    run: async ({ reader }, { params }) => ({
      certificate: (await certificateOf(reader, params.id)) ?? null,
    }),
  })
}

const shown = (one: RetentionRule) => ({
  id: one.id,
  version: one.version,
  title: one.title,
  store: one.collection.store,
  collection: one.collection.name,
  collectionId: one.collection.id,
  purpose: one.purpose,
  basis: one.basis,
  from: one.from,
  keep: durationText(one.keep),
  minimum: one.minimum === undefined ? null : durationText(one.minimum),
  then: one.then,
  owner: one.owner,
  because: one.because,
  schedule: one.schedule,
  timezone: one.timezone,
})
