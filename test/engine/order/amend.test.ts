import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeOrder } from '../../../src/engine/order/close.ts'
import { replanOrder } from '../../../src/engine/order/confirm.ts'
import { type Plan, planOf } from '../../../src/engine/order/show.ts'
import { tables } from '../../../src/engine/tables.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

/** Rectification (Art. 16), restriction and its lifting (Art. 18), anonymisation in the place of erasure. */
const clock = fixedClock()
let at: TestDatabase
let made: MadeStore
let desk: Orders
beforeEach(async () => {
  at = await testDatabase(clock)
  made = madeStore({
    sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE, attribs TEXT, status TEXT);
      CREATE TABLE letters (id INTEGER PRIMARY KEY, person INTEGER, email TEXT, body TEXT, blocked INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE visits (id INTEGER PRIMARY KEY, person INTEGER, ip TEXT);
      INSERT INTO people VALUES (1, 'Ann Lee', 'ann@x.example', '{"nick": "Ann Lee", "n": 1.10, "mail":"ann@x.example"}', 'enabled'),
        (2, 'Ann Lee', 'lee@y.example', '{}', 'enabled');
      INSERT INTO letters VALUES (1, 1, 'Ann@X.example', 'Dear Ann Lee', 0), (2, 1, 'old@x.example', 'hi', 1), (3, 2, 'lee@y.example', 'Dear Ann Lee', 0);
      INSERT INTO visits VALUES (1, 1, '203.0.113.7'), (2, 2, '203.0.113.8');`,
    collections: `
    - name: people
      lethe: {person: true, erase: delete, restrict: {status: blocked}}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: name, data_categories: [user.name]}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
        - {name: attribs, data_categories: [user.name, user.contact.email], lethe: {encoding: [json]}}
        - {name: status}
    - name: letters
      lethe: {erase: delete, restrict: {blocked: 1}}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: email, data_categories: [user.contact.email], lethe: {format: email}}
        - {name: body, data_categories: [user.content], lethe: {text: free}}
        - {name: blocked}
    - name: visits
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: ip, data_categories: [user.device.ip_address]}
`,
  })
  desk = orders(at, clock, made.deps)
})
afterEach(async () => {
  await made.close()
  await at.close()
})
const ann = [{ kind: 'email', value: 'ann@x.example' }]
const steps = (plan: Plan) => plan.steps.map((s) => `${s.collection} ${s.action} ${s.found}`)
const everything = () =>
  ['people', 'letters', 'visits'].map((table) => made.rows(`SELECT * FROM ${table} ORDER BY id`))

describe('a rectification', () => {
  const corrections = [
    { category: 'user.contact.email', from: 'ANN@x.example', to: 'ann.lee@new.example' },
    { category: 'user.name', from: 'Ann Lee', to: 'Ann Li' },
  ]

  it('sets right what was wrong wherever it stands in rows of hers, inside JSON too, and nothing else', async () => {
    const before = everything()
    const plan = await desk.planned('rectification', ann, { corrections })
    expect(steps(plan)).toEqual(['letters rectify 1', 'people rectify 1'])
    const done = await desk.run(plan)
    expect([done.status, done.residue]).toEqual(['done', []])
    const [people, letters, visits] = before
    expect(everything()).toEqual([
      [
        {
          ...people?.[0],
          name: 'Ann Li',
          email: 'ann.lee@new.example',
          attribs: '{"nick": "Ann Li", "n": 1.10, "mail":"ann.lee@new.example"}',
        },
        people?.[1],
      ],
      [{ ...letters?.[0], email: 'ann.lee@new.example' }, letters?.[1], letters?.[2]],
      visits,
    ])
  })

  it('that does not say what was wrong leaves what is packed to a person, and says so', async () => {
    const anew = [{ category: 'user.name', from: null, to: 'Ann Li' }]
    const done = await desk.run(await desk.planned('rectification', ann, { corrections: anew }))
    expect([done.status, done.findings.map((f) => f.kind)]).toEqual(['tasks', ['task']])
    expect(made.rows('SELECT name FROM people WHERE id = 1')).toEqual([{ name: 'Ann Li' }])
  })

  it('is refused where what is right in one is wrong in another: a second try would undo it', async () => {
    const swapped = [
      { category: 'user.name', from: 'Ann', to: 'Lee' },
      { category: 'user.name.last', from: 'lee', to: 'Ann' },
    ]
    await expect(desk.planned('rectification', ann, { corrections: swapped })).rejects.toMatchObject({
      code: 'invalid',
    })
    const apart = [
      { category: 'user.name.first', from: 'Lee', to: 'Ann' },
      { category: 'user.name.last', from: 'Ann', to: 'Lee' },
    ]
    expect((await desk.planned('rectification', ann, { corrections: apart })).status).toBe('planned')
  })

  it('stops at what another edit set since the plan: nothing is overwritten', async () => {
    const plan = await desk.planned('rectification', ann, { corrections })
    made.exec(`UPDATE letters SET email = 'else@x.example' WHERE id = 1`)
    const run = await desk.run(plan)
    expect([run.status, run.findings.map((f) => f.kind)]).toEqual(['planned', ['drift']])
    expect((await desk.run(run)).status).toBe('done')
    expect(made.rows('SELECT email FROM letters WHERE id = 1')).toEqual([{ email: 'else@x.example' }])
  })

  it('a store that refuses it stops the order, and nothing is half done', async () => {
    made.exec(`INSERT INTO people VALUES (3, 'x', 'ann.lee@new.example', '{}', 'enabled')`)
    const before = everything()
    const stopped = await desk.run(
      await desk.planned('rectification', ann, { corrections: corrections.slice(0, 1) }),
    )
    expect(stopped.status).not.toBe('done')
    expect(everything()[0]).toEqual(before[0])
  })
})

describe('a restriction', () => {
  const lift = async (orderId: string): Promise<Plan> =>
    desk.run(await desk.planned('lifting', ann, { lifts: orderId }))

  it('marks her rows, leaves a task where the map knows no mark, and is lifted to what stood before', async () => {
    const before = everything()
    const plan = await desk.planned('restriction', ann)
    expect(steps(plan)).toEqual(['letters restrict 1', 'people restrict 1'])
    expect(plan.findings.map((f) => f.kind)).toEqual(['task'])
    const done = await desk.run(plan)
    expect(done.status).toBe('tasks')
    expect(made.rows('SELECT status FROM people')).toEqual([{ status: 'blocked' }, { status: 'enabled' }])
    expect(made.rows('SELECT blocked FROM letters')).toEqual([{ blocked: 1 }, { blocked: 1 }, { blocked: 0 }])
    await desk.act((ctx) => closeOrder(ctx, done))
    const lifted = await lift(plan.orderId)
    expect([lifted.status, steps(lifted)]).toEqual(['done', ['letters lift 1', 'people lift 1']])
    expect(everything()).toEqual(before)
    const kept = await at.db.read((reader) => reader.q.select().from(tables(reader).restricted))
    expect(kept).toEqual([])
  })

  const marks = () => [
    made.rows('SELECT status FROM people WHERE id = 1'),
    made.rows('SELECT blocked FROM letters WHERE id = 1'),
  ]
  const [marked, before] = [
    [[{ status: 'blocked' }], [{ blocked: 1 }]],
    [[{ status: 'enabled' }], [{ blocked: 0 }]],
  ]

  it.each([
    ['the first first', 0],
    ['the second first', 1],
  ])('asked for twice stands until both are lifted, %s', async (_, first) => {
    const orders = [
      await desk.run(await desk.planned('restriction', ann)),
      await desk.run(await desk.planned('restriction', ann)),
    ]
    const both = ['letters restrict 1', 'people restrict 1']
    expect(orders.map(steps)).toEqual([both, both])
    await lift(orders[first]?.orderId ?? '')
    expect(marks()).toEqual(marked)
    await lift(orders[1 - first]?.orderId ?? '')
    expect(marks()).toEqual(before)
  })

  it('that never came about in the store holds nothing: a later one is lifted', async () => {
    made.exec(`CREATE TRIGGER no BEFORE UPDATE ON people BEGIN SELECT RAISE(ABORT, 'no'); END`)
    const failed = await desk.run(await desk.planned('restriction', ann))
    expect(failed.status).not.toBe('tasks')
    made.exec('DROP TRIGGER no')
    const second = await desk.run(await desk.planned('restriction', ann))
    await lift(second.orderId)
    expect(made.rows('SELECT status FROM people WHERE id = 1')).toEqual([{ status: 'enabled' }])
  })

  it('is forgotten with the row: whoever gets its key next keeps the mark that is theirs', async () => {
    const { orderId } = await desk.run(await desk.planned('restriction', ann))
    await desk.run(await desk.planned('erasure', ann))
    made.exec(`INSERT INTO people VALUES (1, 'Cy', 'cy@x.example', '{}', 'blocked')`)
    await lift(orderId)
    expect(made.rows('SELECT status FROM people WHERE id = 1')).toEqual([{ status: 'blocked' }])
  })

  it('is not lifted from a row that somebody marked in another way since', async () => {
    const plan = await desk.planned('restriction', ann)
    await desk.run(plan)
    made.exec(`UPDATE people SET status = 'left' WHERE id = 1`)
    expect((await lift(plan.orderId)).status).toBe('done')
    expect(made.rows('SELECT status FROM people WHERE id = 1')).toEqual([{ status: 'left' }])
  })
})

describe('an anonymisation', () => {
  it('leaves every row and nothing of hers in it', async () => {
    const plan = await desk.planned('anonymisation', ann)
    expect(steps(plan).sort()).toEqual(['letters anonymise 2', 'people anonymise 1', 'visits anonymise 1'])
    const done = await desk.run(plan)
    expect([done.status, done.residue]).toEqual(['done', []])
    expect(made.rows('SELECT id, name, email, attribs FROM people WHERE id = 1')).toEqual([
      { id: 1, name: null, email: null, attribs: null },
    ])
    expect(made.rows('SELECT id, ip FROM visits')).toEqual([
      { id: 1, ip: null },
      { id: 2, ip: '203.0.113.8' },
    ])
  })

  it('again finds nothing more to do', async () => {
    await desk.run(await desk.planned('anonymisation', ann))
    const before = everything()
    const again = await desk.run(await desk.planned('anonymisation', ann))
    expect(again.status).toBe('done')
    expect(everything()).toEqual(before)
  })
})

it('plans anew after a stop like any order', async () => {
  const { orderId } = await desk.planned('restriction', ann)
  await desk.act((ctx) => replanOrder(ctx, { orderId }))
  await desk.drain()
  expect((await at.db.read((reader) => planOf(reader, orderId)))?.status).toBe('planned')
})
