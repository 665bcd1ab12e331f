import { LetheError } from './errors.ts'

declare const brand: unique symbol

/** A moment in UTC as ISO 8601 with milliseconds, `2026-03-05T09:00:00.000Z`; fixed width, so text order is time order. */
export type Instant = string & { readonly [brand]: 'Instant' }

/** A calendar day without zone, `2026-03-05`. */
export type LocalDate = string & { readonly [brand]: 'LocalDate' }

/** An IANA time zone that this runtime knows, such as `Europe/Amsterdam`. */
export type TimeZone = string & { readonly [brand]: 'TimeZone' }

export const instantOf = (at: Date | number): Instant => new Date(at).toISOString() as Instant

export const epochMs = (at: Instant): number => Date.parse(at)

export const plusMs = (at: Instant, ms: number): Instant => instantOf(epochMs(at) + ms)

/** Reads an ISO 8601 date-time that carries an offset; throws `invalid` for anything else, a date without zone included. */
export function parseInstant(text: string): Instant {
  if (
    !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text) ||
    Number.isNaN(Date.parse(text))
  )
    throw new LetheError('invalid', `"${text}" is not a moment in time`, {
      hint: 'Write ISO 8601 with an offset, such as 2026-03-05T10:00:00+01:00.',
    })
  return instantOf(Date.parse(text))
}

/** Throws `invalid` when the runtime does not know the zone. */
export function parseTimeZone(text: string): TimeZone {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return text as TimeZone
  } catch {
    throw new LetheError('invalid', `"${text}" is not a time zone`, {
      hint: 'Write an IANA name such as Europe/Amsterdam.',
    })
  }
}
