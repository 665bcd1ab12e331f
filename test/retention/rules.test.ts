import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { durationText } from '../../src/base/duration.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import { loadRules } from '../../src/retention/rules.ts'
import { retentionJsonSchema } from '../../src/retention/schema.ts'
import { freshFolder } from '../support/ask.ts'
import { callsRule, datamap } from '../support/call-store.ts'

/** Answers the rules, or the problems with the file's name cut off. */
function load(files: string | Record<string, string>, map = datamap) {
  const folder = freshFolder()
  mkdirSync(join(folder, 'datamap'))
  mkdirSync(join(folder, 'retention'))
  writeFileSync(join(folder, 'datamap', 'calls.yaml'), map)
  for (const [name, text] of Object.entries(typeof files === 'string' ? { 'calls.yaml': files } : files))
    writeFileSync(join(folder, 'retention', name), text)
  const data = loadDataMap(folder, [{ name: 'calls', map: 'datamap/calls.yaml' }])
  return () => loadRules(join(folder, 'retention'), data)
}
const problems = (files: string | Record<string, string>, map = datamap): string => {
  try {
    load(files, map)()
  } catch (error) {
    return (error as Error).message.replaceAll(/\S*\/retention\//g, '')
  }
  return 'none'
}
const second = (more: string, id = 'notes') =>
  callsRule(
    callsRule()
      .split('\n')
      .slice(1)
      .join('\n')
      .replace('id: calls', `id: ${id}`)
      .replace('data: calls.calls', more),
  )

test('a rule is read with its period, its words and where it stands', () => {
  const [rule] = load(callsRule())()
  expect(rule).toMatchObject({
    id: 'calls',
    title: { en: 'Recorded calls' },
    because: { en: 'Three months are enough to coach on a call.' },
    from: 'ended_at',
    then: 'delete',
    timezone: 'Europe/Amsterdam',
  })
  expect(rule && durationText(rule.keep)).toBe('P3M')
  expect(rule?.collection.id).toBe('calls.calls')
  expect(rule?.at).toMatch(/calls\.yaml:2:5$/)
})

test.each([
  [
    'keep: P3M',
    'keep: 3 month',
    'calls.yaml:8:11: rules[1].keep: "3 month" is not a duration; write "P3M" or "3 months".',
  ],
  [
    'keep: P3M',
    'keep: PT3M',
    'calls.yaml:8:11: rules[1].keep: "PT3M" is not a duration; write "P3M" or "3 months".',
  ],
  [
    'from: ended_at',
    'from: endet_at',
    'calls.yaml:7:11: from: calls.calls has no column endet_at; did you mean "ended_at"?',
  ],
  [
    'data: calls.calls',
    'data: calls.cals',
    'calls.yaml:4:11: data: the data map has no calls.cals; did you mean "calls.calls"?',
  ],
  [
    'data: calls.calls',
    'data: calls.calls\n    where: {stat: closed}',
    'where: calls.calls has no column stat; did you mean "state"?',
  ],
  [
    'then: delete',
    'then: deleted',
    'calls.yaml:9:11: rules[1].then: "deleted" is not delete or anonymise or review; did you mean "delete"?',
  ],
  ['owner:', 'ownr:', 'unknown key "ownr"; did you mean "owner"?'],
  [
    "schedule: '0 2 * * *'",
    "schedule: '0 25 * * *'",
    '"0 25 * * *" is not a schedule that ever comes; write five fields',
  ],
  ["schedule: '0 2 * * *'", "schedule: '0 2 30 2 *'", '"0 2 30 2 *" is not a schedule that ever comes'],
  ['timezone: Europe/Amsterdam', 'timezone: Europe/Amsterdm', '"Europe/Amsterdm" is not a time zone'],
  ['keep: P3M', 'keep: P3M\n    minimum: P1Y', 'minimum: P1Y is longer than keep, P3M'],
  ['id: calls', 'id: Calls!', '"Calls!" is not an id'],
])('"%s" written as "%s" is told with its line', (good, bad, message) => {
  expect(problems(callsRule().replace(good, bad))).toContain(message)
})

test.each(['3 months', '1 month', 'P7Y', 'P1Y6M', '35 days', '1 year and 6 months'])(
  '"%s" is a duration',
  (keep) => {
    expect(problems(callsRule().replace('P3M', keep))).toBe('none')
  },
)

test('all problems of all files are told at once', () => {
  const told = problems({
    'a.yaml': callsRule().replace('P3M', 'x').replace('owner', 'ownr'),
    'b.yaml': callsRule().replace('ended_at', 'nope'),
  })
  expect(told.split('\n').map((line) => line.replace(/:\d+:.*/, ''))).toEqual([
    'a.yaml',
    'a.yaml',
    'a.yaml',
    'b.yaml',
  ])
})

test('one type of data has one rule; told apart by where, it may have two', () => {
  expect(problems(second('data: calls.calls'))).toContain('data: calls.calls has the rule "calls"')
  expect(problems(second('data: calls.notes'))).toContain('notes has no column ended_at')
  const first = (text: string) =>
    text.replace('data: calls.calls\n', 'data: calls.calls\n    where: {state: [open, closed]}\n')
  expect(problems(first(second('data: calls.calls\n    where: {state: disputed}')))).toBe('none')
  expect(problems(first(second('data: calls.calls\n    where: {state: {not: [open, closed]}}')))).toBe('none')
  expect(problems(first(second('data: calls.calls\n    where: {state: {not: open}}')))).toContain(
    'one type of data has one rule',
  )
  expect(problems(first(second('data: calls.calls\n    where: {state: closed}')))).toContain(
    'one type of data has one rule',
  )
  expect(problems(second('data: calls.notes', 'calls'))).toContain('id: "calls" stands at')
})

test('what the map keeps without an end has no rule, and what it keeps for a while none that is shorter', () => {
  const kept = (keep: string) =>
    datamap.replace(
      'lethe: {erase: delete, file: recording}',
      `lethe: {erase: keep, file: recording, keep: ${keep}}`,
    )
  expect(problems(callsRule(), kept('{ground: legal_claims, because: x}'))).toContain(
    'keeps calls.calls without an end',
  )
  expect(
    problems(callsRule(), kept('{ground: legal_claims, because: x, keep: P1Y, from: ended_at}')),
  ).toContain('keep: P3M is shorter than the P1Y')
  expect(
    problems(
      callsRule().replace('P3M', 'P1Y'),
      kept('{ground: legal_claims, because: x, keep: P1Y, from: ended_at}'),
    ),
  ).toBe('none')
})

test('the version changes with anything the rule says, and with nothing else', () => {
  const version = (text: string) => load(text)()[0]?.version
  expect(version(callsRule())).toMatch(/^[0-9a-f]{64}$/)
  expect(version(callsRule().replace('P3M', '3 months'))).toBe(version(callsRule()))
  expect(version(`# a comment\n${callsRule()}`)).toBe(version(callsRule()))
  for (const [from, to] of [
    ['P3M', 'P4M'],
    ['ended_at', 'state'],
    ['delete', 'review'],
    ['enough', 'plenty'],
    ["'0 2", "'0 3"],
  ] as const)
    expect(version(callsRule().replace(from, to))).not.toBe(version(callsRule()))
})

test('no folder is no rules', () => {
  expect(loadRules(join(freshFolder(), 'none'), loadDataMapOf())).toEqual([])
})
const loadDataMapOf = () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'calls.yaml'), datamap)
  return loadDataMap(folder, [{ name: 'calls', map: 'calls.yaml' }])
}

test('the JSON Schema names every key, and refuses others', () => {
  const schema = retentionJsonSchema() as {
    properties: {
      rules: { items: { properties: object; required: string[]; additionalProperties: boolean } }
    }
  }
  const rule = schema.properties.rules.items
  expect(Object.keys(rule.properties).sort()).toEqual(
    [
      'basis',
      'because',
      'data',
      'from',
      'id',
      'keep',
      'minimum',
      'owner',
      'purpose',
      'schedule',
      'then',
      'timezone',
      'title',
      'where',
    ].sort(),
  )
  expect(rule.required).not.toContain('where')
  expect(rule.required).toContain('because')
  expect(rule.additionalProperties).toBe(false)
})
