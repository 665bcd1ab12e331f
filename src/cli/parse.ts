import { parseLocalDate, startOfDay } from '../base/calendar.ts'
import { LetheError } from '../base/errors.ts'
import type { Identity } from '../base/identity.ts'
import { type Instant, type LocalDate, parseInstant, type TimeZone } from '../base/instant.ts'
import { nearest } from '../base/nearest.ts'

/** For an option that may be given several times. */
export const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
]

/** Reads `email=ann@example.org`; throws `invalid`, without repeating a value, for anything else. */
export function parseIdentity(text: string): Identity {
  const match = /^([a-z][a-z0-9_]{0,63})=(.+)$/s.exec(text.trim())
  if (!match)
    throw new LetheError('invalid', '--identity: this is not kind=value', {
      hint: 'Write --identity email=ann@example.org or --identity phone=+31612345678.',
    })
  const kind = match[1] === 'phone_number' ? 'phone' : (match[1] as string)
  return { kind, value: (match[2] as string).trim() }
}

/** A moment with offset, or a day: then its first moment in `zone`. Throws `invalid`. */
export function parseReceived(text: string, zone: TimeZone): Instant {
  try {
    return text.length === 10 ? startOfDay(parseLocalDate(text), zone) : parseInstant(text)
  } catch {
    throw new LetheError('invalid', `--received: "${text}" is neither a moment nor a day`, {
      hint: 'Write 2026-03-05T10:00:00+01:00 or 2026-03-05.',
    })
  }
}

export function parseDay(option: string, text: string): LocalDate {
  try {
    return parseLocalDate(text)
  } catch {
    throw new LetheError('invalid', `${option}: "${text}" is not a calendar day`, {
      hint: 'Write it as year-month-day, such as 2026-03-05.',
    })
  }
}

/** A whole number within bounds; throws `invalid` naming the option. */
export function parseWhole(
  option: string,
  text: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= bounds.min && value <= bounds.max) return value
  throw new LetheError(
    'invalid',
    `${option}: "${text}" is not a whole number from ${bounds.min} to ${bounds.max}`,
    {
      hint: `Write for example ${option} ${bounds.min}.`,
    },
  )
}

/** One of a closed list; throws `invalid` with the nearest. */
export function parseWord<const T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((word) => word === text)
  if (found !== undefined) return found
  const near = nearest(text, known)
  throw new LetheError('invalid', `${option}: "${text}" is not one of ${known.join(', ')}`, {
    hint: near ? `Did you mean ${near}?` : `Write one of ${known.join(', ')}.`,
  })
}
