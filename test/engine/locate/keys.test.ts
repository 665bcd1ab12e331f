import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { locatePerson } from '../../../src/engine/locate/person.ts'
import { tables as engineTables } from '../../../src/engine/tables.ts'
import type { Store } from '../../../src/stores/port.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { orders } from '../../support/orders.ts'

const clock = fixedClock()
let at: TestDatabase
let made: MadeStore | undefined
beforeEach(async () => {
  at = await testDatabase(clock)
})
afterEach(async () => {
  await made?.close()
  await at.close()
})
const ann = [{ kind: 'email', value: 'ann@x.example' }]
const email =
  '        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}\n'
const found = async (value: string) => {
  const { rows } = await locatePerson((made as MadeStore).deps, [{ kind: 'email', value }])
  return [...rows]
    .flatMap(([id, keys]) => [...keys.values()].map((row) => `${id}/${row.key.join('/')} ${row.reach}`))
    .sort()
}

describe('an address with a tag', () => {
  const sql = `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
    INSERT INTO people VALUES (1, 'Ann+News@X.example'), (2, 'ann@x.example'), (3, 'anna+ann@x.example'), (4, 'ann+news@y.example')`
  const collections = `
    - name: people
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
${email}`
  it('is hers where the policy takes it for the same', async () => {
    made = madeStore({ sql, collections, policy: { plusAddressing: 'same' } })
    expect(await found('ann@x.example')).toEqual(['made.people/1 owned', 'made.people/2 owned'])
    expect(await found('ann+shop@x.example')).toEqual(['made.people/1 owned', 'made.people/2 owned'])
  })
  it('is another person elsewhere', async () => {
    made = madeStore({ sql, collections })
    expect(await found('ann@x.example')).toEqual(['made.people/2 owned'])
  })
})

describe('keys that are no numbers', () => {
  it('of bytes stop an erasure before the first write, by name', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id BLOB PRIMARY KEY NOT NULL, email TEXT);
        CREATE TABLE notes (id BLOB PRIMARY KEY NOT NULL, person_id BLOB);
        INSERT INTO people VALUES (x'00ff', 'ann@x.example'), (x'00fe', 'bob@x.example');
        INSERT INTO notes VALUES (x'01', x'00ff'), (x'02', x'00fe')`,
      collections: `
    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
${email}    - name: notes
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
`,
    })
    const desk = orders(at, clock, made.deps)
    const done = await desk.run(await desk.planned('erasure', ann))
    expect(done.status).toBe('stopped')
    expect(done.findings.map(({ kind, message }) => `${kind} ${message}`)).toContainEqual(
      expect.stringMatching(/^map .*made\.people\.id holds bytes/),
    )
    expect(made.rows('SELECT email FROM people')).toHaveLength(2)
  })
  it('that are NULL name no row: hers is counted and left, and nobody else’s is taken for it', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id TEXT PRIMARY KEY, email TEXT);
        CREATE TABLE notes (id TEXT PRIMARY KEY, person_id TEXT);
        INSERT INTO people VALUES ('', 'ann@x.example'), (NULL, 'ann@x.example'), ('null', 'bob@x.example');
        INSERT INTO notes VALUES ('1', ''), ('2', NULL), ('3', 'null')`,
      collections: `
    - name: people
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
${email}    - name: notes
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
`,
    })
    const desk = orders(at, clock, made.deps)
    const copy = await desk.run(await desk.planned('access', ann))
    expect((await desk.got(copy)).map(({ line }) => line)).toEqual(['made.people/ owned'])
    const left = { store: 'made', collection: 'people', rows: 1, kind: 'map' }
    expect(copy.findings).toContainEqual(expect.objectContaining(left))
    const done = await desk.run(await desk.planned('erasure', ann))
    expect(done.status).toBe('stopped')
    expect(done.residue).toContainEqual(expect.objectContaining({ table: 'people', rows: 1, ground: null }))
    expect(made.rows('SELECT id FROM people ORDER BY id')).toEqual([{ id: null }, { id: 'null' }])
    expect(made.rows('SELECT id FROM notes')).toHaveLength(3)
  })
})

describe('a row that changed hands between list and copy', () => {
  it('is not in the copy', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        INSERT INTO people VALUES (1, 'ann@x.example'), (2, ' Ann@x.example '), (3, 'ann@x.example')`,
      collections: `
    - name: people
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
${email}`,
    })
    const store = made
    const real = made.deps.stores.get('made') as Store
    const stand: Store = new Proxy(real, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        if (name !== 'reading') return value.bind(target) as unknown
        return async (...input: unknown[]): Promise<unknown> => {
          // What reads once the list is written, copies.
          const list = await at.db.read((reader) => reader.q.select().from(engineTables(reader).batch))
          if (list.length > 0) store.exec(`UPDATE people SET email = 'bob@x.example' WHERE id = 3`)
          return Reflect.apply(value, target, input) as unknown
        }
      },
    })
    const desk = orders(at, clock, { ...made.deps, stores: new Map([['made', stand]]) })
    const plan = await desk.planned('access', ann)
    const copy = await desk.run(plan)
    expect(copy.status).toBe('done')
    expect((await desk.got(copy)).map(({ line }) => line)).toEqual([
      'made.people/1 owned',
      'made.people/2 owned',
    ])
  })
})

describe('identities of two people in one request', () => {
  it('are shown to an officer, so that no copy goes out by itself', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example')`,
      collections: `
    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
${email}`,
    })
    const desk = orders(at, clock, made.deps)
    const findings = async (...values: string[]) =>
      (
        await desk.planned(
          'access',
          values.map((value) => ({ kind: 'email', value })),
        )
      ).findings.map((f) => f.kind)
    expect(await findings('ann@x.example', 'bob@x.example')).toContain('shared-line')
    expect(await findings('ann@x.example', 'ANN@x.example')).not.toContain('shared-line')
  })
})
