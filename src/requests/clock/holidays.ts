import {
  addDays,
  easterSunday,
  localDateOf,
  parseLocalDate,
  type Weekday,
  weekdayOf,
  yearOf,
} from '../../base/calendar.ts'
import { LetheError } from '../../base/errors.ts'
import type { LocalDate } from '../../base/instant.ts'

/** What a statute says a holiday is: the same day each year, so many days from Easter, the nth weekday of a month, one date. */
export type HolidayRule =
  | { readonly kind: 'fixed'; readonly month: number; readonly day: number }
  | { readonly kind: 'easter'; readonly offset: number }
  | { readonly kind: 'nth'; readonly nth: number; readonly weekday: Weekday; readonly month: number } // nth −1: the last
  | { readonly kind: 'once'; readonly date: LocalDate }

/**
 * What the statute does when it falls on a day of rest. `weekend-to-weekday`: the next weekday that is no holiday stands
 * in for it; `sunday-to-saturday`: the day before does; `sunday-also-monday`: it stays, and the Monday is one too.
 */
export const moves = ['weekend-to-weekday', 'sunday-to-saturday', 'sunday-also-monday'] as const
export type Move = (typeof moves)[number]

export interface Holiday {
  readonly name: string
  readonly rule: HolidayRule
  readonly moved?: Move | undefined
  readonly from?: number | undefined
  readonly until?: number | undefined
  readonly except?: readonly number[] | undefined
}

/** Holidays of one place; for a year outside `years` nothing is known and nothing is guessed. */
export interface Calendar {
  readonly years: readonly [number, number]
  readonly days: readonly Holiday[]
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const months = 'january february march april may june july august september october november december'.split(
  ' ',
)
const nths: Readonly<Record<string, number>> = { first: 1, second: 2, third: 3, fourth: 4, last: -1 }

/** Reads `05-05`, `easter+39`, `last monday of may`, `2026-06-15`; throws `invalid` for anything else. */
export function parseHolidayRule(text: string): HolidayRule {
  const rule = text.trim().toLowerCase()
  const easter = /^easter([+-]\d{1,2})?$/.exec(rule)
  if (easter) return { kind: 'easter', offset: Number(easter[1] ?? 0) }
  if (/^\d{4}-/.test(rule)) return { kind: 'once', date: parseLocalDate(rule) }
  const fixed = /^(\d{2})-(\d{2})$/.exec(rule)
  if (fixed) {
    parseLocalDate(`2001-${rule}`) // 02-29 is no yearly day
    return { kind: 'fixed', month: Number(fixed[1]), day: Number(fixed[2]) }
  }
  const [, nth = '', day = '', month = ''] = /^(\w+) (\w+) of (\w+)$/.exec(rule) ?? []
  const [n, weekday, m] = [nths[nth], weekdays.indexOf(day) + 1, months.indexOf(month) + 1]
  if (n !== undefined && weekday > 0 && m > 0)
    return { kind: 'nth', nth: n, weekday: weekday as Weekday, month: m }
  throw new LetheError('invalid', `"${text}" is not a holiday rule`, {
    hint: 'Write 05-05, easter+39, last monday of may or 2026-06-15.',
  })
}

/** The holidays of a year with their names, or undefined where the calendar does not know the year. */
export function holidaysOf(calendar: Calendar, year: number): ReadonlyMap<LocalDate, string> | undefined {
  if (year < calendar.years[0] || year > calendar.years[1]) return undefined
  const found = new Map<LocalDate, string>()
  const displaced: { date: LocalDate; name: string }[] = []
  for (const holiday of calendar.days) {
    const date = dateIn(holiday, year)
    if (date === undefined) continue
    if (holiday.moved === 'weekend-to-weekday' && weekdayOf(date) >= 6)
      displaced.push({ date, name: holiday.name })
    else for (const day of placed(date, holiday.moved)) found.set(day, found.get(day) ?? holiday.name)
  }
  // After all others stand: two displaced days in a row must not land on the same weekday, nor on another holiday.
  for (const { date, name } of displaced.sort((a, b) => (a.date < b.date ? -1 : 1))) {
    let day = date
    while (weekdayOf(day) >= 6 || found.has(day)) day = addDays(day, 1)
    found.set(day, `${name} (substitute day)`)
  }
  return found
}

function dateIn({ rule, from, until, except }: Holiday, year: number): LocalDate | undefined {
  if ((from !== undefined && year < from) || (until !== undefined && year > until) || except?.includes(year))
    return undefined
  switch (rule.kind) {
    case 'fixed':
      return localDateOf(year, rule.month, rule.day)
    case 'easter':
      return addDays(easterSunday(year), rule.offset)
    case 'once':
      return yearOf(rule.date) === year ? rule.date : undefined
    case 'nth':
      return nthWeekday(year, rule)
  }
}

function nthWeekday(year: number, rule: HolidayRule & { kind: 'nth' }): LocalDate {
  if (rule.nth > 0) {
    const first = localDateOf(year, rule.month, 1)
    return addDays(first, ((rule.weekday - weekdayOf(first) + 7) % 7) + 7 * (rule.nth - 1))
  }
  const last = addDays(
    rule.month === 12 ? localDateOf(year + 1, 1, 1) : localDateOf(year, rule.month + 1, 1),
    -1,
  )
  return addDays(last, -((weekdayOf(last) - rule.weekday + 7) % 7))
}

function placed(date: LocalDate, moved: Move | undefined): LocalDate[] {
  if (weekdayOf(date) !== 7) return [date]
  if (moved === 'sunday-to-saturday') return [addDays(date, -1)]
  if (moved === 'sunday-also-monday') return [date, addDays(date, 1)]
  return [date]
}
