import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineDeps } from '../../../src/engine/deps.ts'
import { replanOrder } from '../../../src/engine/order/confirm.ts'
import { type Plan, planOf } from '../../../src/engine/order/show.ts'
import { isSuppressed } from '../../../src/engine/run/suppress.ts'
import type { Store } from '../../../src/stores/port.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

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
const id = '        - {name: id, fides_meta: {primary_key: true, data_type: integer}}\n'
const email =
  '        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}\n'
const people = `    - name: people
      lethe: {person: true, erase: delete}
      fields:
${id}${email}`
const hers = (name: string, reference = 'people.id', link = 'owned') =>
  `        - {name: ${name}, fides_meta: {references: [{dataset: made, field: ${reference}, direction: from}]}, lethe: {link: ${link}}}\n`

/** The same store, where something happens just before it is written to for the first time. */
function meddled(
  store: MadeStore,
  meddle: (store: MadeStore) => void,
  before: 'writing' | 'work' = 'writing',
): EngineDeps {
  const real = store.deps.stores.get('made') as Store
  let done = false
  let looks = 0
  const stand: Store = new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...input: unknown[]): unknown => {
        // A store is described for the plan, for the list, and when the work begins.
        if (name === 'describe') looks++
        if (!done && (before === 'writing' ? name === 'writing' : looks === 3)) {
          done = true
          meddle(store)
        }
        return Reflect.apply(value, target, input)
      }
    },
  })
  return { ...store.deps, stores: new Map([['made', stand]]) }
}

describe('a file that several rows name', () => {
  it('goes with the last of them, not with the first', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        CREATE TABLE calls (id INTEGER PRIMARY KEY, person_id INTEGER, file TEXT);
        INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');
        INSERT INTO calls VALUES (1, 1, 'both.wav'), (2, 2, 'both.wav'), (3, 1, 'hers.wav')`,
      collections: `${people}    - name: calls
      lethe: {erase: delete, file: file}
      fields:
${id}${hers('person_id')}        - {name: file, data_categories: [user.content]}
`,
    })
    for (const name of ['both.wav', 'hers.wav']) writeFileSync(join(made.files, name), 'sound')
    const desk: Orders = orders(at, clock, made.deps)
    expect(await desk.run(await desk.planned('erasure', ann))).toMatchObject({ status: 'done' })
    expect(made.rows('SELECT id FROM calls')).toEqual([{ id: 2 }])
    expect(existsSync(join(made.files, 'hers.wav'))).toBe(false)
    expect(existsSync(join(made.files, 'both.wav'))).toBe(true)
  })
})

describe('a row that changes between plan and work', () => {
  it('keeps the address of whoever took her place in a shared row', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        CREATE TABLE watchers (id INTEGER PRIMARY KEY, email TEXT, second TEXT);
        INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');
        INSERT INTO watchers VALUES (1, 'ann@x.example', 'ann@x.example'), (2, 'ann@x.example', NULL)`,
      collections: `${people}    - name: watchers
      lethe: {erase: delete}
      fields:
${id}        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: shared}}
        - {name: second, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: shared}}
`,
    })
    const deps = meddled(made, (store) =>
      store.exec(`UPDATE watchers SET email = 'bob@x.example' WHERE id = 1`),
    )
    const desk = orders(at, clock, deps)
    const done = await desk.run(await desk.planned('erasure', ann))
    expect(made.rows('SELECT * FROM watchers')).toEqual([
      { id: 1, email: 'bob@x.example', second: null },
      { id: 2, email: null, second: null },
    ])
    expect(done.status).toBe('done')
  })

  it('puts nobody on the do-not-mail list who took her place', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'ann@x.example')`,
      collections: `    - name: people
      lethe: {erase: delete, suppress: {field: email, kind: email, list: news}}
      fields:
${id}${email}`,
    })
    const meddle = (store: MadeStore) => store.exec(`UPDATE people SET email = 'bob@x.example' WHERE id = 2`)
    const desk = orders(at, clock, meddled(made, meddle, 'work'))
    await desk.run(await desk.planned('erasure', ann))
    expect(made.rows('SELECT id FROM people')).toEqual([{ id: 2 }])
    const isOn = (value: string) =>
      at.db.read((reader) => isSuppressed(reader, { list: 'news', kind: 'email', value }))
    expect([await isOn('ann@x.example'), await isOn('bob@x.example')]).toEqual([true, false])
  })

  it('is found by the verification though the row that led to it is gone', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER, second_id INTEGER, body TEXT);
        INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');
        INSERT INTO notes VALUES (1, 1, 1, 'hers'), (2, 2, 2, 'his'), (3, 1, NULL, 'hers too')`,
      collections: `${people}    - name: notes
      lethe: {erase: delete}
      fields:
${id}${hers('person_id')}${hers('second_id')}        - {name: body, data_categories: [user.content]}
`,
    })
    const deps = meddled(made, (store) =>
      store.exec(
        `UPDATE notes SET second_id = NULL WHERE id = 1; INSERT INTO notes VALUES (4, 1, NULL, 'new')`,
      ),
    )
    const desk = orders(at, clock, deps)
    const done = await desk.run(await desk.planned('erasure', ann))
    expect(made.rows('SELECT id FROM notes').map((row) => row['id'])).toEqual([1, 2, 4])
    expect(done).toMatchObject({ status: 'stopped', residue: [{ table: 'notes', rows: 2, ground: null }] })
  })

  it('is erased by the next plan, unless its number was given to somebody else', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER, body TEXT);
        INSERT INTO people VALUES (7, 'ann@x.example'), (8, 'ann@x.example'), (2, 'bob@x.example');
        INSERT INTO notes VALUES (1, 7, 'hers'), (2, 2, 'his'), (3, 8, 'hers')`,
      collections: `${people.replace('person: true, ', '')}    - name: notes
      lethe: {erase: delete}
      fields:
${id}${hers('person_id')}        - {name: body, data_categories: [user.content]}
`,
    })
    const deps = meddled(made, (store) => store.exec(`INSERT INTO notes VALUES (4, 7, 'new'), (5, 8, 'new')`))
    const desk = orders(at, clock, deps)
    const stopped = await desk.run(await desk.planned('erasure', ann))
    expect(stopped).toMatchObject({ status: 'stopped', residue: [{ table: 'notes', rows: 2, ground: null }] })
    made.exec(`INSERT INTO people VALUES (8, 'carol@x.example')`)
    await desk.act((ctx) => replanOrder(ctx, { orderId: stopped.orderId }))
    await desk.drain()
    const plan = await at.db.read((reader) => planOf(reader, stopped.orderId))
    const done = await desk.run(plan as Plan)
    expect(made.rows('SELECT id FROM notes').map((row) => row['id'])).toEqual([2, 5])
    expect(done.status).toBe('done')
  })
})

describe('columns with names that mean something to JavaScript', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  it('are copied and erased like any other', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, ${names.map((name) => `"${name}" TEXT`).join(', ')});
        INSERT INTO people VALUES (1, 'ann@x.example', 'a', 'b', 'c', 'd'), (2, 'bob@x.example', 'a', 'b', 'c', 'd')`,
      collections: `    - name: people
      lethe: {person: true, erase: anonymise}
      fields:
${id}${email}${names.map((name) => `        - {name: "${name}", data_categories: [user.content]}\n`).join('')}`,
    })
    const desk = orders(at, clock, made.deps)
    const copy = await desk.run(await desk.planned('access', ann))
    const [row] = await desk.got(copy)
    expect(Object.entries(row?.row.values ?? {}).slice(2)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
      ['hasOwnProperty', 'd'],
    ])
    expect(await desk.run(await desk.planned('erasure', ann))).toMatchObject({ status: 'done' })
    const left = (person: number) =>
      made?.rows(
        `SELECT "__proto__" || constructor || toString || hasOwnProperty AS all_of_it FROM people WHERE id = ${person}`,
      )
    expect(left(1)).toEqual([{ all_of_it: null }])
    expect(left(2)).toEqual([{ all_of_it: 'abcd' }])
    expect(made.rows('SELECT count("__proto__") + count(constructor) AS n FROM people')).toEqual([{ n: 2 }])
  })
})

describe('two collections that see the same rows of a table', () => {
  it('do not stand in each other’s way: hers goes, in the other’s she is taken out', async () => {
    made = madeStore({
      sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER, sender TEXT, body TEXT);
        INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');
        INSERT INTO notes VALUES (1, 1, 'ann@x.example', 'ann@x.example'), (2, 2, 'ann@x.example', 'his, ann@x.example')`,
      collections: `${people}    - name: hers
      lethe: {table: notes, erase: delete}
      fields:
${id}${hers('person_id')}        - {name: sender, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: shared}}
    - name: any
      lethe: {table: notes, erase: anonymise}
      fields:
${id}        - {name: sender, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: shared}}
        - {name: body, data_categories: [user.content], lethe: {text: free}}
`,
    })
    const desk = orders(at, clock, made.deps)
    const done = await desk.run(await desk.planned('erasure', ann))
    expect(done.status).toBe('done')
    expect(done.steps.map((step) => step.skipped)).toEqual(done.steps.map(() => 0))
    expect(made.rows('SELECT * FROM notes')).toEqual([
      { id: 2, person_id: 2, sender: null, body: 'his, [erased]' },
    ])
  })
})
