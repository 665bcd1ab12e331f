import { asc, eq } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import type { Ctx } from '../ops/db/database.ts'
import { append } from './append.ts'
import { checkpoint } from './checkpoint.ts'
import { ledgerSubject } from './signing.ts'
import { tables } from './tables.ts'

/**
 * Forgets what the ledger says of one subject (Art. 5(1)(e), 17): the contents of its entries and the salt that tied their leaves to
 * them are destroyed. Leaves, chain, tree and checkpoints stay and verify; what a person was handed before still opens for her. Throws
 * `not_found`, and `refused` for the ledger's own entries. Ledger: `ledger.forgotten`, with the numbers of the entries.
 */
export async function forgetSubject(
  ctx: Pick<Ctx, 'actor' | 'tx'>,
  input: { readonly subject: string },
): Promise<{ readonly entries: number }> {
  const { tx } = ctx
  if (input.subject === ledgerSubject)
    throw new LetheError('refused', 'what the ledger says of itself is not forgotten')
  const { ledgerEntry, ledgerSubject: subjects } = tables(tx)
  await tx.lock('ledger')
  const found = await tx.q
    .select({ seq: ledgerEntry.seq })
    .from(ledgerEntry)
    .where(eq(ledgerEntry.subject, input.subject))
    .orderBy(asc(ledgerEntry.seq))
  if (found.length === 0) throw new LetheError('not_found', 'the ledger says nothing of this subject')
  const gone = { at: null, actorKind: null, actorId: null, type: null, body: null, nth: null, before: null }
  await tx.q
    .update(ledgerEntry)
    .set({ ...gone, subject: null })
    .where(eq(ledgerEntry.subject, input.subject))
  await tx.q.delete(subjects).where(eq(subjects.subject, input.subject))
  await append(ctx, {
    type: forgottenType,
    subject: ledgerSubject,
    body: { entries: rangesOf(found.map((row) => row.seq)) },
  })
  await checkpoint(ctx)
  return { entries: found.length }
}

export const forgottenType = 'ledger.forgotten'

/** `[[3, 3], [5, 9]]`: first and last of each stretch. */
export function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const n of numbers) {
    const last = ranges.at(-1)
    if (last && n === last[1] + 1) last[1] = n
    else ranges.push([n, n])
  }
  return ranges
}
