import { eq } from 'drizzle-orm'
import { append } from '../ledger/append.ts'
import { type Ctx, one } from '../ops/db/database.ts'
import { enqueue } from '../ops/jobs/enqueue.ts'
import { tables } from './tables.ts'

export const removeFileJob = 'export.remove-file'

/**
 * Ends a package for good (Art. 5(1)(e)): its key is gone with this transaction, so no copy of the file opens any more;
 * then the job `export.remove-file` removes the file. A second call changes nothing. Throws `not_found`. Ledger:
 * `package.destroyed`. A backup of the service's tables taken before still holds the key, sealed with the master key.
 */
export async function destroyPackage(
  ctx: Ctx,
  input: { readonly id: string; readonly because: string },
): Promise<void> {
  const { tx } = ctx
  const { package: table } = tables(tx)
  const row = one(await tx.q.select().from(table).where(eq(table.id, input.id)), 'package')
  if (row.destroyedAt !== null) return
  await tx.q.update(table).set({ identity: null, destroyedAt: tx.now }).where(eq(table.id, row.id))
  await append(ctx, {
    type: 'package.destroyed',
    subject: `request:${row.reference}`,
    body: { package: row.id, because: input.because },
  })
  await enqueue(tx, { name: removeFileJob, key: row.id, input: { file: row.file } })
}
