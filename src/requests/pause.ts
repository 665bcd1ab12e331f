import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { epochMs, type LocalDate } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { type Case, holdCase, readCase } from './case.ts'
import { datesBody, keepDates } from './dates.ts'
import type { RequestDeps } from './deps.ts'
import { givenAddress, sendLetter } from './mailing.ts'
import { expectStatus, openPauseOf } from './status.ts'
import { tables } from './tables.ts'
import type { PauseKind, Status } from './types.ts'

const pausable: readonly Status[] = ['unverified', 'searching', 'to-decide', 'to-approve', 'attention']

/**
 * Asks the person what the request cannot do without: proof of identity (Art. 12(6)), which data she means, a fee (Art. 12(5)).
 * Whether the clock stands meanwhile is the law's to say, not ours: `waiting` tells. Throws `conflict` while another question
 * is open, `invalid` without one. Ledger: `request.paused`.
 */
export async function pause(
  ctx: Ctx,
  input: { readonly reference: string; readonly kind: PauseKind; readonly question: string },
  deps: RequestDeps,
): Promise<{ readonly waiting: boolean; readonly dueDate: LocalDate }> {
  if (ctx.actor.kind !== 'officer') throw new LetheError('forbidden', 'only an officer asks back')
  if (!['identity', 'clarification', 'fee'].includes(input.kind))
    throw new LetheError('invalid', 'this is nothing to ask for', {
      hint: 'Write identity, clarification or fee.',
    })
  if (input.question.trim().length < 10)
    throw new LetheError('invalid', 'the question is missing', {
      hint: 'Write what you need to know, and why.',
    })
  const file = await holdCase(ctx, input.reference)
  expectStatus(file, pausable)
  if (openPauseOf(file))
    throw new LetheError('conflict', 'a question is open already', { hint: 'Note its answer first: resume.' })
  const { tx, actor } = ctx
  const { request } = file
  const who = { byKind: actor.kind, byId: actor.id, at: tx.now }
  const row = {
    id: newId(epochMs(tx.now)),
    requestId: request.id,
    kind: input.kind,
    question: input.question.trim(),
    ...who,
  }
  await tx.q.insert(tables(tx).pause).values(row)
  const { now, deadline } = await recompute(ctx, file, 'request.paused', { kind: input.kind }, deps)
  const waiting = deadline.waitingFor.includes(input.kind)
  // The law's difference: a period that has not begun, or one that stands still.
  const begun = input.kind === 'clarification'
  const values = {
    question: [row.question],
    starts: waiting && !begun ? row.kind : undefined,
    pauses: waiting && begun ? row.kind : undefined,
  }
  const to = givenAddress(file)
  await sendLetter(ctx, now, { letter: 'question', key: row.id, values, to }, deps)
  return { waiting, dueDate: deadline.dueDate }
}

/** The answer is there: the clock goes on by the law's count. Throws `conflict` when no question is open. Ledger: `request.resumed`. */
export async function resume(
  ctx: Ctx,
  input: { readonly reference: string },
  deps: RequestDeps,
): Promise<{ readonly dueDate: LocalDate }> {
  if (ctx.actor.kind !== 'officer') throw new LetheError('forbidden', 'only an officer notes the answer')
  const file = await holdCase(ctx, input.reference)
  const open = openPauseOf(file)
  if (!open) throw new LetheError('conflict', 'no question is open', { hint: 'Nothing is paused.' })
  const { tx, actor } = ctx
  const who = { byKind: actor.kind, byId: actor.id, at: tx.now }
  await tx.q.insert(tables(tx).resumption).values({ pauseId: open.id, requestId: file.request.id, ...who })
  const { deadline } = await recompute(ctx, file, 'request.resumed', { kind: open.kind }, deps)
  return { dueDate: deadline.dueDate }
}

async function recompute(
  ctx: Ctx,
  { request }: Case,
  type: string,
  body: { kind: PauseKind },
  deps: RequestDeps,
) {
  const now = await readCase(ctx.tx, request.reference)
  const deadline = await keepDates(ctx, request.id, now, deps)
  await append(ctx, {
    type,
    subject: `request:${request.reference}`,
    body: { ...body, ...datesBody(deadline) },
  })
  return { now: await readCase(ctx.tx, request.reference), deadline }
}
