import { and, asc, count as rowCount, eq, gt, isNull } from 'drizzle-orm'
import { epochMs, type Instant } from '../base/instant.ts'
import type { ReadCtx, Reader } from '../ops/db/database.ts'
import { type Case, withRows } from './case.ts'
import { clockOf } from './dates.ts'
import { waitsForPerson } from './show.ts'
import { statusOf } from './status.ts'
import { tables } from './tables.ts'
import { type Status, statuses } from './types.ts'

/** The home page's numbers. */
export interface RequestFigures {
  readonly byStatus: Readonly<Record<Status, number>>
  /** Not answered yet, by the clock: more than 5 days left, 5 or fewer, past the date. */
  readonly onTime: number
  readonly dueSoon: number
  readonly overdue: number
  readonly waitingForPerson: number
  readonly needsAttention: number
  /** The last twelve calendar months in UTC, oldest first: `2026-03`. */
  readonly months: readonly { readonly month: string; readonly received: number; readonly closed: number }[]
  /** From receipt to answer or refusal, in days, of the last twelve months; null before the first. */
  readonly medianDays: number | null
  readonly p95Days: number | null
}

const dueSoonDays = 5
const dayMs = 86_400_000
const done: readonly Status[] = ['ready', 'closed', 'refused', 'withdrawn']
const chunk = 500

/** Counts open requests and those of the last twelve months; reads a chunk at a time. */
export async function requestFigures({ reader }: Pick<ReadCtx, 'reader'>): Promise<RequestFigures> {
  const byStatus = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>
  const clocks = { onTime: 0, dueSoon: 0, overdue: 0 }
  let waitingForPerson = 0
  for await (const file of openCases(reader)) {
    const status = statusOf(file)
    byStatus[status]++
    if (done.includes(status)) continue
    if (waitsForPerson(file)) waitingForPerson++
    const { daysLeft, overdue } = clockOf(file.clock, reader.now)
    clocks[overdue ? 'overdue' : daysLeft <= dueSoonDays ? 'dueSoon' : 'onTime']++
  }
  const past = await pastYear(reader)
  for (const [how, count] of past.ended) byStatus[how] += count
  return {
    byStatus,
    ...clocks,
    waitingForPerson,
    needsAttention: byStatus.attention,
    months: past.months,
    medianDays: quantile(past.days, 0.5),
    p95Days: quantile(past.days, 0.95),
  }
}

async function* openCases(reader: Reader): AsyncGenerator<Case> {
  const { request, ending } = tables(reader)
  for (let after = ''; ; ) {
    const rows = await reader.q
      .select({ request })
      .from(request)
      .leftJoin(ending, eq(ending.requestId, request.id))
      .where(and(isNull(ending.requestId), gt(request.id, after)))
      .orderBy(asc(request.id))
      .limit(chunk)
    yield* await withRows(
      reader,
      rows.map((row) => row.request),
    )
    const last = rows.at(-1)
    if (!last || rows.length < chunk) return
    after = last.request.id
  }
}

async function pastYear(reader: Reader) {
  const { request, ending, answer } = tables(reader)
  const months = lastMonths(reader.now)
  const since = `${months[0] as string}-01T00:00:00.000Z` as Instant
  const count = new Map(months.map((month) => [month, { month, received: 0, closed: 0 }]))
  const received = await reader.q
    .select({ at: request.receivedAt })
    .from(request)
    .where(gt(request.receivedAt, since))
  for (const { at } of received) bump(count, at, 'received')
  const ended = await reader.q.select({ how: ending.how, n: rowCount() }).from(ending).groupBy(ending.how)
  const endings = await reader.q
    .select({ at: ending.at, how: ending.how, receivedAt: request.receivedAt })
    .from(ending)
    .innerJoin(request, eq(request.id, ending.requestId))
    .where(gt(ending.at, since))
  for (const { at } of endings) bump(count, at, 'closed')
  const answers = await reader.q
    .select({ at: answer.at, receivedAt: request.receivedAt })
    .from(answer)
    .innerJoin(request, eq(request.id, answer.requestId))
    .where(gt(answer.at, since))
  const answered = [...answers, ...endings.filter((row) => row.how === 'refused')]
  return {
    months: [...count.values()],
    days: answered.map((row) => (epochMs(row.at) - epochMs(row.receivedAt)) / dayMs).sort((a, b) => a - b),
    ended: ended.map(({ how, n }) => [how, Number(n)] as const),
  }
}

type Counts = { month: string; received: number; closed: number }
function bump(count: ReadonlyMap<string, Counts>, at: Instant, what: 'received' | 'closed'): void {
  const month = count.get(at.slice(0, 7))
  if (month) month[what]++
}

function lastMonths(now: Instant): string[] {
  const [year = 0, month = 1] = now.slice(0, 7).split('-').map(Number)
  return Array.from({ length: 12 }, (_, i) => {
    const index = year * 12 + (month - 1) - 11 + i
    return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
  })
}

/** Nearest rank, to a tenth of a day. */
function quantile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  return value === undefined ? null : Math.round(value * 10) / 10
}
