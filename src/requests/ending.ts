import type { Ctx } from '../ops/db/database.ts'
import type { Case } from './case.ts'
import { tables } from './tables.ts'

/** Ends a case; its primary key lets it end only once. The caller holds the case and writes the ledger. */
export async function endCase(
  { tx, actor }: Ctx,
  { request }: Pick<Case, 'request'>,
  input: { readonly how: 'refused' | 'withdrawn' | 'closed'; readonly reason?: string | undefined },
): Promise<void> {
  const { ending } = tables(tx)
  const who = { byKind: actor.kind, byId: actor.id, at: tx.now }
  await tx.q
    .insert(ending)
    .values({ requestId: request.id, how: input.how, reason: input.reason?.trim() || null, ...who })
}
