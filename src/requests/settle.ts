import { LetheError } from '../base/errors.ts'
import type { Identity } from '../base/identity.ts'
import type { EngineDeps } from '../engine/deps.ts'
import { acceptCandidate, candidatesOf } from '../engine/order/candidates.ts'
import { decideRows, type RowInDoubt, rowsInDoubt } from '../engine/order/doubt.ts'
import { completeTask } from '../engine/order/tasks.ts'
import type { Candidate, Verdict } from '../engine/tables.ts'
import { append } from '../ledger/append.ts'
import type { Ctx, Database } from '../ops/db/database.ts'
import { holdCase, readCase } from './case.ts'
import { addEvent } from './events.ts'
import { voidApproval } from './void.ts'

/** What the search of a request could not know by itself, for an officer's eyes: it holds personal data of several people. */
export interface Unsettled {
  readonly rows: readonly RowInDoubt[]
  readonly candidates: readonly Candidate[]
}

/** Reads the stores as they are now. Throws `not_found`. */
export async function unsettledOf(
  deps: EngineDeps,
  db: Database,
  input: { readonly reference: string; readonly signal?: AbortSignal },
): Promise<Unsettled> {
  const { orderId, candidates } = await db.read(async (reader) => {
    const { request } = await readCase(reader, input.reference)
    return { orderId: request.orderId, candidates: await candidatesOf(reader, request.orderId) }
  })
  return { rows: await rowsInDoubt(deps, db, { ...input, orderId }), candidates }
}

interface RowVerdict {
  readonly collectionId: string
  readonly row: string
  readonly verdict: Verdict
}

/**
 * An officer says whose the rows in doubt are: hers, hers and others', or not hers. The plan is drawn anew, so an approval of the
 * one before is void. Throws `conflict` once the work runs, `invalid` without a row, `forbidden` to all but officers. Ledger:
 * `engine.decided`.
 */
export async function settleRows(
  ctx: Ctx,
  input: { readonly reference: string; readonly rows: readonly RowVerdict[] },
): Promise<void> {
  const orderId = await settling(ctx, input.reference)
  await decideRows(ctx, { orderId, rows: input.rows })
}

/**
 * An officer takes an address, number or record for the same person's, with the reason: it counts like a proved identity, and the
 * plan is drawn anew (Art. 12(6)). Throws as `settleRows`. Ledger: `engine.accepted`.
 */
export async function acceptAlso(
  ctx: Ctx,
  input: { readonly reference: string; readonly identity: Identity; readonly because: string },
): Promise<void> {
  const { identity, because } = input
  await acceptCandidate(ctx, { orderId: await settling(ctx, input.reference), identity, because })
}

async function settling(ctx: Ctx, reference: string): Promise<string> {
  officersOnly(ctx)
  const file = await holdCase(ctx, reference)
  await voidApproval(ctx, file, 'another plan')
  await addEvent(ctx, file.request.id, { event: 'replan' })
  return file.request.orderId
}

/**
 * Somebody did what only people can do for this request, and says how. With the last task an erasure is done and answered. Throws
 * `conflict` for a task that is done, `invalid` without a word, `forbidden` to all but officers. Ledger: `request.task`.
 */
export async function finishTask(
  ctx: Ctx,
  input: { readonly reference: string; readonly taskId: string; readonly note: string },
): Promise<void> {
  officersOnly(ctx)
  const { request } = await holdCase(ctx, input.reference)
  const { taskId, note } = input
  await append(ctx, { type: 'request.task', subject: `request:${request.reference}`, body: { task: taskId } })
  await completeTask(ctx, { orderId: request.orderId, taskId, note })
}

function officersOnly({ actor }: Ctx): void {
  if (actor.kind !== 'officer') throw new LetheError('forbidden', 'only an officer settles this')
}
