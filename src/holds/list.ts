import { asc, isNull } from 'drizzle-orm'
import { localDateAt } from '../base/calendar.ts'
import type { Instant, LocalDate } from '../base/instant.ts'
import { parseTimeZone } from '../base/instant.ts'
import type { Reader } from '../ops/db/database.ts'
import { type Blocks, type HoldKind, type HoldScope, tables } from './tables.ts'

export interface Hold {
  readonly id: string
  readonly kind: HoldKind
  readonly scope: HoldScope
  readonly reason: string
  readonly authority: string
  readonly blocks: readonly Blocks[]
  readonly startOn: LocalDate
  readonly reviewOn: LocalDate
  /** The review date has passed (UTC day) and nobody lifted it: still in force, for a person to look at. */
  readonly reviewOverdue: boolean
  readonly placedBy: string
  readonly placedAt: Instant
  readonly lifted: { readonly by: string; readonly at: Instant; readonly reason: string } | null
}

/** All holds, oldest first; with `inForce`, only those nobody lifted. Opens what is sealed: for officers' eyes. */
export async function listHolds(
  reader: Reader,
  filter: { readonly inForce?: boolean } = {},
): Promise<Hold[]> {
  const { hold } = tables(reader)
  const today = localDateAt(reader.now, parseTimeZone('UTC'))
  const rows = await reader.q
    .select()
    .from(hold)
    .where(filter.inForce ? isNull(hold.liftedAt) : undefined)
    .orderBy(asc(hold.placedAt), asc(hold.id))
  return rows.map(({ liftedBy, liftedAt, liftReason, ...row }) => ({
    id: row.id,
    kind: row.kind,
    scope: row.scope,
    reason: row.reason,
    authority: row.authority,
    blocks: row.blocks,
    startOn: row.startOn,
    reviewOn: row.reviewOn,
    reviewOverdue: liftedAt === null && row.reviewOn < today,
    placedBy: row.placedBy,
    placedAt: row.placedAt,
    lifted: liftedAt === null ? null : { by: liftedBy ?? '', at: liftedAt, reason: liftReason ?? '' },
  }))
}
