import { forgetSubject } from '../ledger/forget.ts'
import type { Ctx } from '../ops/db/database.ts'
import { holdCase } from './case.ts'
import { expectStatus } from './status.ts'

/**
 * Destroys what the ledger says of a request that is over, when the period for keeping its record has run out (Art. 5(1)(e)). The chain
 * and all proofs verify as before; what the person was handed still opens for her. Throws `conflict` while the request is open, and
 * `not_found` when it was done before. Ledger: `ledger.forgotten`.
 */
export async function forgetEvidence(
  ctx: Ctx,
  input: { readonly reference: string },
): Promise<{ readonly entries: number }> {
  const file = await holdCase(ctx, input.reference)
  expectStatus(file, ['closed', 'refused', 'withdrawn'])
  return forgetSubject(ctx, { subject: `request:${file.request.reference}` })
}
