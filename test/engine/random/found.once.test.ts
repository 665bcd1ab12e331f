import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/engine/order/show.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

/* What made-up worlds showed, each in its smallest form. */

const clock = fixedClock()
let at: TestDatabase
let made: MadeStore
let office: Orders
beforeEach(async () => {
  at = await testDatabase(clock)
})
afterEach(async () => {
  await made.close()
  await at.close()
})

function open(sql: string, collections: string): void {
  made = madeStore({ sql, collections })
  office = orders(at, clock, made.deps)
}
const ann = [{ kind: 'email', value: 'ann@post.example' }]
const erase = async (identities = ann): Promise<Plan> =>
  office.run(await office.planned('erasure', identities))
const copied = async () => {
  const got = await office.got(await office.run(await office.planned('access', ann)))
  return Object.fromEntries(got.map(({ line, row }) => [line, row.values]))
}

const email =
  '{name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}'
const from = (field: string) =>
  `fides_meta: {references: [{dataset: made, field: ${field}, direction: from}]}`
const people = (lethe = 'person: true', more = '') => `
    - name: people
      lethe: {key: [id], ${lethe}}
      fields: [{name: id}, ${email}${more && `, ${more}`}]`

describe('a field that led to a row', () => {
  it('is not hers where it led there from a row that is only shared: not in her copy, and it stays', async () => {
    open(
      `CREATE TABLE people (id integer PRIMARY KEY, email text, team integer);
       CREATE TABLE mails (id integer PRIMARY KEY, team integer, sender text);
       INSERT INTO people VALUES (1, 'ann@post.example', 7), (2, 'bob@post.example', 7);
       INSERT INTO mails VALUES (1, 7, 'bob@post.example');`,
      `${people('person: true', `{name: team, ${from('mails.team')}, lethe: {link: shared}}`)}
    - name: mails
      lethe: {key: [id]}
      fields:
        - {name: id}
        - {name: team, ${from('people.team')}, lethe: {link: shared}}
        - name: sender
          data_categories: [user.contact.email]
          ${from('people.email')}
          lethe: {link: shared, format: email}
`,
    )
    expect((await copied())['made.mails/1 shared']).toEqual({ id: '1', team: '7' })
    expect(await erase()).toMatchObject({ status: 'done' })
    expect(made.rows('SELECT * FROM mails')).toEqual([{ id: 1, team: 7, sender: 'bob@post.example' }])
  })

  it('is not hers where it is a mailbox of several', async () => {
    open(
      `CREATE TABLE people (id integer PRIMARY KEY, email text);
       CREATE TABLE mails (id integer PRIMARY KEY, person integer, sender text);
       INSERT INTO people VALUES (1, 'ann@post.example'), (2, 'info@post.example'), (3, 'info@post.example');
       INSERT INTO mails VALUES (1, 1, 'info@post.example');`,
      `${people()}
    - name: mails
      lethe: {key: [id]}
      fields:
        - {name: id}
        - {name: person, ${from('people.id')}, lethe: {link: shared}}
        - {name: sender, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: shared}}
`,
    )
    await erase([...ann, { kind: 'email', value: 'info@post.example' }])
    expect(made.rows('SELECT sender FROM mails')).toEqual([{ sender: 'info@post.example' }])
  })

  it('goes from a row that is only shared where it is an identity of any kind', async () => {
    open(
      `CREATE TABLE visits (id integer PRIMARY KEY, number text, place text);
       INSERT INTO visits VALUES (1, 'C-40179', 'shop');`,
      `
    - name: visits
      lethe: {key: [id]}
      fields:
        - {name: id}
        - {name: number, data_categories: [user.unique_id], fides_meta: {identity: customer_number}, lethe: {link: shared}}
        - {name: place}
`,
    )
    expect(await erase([{ kind: 'customer_number', value: 'C-40179' }])).toMatchObject({ status: 'done' })
    expect(made.rows('SELECT * FROM visits')).toEqual([{ id: 1, number: null, place: 'shop' }])
  })
})

it('whom a row in doubt only mentions is not in doubt', async () => {
  open(
    `CREATE TABLE people (id integer PRIMARY KEY, email text);
     CREATE TABLE notes (id integer PRIMARY KEY, about integer);
     INSERT INTO people VALUES (1, 'ann@post.example'), (2, 'ann@post.example');
     INSERT INTO notes VALUES (1, 1);`,
    `${people()}
    - name: notes
      lethe: {key: [id]}
      fields: [{name: id}, {name: about, ${from('people.id')}, lethe: {link: mentioned}}]
`,
  )
  const plan = await office.planned('access', ann)
  expect(plan.steps.map((step) => `${step.collection} ${step.action} ${step.found}`)).toEqual([
    'people decide 2',
  ])
})

describe('rows that point at each other', () => {
  it.each(['RESTRICT', 'NO ACTION', 'SET NULL'])('in one table go together: %s', async (onDelete) => {
    open(
      `CREATE TABLE people (id integer PRIMARY KEY, email text, friend integer REFERENCES people (id) ON DELETE ${onDelete});
       PRAGMA foreign_keys = OFF;
       INSERT INTO people VALUES (1, 'ann@post.example', 2), (2, NULL, 1), (3, 'bob@post.example', NULL);`,
      `${people('person: true, erase: delete', `{name: friend, ${from('people.id')}, lethe: {link: owned}}`)}\n`,
    )
    expect(await erase()).toMatchObject({ status: 'done' })
    expect(made.rows('SELECT id FROM people')).toEqual([{ id: 3 }])
  })

  it('over two tables go, though the store empties the pointer by which one was found', async () => {
    open(
      `CREATE TABLE people (id integer PRIMARY KEY, email text, card integer REFERENCES cards (id) ON DELETE SET NULL);
       CREATE TABLE cards (id integer PRIMARY KEY, holder integer REFERENCES people (id) ON DELETE SET NULL);
       PRAGMA foreign_keys = OFF;
       INSERT INTO people VALUES (1, 'ann@post.example', 1), (2, 'bob@post.example', 2);
       INSERT INTO cards VALUES (1, 1), (2, 2);`,
      `${people('erase: delete', `{name: card, ${from('cards.id')}, lethe: {link: owned}}`)}
    - name: cards
      lethe: {key: [id], erase: delete}
      fields: [{name: id}, {name: holder, ${from('people.id')}, lethe: {link: owned}}]
`,
    )
    const done = await erase()
    expect(done.steps.map(({ collection, skipped }) => `${collection} ${skipped}`).sort()).toEqual([
      'cards 0',
      'people 0',
    ])
    expect(made.rows('SELECT id FROM people')).toEqual([{ id: 2 }])
    expect(made.rows('SELECT id FROM cards')).toEqual([{ id: 2 }])
  })
})

it('rows that point by two columns together go first, although the map follows only one of them', async () => {
  open(
    `CREATE TABLE people (id integer PRIMARY KEY, email text);
     CREATE TABLE lines (nr integer, line integer, person integer, PRIMARY KEY (nr, line));
     CREATE TABLE marks (id integer PRIMARY KEY, nr integer, line integer, FOREIGN KEY (nr, line) REFERENCES lines (nr, line) ON DELETE RESTRICT);
     INSERT INTO people VALUES (1, 'ann@post.example');
     INSERT INTO lines VALUES (5, 1, 1), (6, 1, 2);
     INSERT INTO marks VALUES (1, 5, 1), (2, 6, 1);`,
    `${people('erase: delete')}
    - name: lines
      lethe: {key: [nr, line], erase: delete}
      fields: [{name: nr}, {name: line}, {name: person, ${from('people.id')}, lethe: {link: owned}}]
    - name: marks
      lethe: {key: [id], erase: delete}
      fields: [{name: id}, {name: nr, ${from('lines.nr')}, lethe: {link: owned}}, {name: line}]
`,
  )
  expect(await erase()).toMatchObject({ status: 'done' })
  expect(made.rows('SELECT nr FROM lines')).toEqual([{ nr: 6 }])
  expect(made.rows('SELECT id FROM marks')).toEqual([{ id: 2 }])
})

describe('a row without a key', () => {
  it('that holds a NULL is hers when the store takes it along', async () => {
    open(
      `CREATE TABLE people (id integer PRIMARY KEY, email text);
       CREATE TABLE visits (person integer REFERENCES people (id) ON DELETE CASCADE, place text);
       INSERT INTO people VALUES (1, 'ann@post.example');
       INSERT INTO visits VALUES (1, NULL);`,
      `${people('erase: delete')}
    - name: visits
      lethe: {erase: anonymise}
      fields: [{name: person, ${from('people.id')}, lethe: {link: owned}}, {name: place}]
`,
    )
    expect(await erase()).toMatchObject({ status: 'done' })
    expect(made.rows('SELECT * FROM visits')).toEqual([])
  })

  it('that may be hers and names her besides is counted once in each', async () => {
    open(
      `CREATE TABLE people (id integer PRIMARY KEY, email text);
       CREATE TABLE visits (person integer, note text);
       INSERT INTO people VALUES (1, 'ann@post.example'), (2, 'ann@post.example');
       INSERT INTO visits VALUES (1, 'call +31620988728');`,
      `${people()}
    - name: visits
      fields: [{name: person, ${from('people.id')}, lethe: {link: owned}}, {name: note, lethe: {text: free}}]
`,
    )
    const plan = await office.planned('access', [...ann, { kind: 'phone', value: '+31620988728' }])
    expect(plan.steps.map((s) => `${s.collection} ${s.action} ${s.found}`).sort()).toEqual([
      'people decide 2',
      'visits collect 1',
      'visits decide 1',
    ])
  })
})

it('a row that lets go of its parent first is not taken along with it, nor what hangs on it', async () => {
  open(
    `CREATE TABLE people (id integer PRIMARY KEY, email text);
     CREATE TABLE orders (id integer PRIMARY KEY, person integer REFERENCES people (id) ON DELETE CASCADE);
     CREATE TABLE items (id integer PRIMARY KEY, nr integer REFERENCES orders (id) ON DELETE CASCADE, kind text);
     INSERT INTO people VALUES (1, 'ann@post.example');
     INSERT INTO orders VALUES (3, 1);
     INSERT INTO items VALUES (6, 3, 'c');`,
    `${people('erase: delete')}
    - name: orders
      lethe: {key: [id], erase: anonymise}
      fields: [{name: id}, {name: person, ${from('people.id')}, lethe: {link: owned, erase: 'null'}}]
    - name: items
      lethe: {key: [id], rows: {kind: a}}
      fields: [{name: id}, {name: nr, ${from('orders.id')}, lethe: {link: owned}}]
`,
  )
  expect(await erase()).toMatchObject({ status: 'done' })
  expect(made.rows('SELECT id, person FROM orders')).toEqual([{ id: 3, person: null }])
  expect(made.rows('SELECT id, nr FROM items')).toEqual([{ id: 6, nr: 3 }])
})
