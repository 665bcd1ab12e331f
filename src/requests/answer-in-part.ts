import { LetheError } from '../base/errors.ts'
import { planOf } from '../engine/order/show.ts'
import type { Ctx } from '../ops/db/database.ts'
import { answerErasure } from './answer.ts'
import { holdCase, readCase } from './case.ts'
import { keepDecision } from './decide.ts'
import type { RequestJobDeps } from './deps.ts'
import { readGround } from './grounds.ts'
import { decisionOf, expectStatus } from './status.ts'
import { makeVoid } from './void.ts'

/**
 * Ends an erasure that stopped because something is left which nothing can take away: the officer says on which ground it
 * stays and why, and the person is told what was erased and what was not (Art. 12(4), 17(3)). Throws `conflict` unless the work
 * ran and was verified, `invalid` for a ground or reason that does not fit. Ledger: `request.decided`, `request.answered`.
 */
export async function answerInPart(
  ctx: Ctx,
  input: { readonly reference: string; readonly ground: string; readonly reason: string },
  deps: RequestJobDeps,
): Promise<void> {
  const { tx } = ctx
  if (ctx.actor.kind !== 'officer') throw new LetheError('forbidden', 'only an officer decides what stays')
  const file = await holdCase(ctx, input.reference)
  expectStatus(file, ['attention'])
  const { request } = file
  const plan = await planOf(tx, request.orderId)
  const before = decisionOf(file)
  if (request.right !== 'erasure' || !plan?.residue || !before)
    throw new LetheError('conflict', 'this request did not stop at something that is left', {
      hint: 'Try again first: retry.',
    })
  const { pack } = deps.regimes.regime(request.regime)
  const ground = readGround({ right: request.right, outcome: 'part', pack }, input.ground)
  if (input.reason.trim().length < 10)
    throw new LetheError('invalid', 'the reason is missing', { hint: 'Write what stays, and why.' })
  await makeVoid(ctx, file, { targetId: before.id, what: 'decision', why: 'another decision' })
  await keepDecision(ctx, file, { ...input, outcome: 'part' }, ground, plan.digest)
  await answerErasure(ctx, await readCase(tx, request.reference), plan, deps)
}
