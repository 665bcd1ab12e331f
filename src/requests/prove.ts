import { newId } from '../base/ids.ts'
import { epochMs } from '../base/instant.ts'
import { confirmIdentities } from '../engine/order/confirm.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { type Case, readCase } from './case.ts'
import { datesBody, keepDates } from './dates.ts'
import type { RequestDeps } from './deps.ts'
import { addEvent } from './events.ts'
import { expectStatus } from './status.ts'
import { tables } from './tables.ts'
import type { Proof } from './types.ts'

/**
 * Puts down that identities were proved, each on its own (Art. 12(6)), and has the engine search for exactly the proved ones.
 * A later proof draws the plan anew, until somebody decided: throws `conflict` from then on.
 */
export async function prove(
  ctx: Ctx,
  file: Case,
  input: { readonly identityIds: readonly string[]; readonly how: Proof; readonly note?: string },
  deps: RequestDeps,
): Promise<Case> {
  expectStatus(file, ['unverified', 'searching', 'to-decide'])
  const { tx } = ctx
  const { verification } = tables(tx)
  const { request } = file
  const who = { byKind: ctx.actor.kind, byId: ctx.actor.id, at: tx.now }
  for (const identityId of input.identityIds) {
    const id = newId(epochMs(tx.now))
    const row = {
      id,
      requestId: request.id,
      identityId,
      how: input.how,
      note: input.note?.trim() || null,
      ...who,
    }
    await tx.q.insert(verification).values(row)
  }
  const now = await readCase(tx, request.reference)
  const deadline = await keepDates(ctx, request.id, now, deps)
  const hashes = now.identities
    .filter((row) => input.identityIds.includes(row.id))
    .map(({ kind, hash }) => ({ kind, hash }))
  await append(ctx, {
    type: 'request.verified',
    subject: `request:${request.reference}`,
    body: { how: input.how, identities: hashes, ...datesBody(deadline) },
  })
  await confirmIdentities(ctx, { orderId: request.orderId, identities: provedIdentities(now) })
  await addEvent(ctx, request.id, { event: 'replan' })
  return readCase(tx, request.reference)
}

/** What may be searched for: nothing else is, whatever else the request names. */
export function provedIdentities(file: Pick<Case, 'identities' | 'verifications'>) {
  const proved = new Set(file.verifications.map((row) => row.identityId))
  return file.identities
    .filter((row) => proved.has(row.id))
    .map(({ kind, identity }) => ({ kind, value: identity.normal }))
}
