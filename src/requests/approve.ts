import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { epochMs } from '../base/instant.ts'
import { planOf } from '../engine/order/show.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { type Case, holdCase } from './case.ts'
import { runPlan } from './decide.ts'
import { decisionOf, expectStatus } from './status.ts'
import { tables } from './tables.ts'
import { makeVoid } from './void.ts'

/**
 * A second officer approves the plan of a granted erasure, by its digest: exactly what was looked at runs, and nothing else.
 * Throws `refused` for whoever decided, `conflict` when the plan changed since or there is nothing to approve, `forbidden` for
 * anybody but an officer. Ledger: `request.approved`.
 */
export async function approve(
  ctx: Ctx,
  input: { readonly reference: string; readonly digest: string },
): Promise<void> {
  const { file, decision } = await otherOfficer(ctx, input.reference)
  const { request } = file
  const { tx, actor } = ctx
  const plan = await planOf(tx, request.orderId)
  if (plan?.digest !== input.digest)
    throw new LetheError('conflict', 'the plan is another one by now', {
      hint: 'Look at the new plan and approve that.',
    })
  const id = newId(epochMs(tx.now))
  const who = { byKind: actor.kind, byId: actor.id, at: tx.now }
  await tx.q
    .insert(tables(tx).approval)
    .values({ id, requestId: request.id, decisionId: decision.id, digest: input.digest, ...who })
  await append(ctx, {
    type: 'request.approved',
    subject: `request:${request.reference}`,
    body: { approval: id, decision: decision.id, plan: input.digest },
  })
  await runPlan(ctx, file, plan)
}

/**
 * The second officer does not agree: the decision counts no more, and the request waits to be decided again. Throws as `approve`,
 * and `invalid` without a reason. Ledger: `request.voided`.
 */
export async function returnDecision(
  ctx: Ctx,
  input: { readonly reference: string; readonly reason: string },
): Promise<void> {
  const { file, decision } = await otherOfficer(ctx, input.reference)
  if (input.reason.trim().length < 3)
    throw new LetheError('invalid', 'the reason is missing', {
      hint: 'Write what the first officer should look at again.',
    })
  await makeVoid(ctx, file, {
    targetId: decision.id,
    what: 'decision',
    why: 'returned',
    reason: input.reason,
  })
}

/** Four eyes: the case as it waits for approval, for anybody but who decided it. */
async function otherOfficer(
  ctx: Ctx,
  reference: string,
): Promise<{ file: Case; decision: Case['decisions'][number] }> {
  if (ctx.actor.kind !== 'officer') throw new LetheError('forbidden', 'only an officer approves an erasure')
  const file = await holdCase(ctx, reference)
  expectStatus(file, ['to-approve'])
  const decision = decisionOf(file)
  if (!decision) throw new LetheError('conflict', 'there is no decision to approve')
  if (decision.byId === ctx.actor.id)
    throw new LetheError('refused', 'whoever decided an erasure does not approve it too', {
      hint: 'Ask a second officer.',
    })
  return { file, decision }
}
