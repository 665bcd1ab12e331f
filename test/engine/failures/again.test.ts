import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { replanOrder } from '../../../src/engine/order/confirm.ts'
import { planOf } from '../../../src/engine/order/show.ts'
import { StoreError } from '../../../src/stores/errors.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { orders } from '../../support/orders.ts'
import { withPoints } from './points.ts'

const clock = fixedClock()
let at: TestDatabase
let made: MadeStore
beforeEach(async () => {
  at = await testDatabase(clock)
  made = madeStore({
    sql: `CREATE TABLE mails (id INTEGER PRIMARY KEY, person INTEGER, address TEXT);
      CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE letters (id INTEGER PRIMARY KEY, person INTEGER, reply TEXT);
      INSERT INTO mails VALUES (1, 1, 'ann@x.example'), (2, 2, 'bob@x.example');
      INSERT INTO people VALUES (1, 'Ann Lee'), (2, 'Bob Ray');
      INSERT INTO letters VALUES (1, 1, 'ann@x.example'), (2, 2, 'bob@x.example')`,
    collections: `
    - name: mails
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person, fides_meta: {references: [{dataset: made, field: people.id, direction: to}]}, lethe: {link: owned}}
        - {name: address, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: name, data_categories: [user.name]}
    - name: letters
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: reply, data_categories: [user.contact.email], lethe: {format: email}}
`,
  })
})
afterEach(async () => {
  await made.close()
  await at.close()
})

describe('a rectification that a store refused in the middle', () => {
  it.each([1, 2, 3])(
    'at step %i, says so and finds the rest when it is planned again, though her address is another by then',
    async (step) => {
      const ann = [{ kind: 'email', value: 'ann@x.example' }]
      const corrections = [
        { category: 'user.contact.email', from: 'ann@x.example', to: 'ann.li@x.example' },
        { category: 'user.name', from: 'Ann Lee', to: 'Ann Li' },
      ]
      let writes = 0
      const failing = withPoints(made.deps, (point) => {
        if (point === 'writing' && ++writes === step) throw new StoreError('denied', 'made', 'not now')
      })
      const first = orders(at, clock, failing)
      const stopped = await first.run(await first.planned('rectification', ann, { corrections }))
      expect(stopped.status).toBe('stopped')
      expect(stopped.steps.map((one) => one.lastError)).toEqual(
        [1, 2, 3].map((seq) => (seq === step ? 'denied' : null)),
      )
      expect(stopped.findings.at(-1)).toEqual({
        kind: 'store',
        store: 'made',
        message:
          'a store did not do its part (denied); what is open stands in the steps. Plan again when it is mended.',
      })
      const { orderId } = stopped
      const desk = orders(at, clock, made.deps)
      await desk.act((ctx) => replanOrder(ctx, { orderId }))
      await desk.drain()
      const plan = await at.db.read((reader) => planOf(reader, orderId))
      if (!plan) throw new Error('there is no such order')
      expect(plan.steps.length).toBe(4 - step)
      expect((await desk.run(plan)).status).toBe('done')
      expect([
        made.rows('SELECT address FROM mails'),
        made.rows('SELECT name FROM people'),
        made.rows('SELECT reply FROM letters'),
      ]).toEqual([
        [{ address: 'ann.li@x.example' }, { address: 'bob@x.example' }],
        [{ name: 'Ann Li' }, { name: 'Bob Ray' }],
        [{ reply: 'ann.li@x.example' }, { reply: 'bob@x.example' }],
      ])
    },
  )
})
