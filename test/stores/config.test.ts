import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { isLetheError, type LetheError } from '../../src/base/errors.ts'
import { readStores } from '../../src/stores/config.ts'
import { freshFolder } from '../support/ask.ts'

const file = (text: string): string => {
  const path = join(freshFolder(), 'stores.yaml')
  writeFileSync(path, text)
  return path
}
const refusal = (text: string, env: Record<string, string> = {}): LetheError => {
  try {
    readStores(file(text), env)
  } catch (error) {
    if (isLetheError(error, 'invalid')) return error
    throw error
  }
  throw new Error('expected it to be refused')
}

test('a store is read with its places resolved from the folder of the file', () => {
  const path = file(`
tickets: { kind: sqlite, url: 'file:../data/tickets.db', map: datamap/tickets.yaml, files: ../data/audio, country: NL, timezone: Europe/Amsterdam }
home: { kind: sqlite, url: 'file:\${LETHE_HOME}/x.db', map: x.yaml }`)
  const folder = dirname(path)
  const [tickets, home] = readStores(path, { LETHE_HOME: '/srv/lethe' })
  expect(tickets).toMatchObject({
    name: 'tickets',
    kind: 'sqlite',
    url: `file:${join(folder, '../data/tickets.db')}`,
    map: join(folder, 'datamap/tickets.yaml'),
    files: join(folder, '../data/audio'),
    country: 'NL',
    plusAddressing: 'distinct',
    timezone: 'Europe/Amsterdam',
  })
  expect(tickets?.where).toMatch(/stores\.yaml:2:1$/)
  expect(home).toMatchObject({
    url: 'file:/srv/lethe/x.db',
    timezone: 'UTC',
    files: undefined,
    country: undefined,
  })
})

test('a variable in the password may hold any character, a whole url may come from the environment', () => {
  const path = file(`
a: { kind: postgres, url: 'postgres://lethe:\${PASSWORD}@db:5432/shop', map: x.yaml }
b: { kind: mysql, url: '\${CALLS_URL}', map: x.yaml }`)
  const [a, b] = readStores(path, { PASSWORD: 'p@ss/w:rd', CALLS_URL: 'mariadb://u:p@h/calls' })
  expect(decodeURIComponent(new URL(a?.url ?? '').password)).toBe('p@ss/w:rd')
  expect(new URL(a?.url ?? '').host).toBe('db:5432')
  expect(b?.url).toBe('mysql://u:p@h/calls')
})

test.each([
  ['postgres', 'postgres://lethe:hunter2@db/shop'],
  ['mysql', 'mysql://lethe:hunter2@db/shop'],
  ['postgres', 'postgres://lethe:hunter2${X}@db/shop'],
  ['postgres', 'postgres://${USER}:hunter2@db/shop'],
  ['postgres', 'postgres://lethe:hun@ter2@db/shop'],
  ['postgres', 'postgres://db/shop?user=lethe&password=hunter2'],
])('a password written in the file is refused and not repeated (%s, %s)', (kind, url) => {
  const error = refusal(`tickets:\n  kind: ${kind}\n  url: ${url}\n  map: x.yaml\n`, { X: 'x', USER: 'u' })
  expect(error.message).toMatch(/stores\.yaml:3:8: .*password stands in the file/)
  expect(error.message).not.toContain('ter2')
})

test('a store is written to unless it says otherwise, and may name a canary', () => {
  const [tickets, calls] = readStores(
    file(`
tickets: { kind: sqlite, url: 'file:a.db', map: a.yaml }
calls: { kind: sqlite, url: 'file:b.db', map: b.yaml, access: read, canary: { table: cdr, column: src, value: canary } }`),
    {},
  )
  expect([tickets?.access, tickets?.canary]).toEqual(['write', undefined])
  expect([calls?.access, calls?.canary]).toEqual(['read', { table: 'cdr', column: 'src', value: 'canary' }])
})

test('all that is wrong is told at once, each with its line', () => {
  const error = refusal(`
tickets:
  kind: sqlite
  url: file:x.db
  map: x.yaml
  contry: NL
calls:
  kind: oracle
  url: x
  map: x.yaml
`)
  expect(error.message).toMatch(/stores\.yaml:6:3: .*contry.*country/)
  expect(error.message).toMatch(/stores\.yaml:8:9: .*oracle/)
})

test.each([
  ['kind: postgres\n  url: "postgres://u:${NOPE}@h/d"', /:3:8: .*\$\{NOPE\} is not set/],
  ['kind: sqlite\n  url: shop.db', /:3:8: .*file:/],
  ['kind: mysql\n  url: mysql://h', /:3:8: .*names no database/],
  ['kind: sqlite\n  url: file:x\n  country: Netherlands', /:4:12: .*no country/],
  ['kind: sqlite\n  url: file:x\n  timezone: Mars/Base', /:4:13: .*time zone/],
])('what no schema can say is told with its line too (%s)', (text, expected) => {
  expect(refusal(`tickets:\n  ${text}\n  map: x.yaml\n`).message).toMatch(expected)
})
