import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EngineDeps } from '../../../src/engine/deps.ts'
import { decidedOf } from '../../../src/engine/order/doubt.ts'
import { checkStores } from '../../../src/engine/plan/check.ts'
import { drawPlan } from '../../../src/engine/plan/draw.ts'
import { forecastErasure } from '../../../src/engine/plan/forecast.ts'
import type { OrderFinding } from '../../../src/engine/tables.ts'
import { appOn, depsOn, servers } from '../../support/any-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { orders } from '../../support/orders.ts'

const clock = fixedClock()
let at: TestDatabase
beforeEach(async () => {
  at = await testDatabase(clock)
})
afterEach(() => at.close())

const id = '        - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}\n'
const people = (erase = 'delete', code = '') => `    - name: people
      lethe: {erase: ${erase}}
      fields:
${id}        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
${code}`
const hanging = (name: string, erase: string, link = 'owned') => `    - name: ${name}
      lethe: {${erase === 'keep' ? 'keep: {ground: legal_claims, because: b}' : `erase: ${erase}`}}
      fields:
${id}        - {name: person, data_categories: [system.operations], fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: ${link}}}
`

async function forecast(deps: EngineDeps, email = 'ann@x.example') {
  const { live, catalogues } = await checkStores(deps)
  const identities = [{ kind: 'email', value: email }]
  const drawing = await drawPlan(live, at.db.keys, {
    kind: 'erasure',
    identities,
    known: null,
    wasShared: () => false,
    decided: await at.db.read((reader) => decidedOf(reader, 'none')),
  })
  const { effects, blocked } = await forecastErasure(live, catalogues, at.db.keys, drawing)
  const line = ({ collection, rows, message }: OrderFinding) => `${collection} ${rows}: ${message}`
  return { effects: effects.map(line), blocked: blocked.map(line) }
}

const two = `INSERT INTO people (id, email) VALUES (1, 'ann@x.example'), (2, 'bob@x.example');`

describe.each(['sqlite', 'postgres', 'mysql'] as const)('a rehearsal on %s', (kind) => {
  const missing = kind === 'sqlite' ? undefined : servers[kind].missing

  test.skipIf(missing)('finds what the store would refuse, and keeps nothing', async () => {
    const app = await appOn(kind)
    await app.exec(`CREATE TABLE people (id int PRIMARY KEY, email varchar(40), code varchar(40), kind int, CONSTRAINT ruled CHECK (kind = 1 OR code = 'x'));
      INSERT INTO people VALUES (1, 'ann@x.example', 'x', 2), (2, 'bob@x.example', 'y', 1);`)
    const before = await app.dump('people')
    const deps = await depsOn(
      kind,
      app,
      people('anonymise', '        - {name: code, data_categories: [user.content], lethe: {erase: gone}}\n'),
    )
    const { effects, blocked } = await forecast(deps)
    expect(effects).toEqual([])
    expect(blocked).toHaveLength(1)
    expect(blocked[0]).toContain(
      'people 1: a rehearsal, of which nothing is kept, was refused to anonymise these rows',
    )
    expect(blocked[0]).toMatch(/ruled|4025/)
    expect(blocked[0]).not.toContain('ann@')
    expect((await forecast(deps, 'bob@x.example')).blocked).toEqual([])
    expect(await app.dump('people')).toBe(before)
  })

  test.skipIf(missing)('goes through where the plan is right, and leaves every row as it was', async () => {
    const app = await appOn(kind)
    await app.exec(`CREATE TABLE people (id int PRIMARY KEY, email varchar(40)); ${two}
      CREATE TABLE notes (id int PRIMARY KEY, person int, FOREIGN KEY (person) REFERENCES people (id));
      INSERT INTO notes VALUES (1, 1), (2, 2), (3, 1);`)
    const before = await Promise.all(['people', 'notes'].map(app.dump))
    const deps = await depsOn(kind, app, people() + hanging('notes', 'delete'))
    expect(await forecast(deps)).toEqual({ effects: [], blocked: [] })
    expect(await Promise.all(['people', 'notes'].map(app.dump))).toEqual(before)
  })

  test.skipIf(missing)('counts what goes along, and stops at rows that are not hers', async () => {
    const app = await appOn(kind)
    const child = (name: string, parent: string, action: string) =>
      `CREATE TABLE ${name} (id int PRIMARY KEY, person int, FOREIGN KEY (person) REFERENCES ${parent} (id) ON DELETE ${action});`
    await app.exec(`CREATE TABLE people (id int PRIMARY KEY, email varchar(40)); ${two}
      ${child('notes', 'people', 'CASCADE')} ${child('marks', 'notes', 'CASCADE')} ${child('seats', 'people', 'SET NULL')}
      INSERT INTO notes VALUES (1, 1), (2, 2), (3, 1);
      INSERT INTO marks VALUES (1, 1), (2, 2), (3, 3), (4, 3);
      INSERT INTO seats VALUES (1, 1), (2, 2), (3, 1), (4, 1);`)
    const marks = hanging('marks', 'anonymise').replace('field: people.id', 'field: notes.id')
    const seats = hanging('seats', 'keep', 'shared')
    const map = people() + hanging('notes', 'delete') + marks + seats
    const deps = await depsOn(kind, app, map)
    expect(await forecast(deps)).toEqual({
      effects: [
        'marks 3: deleting from notes makes the store delete rows of marks (person) (ON DELETE CASCADE)',
        'seats 3: deleting from people makes the store empty seats (person) in these rows (ON DELETE set null)',
      ],
      blocked: [],
    })
    // The same rows, of which the map says only one is hers.
    const some = await depsOn(
      kind,
      app,
      map.replace('lethe: {erase: anonymise}', 'lethe: {erase: anonymise, rows: {id: [4]}}'),
    )
    const { blocked } = await forecast(some)
    expect(blocked).toEqual([
      'marks 2: deleting from notes makes the store delete rows of marks (person) (ON DELETE CASCADE) which are not hers: anonymise notes instead, or say in the map whose they are',
    ])
  })
})

test.skipIf(servers.postgres.missing)(
  'PostgreSQL: a key that waits for the end is asked at the end of the rehearsal',
  async () => {
    const app = await appOn('postgres')
    await app.exec(`CREATE TABLE people (id int PRIMARY KEY, email text); ${two}
    CREATE TABLE notes (id int PRIMARY KEY, person int CONSTRAINT late REFERENCES people DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO notes VALUES (1, 1);`)
    const deps = await depsOn('postgres', app, people() + hanging('notes', 'keep'))
    const { blocked } = await forecast(deps)
    expect(blocked).toHaveLength(1)
    expect(blocked[0]).toContain('refused the plan, at its end')
    expect(blocked[0]).toContain('constraint late')
  },
)

test('SQLite: a key that waits for the end is asked at the end of the rehearsal, old breaches aside', async () => {
  const app = await appOn('sqlite')
  await app.exec(`PRAGMA foreign_keys = OFF; CREATE TABLE people (id int PRIMARY KEY, email text); ${two}
    CREATE TABLE notes (id int PRIMARY KEY, person int REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO notes VALUES (1, 1), (2, 77);`)
  const deps = await depsOn('sqlite', app, people() + hanging('notes', 'keep'))
  expect((await forecast(deps)).blocked).toEqual([
    expect.stringContaining('a foreign key of notes would stay broken at the end') as string,
  ])
  await app.exec('DELETE FROM notes WHERE id = 1')
  expect((await forecast(deps)).blocked).toEqual([])
})

test.skipIf(servers.mysql.missing)(
  'MariaDB: what no rollback takes back is not rehearsed, and that is said',
  async () => {
    const app = await appOn('mysql')
    await app.exec(`CREATE TABLE people (id int PRIMARY KEY, email varchar(40)); ${two}
    CREATE TABLE notes (id int PRIMARY KEY, person int) ENGINE = MyISAM; INSERT INTO notes VALUES (1, 1), (2, 2);
    CREATE TABLE seats (id int PRIMARY KEY, person int); INSERT INTO seats VALUES (1, 1);
    CREATE TABLE log (line int) ENGINE = Aria; CREATE TRIGGER heard AFTER DELETE ON seats FOR EACH ROW INSERT INTO log VALUES (OLD.id)`)
    const log =
      '    - name: log\n      fields:\n        - {name: line, data_categories: [system.operations]}\n'
    const deps = await depsOn(
      'mysql',
      app,
      people() + hanging('notes', 'delete') + hanging('seats', 'delete') + log,
    )
    const { effects, blocked } = await forecast(deps)
    expect(blocked).toEqual([])
    expect(effects.sort()).toEqual([
      'notes 1: not rehearsed: the engine of notes cannot roll back',
      'seats 1: not rehearsed: the engine of log cannot roll back',
      'seats 1: the trigger heard fires after each delete: it writes to log',
    ])
    expect([await app.dump('notes'), await app.dump('log')]).toEqual([
      '[{"id":1,"person":1},{"id":2,"person":2}]',
      '[]',
    ])
  },
)

test('an erasure whose rehearsal is refused shows it with its plan, and stops before the first write', async () => {
  const app = await appOn('sqlite')
  await app.exec(`CREATE TABLE people (id int PRIMARY KEY, email text, code text UNIQUE);
    INSERT INTO people VALUES (1, 'ann@x.example', 'a'), (2, 'gone-1@x.example', 'gone-1')`)
  const before = await app.dump('people')
  const deps = await depsOn(
    'sqlite',
    app,
    people(
      'anonymise',
      '        - {name: code, data_categories: [user.content], lethe: {erase: "gone-{id}"}}\n',
    ),
  )
  const desk = orders(at, clock, deps)
  const plan = await desk.planned('erasure', [{ kind: 'email', value: 'ann@x.example' }])
  expect(plan.findings.filter((f) => f.kind === 'map')).toMatchObject([
    {
      collection: 'people',
      rows: 1,
      message: expect.stringContaining('UNIQUE constraint failed: people.code') as string,
    },
  ])
  expect((await desk.run(plan)).status).toBe('stopped')
  expect(await app.dump('people')).toBe(before)
})
