import { and, desc, eq } from 'drizzle-orm'
import type { Instant, LocalDate } from '../base/instant.ts'
import { one, type Reader } from '../ops/db/database.ts'
import type { PurgeCounts } from '../engine/purge/tables.ts'
import { purgeOf } from '../engine/purge/show.ts'
import type { Certificate } from './certificate.ts'
import { type RuleAsRun, type RunStatus, tables } from './tables.ts'

export interface RunRow {
  readonly id: string
  readonly ruleId: string
  readonly version: string
  readonly rule: RuleAsRun
  readonly slot: Instant
  readonly orderId: string
  readonly status: RunStatus
  readonly lastStart: LocalDate
  readonly startedAt: Instant
  readonly finishedAt: Instant | null
  /** Of a run that goes on: what it did so far. */
  readonly counts: PurgeCounts
}

/** Runs, the latest first; of one rule where it is given. */
export async function listRuns(
  reader: Reader,
  filter: { readonly ruleId?: string; readonly limit?: number } = {},
): Promise<RunRow[]> {
  const { retentionRun } = tables(reader)
  const rows = await reader.q
    .select()
    .from(retentionRun)
    .where(and(filter.ruleId === undefined ? undefined : eq(retentionRun.ruleId, filter.ruleId)))
    .orderBy(desc(retentionRun.startedAt), desc(retentionRun.id))
    .limit(filter.limit ?? 50)
  const runs: RunRow[] = []
  for (const { certificate, ...row } of rows)
    runs.push({ ...row, counts: certificate?.counts ?? (await purgeOf(reader, row.orderId)).counts })
  return runs
}

/** What a run certifies; undefined while it runs. Throws `not_found` for an unknown run. */
export async function certificateOf(reader: Reader, runId: string): Promise<Certificate | undefined> {
  const { retentionRun } = tables(reader)
  const rows = await reader.q
    .select({ certificate: retentionRun.certificate })
    .from(retentionRun)
    .where(eq(retentionRun.id, runId))
  return one(rows, 'retention run').certificate ?? undefined
}
