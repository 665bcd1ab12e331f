import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { Identity } from '../../../src/base/identity.ts'
import { scanForPerson, scanForPersons } from '../../../src/engine/verify/scan.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'

const ann = 'ann.lee@x.example'
const hers: Identity[] = [
  { kind: 'email', value: ann },
  { kind: 'phone', value: '+31612345678' },
]
const map = `    - name: notes
      fields:
        - {name: id, fides_meta: {primary_key: true}}
`
const quoted = (value: string | Uint8Array) =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : `x'${Buffer.from(value).toString('hex')}'`

let made: MadeStore
afterEach(() => made.close())

/** `table.column rows path`, in the order of the store. */
async function scanned(persons: Identity[][] = [hers]): Promise<string[]> {
  const { residue } = await scanForPersons(made.deps, 'made', persons)
  return residue.map((r) =>
    [`${r.table}.${r.column}`, r.rows, r.path, r.persons && `of ${r.persons.join()}`]
      .filter((p) => p !== undefined)
      .join(' '),
  )
}

describe('a scan of a store', () => {
  it('reads columns of every kind of every table, mapped or not, and counts each row of a column once', async () => {
    made = madeStore({
      sql: `CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, raw BLOB, score INTEGER, loose);
        CREATE TABLE nobody (a TEXT, b JSON);
        CREATE VIEW shown AS SELECT * FROM notes;
        INSERT INTO notes VALUES (1, 'to ${ann} and ${ann}, 06-12345678', NULL, 5, NULL),
          (2, NULL, ${quoted(gzipSync(JSON.stringify({ to: ann })))}, 'see ${ann}', NULL),
          (3, 'nothing', ${quoted('plain 0031612345678')}, 612345678, 'tel +31 6 12345678'), (4, 'ANN.LEE@X.example', NULL, 1, 2);
        INSERT INTO nobody VALUES ('?e=ann.lee%40x.example', '{"a":["${ann}"]}'), ('?e=%61nn.lee%40x.example', '{"${ann}":1.50}');`,
      collections: map,
    })
    expect((await scanned()).sort()).toEqual([
      'nobody.a 1',
      'nobody.a 1 percent',
      'nobody.b 2',
      'notes.body 2',
      'notes.loose 1',
      'notes.raw 1',
      'notes.raw 1 gzip',
      'notes.score 1',
    ])
  })

  it('says whose each is when many are looked for, and shows keys as keyed digests only', async () => {
    made = madeStore({
      sql: `CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
        INSERT INTO notes VALUES (1, '${ann} bob@x.example'), (2, 'bob@x.example'), (3, '${Buffer.from('mail bob@x.example').toString('base64')}');`,
      collections: map,
    })
    const persons: Identity[][] = [
      hers,
      [{ kind: 'email', value: 'nobody@x.example' }],
      [{ kind: 'email', value: 'Bob@x.example' }],
    ]
    expect(await scanned(persons)).toEqual(['notes.body 2 of 0,2', 'notes.body 1 base64 of 2'])
    const hash = (text: string) => createHash('sha256').update(`secret ${text}`).digest('hex')
    const { residue } = await scanForPerson(made.deps, 'made', hers, { hash })
    expect(residue[0]?.examples).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
    expect(JSON.stringify(residue)).not.toContain(ann)
  })

  it('knows the ground a row may stay on, by its row', async () => {
    made = madeStore({
      sql: `CREATE TABLE notes (id INTEGER PRIMARY KEY, held TEXT, body TEXT, file TEXT);
        INSERT INTO notes VALUES (1, 'yes', '${ann}', 'a/1.txt'), (2, 'no', '${ann}', 'a/2.txt');`,
      collections: `    - name: notes
      fields:
        - {name: id, fides_meta: {primary_key: true}}
    - name: held
      lethe: {table: notes, rows: {held: 'yes'}, erase: keep, file: file, keep: {ground: legal_claims, because: A claim.}}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: file}
`,
    })
    mkdirSync(join(made.files, 'a'))
    for (const name of ['1.txt', '2.txt']) writeFileSync(join(made.files, 'a', name), `from ${ann}`)
    const { residue } = await scanForPerson(made.deps, 'made', hers)
    expect(residue.map((r) => `${r.table}.${r.column} ${r.rows} ${r.ground}`).sort()).toEqual([
      'files.content 1 legal_claims',
      'files.content 1 null',
      'notes.body 1 legal_claims',
      'notes.body 1 null',
    ])
  })

  it('joins pieces of one file, a name cut by their border and a stream cut in three', async () => {
    const filler = 'words of a letter that says nothing. '.repeat(40).slice(0, 1024 - 9)
    const cut = `${filler} ${ann.slice(0, 8)}`
    const packed = gzipSync(
      JSON.stringify({ noise: createHash('sha512').update('1').digest('hex').repeat(20), to: ann }),
    )
    const text = Buffer.from(
      Array.from({ length: 3000 }, (_, i) => `${(i * 7919) % 10007}`).join(' ') + ` ${ann}`,
    )
    const stream = deflateSync(text)
    const third = Math.ceil(stream.length / 3)
    made = madeStore({
      sql: `CREATE TABLE chunk (file_id INTEGER, n INTEGER, data BLOB, PRIMARY KEY (file_id, n));
        CREATE TABLE tag (a INTEGER, b TEXT, PRIMARY KEY (a, b));
        INSERT INTO chunk VALUES (1, 0, ${quoted(Buffer.from(cut))}), (1, 1, ${quoted(Buffer.from(`${ann.slice(8)} and on`))}),
          (2, 0, ${quoted(Buffer.from(cut))}), (3, 0, ${quoted(Buffer.from(ann.slice(8)))}),
          (4, 0, ${quoted(stream.subarray(0, third))}), (4, 1, ${quoted(stream.subarray(third, 2 * third))}), (4, 2, ${quoted(stream.subarray(2 * third))}),
          (5, 0, ${quoted(packed)}), (5, 1, ${quoted(Buffer.from('the end'))});
        INSERT INTO tag VALUES (1, 'ann.lee'), (1, '@x.example'), (2, '06123'), (2, '45678');`,
      collections: map,
    })
    expect((await scanned()).sort()).toEqual([
      'chunk.data 1 gzip',
      'chunk.data 1 pieces',
      'chunk.data 1 pieces › zlib',
    ])
  })

  it('reads every file below the folder, its name too, and says what it could not', async () => {
    made = madeStore({ sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY)', collections: map })
    mkdirSync(join(made.files, 'deep/er'), { recursive: true })
    const file = (name: string, bytes: string | Uint8Array) => writeFileSync(join(made.files, name), bytes)
    file('deep/in-0612345678-20261122.wav', 'RIFF')
    file(
      'deep/er/mail.eml',
      `Subject: =?utf-8?B?${Buffer.from('Ann').toString('base64')}?=\r\n\r\n${Buffer.from(`Hello ${ann}!`).toString('base64')}\r\n`,
    )
    file(
      'deep/doc.pdf',
      Buffer.concat([
        Buffer.from('%PDF-1.4\n\xff\xfe\n1 0 obj <</Filter/FlateDecode>>stream\n', 'latin1'),
        deflateSync(`BT [(ann.) -12 (lee@x.exa) 4.5 (mple)] TJ ET`),
        Buffer.from('\nendstream'),
      ]),
    )
    file('sealed.bin', Buffer.concat([Buffer.from('Salted__'), createHash('sha512').update('1').digest()]))
    symlinkSync('/etc/hostname', join(made.files, 'link'))
    const { residue, unread } = await scanForPerson(made.deps, 'made', hers)
    expect(residue.map((r) => `${r.column} ${r.path ?? ''}`.trim()).sort()).toEqual([
      'content base64',
      'content pdf',
      'name',
    ])
    expect(unread.map((u) => u.why).sort()).toEqual(['a link, or no file: not followed', 'encrypted'])
  })

  it('refuses an identity that is none, or no more than a word', async () => {
    made = madeStore({ sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY)', collections: map })
    await expect(scanForPerson(made.deps, 'made', [{ kind: 'email', value: 'ann' }])).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(scanForPerson(made.deps, 'made', [{ kind: 'number', value: '2026' }])).rejects.toMatchObject(
      { code: 'invalid' },
    )
  })

  it('holds no more than a few long values at once, whatever a table and a bomb hold', async () => {
    const bare = await peakOf('nothing')
    const most = await peakOf('long')
    expect(most.hits).toEqual(['long.body 2', 'long.raw 1 gzip'])
    expect(most.unread).toEqual(['unpacks to too much'])
    expect((most.peak - bare.peak) / 2 ** 20).toBeLessThan(450)
    made = madeStore({ sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY)', collections: map })
  }, 120_000)
})

interface Peak {
  readonly peak: number
  readonly hits: string[]
  readonly unread: string[]
}

/** In a process of its own, so that the memory is its own. */
async function peakOf(what: string): Promise<Peak> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'long-values.ts'),
    what,
  ])
  return JSON.parse(stdout) as Peak
}
