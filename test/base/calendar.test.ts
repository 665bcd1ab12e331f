import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  daysBetween,
  easterSunday,
  endOfDay,
  localDateAt,
  localDateOf,
  parseLocalDate,
  startOfDay,
  weekdayOf,
} from '../../src/base/calendar.ts'
import {
  addDuration,
  compareDurations,
  durationText,
  durationWords,
  latestEndedStart,
  parseDuration,
  retentionEnd,
} from '../../src/base/duration.ts'
import { type Instant, type LocalDate, parseTimeZone } from '../../src/base/instant.ts'

const d = (text: string) => parseLocalDate(text)
const amsterdam = parseTimeZone('Europe/Amsterdam')
const day = fc.integer({ min: 0, max: 60_000 }).map((n) => addDays(d('1950-01-01'), n))

test('a month is the same day of the next month, or its last day', () => {
  expect(addMonths(d('2027-01-31'), 1)).toBe('2027-02-28')
  expect(addMonths(d('2028-01-31'), 1)).toBe('2028-02-29')
  expect(addMonths(d('2027-02-28'), 1)).toBe('2027-03-28')
  expect(addMonths(d('2026-08-31'), 1)).toBe('2026-09-30')
  expect(addMonths(d('2028-02-29'), 12)).toBe('2029-02-28')
  expect(addMonths(d('2026-03-31'), -1)).toBe('2026-02-28')
})

test('a day that does not exist is refused', () => {
  for (const text of [
    '2026-02-30',
    '2027-02-29',
    '2026-13-01',
    '2026-3-5',
    '2026-03-05T00:00',
    '',
    '0000-01-01',
  ])
    expect(() => parseLocalDate(text)).toThrow('is not a calendar day')
})

test('adding months never leaves the month meant and never goes past the same day', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 600 }), (date, months) => {
      const there = addMonths(date, months)
      const index = (x: LocalDate) => Number(x.slice(0, 4)) * 12 + Number(x.slice(5, 7))
      expect(index(there) - index(date)).toBe(months)
      expect(there.slice(8) <= date.slice(8)).toBe(true)
    }),
  )
})

test('Easter falls where the tables say', () => {
  expect([2024, 2025, 2026, 2027, 2028, 2038, 2049, 2076].map(easterSunday)).toEqual([
    '2024-03-31',
    '2025-04-20',
    '2026-04-05',
    '2027-03-28',
    '2028-04-16',
    '2038-04-25',
    '2049-04-18',
    '2076-04-19',
  ])
})

test('Easter is a Sunday between 22 March and 25 April in every year', () => {
  for (let year = 1583; year <= 4000; year++) {
    const easter = easterSunday(year)
    expect(weekdayOf(easter)).toBe(7)
    expect(easter >= localDateOf(year, 3, 22) && easter <= localDateOf(year, 4, 25)).toBe(true)
  }
})

test('the local day of a moment is that of the zone', () => {
  expect(localDateAt('2026-03-05T22:59:59.999Z' as Instant, amsterdam)).toBe('2026-03-05')
  expect(localDateAt('2026-03-05T23:00:00.000Z' as Instant, amsterdam)).toBe('2026-03-06')
  expect(localDateAt('2026-07-05T21:59:59.999Z' as Instant, amsterdam)).toBe('2026-07-05')
  expect(localDateAt('2026-07-05T22:00:00.000Z' as Instant, amsterdam)).toBe('2026-07-06')
})

test('both clock changes make a day of 23 and of 25 hours', () => {
  const hours = (date: string) =>
    (Date.parse(endOfDay(d(date), amsterdam)) - Date.parse(startOfDay(d(date), amsterdam))) / 3_600_000
  expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-06-01')]).toEqual([23, 25, 24])
})

test('a day whose midnight a clock change skips starts at its first minute', () => {
  // Beirut 2025-03-30: 00:00 becomes 01:00.
  const beirut = parseTimeZone('Asia/Beirut')
  expect(startOfDay(d('2025-03-30'), beirut)).toBe('2025-03-29T22:00:00.000Z')
  expect(localDateAt('2025-03-29T22:00:00.000Z' as Instant, beirut)).toBe('2025-03-30')
  expect(localDateAt('2025-03-29T21:59:59.999Z' as Instant, beirut)).toBe('2025-03-29')
})

test('durations are read as ISO and as words', () => {
  expect(
    ['P3M', '3 months', '1 month', 'P1Y6M', '1 year and 6 months', 'P2W', '35 days', 'P0D'].map((t) =>
      durationText(parseDuration(t)),
    ),
  ).toEqual(['P3M', 'P3M', 'P1M', 'P1Y6M', 'P1Y6M', 'P14D', 'P35D', 'P0D'])
})

test('what is no duration is refused with what to write', () => {
  for (const text of [
    '3 month ago',
    'P',
    'PT5H',
    'P3',
    '-P3M',
    'three months',
    '',
    'P1.5M',
    '3',
    'P3M2Y',
    '99999 years',
  ])
    expect(() => parseDuration(text)).toThrow(/is not a duration|longer than/)
})

test('a written duration reads back the same', () => {
  fc.assert(
    fc.property(fc.nat(12_000), fc.nat(5_000), (months, days) => {
      expect(parseDuration(durationText({ months, days }))).toEqual({ months, days })
    }),
  )
})

test('durations are said in each language', () => {
  expect(durationWords(parseDuration('P3M'), 'en')).toBe('3 months')
  expect(durationWords(parseDuration('P3M'), 'nl')).toBe('3 maanden')
  expect(durationWords(parseDuration('P1Y6M'), 'da')).toBe('1 år og 6 måneder')
  expect(durationWords(parseDuration('P0D'), 'en')).toBe('0 days')
})

test('a storage period is clamped and never rolled: 30 November + 3 months ends on Sunday 28 February', () => {
  expect(retentionEnd(d('2026-11-30'), parseDuration('P3M'))).toEqual({
    lastDay: '2027-02-28',
    purgeOn: '2027-03-01',
  })
  expect(startOfDay(d('2027-03-01'), amsterdam)).toBe('2027-02-28T23:00:00.000Z')
})

test('the latest ended start is due and the day after it is not', () => {
  fc.assert(
    fc.property(day, fc.nat(240), fc.nat(400), (today, months, days) => {
      const keep = { months, days }
      const start = latestEndedStart(keep, today)
      expect(retentionEnd(start, keep).purgeOn <= today).toBe(true)
      expect(retentionEnd(addDays(start, 1), keep).purgeOn > today).toBe(true)
    }),
  )
})

test('adding a duration is monotone in the start', () => {
  fc.assert(
    fc.property(day, fc.nat(400), fc.nat(40), fc.nat(40), (date, months, days, later) => {
      const keep = { months, days }
      expect(addDuration(date, keep) <= addDuration(addDays(date, later), keep)).toBe(true)
    }),
  )
})

test('durations compare by length', () => {
  expect(compareDurations(parseDuration('P7Y'), parseDuration('P84M'))).toBe(0)
  expect(compareDurations(parseDuration('P1M'), parseDuration('P27D'))).toBeGreaterThan(0)
  expect(daysBetween(d('2026-03-05'), d('2026-03-01'))).toBe(-4)
})
