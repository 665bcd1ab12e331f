import { and, eq } from 'drizzle-orm'
import { type IdentityPolicy, normalise } from '../../base/identity.ts'
import type { Suppression } from '../../datamap/model.ts'
import type { Reader, Tx } from '../../ops/db/database.ts'
import type { Row } from '../../stores/port.ts'
import { tables } from '../tables.ts'

/**
 * Keeps the keyed hash of every address that may not come back, before its row goes (law.md A3: unsubscribing is not erasure).
 * Nobody is remembered by it: only who knows the address can ask.
 */
export async function suppressRows(
  tx: Tx,
  rule: Suppression,
  rows: readonly Row[],
  origin: string,
  policy: IdentityPolicy,
): Promise<number> {
  let count = 0
  for (const row of rows) {
    if (!carries(rule, row)) continue
    const normal = normalise(rule.kind, String(row[rule.field] ?? ''), policy)
    if (normal === undefined) continue
    await suppress(tx, { list: rule.list, kind: rule.kind, value: normal, origin })
    count++
  }
  return count
}

const carries = (rule: Suppression, row: Row): boolean =>
  Object.entries(rule.when ?? {}).every(([column, values]) => values.includes(String(row[column] ?? '')))

export const suppressionHash = (reader: Reader, list: string, kind: string, normal: string): string =>
  reader.keys.hash('suppression', `${list}:${kind}:${normal}`)

/** Puts a normal-form address or number on a list; a second time changes nothing. */
export async function suppress(
  tx: Tx,
  input: { list: string; kind: 'email' | 'phone'; value: string; origin: string },
): Promise<void> {
  const { suppression } = tables(tx)
  const { list, kind, origin } = input
  const row = { hash: suppressionHash(tx, list, kind, input.value), list, kind, origin, since: tx.now }
  await tx.q.insert(suppression).values(row).onConflictDoNothing()
}

/** May this address or number be created or mailed again? Importers ask here; `value` in any spelling. */
export async function isSuppressed(
  reader: Reader,
  input: { list: string; kind: 'email' | 'phone'; value: string },
  policy: IdentityPolicy = {},
): Promise<boolean> {
  const normal = normalise(input.kind, input.value, policy)
  if (normal === undefined) return false
  const { suppression } = tables(reader)
  const hash = suppressionHash(reader, input.list, input.kind, normal)
  const rows = await reader.q
    .select({ hash: suppression.hash })
    .from(suppression)
    .where(and(eq(suppression.hash, hash), eq(suppression.list, input.list)))
  return rows.length > 0
}
