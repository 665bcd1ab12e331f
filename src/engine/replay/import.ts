import { eq } from 'drizzle-orm'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { tables as engine } from '../tables.ts'
import type { ErasureLine } from './line.ts'
import { distinctNames } from './record.ts'
import { tables } from './tables.ts'

/**
 * Takes over what another copy of the erasure ledger knows and ours does not: after our own database came from a backup. Suppressions
 * and shared lines too, so that nobody is mailed again. What is known is added to, and nothing taken from it. Ledger entry `replay.imported`.
 */
export async function importErasures(
  ctx: Ctx,
  input: { readonly lines: readonly ErasureLine[] },
): Promise<{ readonly erasures: number; readonly suppressions: number }> {
  const { erasure, erasedRows } = tables(ctx.tx)
  const { suppression, sharedLine } = engine(ctx.tx)
  const { q } = ctx.tx
  let erasures = 0
  let suppressions = 0
  // The latest line of an erasure knows the most.
  for (const line of input.lines.toSorted((a, b) => (a.lastAt > b.lastAt ? -1 : 1))) {
    const { v: _, rows, suppressions: hashes, sharedLines, ...found } = line
    const added = await q.insert(erasure).values(found).onConflictDoNothing().returning({ id: erasure.id })
    erasures += added.length
    if (added.length === 0) await widen(ctx, found)
    for (const row of rows)
      await q
        .insert(erasedRows)
        .values({ ...row, erasureId: line.id })
        .onConflictDoNothing()
    for (const one of hashes)
      suppressions += (
        await q.insert(suppression).values(one).onConflictDoNothing().returning({ hash: suppression.hash })
      ).length
    for (const one of sharedLines) await q.insert(sharedLine).values(one).onConflictDoNothing()
  }
  await append(ctx, {
    type: 'replay.imported',
    subject: 'erasure-ledger',
    body: { lines: input.lines.length, erasures, suppressions },
  })
  return { erasures, suppressions }
}

/** An erasure that went on after our database was backed up: what was erased last, and who she is, stands in the line alone. */
async function widen(
  { tx }: Ctx,
  line: Pick<ErasureLine, 'id' | 'identities' | 'names' | 'lastAt'>,
): Promise<void> {
  const { erasure } = tables(tx)
  const [known] = await tx.q.select().from(erasure).where(eq(erasure.id, line.id))
  if (!known) return
  await tx.q
    .update(erasure)
    .set({
      identities: [...new Set([...known.identities, ...line.identities])],
      names: distinctNames([...known.names, ...line.names]),
      lastAt: line.lastAt > known.lastAt ? line.lastAt : known.lastAt,
    })
    .where(eq(erasure.id, line.id))
}
