import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simpleParser } from 'mailparser'
import { chooseOthers } from '../../../src/engine/others/choices.ts'
import { othersOf } from '../../../src/engine/others/look.ts'
import { ownDomains } from '../../../src/engine/others/ours.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { orders } from '../../support/orders.ts'

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
const hostile = `<b onclick='x'>Eve" \\ $&</b> Doe`
const sql = (text: string) => `'${text.replaceAll("'", "''")}'`
const hex = (bytes: Uint8Array | string) => `x'${Buffer.from(bytes).toString('hex')}'`

/** As osTicket has it: people in one table, their addresses in another, entries of a thread with an author. */
const collections = `    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: name, data_categories: [user.name]}
    - name: addresses
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: to}]}, lethe: {link: owned}}
        - {name: address, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - name: threads
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}}
    - name: entries
      lethe: {erase: delete, author: {field: person_id, unless: {kind: [note]}}}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: thread_id, fides_meta: {references: [{dataset: made, field: threads.id, direction: from}]}}
        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: kind}
        - {name: html, data_categories: [user.content], lethe: {text: free, encoding: [html]}}
        - {name: json, data_categories: [user.content], lethe: {text: free, encoding: [json]}}
        - {name: mail, data_categories: [user.content], lethe: {text: free, encoding: [gzip, mime]}}
        - {name: plain, data_categories: [user.content], lethe: {text: free}}
`
const mail = `From: Carl Smit <carl@y.example>\r\nTo: ann@x.example\r\nMessage-ID: <1@y.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from('<p>Bel Carl&nbsp;Smit: 06-87654321 of ann@x.example</p>').toString('base64')}\r\n`
const entry = (id: number, by: string, kind: string) =>
  `(${id}, 1, ${by}, '${kind}', ${sql('<p>Van <i>Bob de Vries</i> &lt;bob@y.example&gt;; desk@us.example</p>')}, ${sql(JSON.stringify({ 'bob@y.example': [hostile, 12345678, 'Ann Lee'], n: 1 }))}, ${hex(gzipSync(mail))}, ${sql(`Bob de Vries schreef ${hostile} en Bo`)})`
const tables = `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE addresses (id INTEGER PRIMARY KEY, person_id INTEGER, address TEXT);
  CREATE TABLE threads (id INTEGER PRIMARY KEY, person_id INTEGER);
  CREATE TABLE entries (id INTEGER PRIMARY KEY, thread_id INTEGER, person_id INTEGER, kind TEXT, html TEXT, json TEXT, mail BLOB, plain TEXT);
  INSERT INTO people VALUES (1, 'Ann Lee'), (2, 'Bob de Vries'), (3, 'Carl Smit'), (4, ${sql(hostile)}), (5, 'Dora Desk'), (6, 'Nobody Near');
  INSERT INTO addresses VALUES (1, 1, 'ann@x.example'), (2, 2, 'bob@y.example'), (3, 3, 'carl@y.example'), (4, 5, 'desk@us.example');
  INSERT INTO threads VALUES (1, 1);`

const rowsOf = (entries: readonly string[]) => `${tables} INSERT INTO entries VALUES ${entries.join(', ')};`

describe('packed and hostile texts of a thread', () => {
  it('that an agent wrote lose everybody else, by name only those tied in, and stay what they are', async () => {
    made = madeStore({ sql: rowsOf([entry(1, '0', 'note'), entry(2, '4', 'mail')]), collections })
    const before = made.rows('SELECT * FROM entries')
    const deps = { ...made.deps, domains: ownDomains(['Us', 'privacy@us.example']) }
    const desk = orders(at, clock, deps)
    const got = await desk.got(await desk.run(await desk.planned('access', ann)))
    expect(made.rows('SELECT * FROM entries')).toEqual(before)
    const { values, redacted } = got.find(({ line }) => line.startsWith('made.entries/1'))?.row ?? {}
    expect(values?.['html']).toBe('<p>Van <i>[withheld]</i> &lt;[withheld]&gt;; desk@us.example</p>')
    expect(JSON.parse(values?.['json'] ?? '')).toEqual({
      '[withheld]': ['[withheld]', 12345678, 'Ann Lee'],
      n: 1,
    })
    const parsed = await simpleParser(values?.['mail'] ?? '')
    expect(parsed.from?.text).not.toMatch(/carl|smit/i)
    expect(parsed.messageId).toBe('<1@y.example>')
    expect(parsed.html).toBe('<p>Bel [withheld]: [withheld] of ann@x.example</p>')
    expect(values?.['plain']).toBe('[withheld] schreef [withheld] en Bo')
    expect(redacted).toEqual(['html', 'json', 'mail', 'plain'])
  })

  it('that she wrote stay as they are until the officer withholds, and are told to nobody as open', async () => {
    made = madeStore({ sql: rowsOf([entry(1, '1', 'mail'), entry(2, '0', 'note')]), collections })
    const desk = orders(at, clock, made.deps)
    const plan = await desk.planned('access', ann)
    expect(plan.findings.filter(({ kind }) => kind === 'others')).toEqual([])
    expect(plan.others.find(({ field, kind }) => field === 'plain' && kind === 'name')).toMatchObject({
      // An address leads to Bob; nothing leads to the hostile one, who is in nobody's thread here.
      hidden: 1,
      left: 1,
      open: 0,
    })
    const passages = await othersOf(made.deps, at.db, { orderId: plan.orderId })
    const mine = passages.find(({ key, field }) => key[0] === '1' && field === 'html')
    await desk.act((ctx) =>
      chooseOthers(ctx, {
        orderId: plan.orderId,
        choices: [
          { collectionId: 'made.entries', choice: 'leave' },
          { collectionId: 'made.entries', passage: mine?.passage, choice: 'hide' },
        ],
      }),
    )
    const got = await desk.got(await desk.run(plan))
    const entries = got.filter(({ collection }) => collection === 'entries').map(({ row }) => row)
    expect(entries.map(({ redacted }) => redacted)).toEqual([['html'], []])
    expect(entries[0]?.values['html']).toContain('[withheld]')
    expect(entries[1]?.values['plain']).toContain('Bob de Vries schreef')
  })
})
