import { Temporal } from 'temporal-polyfill'
import { LetheError } from './errors.ts'
import { epochMs, type Instant, instantOf, type LocalDate, type TimeZone } from './instant.ts'

/** Monday is 1, Sunday is 7 (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** Reads a calendar day, `2026-03-05`; throws `invalid` for anything else, a day that does not exist included. */
export function parseLocalDate(text: string): LocalDate {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000'))
    try {
      return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() as LocalDate
    } catch {
      // Falls through: 2026-02-30 is no day.
    }
  throw new LetheError('invalid', `"${text}" is not a calendar day`, {
    hint: 'Write it as year-month-day, such as 2026-03-05.',
  })
}

export const localDateOf = (year: number, month: number, day: number): LocalDate =>
  fromPlain(new Temporal.PlainDate(year, month, day))

export const yearOf = (date: LocalDate): number => Number(date.slice(0, 4))

export const weekdayOf = (date: LocalDate): Weekday => plain(date).dayOfWeek as Weekday

export const addDays = (date: LocalDate, days: number): LocalDate => fromPlain(plain(date).add({ days }))

/** Same day of the month, or that month's last day where there is none: 31 January + 1 = 28 or 29 February. Never rolls over. */
export const addMonths = (date: LocalDate, months: number): LocalDate =>
  fromPlain(plain(date).add({ months }, { overflow: 'constrain' }))

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number =>
  plain(from).until(plain(to), { largestUnit: 'days' }).days

/** Text order is date order for four-digit years. */
export const laterOf = (first: LocalDate, ...rest: readonly LocalDate[]): LocalDate =>
  rest.reduce((latest, date) => (date > latest ? date : latest), first)

/** The day it is in `zone` at that moment. */
export const localDateAt = (at: Instant, zone: TimeZone): LocalDate =>
  fromPlain(Temporal.Instant.fromEpochMilliseconds(epochMs(at)).toZonedDateTimeISO(zone).toPlainDate())

/** The first moment of the day in `zone`: 00:00, or where a clock change skips it, the first minute there is. */
export const startOfDay = (date: LocalDate, zone: TimeZone): Instant =>
  instantOf(plain(date).toZonedDateTime(zone).epochMilliseconds)

/** 24:00 of the day in `zone`: the first moment that is past it. What is due on the day is overdue from here on. */
export const endOfDay = (date: LocalDate, zone: TimeZone): Instant => startOfDay(addDays(date, 1), zone)

/** Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher). */
export function easterSunday(year: number): LocalDate {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return localDateOf(year, Math.floor(n / 31), (n % 31) + 1)
}

const plain = (date: LocalDate): Temporal.PlainDate => Temporal.PlainDate.from(date)

function fromPlain(date: Temporal.PlainDate): LocalDate {
  const text = date.toString()
  // Beyond it the text has a sign and six digits, and text order is no longer date order.
  if (!/^\d{4}-/.test(text))
    throw new LetheError('invalid', `${text} lies outside the years 0 to 9999`, {
      hint: 'Use a shorter period.',
    })
  return text as LocalDate
}
