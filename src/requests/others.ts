import { LetheError } from '../base/errors.ts'
import type { EngineDeps } from '../engine/deps.ts'
import { chooseOthers, type OthersChoice } from '../engine/others/choices.ts'
import { type Withheld, withheldOf } from '../engine/others/log.ts'
import { othersOf } from '../engine/others/look.ts'
import type { Passage } from '../engine/others/survey.ts'
import type { Ctx, Database, ReadCtx } from '../ops/db/database.ts'
import { holdCase, readCase } from './case.ts'

/**
 * Who else stands in what a request for access would copy, passage by passage, read from the stores as they are now; for an
 * officer's eyes: it holds personal data of several people. Throws `not_found`.
 */
export async function othersIn(
  deps: EngineDeps,
  db: Database,
  input: { readonly reference: string; readonly most?: number; readonly signal?: AbortSignal },
): Promise<readonly Passage[]> {
  const orderId = await db.read(async (reader) => (await readCase(reader, input.reference)).request.orderId)
  return othersOf(deps, db, { ...input, orderId })
}

/**
 * An officer says what becomes of other people in the copy (Art. 15(4)): `hide`, `leave`, or `rule` again; of a collection, or of one
 * passage. The plan stays as it is. Throws `conflict` once the copy is made, `invalid` without a choice, `forbidden` to all but
 * officers. Ledger: `engine.others`.
 */
export async function settleOthers(
  ctx: Ctx,
  input: { readonly reference: string; readonly choices: readonly OthersChoice[] },
): Promise<void> {
  if (ctx.actor.kind !== 'officer') throw new LetheError('forbidden', 'only an officer settles this')
  const { request } = await holdCase(ctx, input.reference)
  await chooseOthers(ctx, { orderId: request.orderId, choices: input.choices })
}

/** The redaction log of a request: place by place what was withheld, of which kind, by which rule; no value. Throws `not_found`. */
export async function withheldFor(
  { reader }: Pick<ReadCtx, 'reader'>,
  input: { readonly reference: string },
): Promise<readonly Withheld[]> {
  return withheldOf(reader, (await readCase(reader, input.reference)).request.orderId)
}
