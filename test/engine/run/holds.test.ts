import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LocalDate } from '../../../src/base/instant.ts'
import type { EngineDeps } from '../../../src/engine/deps.ts'
import { placeHold, type NewHold } from '../../../src/holds/place.ts'
import type { Store } from '../../../src/stores/port.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

const clock = fixedClock('2026-11-22T12:00:00.000Z')
let at: TestDatabase
let made: MadeStore
let desk: Orders
beforeEach(async () => {
  at = await testDatabase(clock)
  made = madeStore({
    sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, number TEXT);
      CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER, state TEXT, body TEXT);
      INSERT INTO people VALUES (1, 'ann@x.example', 'C-000001'), (2, 'bob@x.example', 'C-000002'),
        (3, 'both@x.example', 'C-000003'), (4, 'both@x.example', 'C-000004');
      INSERT INTO notes VALUES (1, 1, 'open', 'hers'), (2, 2, 'open', 'ann@x.example called'), (3, 1, 'closed', 'hers')`,
    collections: `
    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
        - {name: number, data_categories: [user.unique_id], fides_meta: {identity: customer_number}}
${['open', 'closed']
  .map(
    (state) => `    - name: ${state}
      lethe: {table: notes, rows: {state: ${state}}, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: state}
        - {name: body, data_categories: [user.content], lethe: {text: free}}
`,
  )
  .join('')}`,
  })
  desk = orders(at, clock, made.deps)
})
afterEach(async () => {
  await made.close()
  await at.close()
})
const ann = [{ kind: 'email', value: 'ann@x.example' }]
const hold = (scope: NewHold['scope']) =>
  desk.act((ctx) =>
    placeHold(ctx, {
      scope,
      reason: 'claim 2026/14',
      authority: 'Rechtbank Amsterdam',
      reviewOn: '2027-01-15' as LocalDate,
      blocks: ['erasure'],
    }),
  )
const notes = () => made.rows('SELECT id, body FROM notes ORDER BY id')
const record = (collection: string, key: string): NewHold['scope'] => ({
  kind: 'record',
  store: 'made',
  collection,
  key: [key],
})

describe('a held record', () => {
  it.each([
    ['in which she is only named', 'made.open', '2'],
    ['of hers, held by the name of another collection of its table', 'made.open', '3'],
    ['of hers, held by the short name', 'closed', '3'],
  ])('%s stops her erasure before the first write', async (_, collection, key) => {
    const before = notes()
    await hold(record(collection, key))
    expect(await desk.run(await desk.planned('erasure', ann))).toMatchObject({ status: 'stopped' })
    expect(notes()).toEqual(before)
  })
})

describe('a held person', () => {
  it('who is held by a mailbox that two people share keeps what may be hers', async () => {
    await hold({ kind: 'person', identities: [{ kind: 'email', value: 'both@x.example' }] })
    const plan = await desk.planned('erasure', [{ kind: 'customer_number', value: 'C-000003' }])
    expect(await desk.run(plan)).toMatchObject({ status: 'stopped' })
    expect(made.rows('SELECT id FROM people')).toHaveLength(4)
  })
})

describe('a hold that is placed while an erasure runs', () => {
  it('stops it at the next batch', async () => {
    const real = made.deps.stores.get('made') as Store
    let writes = 0
    const stand: Store = new Proxy(real, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return async (...input: unknown[]): Promise<unknown> => {
          const answer: unknown = await Reflect.apply(value, target, input)
          // Between two batches: after the store's transaction, as another officer would.
          if (name === 'writing' && ++writes === 1) await hold({ kind: 'person', identities: ann })
          return answer
        }
      },
    })
    const deps: EngineDeps = { ...made.deps, stores: new Map([['made', stand]]) }
    desk = orders(at, clock, deps)
    const stopped = await desk.run(await desk.planned('erasure', ann))
    expect(stopped.status).toBe('stopped')
    expect(stopped.findings).toContainEqual(expect.objectContaining({ kind: 'hold' }))
    expect(made.rows('SELECT id FROM people WHERE id = 1')).toEqual([{ id: 1 }])
    expect(writes).toBe(1)
  })
})
