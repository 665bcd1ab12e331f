import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { IdentityPolicy } from '../../../src/base/identity.ts'
import { locatePerson } from '../../../src/engine/locate/person.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'

let made: MadeStore | undefined
afterEach(() => made?.close())

const people = `
    - name: people
      lethe: {person: true, erase: anonymise}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
        - {name: phone, data_categories: [user.contact.phone_number], lethe: {format: phone}}`
const peopleSql = `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, phone TEXT);
  INSERT INTO people VALUES (1, 'ann@x.example', '+31612345678'), (2, 'bob@x.example', '+31687654321');`

/** `files/3 shared`, for Ann. */
async function found(
  sql: string,
  collections: string,
  policy: IdentityPolicy = { country: 'NL' },
): Promise<string[]> {
  made = madeStore({ sql: peopleSql + sql, collections: people + collections, policy })
  const { rows } = await locatePerson(made.deps, [{ kind: 'email', value: 'Ann@x.example' }])
  return [...rows].flatMap(([id, list]) =>
    [...list.values()].map((row) => `${id.slice('made.'.length)}/${row.key.join('/')} ${row.reach}`),
  )
}

describe('a row that several point at (counted)', () => {
  const sql = `CREATE TABLE uses (id INTEGER PRIMARY KEY, person INTEGER, file INTEGER);
    CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE pieces (id INTEGER PRIMARY KEY, file INTEGER);
    INSERT INTO uses VALUES (1, 1, 1), (2, 1, 2), (3, 2, 2), (4, 1, 3), (5, 1, 3);
    INSERT INTO files VALUES (1, 'a'), (2, 'b'), (3, 'c');
    INSERT INTO pieces VALUES (10, 1), (20, 2);`
  const collections = (counted: string) => `
    - name: uses
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: file}
    - name: files
      lethe: {erase: delete${counted}}
      fields:
        - {name: id, fides_meta: {primary_key: true, references: [{dataset: made, field: uses.file, direction: from}]}, lethe: {link: owned}}
        - {name: name, data_categories: [user.content]}
    - name: pieces
      lethe: {erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: file, fides_meta: {references: [{dataset: made, field: files.id, direction: from}]}, lethe: {link: owned}}`

  it('is hers with what hangs on it only when every row that points at it is', async () => {
    const rows = await found(sql, collections(', counted: true'))
    expect(rows.filter((row) => /files|pieces/.test(row))).toEqual([
      'files/1 owned',
      'files/2 shared',
      'files/3 owned',
      'pieces/10 owned',
      'pieces/20 shared',
    ])
  })

  it('is hers by any way to it where nothing says that it is counted', async () => {
    expect(await found(sql, collections(''))).toContain('files/2 owned')
  })
})

describe('a thread in which several write (author)', () => {
  const sql = `CREATE TABLE tickets (id INTEGER PRIMARY KEY, person INTEGER);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, ticket INTEGER, author INTEGER, sender TEXT, body TEXT);
    INSERT INTO tickets VALUES (7, 1);
    INSERT INTO posts VALUES (1, 7, 1, 'customer', ''), (2, 7, 2, 'customer', ''), (3, 7, 0, 'system', ''),
      (4, 7, NULL, 'system', ''), (5, 7, 99, 'agent', ''), (6, 8, 1, 'customer', '');`
  const collections = `
    - name: tickets
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: person, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
    - name: posts
      lethe: {erase: delete, author: {field: author, unless: {sender: agent}}}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: ticket, fides_meta: {references: [{dataset: made, field: tickets.id, direction: from}]}, lethe: {link: owned}}
        - {name: author, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: sender}
        - {name: body, data_categories: [user.content], lethe: {text: free}}`

  it('is hers but for what another customer wrote in it, and what she wrote elsewhere is hers', async () => {
    const rows = await found(sql, collections)
    expect(rows.filter((row) => row.startsWith('posts')).sort()).toEqual([
      'posts/1 owned',
      'posts/2 shared',
      'posts/3 owned',
      'posts/4 owned',
      'posts/5 owned',
      'posts/6 owned',
    ])
  })
})

describe('a call with its legs (unit, parties)', () => {
  const sql = `CREATE TABLE calls (id INTEGER PRIMARY KEY, linked TEXT, src TEXT, dst TEXT);
    INSERT INTO calls VALUES
      (1, 'a', '0612345678', '0201112233'), (2, 'a', '101', '102'),
      (3, 'b', '+31 6 12345678', '101'), (4, 'b', '101', '0687654321'),
      (5, 'c', '0687654321', '101'),
      (6, '', '0612345678', '101'), (7, '', '103', '104'),
      (8, 'd', '90612345678', '101');`
  const collections = `
    - name: calls
      lethe: {erase: anonymise, unit: linked, parties: [src, dst]}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: linked}
        - {name: src, data_categories: [user.contact.phone_number], fides_meta: {references: [{dataset: made, field: people.phone, direction: from}]}, lethe: {format: phone, link: owned}}
        - {name: dst, data_categories: [user.contact.phone_number], fides_meta: {references: [{dataset: made, field: people.phone, direction: from}]}, lethe: {format: phone, link: owned}}`
  const policy = { country: 'NL', ours: new Set(['+31201112233']), outsideLine: ['9'] } as const

  it('is hers with internal legs that name nobody, and waits for a person when a third party was on it', async () => {
    const rows = await found(sql, collections, policy)
    expect(rows.filter((row) => row.startsWith('calls')).sort()).toEqual([
      'calls/1 owned',
      'calls/2 owned',
      'calls/3 possible',
      'calls/4 possible',
      'calls/6 owned',
      'calls/8 owned',
    ])
  })

  it('takes our own line for a third party where stores.yaml does not say that it is ours', async () => {
    const rows = await found(sql, collections, { country: 'NL' })
    expect(rows).toContain('calls/1 possible')
  })
})

describe('values that are written in another way', () => {
  it('are found by a computed key, and nobody else’s by a key that only begins like it', async () => {
    const rows = await found(
      `CREATE TABLE notes (id INTEGER PRIMARY KEY, about TEXT);
       INSERT INTO notes VALUES (1, 'U1'), (2, 'U12'), (3, 'U2'), (4, 'T1'), (5, 'user.1.new'), (6, '1');`,
      `
    - name: notes
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: about, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned, as: ['U{}', 'user.{}.new']}}`,
    )
    expect(rows.filter((row) => row.startsWith('notes'))).toEqual(['notes/1 owned', 'notes/5 owned'])
  })

  it('lead back from a computed key to what it was made of', async () => {
    const rows = await found(
      `CREATE TABLE logs (id INTEGER PRIMARY KEY, mail TEXT, object TEXT);
       CREATE TABLE objects (id INTEGER PRIMARY KEY);
       INSERT INTO logs VALUES (1, 'ann@x.example', 'obj-2'), (2, 'bob@x.example', 'obj-3');
       INSERT INTO objects VALUES (2), (3);`,
      `
    - name: logs
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: mail, fides_meta: {identity: email}, lethe: {link: owned}}
        - {name: object, fides_meta: {references: [{dataset: made, field: objects.id, direction: to}]}, lethe: {link: owned, as: 'obj-{}'}}
    - name: objects
      fields:
        - {name: id, fides_meta: {primary_key: true}}`,
    )
    expect(rows.filter((row) => row.startsWith('objects'))).toEqual(['objects/2 owned'])
  })

  it('are found in a list of addresses, whatever the display names, and not in a display name', async () => {
    const rows = await found(
      `CREATE TABLE mails (id INTEGER PRIMARY KEY, cc TEXT);
       INSERT INTO mails VALUES (1, '"Lee, Ann" <ANN@x.example>, bob@x.example'), (2, 'bob@x.example,ann@x.example'),
         (3, '"ann@x.example" <bob@x.example>'), (4, 'joann@x.example'), (5, 'Ann <ann@X.example>');`,
      `
    - name: mails
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: cc, fides_meta: {identity: email}, lethe: {link: mentioned, format: emails}}`,
    )
    expect(rows.filter((row) => row.startsWith('mails')).sort()).toEqual([
      'mails/1 mentioned',
      'mails/2 mentioned',
      'mails/5 mentioned',
    ])
  })

  it('are found by the hash of her address, in either letter case', async () => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    const rows = await found(
      `CREATE TABLE avatars (id INTEGER PRIMARY KEY, hash TEXT);
       INSERT INTO avatars VALUES (1, '${md5('ann@x.example')}'), (2, '${md5('ann@x.example').toUpperCase()}'), (3, '${md5('bob@x.example')}');`,
      `
    - name: avatars
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: hash, fides_meta: {identity: email}, lethe: {link: owned, format: email, hash: md5}}`,
    )
    expect(rows.filter((row) => row.startsWith('avatars'))).toEqual(['avatars/1 owned', 'avatars/2 owned'])
  })

  it('are found in JSON at any depth, in arrays and in keys, and never as a part of a sentence', async () => {
    const rows = await found(
      `CREATE TABLE attributes (id INTEGER PRIMARY KEY, doc TEXT);
       INSERT INTO attributes VALUES (1, '{"a": [{"b": "Ann@x.example"}]}'), (2, '{"ann@x.example": 1}'), (3, '{"note": "ask ann@x.example"}'),
         (4, '["joann@x.example"]'), (5, 'no json, ann@x.example'), (6, '{"n": [12345678901234567890, "ann@x.example"]}');`,
      `
    - name: attributes
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: doc, fides_meta: {identity: email}, lethe: {link: owned, encoding: [json]}}`,
    )
    expect(rows.filter((row) => row.startsWith('attributes'))).toEqual([
      'attributes/1 owned',
      'attributes/2 owned',
      'attributes/6 owned',
    ])
  })

  it('are found at a path inside JSON, and nowhere else in it', async () => {
    const rows = await found(
      `CREATE TABLE subscribers (id INTEGER PRIMARY KEY, attribs TEXT);
       INSERT INTO subscribers VALUES (1, '{"profile": {"mails": ["x@y.example", "ann@x.example"]}}'), (2, '{"friend": "ann@x.example"}'), (3, '{"profile": [{"mails": "ann@x.example"}]}');`,
      `
    - name: subscribers
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - name: attribs
          fields:
            - name: profile
              fields:
                - {name: mails, fides_meta: {identity: email, data_type: 'string[]'}, lethe: {link: owned}}`,
    )
    expect(rows.filter((row) => row.startsWith('subscribers'))).toEqual([
      'subscribers/1 owned',
      'subscribers/3 owned',
    ])
  })
})

describe('values that are packed', () => {
  it('are found in PHP, YAML and compressed JSON', async () => {
    const zlib = (text: string) => `x'${deflateSync(text).toString('hex')}'`
    const rows = await found(
      `CREATE TABLE logs (id INTEGER PRIMARY KEY, php TEXT, yaml TEXT, packed BLOB);
       INSERT INTO logs VALUES (1, 'a:1:{s:5:"email";s:13:"Ann@x.example";}', NULL, NULL),
         (2, NULL, '---
to: ann@x.example
', NULL), (3, NULL, NULL, ${zlib('{"lead": {"mail": "ann@x.example"}}')}), (4, 'broken ann@x.example', 'to: joann@x.example', ${zlib('{}')}), (5, NULL, NULL, x'00');`,
      `
    - name: logs
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: php, fides_meta: {identity: email}, lethe: {link: owned, encoding: [php]}}
        - {name: yaml, fides_meta: {identity: email}, lethe: {link: owned, encoding: [yaml]}}
        - {name: packed, fides_meta: {identity: email}, lethe: {link: owned, encoding: [zlib, json]}}`,
    )
    expect(rows.filter((row) => row.startsWith('logs')).sort()).toEqual([
      'logs/1 owned',
      'logs/2 owned',
      'logs/3 owned',
    ])
  })

  it('are found by a number at a path inside, and by it alone', async () => {
    const zlib = (text: string) => `x'${deflateSync(text).toString('hex')}'`
    const rows = await found(
      `CREATE TABLE queue (id INTEGER PRIMARY KEY, packed BLOB, php TEXT);
       INSERT INTO queue VALUES (1, ${zlib('{"who":{"id":1},"n":2}')}, NULL), (2, ${zlib('{"who":[{"id":"2"},{"id":"1"}]}')}, NULL),
         (3, ${zlib('{"who":{"id":2,"of":{"id":1}},"id":1,"1":{"id":2}}')}, NULL), (4, x'00', 'a:1:{s:3:"who";i:1;}'),
         (5, NULL, 'a:2:{s:3:"who";i:2;s:2:"by";i:1;}'), (6, ${zlib('1')}, 'i:1;');`,
      `
    - name: queue
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - name: packed
          lethe: {encoding: [zlib, json]}
          fields:
            - name: who
              fields: [{name: id, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}]
        - name: php
          lethe: {encoding: [php]}
          fields: [{name: who, fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}]`,
    )
    expect(rows.filter((row) => row.startsWith('queue')).sort()).toEqual([
      'queue/1 owned',
      'queue/2 owned',
      'queue/4 owned',
    ])
  })
})
