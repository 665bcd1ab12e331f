import type { Instant, LocalDate } from '../base/instant.ts'
import { room } from '../ops/db/kit.ts'
import type { Words } from '../base/words.ts'
import type { Certificate } from './certificate.ts'

/** What the rule said when it ran: the files may say something else by now. */
export interface RuleAsRun {
  readonly title: Words
  readonly keep: string
  readonly from: string
  readonly then: string
  readonly store: string
  readonly collection: string
  readonly timezone: string
}

export type RunStatus = 'running' | 'done' | 'stopped'

export const tables = room((k) => ({
  /** Who looked at a version of a rule and let it run. */
  retentionApproval: k.table(
    'retention_approval',
    {
      id: k.text().primaryKey(),
      ruleId: k.text().notNull(),
      version: k.text().notNull(),
      by: k.text().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.uniqueIndex('retention_approval_version').on(t.ruleId, t.version)],
  ),
  /** One run of a rule for one slot of its schedule. */
  retentionRun: k.table(
    'retention_run',
    {
      id: k.text().primaryKey(),
      ruleId: k.text().notNull(),
      version: k.text().notNull(),
      slot: k.instant().notNull(),
      orderId: k.text().notNull(),
      status: k.text().$type<RunStatus>().notNull(),
      /** What began on or before this day was due. */
      lastStart: k.text().$type<LocalDate>().notNull(),
      rule: k.json<RuleAsRun>().notNull(),
      startedAt: k.instant().notNull(),
      finishedAt: k.instant().$type<Instant>(),
      certificate: k.json<Certificate>(),
    },
    (t) => [
      k.uniqueIndex('retention_run_slot').on(t.ruleId, t.slot),
      k.uniqueIndex('retention_run_order').on(t.orderId),
      k.index('retention_run_started').on(t.startedAt),
    ],
  ),
}))
