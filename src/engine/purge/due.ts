import { Temporal } from 'temporal-polyfill'
import { addDays, startOfDay } from '../../base/calendar.ts'
import { epochMs, type LocalDate, type TimeZone } from '../../base/instant.ts'
import { type Spelling, startOf } from './spelling.ts'

/** `none`: the value is no date, so the row is never purged and is reported. */
export type Verdict = 'due' | 'later' | 'none'

export interface DueTest {
  /**
   * For the store: everything due is before it, in the column's own spelling. Where the column writes offsets as text it is
   * wider than the truth, because text order is not time order there.
   */
  readonly cutoff: string
  /** The same for "any date at all": what is not before it, or is none, can never be due. */
  readonly far: string
  /** The last word on one value, exact to the millisecond. */
  verdict(value: unknown): Verdict
}

/**
 * What began on or before the day `lastStart`, as it was in `zone`, is due. Computed once; a store is asked with one
 * comparison and each row it answers is judged by comparing text, with the calendar only within days of the cut-off.
 */
export function dueTest(
  ended: { readonly lastStart: LocalDate; readonly zone: TimeZone },
  spelling: Spelling,
): DueTest {
  const firstKept = addDays(ended.lastStart, 1)
  const cutoffMs = epochMs(startOfDay(firstKept, ended.zone))
  const sureDay = addDays(ended.lastStart, -2)
  const keptDay = addDays(ended.lastStart, 3)
  const localMs = (text: string): number =>
    Temporal.PlainDateTime.from(text).toZonedDateTime(spelling.zone, { disambiguation: 'later' })
      .epochMilliseconds
  return {
    cutoff: cutoffText(spelling, firstKept, cutoffMs, ended.zone),
    far: farText(spelling),
    verdict(value) {
      const start = startOf(value)
      if (start === undefined) return 'none'
      if (start.is === 'moment') return start.ms < cutoffMs ? 'due' : 'later'
      if (start.is === 'day' || spelling.zone === ended.zone) return start.day < firstKept ? 'due' : 'later'
      if (start.day < sureDay) return 'due'
      if (start.day > keptDay) return 'later'
      // A local time that came twice is read as the later one: kept an hour longer, never gone an hour early.
      return localMs(start.text) < cutoffMs ? 'due' : 'later'
    },
  }
}

function cutoffText(spelling: Spelling, firstKept: LocalDate, cutoffMs: number, zone: TimeZone): string {
  switch (spelling.form) {
    case 'seconds':
      return String(cutoffMs / 1000)
    case 'milliseconds':
      return String(cutoffMs)
    case 'microseconds':
      return `${cutoffMs}000`
    case 'date':
      return firstKept
    case 'utc':
    case 'offset':
      if (spelling.typed) return new Date(cutoffMs).toISOString()
      return spelling.form === 'offset'
        ? addDays(firstKept, 2)
        : shortened(isoText(cutoffMs, spelling), spelling)
    case 'naive':
      if (spelling.zone === zone) return spelling.typed ? `${firstKept} 00:00:00` : firstKept
      return shortened(localCutoff(cutoffMs, spelling), spelling)
  }
}

function farText({ form, typed }: Spelling): string {
  switch (form) {
    case 'seconds':
      return '100000000000'
    case 'milliseconds':
      return '100000000000000'
    case 'microseconds':
      return '100000000000000000'
    case 'utc':
    case 'offset':
      return typed ? '9999-01-01T00:00:00Z' : '9999-01-01'
    case 'naive':
    case 'date':
      return '9999-01-01'
  }
}

const isoText = (ms: number, { separator }: Spelling): string =>
  new Date(ms).toISOString().slice(0, 19).replace('T', separator)

/**
 * As text, `12:00Z` and `12:00:00.5Z` both sort after `12:00`: the shortest spelling of a full minute comes before every
 * other spelling of it.
 */
const shortened = (text: string, { typed }: Spelling): string => (typed ? text : text.replace(/:00$/, ''))

/** The local time of the cut-off; inside an hour that comes twice, the beginning of that hour, whose rows may be the later ones. */
function localCutoff(cutoffMs: number, { zone, separator, typed }: Spelling): string {
  const at = Temporal.Instant.fromEpochMilliseconds(cutoffMs).toZonedDateTimeISO(zone)
  const next = at.getTimeZoneTransition('next')?.toPlainDateTime()
  const local = at.toPlainDateTime()
  const first = next && Temporal.PlainDateTime.compare(next, local) <= 0 ? next : local
  return first.toString({ smallestUnit: 'second' }).replace('T', typed ? ' ' : separator)
}
