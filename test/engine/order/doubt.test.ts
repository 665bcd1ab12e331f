import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptCandidate, candidatesOf } from '../../../src/engine/order/candidates.ts'
import { closeOrder } from '../../../src/engine/order/close.ts'
import { decideRows, rowsInDoubt } from '../../../src/engine/order/doubt.ts'
import { type Plan, planOf } from '../../../src/engine/order/show.ts'
import { completeTask, tasksOf } from '../../../src/engine/order/tasks.ts'
import type { Verdict } from '../../../src/engine/tables.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

/** What a person says of what the search cannot know. */
const clock = fixedClock()
let at: TestDatabase
let made: MadeStore
let desk: Orders
const collections = `
    - name: people
      lethe: {person: true, erase: anonymise}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: name, data_categories: [user.name], lethe: {erase: null}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned, erase: null}}
        - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}, lethe: {link: owned, erase: null}}
    - name: calls
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: src, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number, references: [{dataset: made, field: people.phone, direction: from}]}, lethe: {link: owned}}
        - {name: token, lethe: {secret: true}}
`
beforeEach(async () => {
  at = await testDatabase(clock)
  made = madeStore({
    sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT);
      CREATE TABLE calls (id INTEGER PRIMARY KEY, src TEXT, token TEXT);
      INSERT INTO people VALUES (1, 'Ann Lee', 'ann@x.example', '+31201234567'), (2, 'Bob Lee', 'bob@x.example', '020 123 4567'),
        (3, 'Ann Lee', 'lee@y.example', NULL), (4, 'A. Lee', 'a.nn@gmail.com', NULL), (5, 'Ann', 'ANN+shop@x.example', '+31612345678');
      INSERT INTO calls VALUES (1, '+31201234567', 's1'), (2, '020-1234567', 's2'), (3, '+31612345678', 's3');`,
    collections,
  })
  desk = orders(at, clock, made.deps)
})
afterEach(async () => {
  await made.close()
  await at.close()
})
const ann = [{ kind: 'email', value: 'ann@x.example' }]
const shown = async ({ orderId }: Plan): Promise<Plan> =>
  (await at.db.read((reader) => planOf(reader, orderId))) as Plan
const steps = (plan: Plan) => plan.steps.map((s) => `${s.collection} ${s.action} ${s.found}`)

describe('rows that were reached only in doubt', () => {
  const decide = async (plan: Plan, verdicts: Readonly<Record<string, Verdict>>): Promise<Plan> => {
    const rows = await rowsInDoubt(made.deps, at.db, plan)
    const said = rows.map(({ collectionId, row, key }) => ({
      collectionId,
      row,
      verdict: verdicts[String(key[0])] ?? 'none',
    }))
    await desk.act((ctx) => decideRows(ctx, { orderId: plan.orderId, rows: said }))
    await desk.drain()
    return shown(plan)
  }

  it('are shown to an officer with their values, but for secrets', async () => {
    const plan = await desk.planned('erasure', ann)
    expect(steps(plan)).toContain('calls decide 2')
    const rows = await rowsInDoubt(made.deps, at.db, plan)
    expect(rows.map(({ collectionId, values }) => [collectionId, values])).toEqual([
      ['made.calls', { id: '1', src: '+31201234567' }],
      ['made.calls', { id: '2', src: '020-1234567' }],
    ])
  })

  it('are erased when they are hers, and nothing is done with those that are not', async () => {
    const plan = await decide(await desk.planned('erasure', ann), { 1: 'owned', 2: 'none' })
    expect(steps(plan)).toEqual(['people anonymise 1', 'calls delete 1'])
    expect((await desk.run(plan)).status).toBe('done')
    expect(made.rows('SELECT id FROM calls ORDER BY id')).toEqual([{ id: 2 }, { id: 3 }])
  })

  it('are in doubt again when another record stands under the key by the time of the work', async () => {
    const plan = await decide(await desk.planned('erasure', ann), { 1: 'owned', 2: 'none' })
    made.exec(`UPDATE calls SET src = '0031 20 1234567', token = 'of Bob' WHERE id = 1`)
    const run = await desk.run(plan)
    expect([run.status, run.findings.map((f) => f.kind)]).toEqual([
      'planned',
      expect.arrayContaining(['drift']),
    ])
    expect(steps(run)).toContain('calls decide 1')
    expect(made.rows('SELECT id FROM calls ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  it('decided while a plan is drawn are not in that plan: the next one says what was decided', async () => {
    const plan = await desk.planned('erasure', ann)
    const rows = await rowsInDoubt(made.deps, at.db, plan)
    const say = (verdict: Verdict) =>
      desk.act((ctx) =>
        decideRows(ctx, {
          orderId: plan.orderId,
          rows: rows.map(({ collectionId, row }) => ({ collectionId, row, verdict })),
        }),
      )
    await say('owned')
    const store = made.deps.stores.get('made')
    if (!store) throw new Error('there is no store')
    let said = false
    const reading: typeof store.reading = async (work, options) => {
      const read = await store.reading(work, options)
      if (!said) {
        said = true
        await say('none')
      }
      return read
    }
    const slow = {
      ...made.deps,
      stores: new Map([['made', Object.assign(Object.create(store), { reading })]]),
    }
    await orders(at, clock, slow).drain()
    expect(said).toBe(true)
    const next = await shown(plan)
    expect([next.status, steps(next)]).toEqual(['planned', ['people anonymise 1']])
  })

  it('void the approval of a plan that was drawn before the word', async () => {
    const before = await desk.planned('erasure', ann)
    await decide(before, { 1: 'owned' })
    await expect(desk.run(before)).rejects.toThrow(/changed since it was approved/)
  })

  it('cannot be decided once the work is done, and the words are forgotten with the case', async () => {
    const plan = await decide(await desk.planned('erasure', ann), { 1: 'owned' })
    const done = await desk.run(plan)
    await expect(decide(done, {})).rejects.toThrow(/no row|expected/)
    await desk.act((ctx) => closeOrder(ctx, done))
    await expect(
      desk.act((ctx) =>
        decideRows(ctx, {
          orderId: done.orderId,
          rows: [{ collectionId: 'made.calls', row: 'x', verdict: 'owned' }],
        }),
      ),
    ).rejects.toThrow(/expected/)
  })
})

describe('what may be the same person’s', () => {
  const list = async ({ orderId }: Plan) =>
    (await at.db.read((reader) => candidatesOf(reader, orderId))).map(
      ({ kind, value, why }) => `${why}: ${kind} ${value}`,
    )

  it('is listed and not searched for: her number, who has her name, an address but for its tag or dots', async () => {
    // Her number is Bob's too: nobody can accept that.
    expect(await list(await desk.planned('access', ann))).toEqual(['name: email lee@y.example'])
    expect(await list(await desk.planned('access', [{ kind: 'email', value: 'ann@gmail.com' }]))).toEqual([
      'dots: email a.nn@gmail.com',
    ])
    expect(
      await list(await desk.planned('access', [{ kind: 'email', value: 'ann+shop@x.example' }])),
    ).toEqual(expect.arrayContaining(['own record: phone +31612345678', 'tag: email ann@x.example']))
  })

  it('counts like proved once an officer accepts it with a reason, and a later proof does not lose it', async () => {
    const plan = await desk.planned('erasure', ann)
    const identity = { kind: 'email', value: 'lee@y.example' }
    const accept = (because: string, what = identity) =>
      desk.act((ctx) => acceptCandidate(ctx, { orderId: plan.orderId, identity: what, because }))
    await expect(accept('')).rejects.toThrow(/no reason/)
    await expect(accept('told us', { kind: 'email', value: 'bob@x.example' })).rejects.toThrow(/no candidate/)
    await accept('the same birthday on the phone')
    await desk.drain()
    expect(steps(await shown(plan))).toContain('people anonymise 2')
    expect((await desk.run(await shown(plan))).status).toBe('done')
    expect(made.rows('SELECT id, email FROM people WHERE email IS NULL')).toEqual([
      { id: 1, email: null },
      { id: 3, email: null },
    ])
  })
})

describe('copies that only people can clear', () => {
  beforeEach(async () => {
    await made.close()
    made = madeStore({
      sql: "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT); INSERT INTO people VALUES (1, 'ann@x.example')",
      collections: `
    - name: people
      lethe: {person: true, erase: delete, effects: [The application writes a line into its log.]}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
`,
      dataset:
        'copies: [The search index of the shop., {en: The export on the share., nl: De export op de share.}]',
    })
    desk = orders(at, clock, made.deps)
  })

  it('are told with the plan, keep the order open after the work, and end it with the last', async () => {
    const plan = await desk.planned('erasure', ann)
    expect(plan.findings.map(({ kind, message }) => [kind, message])).toEqual([
      ['task', 'The search index of the shop.'],
      ['task', 'The export on the share.'],
      ['effect', 'The application writes a line into its log.'],
    ])
    expect((await desk.run(plan)).status).toBe('tasks')
    expect(made.rows('SELECT * FROM people')).toEqual([])
    const { orderId } = plan
    const [first, second] = await at.db.read((reader) => tasksOf(reader, orderId))
    const complete = (taskId = '', note = 'Removed by hand, ticket 7.') =>
      desk.act((ctx) => completeTask(ctx, { orderId, taskId, note }))
    await expect(complete(first?.id, ' ')).rejects.toThrow(/not said/)
    await complete(first?.id)
    await expect(complete(first?.id)).rejects.toThrow(/done already/)
    expect((await shown(plan)).status).toBe('tasks')
    await complete(second?.id)
    expect((await shown(plan)).status).toBe('done')
    await desk.act((ctx) => closeOrder(ctx, { orderId }))
    const after = await at.db.read((reader) => tasksOf(reader, orderId))
    expect(after.map(({ doneBy, note }) => [doneBy, note])).toEqual([
      ['ada', null],
      ['ada', null],
    ])
  })

  it('are nobody’s task for an access, nor for somebody who is not there', async () => {
    expect((await desk.planned('access', ann)).findings).toEqual([])
    const none = await desk.planned('erasure', [{ kind: 'email', value: 'nobody@x.example' }])
    expect(none.findings).toEqual([])
    expect((await desk.run(none)).status).toBe('done')
  })
})
