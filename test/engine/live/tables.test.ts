import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

/** An application makes a table for each form, and columns for each question (Mautic, osTicket). */
const clock = fixedClock()
let at: TestDatabase
let made: MadeStore
let desk: Orders
beforeEach(async () => {
  at = await testDatabase(clock)
  made = madeStore({
    sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
      CREATE TABLE submissions (id INTEGER PRIMARY KEY, person INTEGER);
      CREATE TABLE form_results_1_contact (submission_id INTEGER PRIMARY KEY, question TEXT);
      CREATE TABLE form_results_2_fair (submission_id INTEGER PRIMARY KEY, shoe_size INTEGER, remark TEXT);
      CREATE TABLE form_resultless (id INTEGER PRIMARY KEY, note TEXT);
      INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');
      INSERT INTO submissions VALUES (10, 1), (11, 2), (12, 1);
      INSERT INTO form_results_1_contact VALUES (10, 'why?'), (11, 'how, ann@x.example?');
      INSERT INTO form_results_2_fair VALUES (12, 41, 'nice');
      INSERT INTO form_resultless VALUES (1, 'nobody');`,
    collections: `
    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
    - name: submissions
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
    - name: form_results
      lethe: {tables: form_results_*, erase: delete, columns: {data_categories: [user.content], text: free}}
      fields:
        - {name: submission_id, fides_meta: {primary_key: true, references: [{dataset: made, field: submissions.id, direction: from}]}, lethe: {link: owned}}
`,
  })
  desk = orders(at, clock, made.deps)
})
afterEach(async () => {
  await made.close()
  await at.close()
})
const ann = [{ kind: 'email', value: 'ann@x.example' }]

it('every table that fits the pattern is searched, and its columns are copied though the map names none of them', async () => {
  const done = await desk.run(await desk.planned('access', ann))
  const got = (await desk.got(done)).filter(({ collection }) => collection.startsWith('form_results'))
  expect(got.map(({ collection, line, row }) => [collection, line, row.values])).toEqual([
    [
      'form_results[form_results_1_contact]',
      'made.form_results_1_contact/10 owned',
      { submission_id: '10', question: 'why?' },
    ],
    [
      'form_results[form_results_1_contact]',
      'made.form_results_1_contact/11 mentioned',
      { submission_id: '11', question: 'how, ann@x.example?' },
    ],
    [
      'form_results[form_results_2_fair]',
      'made.form_results_2_fair/12 owned',
      { submission_id: '12', shoe_size: '41', remark: 'nice' },
    ],
  ])
})

it('her rows in them go, and she goes out of the others’', async () => {
  const done = await desk.run(await desk.planned('erasure', ann))
  expect(done.status).toBe('done')
  expect(made.rows('SELECT * FROM form_results_1_contact')).toEqual([
    { submission_id: 11, question: 'how, [erased]?' },
  ])
  expect(made.rows('SELECT * FROM form_results_2_fair')).toEqual([])
  expect(made.rows('SELECT count(*) AS n FROM form_resultless')).toEqual([{ n: 1 }])
})

it('a table made after the plan voids the approval: it may hold rows of hers', async () => {
  const plan = await desk.planned('erasure', ann)
  made.exec(`CREATE TABLE form_results_3_new (submission_id INTEGER PRIMARY KEY, question TEXT);
    INSERT INTO form_results_3_new VALUES (12, 'late')`)
  const run = await desk.run(plan)
  expect(run.status).toBe('planned')
  expect(run.findings.map(({ kind }) => kind)).toContain('drift')
  expect((await desk.run(run)).status).toBe('done')
  expect(made.rows('SELECT * FROM form_results_3_new')).toEqual([])
})
