import { expect, test } from 'vitest'
import { newReference } from '../../src/base/ids.ts'
import { parseInstant, parseTimeZone } from '../../src/base/instant.ts'
import { masked } from '../../src/requests/claims.ts'
import { groundsFor, readGround } from '../../src/requests/grounds.ts'
import { readReference } from '../../src/requests/reference.ts'
import { momentWords, readLanguage } from '../../src/requests/words.ts'

test('a reference is read as people write it, and anything else stays what it is', () => {
  for (const text of ['R-7K3M-01QX', 'r7k3m01qx', ' r 7k3m oiqx ', 'R-7K3M-0LQX'])
    expect(readReference(text)).toBe('R-7K3M-01QX')
  for (const text of ['', 'R-7K3M', "R-7K3M-01QX' or 1=1", 'ann@example.org'])
    expect(readReference(text)).not.toMatch(/^R-\w{4}-\w{4}$/)
  for (let i = 0; i < 200; i++) {
    const made = newReference()
    expect(readReference(made.toLowerCase())).toBe(made)
  }
})

test('a masked identity tells its owner enough and others little', () => {
  expect(masked('email', 'ann@example.org')).toBe('a•••@example.org')
  expect(masked('email', '😀x@example.org')).toBe('😀•••@example.org')
  expect(masked('phone', '+31612345678')).toBe('+31•••678')
  expect(masked('customer_number', 'K-1')).toBe('•••')
  expect(masked('customer_number', 'K-1234567')).toBe('K•••67')
})

test('a ground is cited by the law of the regime, and one that law does not know is none', () => {
  const kept = { right: 'erasure', outcome: 'part' } as const
  expect(readGround({ ...kept, pack: 'nl' }, 'legal-obligation').article).toBe('Art. 17(3)(b)')
  expect(readGround({ ...kept, pack: 'za-popia' }, 'legal_obligation').article).toBe('POPIA s. 14')
  expect(() => readGround({ ...kept, pack: 'za-popia' }, 'expression')).toThrow(
    '"expression" is no ground for this',
  )
  expect(
    groundsFor({ right: 'access', outcome: 'part', pack: 'dk' }).map((ground) => ground.id),
  ).not.toContain('excessive')
  for (const ground of groundsFor({ right: 'access', outcome: 'refuse', pack: 'nl' }))
    expect(Object.keys(ground.title).sort()).toEqual(['da', 'en', 'nl'])
})

test('a moment in a letter is the regime’s own, with the zone beside it', () => {
  const at = parseInstant('2026-03-28T23:30:00Z')
  expect(momentWords(at, parseTimeZone('Europe/Amsterdam'), 'en')).toBe('29 March 2026 at 00:30 CET')
  expect(momentWords(at, parseTimeZone('Africa/Johannesburg'), 'en')).toContain('29 March 2026 at 01:30')
  expect(momentWords(at, parseTimeZone('Europe/Copenhagen'), 'da')).toContain('29. marts 2026')
})

test('a language we have no letters in is English', () => {
  expect(['nl-BE', 'DA', 'de', ''].map(readLanguage)).toEqual(['nl', 'da', 'en', 'en'])
})
