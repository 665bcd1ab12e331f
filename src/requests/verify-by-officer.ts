import { LetheError } from '../base/errors.ts'
import type { Ctx } from '../ops/db/database.ts'
import { holdCase } from './case.ts'
import type { RequestDeps } from './deps.ts'
import { prove } from './prove.ts'

/**
 * An officer made sure who she is: by a call back to the number on file, at the desk. `how` says the method and the result,
 * never a document's number or a copy (Art. 5(1)(c); law.md A2 I6). Without `identityId`: all that are not proved yet. Throws
 * `invalid` without `how`, `forbidden` for anybody but an officer, `conflict` when nothing is left or it is decided.
 */
export async function verifyByOfficer(
  ctx: Ctx,
  input: { readonly reference: string; readonly identityId?: string | undefined; readonly how: string },
  deps: RequestDeps,
): Promise<void> {
  if (ctx.actor.kind !== 'officer')
    throw new LetheError('forbidden', 'only an officer verifies by call-back or at the desk')
  if (input.how.trim().length < 3 || input.how.length > 1000)
    throw new LetheError('invalid', 'how the identity was verified is missing', {
      hint: 'Note the method and the result: "called back on the number on file, knew two ticket numbers".',
    })
  const file = await holdCase(ctx, input.reference)
  const proved = new Set(file.verifications.map((row) => row.identityId))
  const wanted = file.identities.filter(
    (row) => (input.identityId === undefined || row.id === input.identityId) && !proved.has(row.id),
  )
  if (input.identityId !== undefined && !file.identities.some((row) => row.id === input.identityId))
    throw new LetheError('not_found', 'there is no such identity in this request')
  if (wanted.length === 0) throw new LetheError('conflict', 'this was proved already')
  await prove(ctx, file, { identityIds: wanted.map((row) => row.id), how: 'officer', note: input.how }, deps)
}
