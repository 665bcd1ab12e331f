import { afterEach, beforeEach, expect, test } from 'vitest'
import { replanOrder } from '../../../src/engine/order/confirm.ts'
import { planOf } from '../../../src/engine/order/show.ts'
import { appOn, depsOn } from '../../support/any-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { orders } from '../../support/orders.ts'

const clock = fixedClock()
let at: TestDatabase
beforeEach(async () => {
  at = await testDatabase(clock)
})
afterEach(() => at.close())

const people = `    - name: people
      lethe: {erase: delete}
      fields:
        - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
`

test('what a store does not let us erase is a task for a person, and the erasure does not end before it is done', async () => {
  const app = await appOn('sqlite')
  await app.exec(`CREATE TABLE people (id integer PRIMARY KEY, email text);
    INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example')`)
  const before = await app.dump('people')
  const desk = orders(at, clock, await depsOn('sqlite', app, people, { access: 'read' }))
  const plan = await desk.planned('erasure', [{ kind: 'email', value: 'ann@x.example' }])
  expect(plan.steps.map((s) => [s.action, s.found, s.ground])).toEqual([['decide', 1, 'by_hand']])
  expect(plan.findings.filter((f) => f.kind === 'task').map((f) => f.message)).toEqual([
    'Delete by hand what was found of the person in made, people: Lethe may not write there. Then plan again.',
  ])
  const stopped = await desk.run(plan)
  expect(stopped.status).toBe('stopped')
  expect(stopped.residue).toMatchObject([
    { table: 'people', rows: 1, ground: null },
    { table: 'people', column: 'email' },
  ])
  expect(await app.dump('people')).toBe(before)

  await app.exec('DELETE FROM people WHERE id = 1')
  await desk.act((ctx) => replanOrder(ctx, { orderId: plan.orderId }))
  await desk.drain()
  const again = await at.db.read((reader) => planOf(reader, plan.orderId))
  expect(again?.findings.filter((f) => f.kind === 'task')).toEqual([])
  expect((await desk.run(again as typeof plan)).status).toBe('done')
})
