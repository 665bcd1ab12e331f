import type { Instant, LocalDate, TimeZone } from '../base/instant.ts'
import { type Language, localeOf } from './language.ts'

/** `7 April 2026`. */
export const day = (date: LocalDate, language: Language = 'en'): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  )

/** `Tue 7 Apr 2026`, for tables. */
export const shortDay = (date: LocalDate, language: Language = 'en'): string =>
  new Intl.DateTimeFormat(localeOf(language), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`))

/** `5 March 2026 at 10:00`, in the zone given. */
export const moment = (at: Instant, timeZone: TimeZone, language: Language = 'en'): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeStyle: 'short', timeZone }).format(
    new Date(at),
  )

/** `5 Mar 2026, 10:00`, for tables. */
export const shortMoment = (at: Instant, timeZone: TimeZone, language: Language = 'en'): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
    new Date(at),
  )

export const number = (value: number, language: Language = 'en'): string =>
  new Intl.NumberFormat(localeOf(language)).format(value)

/** `1.4 MB`: powers of 1000, as file managers show it. */
export function size(bytes: number, language: Language = 'en'): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return new Intl.NumberFormat(localeOf(language), {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power)
}

/** A letter on a page: what opens something for whoever holds it is for its mail alone. */
export const withoutTokens = (letter: string): string => letter.replaceAll(/(\/link\/)[\w-]{20,}/g, '$1…')
