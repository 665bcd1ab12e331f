import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { replanOrder } from '../engine/order/confirm.ts'
import { planOf } from '../engine/order/show.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { enqueue } from '../ops/jobs/enqueue.ts'
import { holdCase } from './case.ts'
import { addEvent } from './events.ts'
import { expectStatus } from './status.ts'
import { voidApproval } from './void.ts'

/**
 * Goes on with a request that stopped, when a person has looked: where the engine stopped, the plan is drawn anew (an erasure is
 * approved anew too); where only the answer failed, the answer is tried again. Throws `conflict` unless it stopped. Ledger:
 * `request.retried`.
 */
export async function retryRequest(ctx: Ctx, input: { readonly reference: string }): Promise<void> {
  if (ctx.actor.kind !== 'officer') throw new LetheError('forbidden', 'only an officer tries again')
  const file = await holdCase(ctx, input.reference)
  const { request } = file
  expectStatus(file, ['attention'])
  // By the order, not by the events: an answer that failed took the word "done" back with it.
  const from = (await planOf(ctx.tx, request.orderId))?.status === 'done' ? 'answer' : 'plan'
  await append(ctx, { type: 'request.retried', subject: `request:${request.reference}`, body: { from } })
  if (from === 'answer') {
    await enqueue(ctx.tx, {
      name: 'request.order',
      key: newId(),
      input: { orderId: request.orderId, event: 'done' },
    })
    await addEvent(ctx, request.id, { event: 'run' })
    return
  }
  await voidApproval(ctx, file, 'another plan')
  await replanOrder(ctx, { orderId: request.orderId })
  await addEvent(ctx, request.id, { event: 'replan' })
}
