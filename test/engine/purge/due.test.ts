import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, localDateAt, parseLocalDate, startOfDay } from '../../../src/base/calendar.ts'
import { type Duration, latestEndedStart, parseDuration, retentionEnd } from '../../../src/base/duration.ts'
import { epochMs, instantOf, type LocalDate, type TimeZone } from '../../../src/base/instant.ts'
import { dueTest } from '../../../src/engine/purge/due.ts'
import { type Form, type Spelling, spellingOf, startOf } from '../../../src/engine/purge/spelling.ts'

const zone = (name: string) => name as TimeZone
const day = (text: string) => parseLocalDate(text)
const amsterdam = zone('Europe/Amsterdam')
const naive = (in_: TimeZone): Spelling => ({ form: 'naive', separator: ' ', typed: false, zone: in_ })

/** The slow way, a record at a time: its day, its last day, and whether today is past it. */
const slow = (ms: number, keep: Duration, today: LocalDate, in_: TimeZone): boolean =>
  today >= retentionEnd(localDateAt(instantOf(ms), in_), keep).purgeOn

/** Text as a store compares it, and numbers as numbers. */
const before = (value: string, cutoff: string): boolean =>
  /^\d+(\.\d+)?$/.test(value) && !value.includes('-') ? Number(value) < Number(cutoff) : value < cutoff

const local = (ms: number, in_: TimeZone, separator: string): string => {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: in_, dateStyle: 'short', timeStyle: 'medium' })
  return parts.format(ms).replace(' ', separator)
}
const spell: Record<Form, (ms: number, in_: TimeZone) => string> = {
  utc: (ms) => new Date(ms).toISOString(),
  offset: (ms) => `${new Date(ms + 7_200_000).toISOString().slice(0, 19)}+02:00`,
  naive: (ms, in_) => local(ms, in_, ' '),
  date: (ms, in_) => local(ms, in_, ' ').slice(0, 10),
  seconds: (ms) => String(Math.floor(ms / 1000)),
  milliseconds: (ms) => String(ms),
  microseconds: (ms) => `${ms}000`,
}

const second = 1000
const from2000 = Date.UTC(2000, 0, 1)
const to2040 = Date.UTC(2040, 0, 1)
const seconds = fc.integer({ min: from2000 / second, max: to2040 / second }).map((s) => s * second)
const keeps = fc.oneof(
  fc
    .constantFrom('P3M', 'P1M', 'P6M', 'P1Y', 'P7Y', 'P18M', 'P2W', 'P90D', 'P1M1D', 'P0D')
    .map(parseDuration),
  fc.record({ months: fc.integer({ min: 0, max: 90 }), days: fc.integer({ min: 0, max: 60 }) }),
)
const zones = fc.constantFrom(
  ...[
    'Europe/Amsterdam',
    'UTC',
    'Europe/London',
    'America/New_York',
    'America/Sao_Paulo',
    'Asia/Kolkata',
    'Africa/Johannesburg',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Asia/Beirut',
  ].map(zone),
)
const forms = fc.constantFrom<Form>(
  'utc',
  'offset',
  'naive',
  'date',
  'seconds',
  'milliseconds',
  'microseconds',
)
/** Around the cut-off, where mistakes live, and anywhere. */
const near = fc.oneof(
  fc.integer({ min: -200_000, max: 200_000 }),
  fc.integer({ min: -4, max: 4 }),
  fc.integer({ min: -1e8, max: 1e8 }),
)

/** Where due ends, only to aim at it. */
const boundary = (lastStart: LocalDate, in_: TimeZone): number =>
  epochMs(startOfDay(addDays(lastStart, 1), in_))

describe('the cut-off that a store is asked with', () => {
  test('agrees with the date of every record, whatever the period, the zone, the day and the spelling', () => {
    fc.assert(
      fc.property(seconds, keeps, zones, forms, near, (now, keep, in_, form, offset) => {
        const today = localDateAt(instantOf(now), in_)
        const lastStart = latestEndedStart(keep, today)
        const spelling: Spelling = { form, separator: form === 'naive' ? ' ' : 'T', typed: false, zone: in_ }
        const due = dueTest({ lastStart, zone: in_ }, spelling)
        const start = Math.max(from2000, boundary(lastStart, in_) + offset * second)
        const text = spell[form](start, in_)
        const expected = slow(start, keep, today, in_)
        expect({ text, verdict: due.verdict(text) }).toEqual({ text, verdict: expected ? 'due' : 'later' })
        // Text order is not time order where offsets differ: the store may answer more there, never less.
        const asked = before(text, due.cutoff)
        expect({
          text,
          cutoff: due.cutoff,
          agrees: form === 'offset' ? asked || !expected : asked === expected,
        }).toEqual({
          text,
          cutoff: due.cutoff,
          agrees: true,
        })
      }),
      { numRuns: 5000 },
    )
  }, 60_000)

  test('agrees for local times of a store in another zone than the rule', () => {
    fc.assert(
      fc.property(seconds, keeps, zones, zones, near, (now, keep, in_, stores, offset) => {
        const today = localDateAt(instantOf(now), in_)
        const lastStart = latestEndedStart(keep, today)
        const due = dueTest({ lastStart, zone: in_ }, naive(stores))
        const start = Math.max(from2000, boundary(lastStart, in_) + offset * second)
        const text = local(start, stores, ' ')
        expect(before(text, due.cutoff)).toBe(due.verdict(text) === 'due')
        // A local time that came twice is read as the later one, so it may stay an hour longer; every other is exact.
        const twice = [1800, 3600, 5400, 7200].some((s) => local(start + s * second, stores, ' ') === text)
        const [isDue, expected] = [due.verdict(text) === 'due', slow(start, keep, today, in_)]
        expect({ text, agrees: twice ? expected || !isDue : isDue === expected }).toEqual({
          text,
          agrees: true,
        })
      }),
      { numRuns: 5000 },
    )
  }, 60_000)
})

const due = (today: string, keep: string, value: string, form: Form, in_ = amsterdam) =>
  dueTest(
    { lastStart: latestEndedStart(parseDuration(keep), day(today)), zone: in_ },
    {
      form,
      separator: 'T',
      typed: false,
      zone: in_,
    },
  ).verdict(value)

describe('a record kept for three months', () => {
  test.each([
    ['30 November: kept through 28 February', '2027-02-28', '2026-11-30T23:59:59+01:00', 'later'],
    ['30 November: gone from 1 March 00:00', '2027-03-01', '2026-11-30T23:59:59+01:00', 'due'],
    ['1 December: kept on 1 March', '2027-03-01', '2026-12-01T00:00:00+01:00', 'later'],
    ['31 January: kept through 30 April', '2027-04-30', '2027-01-31T12:00:00+01:00', 'later'],
    ['31 January: gone from 1 May', '2027-05-01', '2027-01-31T12:00:00+01:00', 'due'],
    [
      '29 November of a leap winter: kept through 29 February',
      '2028-02-29',
      '2027-11-29T12:00:00+01:00',
      'later',
    ],
    [
      '30 November of a leap winter: kept through 29 February too',
      '2028-02-29',
      '2027-11-30T12:00:00+01:00',
      'later',
    ],
    ['both of them: gone from 1 March', '2028-03-01', '2027-11-30T12:00:00+01:00', 'due'],
    ['29 February: kept through 29 May', '2028-05-29', '2028-02-29T12:00:00+01:00', 'later'],
    ['29 February: gone from 30 May', '2028-05-30', '2028-02-29T12:00:00+01:00', 'due'],
    [
      'the spring change, last second of the day: due with its day',
      '2027-06-29',
      '2027-03-28T23:59:59+02:00',
      'due',
    ],
    [
      'the spring change, first second of the next day: not yet',
      '2027-06-29',
      '2027-03-29T00:00:00+02:00',
      'later',
    ],
    [
      'the autumn change, last second of a day of 25 hours: due with its day',
      '2027-02-01',
      '2026-10-25T23:59:59+01:00',
      'due',
    ],
    [
      'the autumn change, second of the two half past two: due with its day',
      '2027-01-26',
      '2026-10-25T02:30:00+01:00',
      'due',
    ],
    ['the autumn change, next day: not yet', '2027-01-26', '2026-10-26T00:00:00+01:00', 'later'],
  ])('that began on %s', (_, today, value, verdict) => {
    expect(due(today, 'P3M', value, 'offset')).toBe(verdict)
  })
})

describe('a value that is no date', () => {
  test.each([
    '0000-00-00 00:00:00',
    '0000-00-00',
    '1970-01-01T00:00:00Z',
    '1969-12-31 19:00:00',
    '9999-12-31',
    '2026-02-30',
    '2026-13-01',
    '',
    'n/a',
    '20260101',
    '0',
    '-1',
    'infinity',
    '-infinity',
    '2026-01-01 25:00:00',
    '31/12/2020',
  ])('"%s" is never due', (value) => {
    expect(startOf(value)).toBeUndefined()
    for (const form of ['utc', 'naive', 'seconds'] as const)
      expect(due('2036-01-01', 'P3M', value, form)).toBe('none')
  })
  test.each([null, new Uint8Array([50, 48])])('%s is never due', (value) => {
    expect(startOf(value)).toBeUndefined()
  })
})

describe('the spelling of a column', () => {
  const sqlite = { kind: 'sqlite', zone: amsterdam } as const
  test.each([
    ['text', ['2026-01-05T10:00:00.000Z'], 'utc'],
    ['text', ['2026-01-05 10:00:00+00', '2026-01-05 10:00:00+00'], 'utc'],
    ['text', ['2026-01-05T10:00:00+01:00'], 'offset'],
    ['text', ['0000-00-00 00:00:00', '2026-01-05 10:00:00', '2026-01-06 10:00:00'], 'naive'],
    ['text', ['2026-01-05'], 'date'],
    ['integer', ['0', '1767607200'], 'seconds'],
    ['integer', ['1767607200000'], 'milliseconds'],
    ['decimal', ['1767607200.25'], 'seconds'],
  ] as const)('of kind %s with %j is %s', (kind, samples, form) => {
    expect(spellingOf({ kind }, sqlite, samples)?.form).toBe(form)
  })
  test('is unknown where no sample is a date', () => {
    expect(spellingOf({ kind: 'text' }, sqlite, ['yesterday', '31/12/2020'])).toBeUndefined()
  })
  test('of MariaDB TIMESTAMP is UTC, of DATETIME the zone of the store', () => {
    const store = { kind: 'mysql', zone: amsterdam } as const
    expect(spellingOf({ kind: 'instant', zoned: true }, store, ['2026-01-05 10:00:00'])?.zone).toBe('UTC')
    expect(spellingOf({ kind: 'instant', zoned: false }, store, ['2026-01-05 10:00:00'])?.zone).toBe(
      amsterdam,
    )
  })
})
