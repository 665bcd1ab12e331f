import { LetheError } from '../base/errors.ts'
import { closeOrder } from '../engine/order/close.ts'
import { destroyPackage } from '../export/destroy-package.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { holdCase } from './case.ts'
import type { RequestDeps } from './deps.ts'
import { endCase } from './ending.ts'
import { sendLetter } from './mailing.ts'
import { expectStatus } from './status.ts'
import type { Status } from './types.ts'

/** Before any work ran, or after it stopped. */
export const withdrawable: readonly Status[] = [
  'unverified',
  'searching',
  'to-decide',
  'to-approve',
  'attention',
]

/**
 * The person, or an officer for her, takes the request back: nothing more is searched or changed, the freeze ends. Throws
 * `conflict` once the work runs or is answered. Ledger: `request.withdrawn`.
 */
export async function withdraw(
  ctx: Ctx,
  input: { readonly reference: string; readonly reason?: string },
  deps: RequestDeps,
): Promise<void> {
  const file = await holdCase(ctx, input.reference)
  const { request } = file
  if (ctx.actor.kind === 'person' && ctx.actor.id !== request.reference)
    throw new LetheError('not_found', 'there is no such request')
  const status = expectStatus(file, withdrawable)
  if (status === 'attention' && file.events.some((row) => row.event === 'run'))
    throw new LetheError('conflict', 'the work began already and stopped half-way', {
      hint: 'Finish it and answer: retry.',
    })
  await closeOrder(ctx, { orderId: request.orderId })
  await endCase(ctx, file, { how: 'withdrawn', reason: input.reason })
  await append(ctx, { type: 'request.withdrawn', subject: `request:${request.reference}` })
  await sendLetter(ctx, file, { letter: 'withdrawn', key: 'withdrawn', values: {} }, deps)
}

/**
 * Ends an answered request: the package's key is destroyed, the engine forgets whose data it was, the freeze ends. Happens by itself
 * 30 days after the answer. Throws `conflict` before the answer. Ledger: `request.closed`.
 */
export async function close(
  ctx: Ctx,
  input: { readonly reference: string; readonly reason?: string },
): Promise<void> {
  if (ctx.actor.kind !== 'officer' && ctx.actor.kind !== 'system')
    throw new LetheError('forbidden', 'only an officer closes a request')
  const file = await holdCase(ctx, input.reference)
  const { request } = file
  expectStatus(file, ['ready'])
  const [answer] = file.answers
  if (answer?.packageId) await destroyPackage(ctx, { id: answer.packageId, because: 'closed' })
  await closeOrder(ctx, { orderId: request.orderId })
  await endCase(ctx, file, { how: 'closed', reason: input.reason })
  await append(ctx, {
    type: 'request.closed',
    subject: `request:${request.reference}`,
    body: { package: answer?.packageId ?? undefined },
  })
}
