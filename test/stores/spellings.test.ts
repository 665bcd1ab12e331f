import { expect, test } from 'vitest'
import {
  containsPatterns,
  emailSpellings,
  foldedPattern,
  phonePattern,
} from '../../src/stores/sql/spellings.ts'
import { isMoment } from '../../src/stores/sql/values.ts'

test('a pattern keeps wild cards literal and leaves other scripts open', () => {
  expect(foldedPattern('100%_a!')).toBe('100!%!_a!!')
  expect(foldedPattern('jørgen Ærø')).toBe('j%rgen %r%')
  expect(containsPatterns('')).toEqual([])
  expect(containsPatterns('李小龍')).toEqual(['%李小龍%'])
  expect(containsPatterns('Øå')).toContain('%ØÅ%')
})

test('a phone pattern holds the last seven digits, or all of a short number, its extension aside', () => {
  expect(phonePattern('+31 20 123 45 67')).toBe('%1%2%3%4%5%6%7%')
  expect(phonePattern('+31201234567;ext=12')).toBe('%1%2%3%4%5%6%7%')
  expect(phonePattern('020-1234567 x12')).toBe('%1%2%3%4%5%6%7%')
  expect(phonePattern('101')).toBe('%1%0%1%')
  expect(phonePattern('anonymous')).toBeUndefined()
})

test('an international domain is asked for in both its spellings', () => {
  expect(emailSpellings('a@xn--mller-kva.example')).toEqual(['a@xn--mller-kva.example', 'a@müller.example'])
  expect(emailSpellings('a@example.org')).toEqual(['a@example.org'])
})

test('a moment is a day the calendar has', () => {
  for (const good of [
    '2024-02-29',
    '2026-03-05 10:00:00',
    '2026-03-05T10:00:00.123+01:00',
    '2000-02-29',
    '0001-01-01',
  ])
    expect([good, isMoment(good)]).toEqual([good, true])
  for (const bad of [
    '2026-02-29',
    '1900-02-29',
    '0000-00-00',
    '2026-13-01',
    '2026-03-05 24:00:00',
    'now',
    '',
    "2026-03-05' OR '1",
  ])
    expect([bad, isMoment(bad)]).toEqual([bad, false])
})
