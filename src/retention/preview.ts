import { localDateAt } from '../base/calendar.ts'
import { instantOf, type LocalDate } from '../base/instant.ts'
import { addKept } from '../engine/purge/apply.ts'
import type { PurgeDeps } from '../engine/purge/deps.ts'
import { excludedBy, suspensions } from '../engine/purge/excluded.ts'
import { familyOf, type Household } from '../engine/purge/family.ts'
import { nextPage, oddRows, type Page } from '../engine/purge/page.ts'
import { startOf } from '../engine/purge/spelling.ts'
import type { KeptBy } from '../engine/purge/tables.ts'
import { type Target, targetOf } from '../engine/purge/target.ts'
import type { StoreReader } from '../stores/port.ts'
import { rowFilter } from '../engine/locate/columns.ts'
import type { Database } from '../ops/db/database.ts'
import { isApproved } from './approve.ts'
import { ruleNamed, type Rules } from './rules.ts'
import { specOf } from './spec.ts'

export interface Preview {
  readonly ruleId: string
  readonly version: string
  readonly approved: boolean
  /** The day it is reckoned for, in the rule's zone, and the last day a record may have begun on to be due then. */
  readonly on: LocalDate
  readonly lastStart: LocalDate
  /** Rows whose period is over; of them those that would go, that are anonymised already, and that stay and why. */
  readonly due: number
  readonly go: number
  readonly already: number
  readonly kept: Partial<Record<KeptBy, number>>
  /** Due rows by the month they began in, `2026-11`, the oldest first. */
  readonly perMonth: readonly { readonly month: string; readonly rows: number }[]
  /** Keys, not values, of a few that would go. */
  readonly sample: readonly (readonly string[])[]
  /** Rows that no rule can judge: their start is no date. Those without a start have not begun to count. */
  readonly exceptions: { readonly rows: number; readonly sample: readonly (readonly string[])[] }
  readonly withoutStart: number
  /** False when no value of the column could be read as a date: then nothing is ever due. */
  readonly startIsKnown: boolean
}

/**
 * What a rule would do today, or on a day given (Art. 5(1)(e)): counts, reasons, months. It cannot write: it is handed
 * connections that refuse to. Holds and freezes are those of now. Throws `not_found` for an unknown rule.
 */
export async function previewRule(
  deps: PurgeDeps,
  db: Pick<Database, 'read'>,
  input: { readonly ruleId: string; readonly on?: LocalDate },
  rules: Rules,
  signal?: AbortSignal,
): Promise<Preview> {
  const rule = ruleNamed(rules, input.ruleId)
  const { now, approved, suspended } = await db.read(async (reader) => ({
    now: reader.now,
    approved: await isApproved(reader, rule.id, rule.version),
    suspended: await suspensions(reader),
  }))
  const on = input.on ?? localDateAt(now, rule.timezone)
  const spec = specOf(rule, rules, { day: on })
  const target = await targetOf(deps, spec, signal)
  const excluded = await excludedBy(deps, suspended, signal)
  const house: Household = { deps, target, excluded }
  const shown = { ruleId: rule.id, version: rule.version, approved, on, lastStart: spec.lastStart }
  const found = await target.store.reading(async (reader) => ({ ...(await judged(house, reader)), ...(await outside(target, reader)) }), signal ? { signal } : {})
  const { odd, ...counts } = found
  return { ...shown, ...counts, exceptions: { ...found.exceptions, rows: found.exceptions.rows + odd }, startIsKnown: target.guard.due !== undefined }
}

const pageSize = 2000
const sampleSize = 20

async function judged(house: Household, reader: StoreReader) {
  const { target } = house
  const months = new Map<string, number>()
  const sum = { due: 0, go: 0, already: 0, exceptions: 0 }
  let kept: Partial<Record<KeptBy, number>> = {}
  const sample: (readonly string[])[] = []
  const odd: (readonly string[])[] = []
  let after: readonly string[] | null = null
  for (let isEnd = false; !isEnd; ) {
    const page: Page = await nextPage(house, reader, after, pageSize)
    if (target.spec.action === 'delete') await familyOf(house, reader, target.table, page.members)
    for (const member of page.members) {
      if (member.keptBy) kept = addKept(kept, { [member.keptBy]: 1 })
      else {
        sum.go++
        if (sample.length < sampleSize) sample.push(member.key)
      }
    }
    kept = addKept(kept, page.counts.kept)
    sum.due += page.counts.due
    sum.already += page.counts.already
    sum.exceptions += page.counts.exceptions
    odd.push(...page.exceptions.slice(0, Math.max(0, sampleSize - odd.length)))
    for (const start of page.starts) months.set(monthOf(start, target), (months.get(monthOf(start, target)) ?? 0) + 1)
    after = page.last ?? null
    isEnd = page.isEnd
  }
  const perMonth = [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, rows]) => ({ month, rows }))
  return { due: sum.due, go: sum.go, already: sum.already, kept, perMonth, sample, exceptions: { rows: sum.exceptions, sample: odd } }
}

async function outside(target: Target, reader: StoreReader) {
  const { collection, spec } = target
  const where = [...rowFilter(collection), ...spec.where, { column: spec.from, is: [null] }]
  return { odd: await oddRows(target, reader), withoutStart: await reader.count({ table: collection.table, key: collection.key, where }) }
}

/** The month it was in the rule's zone; the calendar is asked only around the turn of a month. */
function monthOf(value: unknown, { spec }: Target): string {
  const start = startOf(value)
  if (start === undefined) return ''
  if (start.is !== 'moment') return start.day.slice(0, 7)
  const at = instantOf(start.ms)
  const day = at.slice(8, 10)
  return (day > '01' && day < '28' ? at : localDateAt(at, spec.zone)).slice(0, 7)
}
