import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { addDays, addMonths, daysBetween, parseLocalDate } from '../../../src/base/calendar.ts'
import { type Instant, instantOf, type LocalDate, plusMs } from '../../../src/base/instant.ts'
import { type Right, rights } from '../../../src/base/right.ts'
import { parseSpan } from '../../../src/cli/deadline.ts'
import { computeDeadline, isOverdue } from '../../../src/requests/clock/deadline.ts'
import { holidaysOf } from '../../../src/requests/clock/holidays.ts'
import { deadlineFromJson } from '../../../src/requests/clock/input.ts'
import { loadRulePacks } from '../../../src/requests/clock/load.ts'
import type { DeadlineInput } from '../../../src/requests/clock/types.ts'

const packs = loadRulePacks('policies/regimes')
const d = parseLocalDate
const compute = (regime: string, input: Partial<DeadlineInput> & { received: LocalDate | Instant }) =>
  computeDeadline(packs.regime(regime), { right: 'access', ...input })
const due = (regime: string, received: string, more: Partial<DeadlineInput> = {}) =>
  compute(regime, { received: d(received), ...more }).dueDate

test('GB is England and Wales', () => {
  expect(compute('GB', { received: d('2026-03-06') })).toEqual(
    compute('GB-EAW', { received: d('2026-03-06') }),
  )
  expect(packs.regimes).toEqual(['DK', 'GB-EAW', 'GB-NIR', 'GB-SCT', 'NL', 'ZA'])
})

test('Easter Monday counts in Scotland only', () => {
  expect(['GB-EAW', 'GB-SCT', 'GB-NIR'].map((nation) => due(nation, '2026-03-06'))).toEqual([
    '2026-04-07',
    '2026-04-06',
    '2026-04-07',
  ])
})

test('12 July moves to Monday in Northern Ireland only', () => {
  expect(['GB-EAW', 'GB-NIR'].map((nation) => due(nation, '2026-06-12'))).toEqual([
    '2026-07-13',
    '2026-07-14',
  ])
})

test('the Danish prayer day moved a deadline in 2023 and no longer does in 2024', () => {
  expect(due('DK', '2023-04-05')).toBe('2023-05-08') // Friday 5 May 2023, then the weekend
  expect(due('DK', '2024-03-26')).toBe('2024-04-26') // Friday 26 April 2024 is an ordinary day
})

test('a month from 31 January is the last of February, in a leap year the 29th', () => {
  expect(due('NL', '2028-01-31')).toBe('2028-02-29')
  expect(due('NL', '2028-01-29')).toBe('2028-02-29')
  expect(due('NL', '2027-01-29')).toBe('2027-03-01') // 28 February 2027 is a Sunday
})

test('a request is overdue at 24:00 local of its due date and not a moment before, at both clock changes', () => {
  // Summer time begins on 29 March and ends on 25 October 2026.
  for (const [received, last] of [
    ['2026-02-27T10:00:00Z', '2026-03-27T23:00:00.000Z'],
    ['2026-03-05T10:00:00Z', '2026-04-07T22:00:00.000Z'],
    ['2026-09-26T10:00:00Z', '2026-10-26T23:00:00.000Z'],
  ] as const) {
    const deadline = compute('NL', { received: received as Instant })
    expect(deadline.dueAt).toBe(last)
    expect(isOverdue(deadline, plusMs(deadline.dueAt, -1))).toBe(false)
    expect(isOverdue(deadline, deadline.dueAt)).toBe(true)
  }
})

test('the last moment of a day and the first of the next are two days of receipt', () => {
  const received = (at: string) => compute('NL', { received: at as Instant }).steps[0]?.date
  expect(received('2026-03-05T22:59:59.999Z')).toBe('2026-03-05')
  expect(received('2026-03-05T23:00:00.000Z')).toBe('2026-03-06')
})

test("the controller's own time zone decides the day of receipt", () => {
  const at = '2026-03-05T23:30:00.000Z' as Instant
  expect(compute('GB', { received: at }).steps[0]?.date).toBe('2026-03-05')
  expect(compute('GB', { received: at, timeZone: packs.regime('NL').timezone }).steps[0]?.date).toBe(
    '2026-03-06',
  )
})

describe('extension', () => {
  test('three months run from the start, not from a rolled date', () => {
    expect(due('NL', '2026-03-05', { extended: true })).toBe('2026-06-05')
  })
  test('a notice on the last day extends, one on the day after is refused', () => {
    const input = { received: d('2026-11-30'), extended: { on: d('2026-12-30') } }
    expect(compute('NL', input).dueDate).toBe('2027-03-01')
    expect(() => compute('NL', { ...input, extended: { on: d('2026-12-31') } })).toThrow(
      '2026-12-31 is too late',
    )
  })
  test('paused days do not count towards the notice in the UK', () => {
    const clarification = [{ asked: d('2026-02-20'), answered: d('2026-02-27') }]
    expect(compute('GB', { received: d('2026-02-10'), clarification }).extensionNoticeBy).toBe('2026-03-18')
  })
  test('South Africa extends access by 30 days and a deletion not at all', () => {
    expect(due('ZA', '2026-03-02', { extended: true })).toBe('2026-05-02') // 1 May is Workers’ Day
    expect(compute('ZA', { received: d('2026-03-02'), right: 'erasure' }).extensionNoticeBy).toBe(null)
    expect(() => due('ZA', '2026-03-02', { right: 'erasure', extended: true })).toThrow('knows no extension')
  })
})

describe('questions to the person', () => {
  const identity = { asked: d('2026-03-02'), answered: d('2026-03-12') }
  test('proof of identity starts the period in the UK and in South Africa, not in the EU', () => {
    const input = { received: d('2026-03-02'), identity }
    expect(compute('GB', input).dueDate).toBe('2026-04-13')
    expect(compute('ZA', input).dueDate).toBe('2026-04-11')
    expect(compute('NL', input).dueDate).toBe('2026-04-02')
    expect(compute('NL', { ...input, euSuspension: 'edpb' }).dueDate).toBe('2026-04-13')
  })
  test('the EU suspension is no choice elsewhere', () => {
    const clarification = [{ asked: d('2026-03-03'), answered: d('2026-03-12') }]
    expect(due('ZA', '2026-03-02', { clarification, euSuspension: 'edpb' })).toBe('2026-04-01')
    expect(due('GB', '2026-03-02', { right: 'erasure', clarification, euSuspension: 'edpb' })).toBe(
      '2026-04-02',
    )
  })
  test('before article 12A the UK month ran from receipt', () => {
    expect(due('GB', '2026-02-04', { identity: { asked: d('2026-02-04'), answered: d('2026-02-20') } })).toBe(
      '2026-03-04',
    )
    expect(due('GB', '2026-02-05', { identity: { asked: d('2026-02-05'), answered: d('2026-02-20') } })).toBe(
      '2026-03-20',
    )
  })
  test('overlapping pauses count each day once', () => {
    const clarification = [
      { asked: d('2026-02-20'), answered: d('2026-02-25') },
      { asked: d('2026-02-23'), answered: d('2026-02-27') },
    ]
    expect(due('GB', '2026-02-10', { clarification })).toBe('2026-03-18')
  })
  test('a pause asked and answered on one day is one day, by the shorter reading none', () => {
    const clarification = [{ asked: d('2026-02-20'), answered: d('2026-02-20') }]
    expect(due('GB', '2026-02-10', { clarification })).toBe('2026-03-11')
    expect(due('GB', '2026-02-10', { clarification, ukPauseCounting: 'conservative' })).toBe('2026-03-10')
  })
  test('a pause that begins after the last day changes nothing', () => {
    expect(
      due('GB', '2026-02-10', { clarification: [{ asked: d('2026-03-11'), answered: d('2026-03-20') }] }),
    ).toBe('2026-03-10')
  })
  test('an open question moves no date, and is named where the period waits for it', () => {
    const open = { asked: d('2026-02-20') }
    const uk = compute('GB', { received: d('2026-02-10'), identity: open, clarification: [open] })
    expect([uk.dueDate, uk.waitingFor]).toEqual(['2026-03-10', ['identity', 'clarification']])
    const nl = compute('NL', { received: d('2026-02-10'), identity: open, clarification: [open] })
    expect([nl.dueDate, nl.waitingFor]).toEqual(['2026-03-10', []])
    expect(
      compute('GB', { received: d('2026-02-10'), right: 'erasure', clarification: [open] }).waitingFor,
    ).toEqual([])
  })
  test('an answer before its question is refused', () => {
    expect(() =>
      due('NL', '2026-02-10', { identity: { asked: d('2026-02-12'), answered: d('2026-02-11') } }),
    ).toThrow('the answer of 2026-02-11 is before its question')
  })
})

test('a year whose holidays are not known is said, and its weekends still move the date', () => {
  const deadline = compute('GB', { received: d('2028-12-06') }) // 6 January 2029 is a Saturday
  expect(deadline).toMatchObject({ dueDate: '2029-01-08', calendarKnown: false })
  expect(deadline.steps.map((step) => step.rule)).toContain('calendar-unknown')
  expect(compute('GB', { received: d('2028-11-24') })).toMatchObject({
    dueDate: '2028-12-27',
    calendarKnown: true,
  })
  // Christmas of an unknown year is not guessed: the earlier date stands.
  expect(compute('GB', { received: d('2030-11-25') }).dueDate).toBe('2030-12-25')
})

test('a complaint is acknowledged within 30 days from 19 June 2026 on, in the UK only', () => {
  const complaint = (regime: string, received: string) =>
    deadlineFromJson({ regime, received, right: 'complaint' }, packs)
  expect(complaint('GB-SCT', '2026-06-19').dueDate).toBe('2026-07-20') // 19 July is a Sunday
  expect(() => complaint('GB', '2026-06-18')).toThrow('sets no period')
  expect(() => complaint('NL', '2026-07-02')).toThrow('sets no period')
})

test('every version of every pack has a period for every right, and names its source', () => {
  for (const name of packs.regimes)
    for (const version of packs.regime(name).versions)
      for (const right of rights) {
        const deadline = compute(name, { received: addDays(version.from, 1), right })
        expect(deadline.packVersion).toBe(`${packs.regime(name).pack}@${version.from}`)
        expect(deadline.steps.find((step) => step.rule === 'period')?.text).toMatch(/\(.*(Art\.|s\.|reg\.)/)
      }
})

test('every regime tells the authority and the way to a court in three languages', () => {
  for (const name of packs.regimes) {
    const { authority, court, law, title } = packs.regime(name)
    expect(authority.address.length).toBeGreaterThan(1)
    for (const words of [court, law, title]) expect(Object.keys(words).sort()).toEqual(['da', 'en', 'nl'])
  }
})

describe('the JSON of the command line', () => {
  test('unknown members, regimes and rights are refused with the nearest known one', () => {
    const bad = (json: object) => () =>
      deadlineFromJson({ regime: 'NL', received: '2026-03-05', ...json }, packs)
    expect(bad({ rigth: 'access' })).toThrow('unknown key "rigth"; did you mean "right"?')
    expect(bad({ regime: 'NLL' })).toThrow('no rule pack knows the regime "NLL"')
    expect(bad({ right: 'acess' })).toThrow('did you mean "access"?')
    expect(bad({ received: '2026-03-05T10:00' })).toThrow('not a moment in time')
    expect(bad({ received: '2026-02-30' })).toThrow('not a calendar day')
    expect(bad({ identity: '2026-03-05' })).toThrow('identity: "2026-03-05" is not a list of two')
    expect(() => deadlineFromJson(null, packs)).toThrow('nothing is not a mapping')
  })
  test('a missing answer is an open question; one pause needs no second pair of brackets', () => {
    const base = { regime: 'GB', received: '2026-02-10' }
    expect(deadlineFromJson({ ...base, identity: ['2026-02-11', null] }, packs).waitingFor).toEqual([
      'identity',
    ])
    expect(deadlineFromJson({ ...base, clarification: ['2026-02-20', '2026-02-27'] }, packs).dueDate).toBe(
      '2026-03-18',
    )
    expect(deadlineFromJson({ ...base, clarification: null, identity: null, fee: null }, packs).dueDate).toBe(
      '2026-03-10',
    )
  })
  test('A..B is a span of days, A.. one still open', () => {
    expect(parseSpan('2026-03-02..2026-03-12')).toEqual(['2026-03-02', '2026-03-12'])
    expect(parseSpan('2026-03-02..')).toEqual(['2026-03-02', null])
    expect(() => parseSpan('2026-03-02')).toThrow('is not a span of days')
  })
})

describe('whatever is put in', () => {
  const zoneBefore = process.env.TZ
  afterEach(() => {
    if (zoneBefore === undefined) delete process.env.TZ
    else process.env.TZ = zoneBefore
  })
  const regime = fc.constantFrom(...packs.regimes)
  const right = fc.constantFrom(...rights) as fc.Arbitrary<Right>
  const day = fc.integer({ min: 0, max: 2_300 }).map((n) => addDays(d('2021-07-01'), n))
  const span = (received: LocalDate) =>
    fc.tuple(fc.nat(40), fc.nat(40)).map(([from, days]) => {
      const asked = addDays(received, from)
      return { asked, answered: addDays(asked, days) }
    })
  const request = day.chain((received) =>
    fc.record({
      received: fc.constant(received),
      right,
      identity: fc.option(span(received), { nil: undefined }),
      fee: fc.option(span(received), { nil: undefined }),
      clarification: fc.array(span(received), { maxLength: 3 }),
      euSuspension: fc.constantFrom('none', 'edpb') as fc.Arbitrary<'none' | 'edpb'>,
    }),
  )
  const isRest = (name: string, date: LocalDate): boolean => {
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay()
    const holidays = holidaysOf(packs.regime(name).holidays, Number(date.slice(0, 4)))
    return weekday === 0 || (weekday === 6 && name !== 'ZA') || holidays?.has(date) === true
  }

  test('the last day is a working day, never before the plain period and never a working day later', () => {
    fc.assert(
      fc.property(regime, day, right, (name, received, what) => {
        const { dueDate } = compute(name, { received, right: what })
        const raw = name === 'ZA' ? addDays(received, 30) : addMonths(received, 1)
        expect(isRest(name, dueDate)).toBe(false)
        expect(dueDate >= raw).toBe(true)
        for (let date = raw; date < dueDate; date = addDays(date, 1)) expect(isRest(name, date)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  test('a later receipt never gives an earlier date', () => {
    fc.assert(
      fc.property(regime, day, fc.nat(60), right, (name, received, later, what) => {
        const [a, b] = [received, addDays(received, later)].map((on) =>
          compute(name, { received: on, right: what }),
        )
        expect(a && b && a.dueDate <= b.dueDate && a.targetDate <= b.targetDate && a.dueAt <= b.dueAt).toBe(
          true,
        )
      }),
      { numRuns: 400 },
    )
  })

  test('no question shortens the period; the hard date is never after the due date, the target never after the hard date', () => {
    fc.assert(
      fc.property(regime, request, (name, input) => {
        const deadline = compute(name, input)
        const plain = compute(name, { received: input.received, right: input.right })
        expect(deadline.dueDate >= plain.dueDate).toBe(true)
        expect(deadline.hardDate <= deadline.dueDate).toBe(true)
        expect(deadline.targetDate < deadline.hardDate).toBe(true)
        expect(deadline.hardDate >= plain.dueDate).toBe(true)
        expect(deadline.hardDate === plain.dueDate || !['NL', 'DK'].includes(name)).toBe(true)
        expect(compute(name, { ...input, ukPauseCounting: 'conservative' }).dueDate <= deadline.dueDate).toBe(
          true,
        )
      }),
      { numRuns: 400 },
    )
  })

  test('an extension adds two months, or 30 days, and its notice is due within the first period', () => {
    fc.assert(
      fc.property(regime, day, (name, received) => {
        const [plain, extended] = [compute(name, { received }), compute(name, { received, extended: true })]
        expect(extended.extensionNoticeBy).toBe(plain.dueDate)
        const added = daysBetween(plain.dueDate, extended.dueDate)
        expect(name === 'ZA' ? added >= 26 && added <= 34 : added >= 52 && added <= 68).toBe(true)
      }),
    )
  })

  test("the answer does not depend on the machine's time zone", () => {
    fc.assert(
      fc.property(regime, request, fc.integer({ min: 0, max: 86_399_999 }), (name, input, ms) => {
        const received = instantOf(Date.parse(`${input.received}T00:00:00Z`) + ms)
        const answers = ['Pacific/Kiritimati', 'UTC', 'Pacific/Pago_Pago'].map((zone) => {
          process.env.TZ = zone
          return {
            offset: new Date(0).getTimezoneOffset(),
            answer: JSON.stringify(compute(name, { ...input, received })),
          }
        })
        expect(new Set(answers.map((a) => a.offset)).size).toBe(3)
        expect(new Set(answers.map((a) => a.answer)).size).toBe(1)
      }),
      { numRuns: 50 },
    )
  })
})
