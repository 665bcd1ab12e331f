import { asc, eq, inArray } from 'drizzle-orm'
import type { Instant } from '../base/instant.ts'
import type { Ctx, Reader } from '../ops/db/database.ts'
import { sha256 } from '../ops/sealing.ts'
import type { Stamp } from './anchor/stamp.ts'
import { tables } from './tables.ts'

/** How an authority is told apart without keeping an address that may carry a password. */
const authorityOf = (url: string): string => sha256(url).slice(0, 16)

export async function hasStamp(reader: Reader, url: string, size: number): Promise<boolean> {
  const { evidenceStamp } = tables(reader)
  const rows = await reader.q
    .select({ authority: evidenceStamp.authority })
    .from(evidenceStamp)
    .where(eq(evidenceStamp.size, size))
  return rows.some((row) => row.authority === authorityOf(url))
}

export async function keepStamp(
  { tx }: Pick<Ctx, 'tx'>,
  { url, size, stamp }: { readonly url: string; readonly size: number; readonly stamp: Stamp },
): Promise<void> {
  const { evidenceStamp } = tables(tx)
  await tx.q
    .insert(evidenceStamp)
    .values({ size, authority: authorityOf(url), ...stamp, at: tx.now })
    .onConflictDoNothing()
}

export interface KeptStamp {
  readonly size: number
  readonly authority: string
  readonly stampedAt: Instant
  readonly token: Uint8Array
}

/** The time stamps over checkpoints of these sizes. */
export async function stampsOf(reader: Reader, sizes: readonly number[]): Promise<KeptStamp[]> {
  const { evidenceStamp } = tables(reader)
  const { size, authority, stampedAt, token } = evidenceStamp
  return reader.q
    .select({ size, authority, stampedAt, token })
    .from(evidenceStamp)
    .where(inArray(size, [...sizes]))
    .orderBy(asc(size), asc(authority))
}
