import { desc, eq } from 'drizzle-orm'
import type { Instant } from '../base/instant.ts'
import { one, type Reader } from '../ops/db/database.ts'
import type { PackageCounts } from './model.ts'
import { tables } from './tables.ts'

/** What is known of a package without opening it. Times in UTC. */
export interface PackageRecord {
  readonly id: string
  readonly reference: string
  /** Of the plain ZIP. */
  readonly sha256: string
  readonly bytes: number
  readonly counts: PackageCounts
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly openedAt: Instant | null
  readonly destroyedAt: Instant | null
}

/** One package; throws `not_found`. */
export async function showPackage(reader: Reader, id: string): Promise<PackageRecord> {
  const { package: table } = tables(reader)
  return recordOf(one(await reader.q.select().from(table).where(eq(table.id, id)), 'package'))
}

/** All packages of a request, newest first, destroyed ones included. */
export async function packagesOf(reader: Reader, reference: string): Promise<PackageRecord[]> {
  const { package: table } = tables(reader)
  const rows = await reader.q
    .select()
    .from(table)
    .where(eq(table.reference, reference))
    .orderBy(desc(table.createdAt), desc(table.id))
  return rows.map(recordOf)
}

/** Leaves out the key and the place. */
export const recordOf = (row: PackageRecord): PackageRecord => ({
  id: row.id,
  reference: row.reference,
  sha256: row.sha256,
  bytes: row.bytes,
  counts: row.counts,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  openedAt: row.openedAt,
  destroyedAt: row.destroyedAt,
})
