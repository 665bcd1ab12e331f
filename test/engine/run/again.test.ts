import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeOrder } from '../../../src/engine/order/close.ts'
import { replanOrder } from '../../../src/engine/order/confirm.ts'
import { type Plan, planOf } from '../../../src/engine/order/show.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

/** An order that stopped is planned anew and must work like a fresh one. */
const clock = fixedClock()
let at: TestDatabase
let made: MadeStore
let desk: Orders
beforeEach(async () => {
  at = await testDatabase(clock)
  made = madeStore({
    sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
      CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER, body TEXT);
      CREATE TABLE elsewhere (id INTEGER PRIMARY KEY, said TEXT);
      INSERT INTO people VALUES (1, 'ann@x.example', 'Ann Lee'), (2, 'bob@x.example', 'Bob Ray');
      INSERT INTO notes VALUES (1, 1, 'hello'), (2, 2, 'other');
      INSERT INTO elsewhere VALUES (1, 'write to ann@x.example')`,
    collections: `
    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
        - {name: name, data_categories: [user.name]}
    - name: notes
      lethe: {erase: delete, file: body}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: body, data_categories: [user.content], lethe: {text: free}}
`,
  })
  desk = orders(at, clock, made.deps)
})
afterEach(async () => {
  await made.close()
  await at.close()
})
const ann = [{ kind: 'email', value: 'ann@x.example' }]

async function again({ orderId }: Plan): Promise<Plan> {
  await desk.act((ctx) => replanOrder(ctx, { orderId }))
  await desk.drain()
  const plan = await at.db.read((reader) => planOf(reader, orderId))
  if (plan?.status !== 'planned') throw new Error(`the order is ${plan?.status}`)
  return plan
}

describe('an order that stopped and is planned anew', () => {
  it('collects all of it', async () => {
    made.exec(`UPDATE notes SET body = '../outside' WHERE id = 1`)
    const stopped = await desk.run(await desk.planned('access', ann))
    expect(stopped.status).toBe('stopped')
    made.exec(`UPDATE notes SET body = 'inside' WHERE id = 1`)
    const plan = await again(stopped)
    const done = await desk.run(plan)
    expect(done.status).toBe('done')
    expect((await desk.got(done)).map(({ line }) => line).sort()).toEqual([
      'made.notes/1 owned',
      'made.people/1 owned',
    ])
  })

  it('still knows the name that stood in a row which is gone', async () => {
    const stopped = await desk.run(await desk.planned('erasure', ann))
    expect(stopped.status).toBe('stopped')
    made.exec(
      `UPDATE elsewhere SET said = ''; INSERT INTO notes VALUES (9, 2, 'Ann Lee asked by ann@x.example')`,
    )
    expect(await desk.run(await again(stopped))).toMatchObject({ status: 'done' })
    expect(made.rows('SELECT body FROM notes WHERE id = 9')).toEqual([{ body: '[erased] asked by [erased]' }])
  })

  it('erases what came meanwhile, and ends', async () => {
    const stopped = await desk.run(await desk.planned('erasure', ann))
    expect(stopped.status).toBe('stopped')
    made.exec(
      `UPDATE elsewhere SET said = 'nothing'; INSERT INTO people VALUES (3, 'ann@x.example', 'Ann Lee'); INSERT INTO notes VALUES (3, 3, 'again')`,
    )
    const done = await desk.run(await again(stopped))
    expect(made.rows('SELECT id FROM people UNION ALL SELECT id FROM notes ORDER BY 1')).toEqual([
      { id: 2 },
      { id: 2 },
    ])
    expect(done.status).toBe('done')
  })
})

describe('what an access order collected', () => {
  it('leaves no file behind when it is closed', async () => {
    made.exec(`UPDATE notes SET body = NULL`)
    const done = await desk.run(await desk.planned('access', ann))
    expect(readdirSync(join(made.spool, done.orderId))).toHaveLength(2)
    await desk.act((ctx) => closeOrder(ctx, { orderId: done.orderId }))
    await desk.drain()
    expect(existsSync(join(made.spool, done.orderId))).toBe(false)
  })
})
