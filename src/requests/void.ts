import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import type { Case } from './case.ts'
import { approvalOf } from './status.ts'
import { tables } from './tables.ts'

type Why = 'drift' | 'returned' | 'another plan' | 'another decision'

/** Puts a row beside a decision or approval that says why it counts no more. Ledger: `request.voided`. */
export async function makeVoid(
  ctx: Ctx,
  { request }: Pick<Case, 'request'>,
  input: {
    readonly targetId: string
    readonly what: 'decision' | 'approval'
    readonly why: Why
    readonly reason?: string
  },
): Promise<void> {
  const { tx, actor } = ctx
  const { targetId, what, why } = input
  const who = { byKind: actor.kind, byId: actor.id, at: tx.now }
  const row = { targetId, requestId: request.id, what, why, reason: input.reason?.trim() || null, ...who }
  await tx.q.insert(tables(tx).void).values(row)
  await append(ctx, {
    type: 'request.voided',
    subject: `request:${request.reference}`,
    body: { [what]: targetId, why },
  })
}

/** An approval holds for one plan: when there is another, it is void. */
export async function voidApproval(ctx: Ctx, file: Case, why: Why): Promise<void> {
  const approval = approvalOf(file)
  if (approval) await makeVoid(ctx, file, { targetId: approval.id, what: 'approval', why })
}
