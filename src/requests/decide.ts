import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { epochMs } from '../base/instant.ts'
import { closeOrder } from '../engine/order/close.ts'
import { runOrder } from '../engine/order/run.ts'
import { type Plan, planOf } from '../engine/order/show.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { type Case, holdCase, readCase } from './case.ts'
import type { RequestDeps } from './deps.ts'
import { endCase } from './ending.ts'
import { addEvent } from './events.ts'
import { readGround } from './grounds.ts'
import { givenAddress, sendLetter } from './mailing.ts'
import { decisionOf, expectStatus, statusOf } from './status.ts'
import { tables } from './tables.ts'
import type { Outcome, Status } from './types.ts'
import { inLanguage } from '../base/words.ts'

type Cited = ReturnType<typeof readGround>

export interface NewDecision {
  readonly reference: string
  readonly outcome: Outcome
  /** One of `groundsFor(right, outcome)`; a grant has none. */
  readonly ground?: string | undefined
  /** In words she reads: a refusal and a part need them (Art. 12(4)). */
  readonly reason?: string | undefined
  /** Access in part: which `dataset.collection` of the plan the package leaves out. */
  readonly leaveOut?: readonly string[] | undefined
}

/**
 * An officer decides (Art. 12(3), (4)). A refusal ends the case and goes out with reasons, authority and court. An access grant
 * runs at once; an erasure grant waits for `approve` by somebody else. Throws `forbidden` for anybody but an officer, `conflict`
 * when it is decided already or there is no plan yet, `invalid` for a ground or reason that is missing or does not fit, `refused`
 * when a hold stands against the erasure. Ledger: `request.decided`.
 */
export async function decide(
  ctx: Ctx,
  input: NewDecision,
  deps: RequestDeps,
): Promise<{ readonly status: Status }> {
  if (ctx.actor.kind !== 'officer' && ctx.actor.kind !== 'system')
    throw new LetheError('forbidden', 'only an officer decides a request')
  const file = await holdCase(ctx, input.reference)
  const plan = await planOf(ctx.tx, file.request.orderId)
  checkStatus(file, input.outcome)
  const ground = checkWords(file, input, deps)
  checkPlan(file, input, plan)
  const decisionId = await keepDecision(ctx, file, input, ground, plan?.digest)
  if (input.outcome === 'refuse') await refuse(ctx, file, { decisionId, ground, reason: input.reason }, deps)
  else if (file.request.right === 'access') await runPlan(ctx, file, plan)
  return { status: statusOf(await readCase(ctx.tx, file.request.reference)) }
}

/** Before a plan stands there is nothing to grant; a refusal may come earlier, when nobody can be identified. */
function checkStatus(file: Case, outcome: Outcome): void {
  const early: Status[] = ['unverified', 'searching', 'to-decide']
  // Stopped before anybody decided: the search itself failed.
  if (outcome === 'refuse') expectStatus(file, decisionOf(file) ? ['to-decide'] : [...early, 'attention'])
  else expectStatus(file, ['to-decide'])
}

function checkWords(
  { request }: Case,
  { outcome, ground, reason, leaveOut = [] }: NewDecision,
  deps: RequestDeps,
): Cited | undefined {
  const longest = 4000
  if ((reason?.length ?? 0) > longest)
    throw new LetheError('too_large', `the reason is longer than ${longest} characters`)
  if (leaveOut.length > 0 && (outcome !== 'part' || request.right !== 'access'))
    throw new LetheError('invalid', 'only access in part leaves collections out', {
      hint: 'Choose "part", or leave nothing out.',
    })
  if (outcome === 'grant') {
    if (ground !== undefined)
      throw new LetheError('invalid', 'a grant has no ground', {
        hint: 'Choose "part" or "refuse", or leave the ground out.',
      })
    return undefined
  }
  const { pack } = deps.regimes.regime(request.regime)
  const found = readGround({ right: request.right, outcome, pack }, ground)
  if ((reason?.trim().length ?? 0) < 10)
    throw new LetheError('invalid', 'the reason is missing', {
      hint: 'Write in a sentence the person understands why (Art. 12(4)).',
    })
  return found
}

/** What was looked at must allow the outcome. */
function checkPlan({ request }: Case, { outcome, leaveOut = [] }: NewDecision, plan: Plan | undefined): void {
  if (outcome === 'refuse') return
  if (plan?.digest === undefined) throw new LetheError('conflict', 'there is no plan to decide on yet')
  if (request.right === 'access' && outcome === 'part') {
    const known = new Set(plan.steps.map((step) => step.collectionId))
    const unknown = leaveOut.find((id) => !known.has(id))
    if (leaveOut.length === 0 || unknown !== undefined)
      throw new LetheError(
        'invalid',
        unknown ? `the plan has no collection "${unknown.slice(0, 80)}"` : 'nothing is left out',
        {
          hint: `Name what the package leaves out: ${[...known].join(', ')}.`,
        },
      )
  }
  if (request.right === 'erasure') checkErasure(outcome, plan)
}

/** An approved plan runs as it stands: what stays is what the data map keeps on a ground, and a hold stops all of it. */
function checkErasure(outcome: Outcome, plan: Plan): void {
  const hold = plan.findings.find((finding) => finding.kind === 'hold')
  if (hold)
    throw new LetheError('refused', hold.message, {
      hint: 'Lift the hold, or refuse on its ground until it is lifted.',
    })
  if (outcome === 'part' && !plan.steps.some((step) => step.action === 'keep' && step.found > 0))
    throw new LetheError('invalid', 'nothing in this plan stays: in part it would erase all of it', {
      hint: 'Grant it, refuse it, or have the data map keep what must stay (erase: keep) and plan again.',
    })
}

/** Puts a decision down, with its ledger entry. The caller holds the case and checked it. */
export async function keepDecision(
  ctx: Ctx,
  { request, decisions }: Case,
  { outcome, reason, leaveOut = [] }: NewDecision,
  ground: Cited | undefined,
  planDigest: string | undefined,
): Promise<string> {
  const { tx, actor } = ctx
  const { decision } = tables(tx)
  const id = newId(epochMs(tx.now))
  await tx.q.insert(decision).values({
    id,
    requestId: request.id,
    seq: decisions.length + 1,
    outcome,
    leaveOut,
    ground: ground?.id ?? null,
    article: ground?.article ?? null,
    reason: reason?.trim() || null,
    planDigest: planDigest ?? null,
    byKind: actor.kind,
    byId: actor.id,
    at: tx.now,
  })
  const body = {
    decision: id,
    outcome,
    ground: ground?.id,
    article: ground?.article,
    plan: planDigest,
    leftOut: leaveOut,
  }
  await append(ctx, { type: 'request.decided', subject: `request:${request.reference}`, body })
  return id
}

async function refuse(
  ctx: Ctx,
  file: Case,
  why: {
    readonly decisionId: string
    readonly ground: Cited | undefined
    readonly reason: string | undefined
  },
  deps: RequestDeps,
): Promise<void> {
  const { request } = file
  await closeOrder(ctx, { orderId: request.orderId })
  await endCase(ctx, file, { how: 'refused' })
  const values = { reasons: reasonLines(why.ground, why.reason, request.language) }
  // A refusal must reach whoever asked, proved or not; it says nothing about what we hold.
  const to = givenAddress(file)
  await sendLetter(ctx, file, { letter: 'refusal', key: why.decisionId, values, to }, deps)
}

/** Starts the engine on exactly the plan given. The caller holds the case. */
export async function runPlan(
  ctx: Ctx,
  { request }: Pick<Case, 'request'>,
  plan: Plan | undefined,
): Promise<void> {
  if (plan?.digest === undefined) throw new LetheError('conflict', 'there is no plan to run yet')
  await runOrder(ctx, { orderId: request.orderId, digest: plan.digest })
  await addEvent(ctx, request.id, { event: 'run', planDigest: plan.digest })
}

/** `The request is excessive (Art. 12(5))`, then why, in the officer's words. */
export const reasonLines = (
  ground: Pick<Cited, 'title' | 'article'> | undefined,
  reason: string | null | undefined,
  language: string,
): string[] => [
  ...(ground ? [`${inLanguage(ground.title, language)} (${ground.article})`] : []),
  ...(reason ? [reason.trim()] : []),
]
