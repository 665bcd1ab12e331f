import { addDays, addMonths, daysBetween } from './calendar.ts'
import { LetheError } from './errors.ts'
import type { LocalDate } from './instant.ts'

/** A period in calendar units: years are held as 12 months, weeks as 7 days. Months are added before days. */
export interface Duration {
  readonly months: number
  readonly days: number
}

const units = { year: { months: 12 }, month: { months: 1 }, week: { days: 7 }, day: { days: 1 } } as const

/** Reads `P3M`, `P1Y6M`, `P2W`, `3 months`, `1 year 6 months`; throws `invalid` for anything else, hours included. */
export function parseDuration(text: string): Duration {
  const parts = isoParts(text.trim()) ?? spokenParts(text.trim())
  if (!parts)
    throw new LetheError('invalid', `"${text}" is not a duration`, {
      hint: 'Write P3M or 3 months; P35D or 35 days.',
    })
  const sum = { months: 0, days: 0 }
  for (const [count, unit] of parts) {
    const one: Partial<Duration> = units[unit]
    sum.months += count * (one.months ?? 0)
    sum.days += count * (one.days ?? 0)
  }
  if (sum.months > 12_000 || sum.days > 366_000)
    throw new LetheError('invalid', `"${text}" is longer than a thousand years`, {
      hint: 'Check the number.',
    })
  return sum
}

type Parts = readonly (readonly [number, keyof typeof units])[]

function isoParts(text: string): Parts | undefined {
  const match = /^P(?=\d)(?:(\d{1,7})Y)?(?:(\d{1,7})M)?(?:(\d{1,7})W)?(?:(\d{1,7})D)?$/.exec(text)
  return match
    ? (['year', 'month', 'week', 'day'] as const).map((unit, i) => [Number(match[i + 1] ?? 0), unit] as const)
    : undefined
}

function spokenParts(text: string): Parts | undefined {
  if (!/^(\d{1,7} (year|month|week|day)s?)(( and | |, )\d{1,7} (year|month|week|day)s?)*$/.test(text))
    return undefined
  return [...text.matchAll(/(\d+) (year|month|week|day)/g)].map(
    (m) => [Number(m[1]), m[2] as keyof typeof units] as const,
  )
}

/** ISO 8601: `P3M`, `P1Y6M`, `P35D`; nothing is `P0D`. */
export function durationText({ months, days }: Duration): string {
  const years = Math.floor(months / 12)
  const text = `${years ? `${years}Y` : ''}${months % 12 ? `${months % 12}M` : ''}${days ? `${days}D` : ''}`
  return `P${text || '0D'}`
}

/** In a person's words: `3 months`, `3 maanden`, `1 år og 6 måneder`. */
export function durationWords({ months, days }: Duration, language: string): string {
  const part = (count: number, unit: 'year' | 'month' | 'day'): string[] =>
    count === 0
      ? []
      : [new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count)]
  const parts = [
    ...part(Math.floor(months / 12), 'year'),
    ...part(months % 12, 'month'),
    ...part(days, 'day'),
  ]
  if (parts.length === 0)
    return new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(0)
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(parts)
}

/** Calendar months with clamping, then days. 30 November + P3M = 28 February; never rolled over, weekends or not. */
export const addDuration = (date: LocalDate, { months, days }: Duration): LocalDate =>
  addDays(addMonths(date, months), days)

/**
 * The end of a storage period that began on `start` (Art. 5(1)(e)): the last day the data may be there, and the day
 * from whose 00:00 local on they must be gone. Never rolled to a working day.
 */
export function retentionEnd(start: LocalDate, keep: Duration): { lastDay: LocalDate; purgeOn: LocalDate } {
  const lastDay = addDuration(start, keep)
  return { lastDay, purgeOn: addDays(lastDay, 1) }
}

/**
 * The latest start whose period has run out on `today`: everything that started on or before it is due for purge.
 * Exact against `retentionEnd` for every day, month ends included, so that a store can be asked by one comparison.
 */
export function latestEndedStart(keep: Duration, today: LocalDate): LocalDate {
  const ended = (start: LocalDate): boolean => retentionEnd(start, keep).purgeOn <= today
  let start = addDays(addMonths(addDays(today, -keep.days - 1), -keep.months), 4)
  // Month ends put the answer at most a few days from the guess; the end is monotone in the start.
  while (!ended(start)) start = addDays(start, -1)
  return start
}

/** Longer or shorter, measured from a fixed day: for "not less than the statutory minimum", not for dates. */
export const compareDurations = (a: Duration, b: Duration): number => {
  const origin = '2001-01-01' as LocalDate
  return daysBetween(addDuration(origin, b), addDuration(origin, a))
}
