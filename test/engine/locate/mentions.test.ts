import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { orders } from '../../support/orders.ts'

/** What names her in another's row is found whatever it is written in, taken out, and the rest stays. */
const clock = fixedClock()
let at: TestDatabase
let made: MadeStore
const quoted = 'Hello Bob,\r\nask ann=40x.example about =C3=A9.\r\n'
const base64 = Buffer.from('Please forward this to ann@x.example, thank you.').toString('base64')
const mail = [
  'From: Bob <bob@x.example>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  base64,
  '',
].join('\r\n')
beforeEach(async () => {
  at = await testDatabase(clock)
  made = madeStore({
    sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
      CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, packed BLOB);
      INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');`,
    collections: `
    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
    - name: notes
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: body, data_categories: [user.content], lethe: {text: free}}
        - {name: packed, data_categories: [user.content], lethe: {encoding: [gzip, json]}}
`,
  })
})
afterEach(async () => {
  await made.close()
  await at.close()
})

it('in quoted-printable, base64, a raw mail, JSON escapes, percent signs and compressed JSON', async () => {
  const packed = gzipSync('{"to": ["ann@x.example", "bob@x.example"], "n": 12345678901234567890}').toString(
    'hex',
  )
  const bodies = [
    quoted,
    base64,
    mail,
    '{"a":"ann\\u0040x.example","b":1.10}',
    'x?to=ann%40x.example&n=1',
    'nothing, joann@x.example',
  ]
  const insert = bodies.map((body, i) => `(${i + 1}, '${body.replaceAll("'", "''")}', NULL)`).join()
  made.exec(`INSERT INTO notes VALUES ${insert}, (7, NULL, x'${packed}')`)
  const desk = orders(at, clock, made.deps)
  const plan = await desk.planned('erasure', [{ kind: 'email', value: 'ann@x.example' }])
  expect(plan.steps.map((s) => `${s.collection} ${s.action} ${s.found}`)).toEqual([
    'notes redact 6',
    'people delete 1',
  ])
  const done = await desk.run(plan)
  expect([done.status, done.residue]).toEqual(['done', []])
  const after = made.rows('SELECT body, hex(packed) AS packed FROM notes ORDER BY id')
  expect(after[0]?.['body']).toBe(quoted.replace('ann=40x.example', '[erased]'))
  const decoded = (text: unknown) => Buffer.from(String(text), 'base64').toString()
  expect(decoded(after[1]?.['body'])).toBe('Please forward this to [erased], thank you.')
  const [head, body] = String(after[2]?.['body']).split('\r\n\r\n')
  expect([head, decoded(body)]).toEqual([
    mail.split('\r\n\r\n')[0],
    'Please forward this to [erased], thank you.',
  ])
  expect(after[3]?.['body']).toBe('{"a":"[erased]","b":1.10}')
  expect(after[4]?.['body']).toBe('x?to=[erased]&n=1')
  expect(after[5]?.['body']).toBe('nothing, joann@x.example')
})
