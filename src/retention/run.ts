import { and, eq } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { epochMs, type Instant } from '../base/instant.ts'
import { durationText } from '../base/duration.ts'
import { placePurge } from '../engine/purge/place.ts'
import type { Ctx } from '../ops/db/database.ts'
import { isApproved } from './approve.ts'
import { ruleNamed, type Rules } from './rules.ts'
import { specOf } from './spec.ts'
import { tables } from './tables.ts'

export interface RunPlaced {
  readonly runId: string
  readonly orderId: string
  /** False when the slot had its run already, or another run of the rule is not over: then that one is answered. */
  readonly started: boolean
}

/**
 * Runs a rule once for a slot of its schedule (Art. 5(1)(e)): places the purge of everything whose period has run out on
 * today's date in the rule's time zone. The same slot never runs twice, and two runs of one rule never at once. Throws
 * `not_found` for an unknown rule, `refused` for a version that nobody approved: a new or changed rule is previewed first.
 */
export async function runRule(
  ctx: Ctx,
  input: { readonly ruleId: string; readonly slot: Instant },
  rules: Rules,
): Promise<RunPlaced> {
  const { tx } = ctx
  const rule = ruleNamed(rules, input.ruleId)
  const { retentionRun } = tables(tx)
  await tx.lock(`retention:${rule.id}`)
  const known = await tx.q
    .select()
    .from(retentionRun)
    .where(and(eq(retentionRun.ruleId, rule.id), eq(retentionRun.slot, input.slot)))
  const running = await tx.q
    .select()
    .from(retentionRun)
    .where(and(eq(retentionRun.ruleId, rule.id), eq(retentionRun.status, 'running')))
  const [before] = [...known, ...running]
  if (before) return { runId: before.id, orderId: before.orderId, started: false }
  if (!(await isApproved(tx, rule.id, rule.version)))
    throw new LetheError('refused', `the rule "${rule.id}" is new or changed and nobody approved it`, {
      where: rule.at,
      hint: 'Look at its preview, then approve this version.',
    })
  const spec = specOf(rule, rules, tx.now)
  const { orderId } = await placePurge(ctx, {
    origin: `rule:${rule.id}@${input.slot}`,
    spec,
    collection: rule.collection,
    callback: 'retention.finish',
    because: { rule: rule.id, version: rule.version, keep: durationText(rule.keep), slot: input.slot },
  })
  const runId = newId(epochMs(tx.now))
  await tx.q.insert(retentionRun).values({
    id: runId,
    ruleId: rule.id,
    version: rule.version,
    slot: input.slot,
    orderId,
    status: 'running',
    lastStart: spec.lastStart,
    rule: {
      title: rule.title,
      keep: durationText(rule.keep),
      from: rule.from,
      then: rule.then,
      store: rule.collection.store,
      collection: rule.collection.name,
      timezone: rule.timezone,
    },
    startedAt: tx.now,
  })
  return { runId, orderId, started: true }
}
