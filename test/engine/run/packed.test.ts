import { deflateSync, inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { orders } from '../../support/orders.ts'
import { type Php, serialize, unserialize } from '../../support/php.ts'

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
const hex = (bytes: Uint8Array | string) => `x'${Buffer.from(bytes).toString('hex')}'`
/** Private names of PHP have NULs in them. */
const quoted = (text: string) => `CAST(${hex(text)} AS TEXT)`

const details = (who: string): Php => ({
  entries: [
    ['é', who],
    ['by', { of: 'User', entries: [['\0*\0mail', 'bob@x.example']] }],
  ],
})
const payload = (who: string) => `{"lead": {"${who}": 1.10, "id": 12345678901234567890}}`
const yaml = (who: string) => `--- !ruby/object:User\nmail: ${who} # bob@x.example\n`
const mail = (who: string, text: string) =>
  `From: Bob <bob@x.example>\r\nTo: ${who}\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nZo=EB ${text}=\r\n`

const collections = `    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - name: log
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: person_id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: shared}}
        - {name: details, data_categories: [user.content], lethe: {text: free, encoding: [php]}}
        - {name: prefs, data_categories: [user.content], lethe: {text: free, encoding: [yaml]}}
        - {name: payload, data_categories: [user.content], lethe: {text: free, encoding: [zlib, json]}}
        - {name: raw, data_categories: [user.content], lethe: {text: free, encoding: [mime]}}
`
const row = (id: number, person: number, who: string, text: string) =>
  `(${id}, ${person}, ${quoted(serialize(details(who)))}, ${quoted(yaml(who))}, ${hex(deflateSync(payload(who)))}, ${hex(mail(who, text))})`
const tables = `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
  CREATE TABLE log (id INTEGER PRIMARY KEY, person_id INTEGER, details TEXT, prefs TEXT, payload BLOB, raw BLOB);
  INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');`

describe('packed columns of a row that is not hers alone', () => {
  it('lose what is hers and still unpack; those of others stay byte for byte', async () => {
    made = madeStore({
      sql: `${tables} INSERT INTO log VALUES ${row(1, 1, 'ann@x.example', 'ann=40x.ex=\r\nample')}, ${row(2, 2, 'bob@x.example', 'bob')}`,
      collections,
    })
    const others = made.rows('SELECT * FROM log WHERE id = 2')
    const desk = orders(at, clock, made.deps)
    expect(await desk.run(await desk.planned('erasure', ann))).toMatchObject({ status: 'done' })
    const [hers] = made.rows('SELECT * FROM log WHERE id = 1') as [Record<string, string & Buffer>]
    expect(unserialize(hers['details'] ?? '')).toEqual(details('[erased]'))
    expect(hers['prefs']).toBe(yaml("'[erased]'"))
    expect(inflateSync(hers['payload'] as Buffer).toString()).toBe(payload('[erased]'))
    expect(hers['raw']?.toString()).toBe(mail('"[erased]"@invalid', '[erased]=\r\n'))
    expect(made.rows('SELECT * FROM log WHERE id = 2')).toEqual(others)
  })

  it('are copied as they read, with others in them withheld and still valid', async () => {
    made = madeStore({
      sql: `${tables} INSERT INTO log VALUES ${row(1, 1, 'ann@x.example', 'ann=40x.example')}`,
      collections,
    })
    const desk = orders(at, clock, made.deps)
    const got = await desk.got(await desk.run(await desk.planned('access', ann)))
    const log = got.find(({ line }) => line === 'made.log/1 shared')?.row
    expect(log?.values).toMatchObject({
      details: '{"é":"ann@x.example","by":{"mail":"[withheld]"}}',
      prefs: '{"mail":"ann@x.example"}',
      payload: payload('ann@x.example'),
      raw: mail('ann@x.example', 'ann=40x.example').replace('<bob@x.example>', '<"[withheld]"@invalid>'),
    })
    expect(log?.redacted).toEqual(['details', 'raw'])
  })

  it('that are not packed as the map says stay as they are, are counted, and keep the order from ending', async () => {
    made = madeStore({
      sql: `${tables} INSERT INTO log VALUES
        (1, 1, 'a:1:{i:0;s:99:"x";}', 'mail: ann@x.example', ${hex('no zlib')}, NULL), (2, 1, 'N;', '', NULL, NULL)`,
      collections,
    })
    const desk = orders(at, clock, made.deps)
    const plan = await desk.planned('erasure', ann)
    const foreseen = plan.findings.filter(({ kind }) => kind === 'effect').map(({ collection }) => collection)
    expect(foreseen).toEqual(['log.details', 'log.payload'])
    const done = await desk.run(plan)
    expect(done.status).toBe('stopped')
    const packed = done.findings.filter(({ kind }) => kind === 'packed')
    expect(packed.map(({ store, collection, rows }) => ({ store, collection, rows }))).toEqual([
      { store: 'made', collection: 'log.details', rows: 1 },
      { store: 'made', collection: 'log.payload', rows: 1 },
    ])
    expect(made.rows('SELECT details, prefs, payload FROM log WHERE id = 1')).toEqual([
      { details: 'a:1:{i:0;s:99:"x";}', prefs: "mail: '[erased]'", payload: Buffer.from('no zlib') },
    ])
  })
})

describe('JSON in which the map names a field', () => {
  it('loses what is hers and keeps the rest, where its row is shared', async () => {
    made = madeStore({
      sql: `CREATE TABLE notes (id INTEGER PRIMARY KEY, data TEXT);
        INSERT INTO notes VALUES (1, '{"to": ["bob@x.example", "ann@x.example"], "n": 1.10}'), (2, '{"to": ["bob@x.example"]}')`,
      collections: `    - name: notes
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - name: data
          fides_meta: {data_type: object}
          fields:
            - {name: to, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: shared}}
`,
    })
    const desk = orders(at, clock, made.deps)
    await desk.run(await desk.planned('erasure', ann))
    expect(made.rows('SELECT data FROM notes')).toEqual([
      { data: '{"to": ["bob@x.example", "[erased]"], "n": 1.10}' },
      { data: '{"to": ["bob@x.example"]}' },
    ])
  })
})
