import { eq } from 'drizzle-orm'
import { canonicalJson } from '../base/json.ts'
import type { Ctx } from '../ops/db/database.ts'
import { newSalt } from '../ops/sealing.ts'
import { contentText, entryKey, genesis, leafOf, linkHash } from './chain.ts'
import { readHead, writeHead } from './head.ts'
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
  const { ledgerEntry, ledgerSubject } = tables(tx)
  await tx.lock('ledger')
  const head = await readHead(tx)
  const [known] = await tx.q.select().from(ledgerSubject).where(eq(ledgerSubject.subject, input.subject))
  const own = known ?? { subject: input.subject, salt: newSalt(), entries: 0, last: genesis }
  const content = {
    seq: head.seq + 1,
    at: tx.now,
    actorKind: actor.kind,
    actorId: actor.id,
    type: input.type,
    subject: input.subject,
    body: input.body ?? {},
  }
  const chained = { nth: own.entries + 1, before: own.last }
  const leaf = leafOf(
    entryKey(own.salt, content.seq),
    contentText({ ...content, ...chained, body: canonicalJson(content.body) }),
  )
  const link = { seq: content.seq, leaf, previous: head.hash }
  const hash = linkHash(link)
  await tx.q.insert(ledgerEntry).values({ ...content, ...chained, ...link, hash })
  const end = { entries: chained.nth, last: leaf }
  if (known) await tx.q.update(ledgerSubject).set(end).where(eq(ledgerSubject.subject, input.subject))
  else await tx.q.insert(ledgerSubject).values({ ...own, ...end })
  await writeHead(tx, { ...head, seq: link.seq, hash })
  return { ...content, previous: link.previous, hash }
}
