import { localDateAt } from '../../base/calendar.ts'
import { instantOf } from '../../base/instant.ts'
import type { StoreReader } from '../../stores/port.ts'
import { rowFilter } from '../locate/columns.ts'
import { addKept } from './apply.ts'
import type { PurgeDeps } from './deps.ts'
import { excludedBy, type Suspensions } from './excluded.ts'
import { familyOf, type Household } from './family.ts'
import { nextPage, oddRows, type Page } from './page.ts'
import { startOf } from './spelling.ts'
import type { KeptBy, PurgeSpec } from './tables.ts'
import { type Target, targetOf } from './target.ts'

export interface Survey {
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

/** What a purge would do, read by the same code that would do it, over a connection that cannot write. */
export async function surveyPurge(
  deps: PurgeDeps,
  spec: PurgeSpec,
  suspended: Suspensions,
  signal?: AbortSignal,
): Promise<Survey> {
  const target = await targetOf(deps, spec, signal)
  const house: Household = { deps, target, excluded: await excludedBy(deps, suspended, signal) }
  const { odd, ...found } = await target.store.reading(
    async (reader) => ({ ...(await judged(house, reader)), ...(await outside(target, reader)) }),
    signal ? { signal } : {},
  )
  const exceptions = { ...found.exceptions, rows: found.exceptions.rows + odd }
  return { ...found, exceptions, startIsKnown: target.guard.due !== undefined }
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
    for (const start of page.starts)
      months.set(monthOf(start, target), (months.get(monthOf(start, target)) ?? 0) + 1)
    after = page.last ?? null
    isEnd = page.isEnd
  }
  const perMonth = [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, rows]) => ({ month, rows }))
  return {
    due: sum.due,
    go: sum.go,
    already: sum.already,
    kept,
    perMonth,
    sample,
    exceptions: { rows: sum.exceptions, sample: odd },
  }
}

async function outside(target: Target, reader: StoreReader) {
  const { collection, spec } = target
  const where = [...rowFilter(collection), ...spec.where, { column: spec.from, is: [null] }]
  return {
    odd: await oddRows(target, reader),
    withoutStart: await reader.count({ table: collection.table, key: collection.key, where }),
  }
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
