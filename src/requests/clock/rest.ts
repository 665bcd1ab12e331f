import { addDays, type Weekday, weekdayOf, yearOf } from '../../base/calendar.ts'
import type { LocalDate } from '../../base/instant.ts'
import { type Calendar, holidaysOf } from './holidays.ts'

export const weekdayNames = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
export type WeekdayName = (typeof weekdayNames)[number]

/** Which days are no working days, in words; a day outside the known years is one only by its weekday. */
export interface RestDays {
  /** `Saturday`, `Koningsdag`; undefined on a working day. */
  why(date: LocalDate): string | undefined
  /** Does the calendar know the holidays of that day's year? */
  known(date: LocalDate): boolean
  /** The first working day on or after it. */
  next(date: LocalDate): LocalDate
  /** So many working days before it. */
  before(date: LocalDate, workingDays: number): LocalDate
}

export function restDaysOf(days: readonly WeekdayName[], calendar: Calendar): RestDays {
  const years = new Map<number, ReadonlyMap<LocalDate, string> | undefined>()
  const holidays = (date: LocalDate): ReadonlyMap<LocalDate, string> | undefined => {
    const year = yearOf(date)
    if (!years.has(year)) years.set(year, holidaysOf(calendar, year))
    return years.get(year)
  }
  const why = (date: LocalDate): string | undefined => {
    const name = nameOf(weekdayOf(date))
    return holidays(date)?.get(date) ?? (days.includes(name) ? capital(name) : undefined)
  }
  return {
    why,
    known: (date) => holidays(date) !== undefined,
    next(date) {
      let day = date
      while (why(day) !== undefined) day = addDays(day, 1)
      return day
    },
    before(date, workingDays) {
      let day = date
      for (let left = workingDays; left > 0; ) {
        day = addDays(day, -1)
        if (why(day) === undefined) left--
      }
      return day
    },
  }
}

const nameOf = (weekday: Weekday): WeekdayName => weekdayNames[weekday - 1] as WeekdayName
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
