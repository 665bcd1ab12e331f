import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { parseLocalDate } from '../../../src/base/calendar.ts'
import { computeDeadline } from '../../../src/requests/clock/deadline.ts'
import { holidaysOf, parseHolidayRule } from '../../../src/requests/clock/holidays.ts'
import { loadRulePacks } from '../../../src/requests/clock/load.ts'
import { packSchema } from '../../../src/requests/clock/pack.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regimes-'))
  cpSync('policies/regimes', folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const load = () => loadRulePacks(folder, 'policies/regimes')
const edit = (file: string, from: string, to: string) => {
  const text = readFileSync(join(folder, file), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(folder, file), text.replace(from, to))
}

test('an unknown key in a pack is named with its line and the nearest known key', () => {
  edit('nl.yaml', '    timezone:', '    timezones:')
  expect(load).toThrow(
    /^policies\/regimes\/nl\.yaml:6:5: regimes\.NL\.timezone is missing[^\n]*\npolicies\/regimes\/nl\.yaml:6:5: unknown key "timezones"; did you mean "timezone"\?$/,
  )
})

test('a holiday rule that is none is named with its line and what to write', () => {
  edit('dk.yaml', 'rule: easter+39', 'rule: eastern+39')
  expect(load).toThrow(/dk\.yaml:26:\d+: .*"eastern\+39" is not a holiday rule\. Write 05-05, easter\+39/)
})

test('a pack that extends an unknown one is refused', () => {
  edit('nl.yaml', 'extends: eu-gdpr', 'extends: eu-gpdr')
  expect(load).toThrow('policies/regimes/nl.yaml:2:10: there is no pack "eu-gpdr"; did you mean "eu-gdpr"?')
})

test('two packs of one name, two periods of one right and versions out of order are refused', () => {
  writeFileSync(join(folder, 'twin.yaml'), 'pack: nl\ntitle: {en: x}\n')
  expect(load).toThrow('policies/regimes/twin.yaml:1:7: pack nl stands in policies/regimes/nl.yaml too')
  rmSync(join(folder, 'twin.yaml'))
  edit('za-popia.yaml', 'rights: [rectification, erasure]', 'rights: [access, erasure]')
  edit('za-popia.yaml', 'from: 2025-04-17', 'from: 2020-04-17')
  expect(load).toThrow(/access has two periods[\s\S]*2020-04-17 is not after 2021-07-01/)
})

test('a folder without packs says so', () => {
  expect(() => loadRulePacks(join(folder, 'nowhere'), 'policies/regimes')).toThrow(
    'policies/regimes: there are no rule packs',
  )
})

test('a changed holiday changes the digest of its regime and of no other', () => {
  const digests = () => Object.fromEntries(load().regimes.map((name) => [name, load().regime(name).digest]))
  const before = digests()
  edit('dk.yaml', 'rule: 12-26', 'rule: 12-27')
  const after = digests()
  expect(load().regimes.filter((name) => before[name] !== after[name])).toEqual(['DK'])
})

test('a new regime is a file', () => {
  writeFileSync(
    join(folder, 'be.yaml'),
    `pack: be
extends: eu-gdpr
title: {en: Belgium}
regimes:
  BE:
    timezone: Europe/Brussels
    authority: {name: GBA, address: [Drukpersstraat 35, 1000 Brussel], url: "https://www.gegevensbeschermingsautoriteit.be", phone: "+32 2 274 48 00"}
    court: {en: The court.}
    holidays: {years: [2026, 2026], days: [{name: Nationale feestdag, rule: 07-21}]}
`,
  )
  const received = parseLocalDate('2026-06-21')
  expect(computeDeadline(load().regime('BE'), { received, right: 'access' }).dueDate).toBe('2026-07-22')
})

test('holiday rules are read as written, and nothing else is', () => {
  expect(parseHolidayRule('easter')).toEqual({ kind: 'easter', offset: 0 })
  expect(parseHolidayRule('last monday of may')).toEqual({ kind: 'nth', nth: -1, weekday: 1, month: 5 })
  for (const text of [
    '02-30',
    '02-29',
    '2026-02-29',
    'easter+',
    'fifth monday of may',
    'first monday of mai',
    '',
  ])
    expect(() => parseHolidayRule(text)).toThrow(/is not a (holiday rule|calendar day)/)
})

test('two holidays of one weekend get two substitute weekdays', () => {
  const { holidays } = load().regime('GB-SCT')
  const days = (year: number) => [...(holidaysOf(holidays, year)?.keys() ?? [])].sort()
  expect(days(2022).slice(0, 2)).toEqual(['2022-01-03', '2022-01-04'])
  expect(days(2023).slice(0, 2)).toEqual(['2023-01-02', '2023-01-03'])
  expect(days(2022).slice(-2)).toEqual(['2022-12-26', '2022-12-27'])
  expect(holidaysOf(holidays, 2029)).toBe(undefined)
})

test('the file kind has a JSON Schema', () => {
  const schema = z.toJSONSchema(packSchema, { io: 'input' }) as { required: string[]; properties: object }
  expect(schema.required).toEqual(['pack', 'title'])
  expect(Object.keys(schema.properties)).toContain('regimes')
})
