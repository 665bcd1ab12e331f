import { eq } from 'drizzle-orm'
import type { Ctx } from '../ops/db/database.ts'
import { entryHash, genesis, headText } from './chain.ts'
import { type Entry, type EntryBody, tables } from './tables.ts'

/**
 * Writes one entry in the transaction of the change it explains (Art. 5(2)). `body` holds no personal data: counts,
 * codes, digests, and keyed hashes where a person or record must be told apart. Entries of all replicas form one chain.
 */
export async function append(
  ctx: Pick<Ctx, 'actor' | 'tx'>,
  input: { readonly type: string; readonly subject: string; readonly body?: EntryBody },
): Promise<Entry> {
  const { tx, actor } = ctx
  const { ledgerEntry, ledgerHead } = tables(tx)
  await tx.lock('ledger')
  const [head] = await tx.q.select().from(ledgerHead).where(eq(ledgerHead.id, 1))
  const draft = {
    seq: (head?.seq ?? 0) + 1,
    at: tx.now,
    actorKind: actor.kind,
    actorId: actor.id,
    type: input.type,
    subject: input.subject,
    body: input.body ?? {},
    previous: head?.hash ?? genesis,
  }
  const entry = { ...draft, hash: entryHash(draft) }
  await tx.q.insert(ledgerEntry).values(entry)
  const next = { seq: entry.seq, hash: entry.hash, seal: tx.keys.hash('ledger-head', headText(entry)) }
  await tx.q
    .insert(ledgerHead)
    .values({ id: 1, ...next })
    .onConflictDoUpdate({ target: ledgerHead.id, set: next })
  return entry
}
