import { eq, sum } from 'drizzle-orm'
import { canonicalJson } from '../../base/json.ts'
import { newId } from '../../base/ids.ts'
import type { Ctx, Reader } from '../../ops/db/database.ts'
import { tables } from './tables.ts'

/** What was withheld in one field of one row for the sake of others: how often, of which kind, by which rule; never what. */
export interface Withheld {
  readonly store: string
  /** `dataset.collection` of the data map. */
  readonly collectionId: string
  /** Keyed hash of the row's key. */
  readonly row: string
  readonly field: string
  readonly kind: 'email' | 'phone' | 'name'
  /** `rule`: what somebody else wrote, or is not hers alone. `officer`: somebody said so. */
  readonly by: 'rule' | 'officer'
  readonly count: number
}

/** Rows of one insert: every database takes this many parameters. */
const atOnce = 500

/** Puts down what one step withheld, in the place of an earlier try; answers what the ledger says of it. */
export async function keepWithheld(
  { tx }: Ctx,
  of: { readonly orderId: string; readonly stepId: string },
  log: readonly Withheld[],
): Promise<{ readonly counts: Readonly<Record<string, number>>; readonly digest: string }> {
  const { withheld } = tables(tx)
  await tx.q.delete(withheld).where(eq(withheld.stepId, of.stepId))
  for (let at = 0; at < log.length; at += atOnce)
    await tx.q
      .insert(withheld)
      .values(log.slice(at, at + atOnce).map((one) => ({ id: newId(), ...of, ...one })))
  const counts: Record<string, number> = {}
  for (const { kind, count } of log) counts[kind] = (counts[kind] ?? 0) + count
  return {
    counts,
    digest: tx.keys.hash(
      'withheld',
      log
        .map((one) => canonicalJson({ ...one }))
        .sort()
        .join('\n'),
    ),
  }
}

/** The redaction log of an order, place by place; empty before its copy is made. It holds no value and stays with the case. */
export async function withheldOf(reader: Reader, orderId: string): Promise<Withheld[]> {
  const { withheld } = tables(reader)
  const rows = await reader.q
    .select()
    .from(withheld)
    .where(eq(withheld.orderId, orderId))
    .orderBy(withheld.id)
  return rows.map(({ id: _, orderId: __, stepId: ___, ...one }) => one)
}

/** The same in sums, by collection, field, kind and rule. */
export async function withheldIn(reader: Reader, orderId: string): Promise<Omit<Withheld, 'row'>[]> {
  const { withheld } = tables(reader)
  const { store, collectionId, field, kind, by } = withheld
  const rows = await reader.q
    .select({ store, collectionId, field, kind, by, count: sum(withheld.count) })
    .from(withheld)
    .where(eq(withheld.orderId, orderId))
    .groupBy(store, collectionId, field, kind, by)
    .orderBy(collectionId, field, kind, by)
  return rows.map((row) => ({ ...row, count: Number(row.count ?? 0) }))
}

/** What an earlier copy withheld that was never handed out: its counts and digest stand in the ledger. */
export async function forgetWithheld(tx: Ctx['tx'], orderId: string): Promise<void> {
  const { withheld } = tables(tx)
  await tx.q.delete(withheld).where(eq(withheld.orderId, orderId))
}
