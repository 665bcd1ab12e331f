import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startOfDay } from '../../../src/base/calendar.ts'
import { parseDuration, retentionEnd } from '../../../src/base/duration.ts'
import type { LocalDate } from '../../../src/base/instant.ts'
import { holidaysOf } from '../../../src/requests/clock/holidays.ts'
import { deadlineFromJson } from '../../../src/requests/clock/input.ts'
import { loadRulePacks } from '../../../src/requests/clock/load.ts'

interface Vector {
  id: string
  jurisdiction: string
  kind?: string
  received: string
  received_local: string
  start: string
  events: {
    right?: string
    extended?: boolean
    identityAskedAnswered?: [string, string]
    clarificationPauses?: [string, string][]
    feeAskedPaid?: [string, string]
  }
  options?: { euSuspension?: string }
  unrolled: string
  due: string
  hardDate?: string
  alternative_due_conservative?: string
  last_permitted_day: string
  purge_from: string
  basis: string
}
const file = JSON.parse(readFileSync(join(import.meta.dirname, 'deadline-vectors.json'), 'utf8')) as {
  holidays: Record<string, string[]>
  vectors: Vector[]
}
const packs = loadRulePacks('policies/regimes')
const requests = file.vectors.filter((v) => v.kind === undefined)
const one = (id: string) => file.vectors.find((v) => v.id === id) as Vector

const inputOf = ({ jurisdiction, received, events, options }: Vector) => ({
  regime: jurisdiction,
  received,
  right: events.right ?? 'access',
  extended: events.extended ?? false,
  identity: events.identityAskedAnswered,
  clarification: events.clarificationPauses ?? [],
  fee: events.feeAskedPaid,
  euSuspension: options?.euSuspension ?? 'none',
})

test('all twenty vectors are here', () => {
  expect(file.vectors).toHaveLength(20)
  expect(requests).toHaveLength(18)
})

describe('the due date of every worked example is the expected one', () => {
  test.each(requests)('$id $jurisdiction: $basis', (vector) => {
    const deadline = deadlineFromJson(inputOf(vector), packs)
    expect(deadline.dueDate).toBe(vector.due)
    expect(deadline.hardDate).toBe(vector.hardDate ?? vector.due)
    expect(deadline.calendarKnown).toBe(true)
    expect(deadline.steps[0]).toMatchObject({ rule: 'received', date: vector.received_local })
    const raw = deadline.steps.find((step) => step.rule === 'period' || step.rule === 'extension')
    expect(raw?.date).toBe(vector.unrolled)
    expect(deadline.steps.find((step) => step.rule === 'due')?.date).toBe(vector.due)
  })
})

test('V16: an extension must be announced by 30 December', () => {
  expect(deadlineFromJson(inputOf(one('V16')), packs).extensionNoticeBy).toBe('2026-12-30')
})

test('V25: the shorter reading of a pause is one day less, and the target date takes it', () => {
  const input = inputOf(one('V25'))
  const shorter = deadlineFromJson({ ...input, ukPauseCounting: 'conservative' }, packs)
  expect(shorter.dueDate).toBe(one('V25').alternative_due_conservative)
  // Five working days before Tuesday 17 March, whichever way the due date is counted.
  expect(shorter.targetDate).toBe('2026-03-10')
  expect(deadlineFromJson(input, packs).targetDate).toBe('2026-03-10')
})

test('V41: a complaint of 2 July 2026 is acknowledged by Monday 3 August', () => {
  const v = one('V41')
  const deadline = deadlineFromJson(
    { regime: v.jurisdiction, received: v.received, right: 'complaint' },
    packs,
  )
  expect(deadline.dueDate).toBe(v.due)
  expect(deadline.steps.find((step) => step.rule === 'period')?.date).toBe(v.unrolled)
})

test('V42: a recording of 30 November is purged from 1 March 00:00, the Sunday before is its last day', () => {
  const v = one('V42')
  const { lastDay, purgeOn } = retentionEnd(v.start as LocalDate, parseDuration('3 months'))
  expect(lastDay).toBe(v.last_permitted_day)
  expect(`${purgeOn}T00:00`).toBe(v.purge_from)
  expect(startOfDay(purgeOn, packs.regime('NL').timezone)).toBe('2027-02-28T23:00:00.000Z')
})

describe('the holidays are those of the vectors', () => {
  // Lists that are given in part: only these years are whole.
  const whole: Record<string, number[]> = {
    NL: [2026, 2027, 2028],
    DK: [2026, 2027],
    'GB-EAW': [2026, 2027],
    'GB-SCT': [2026],
    ZA: [2026],
  }
  test.each(Object.entries(file.holidays))('%s', (name, listed) => {
    const calendar = packs.regime(name).holidays
    const days = (year: number) => [...(holidaysOf(calendar, year)?.keys() ?? [])].sort()
    for (const year of whole[name] ?? [])
      expect(days(year)).toEqual(listed.filter((d) => d.startsWith(`${year}`)))
    for (const date of listed) expect(days(Number(date.slice(0, 4)))).toContain(date)
  })
})
