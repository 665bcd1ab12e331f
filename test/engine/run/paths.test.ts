import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filesAt } from '../../../src/engine/run/paths.ts'
import { freshFolder } from '../../support/ask.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type MadeStore, madeStore } from '../../support/made-store.ts'
import { type Orders, orders } from '../../support/orders.ts'

const put = (folder: string, ...names: readonly string[]): void => {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), name)
  }
}

describe('a path template', () => {
  it('takes no other number for one of its values because a star stands beside it', async () => {
    const folder = freshFolder()
    put(folder, '17.1-in.wav', '17.12-in.wav', '117.1.wav', '17.1.wav', '20260305101500.txt')
    const row = { id: '17.1', day: '2026-03-05' }
    expect(await filesAt(folder, '*{id}*', row)).toEqual(['17.1-in.wav', '17.1.wav'])
    expect(await filesAt(folder, '{day:yyyy}{day:MM}{day:dd}*', row)).toEqual(['20260305101500.txt'])
  })

  it('takes values, parts of a time, digits and wildcards', async () => {
    const folder = freshFolder()
    put(folder, 'monitor/2026/03/05/in-1.wav', 'monitor/2026/03/06/in-1.wav', 'monitor/2026/04/05/in-1.wav')
    put(
      folder,
      'vm/INBOX/msg0007.txt',
      'vm/INBOX/msg0007.wav',
      'vm/INBOX/msg00071.txt',
      'vm/Old/a/msg0007.txt',
    )
    const row = {
      start: '2026-03-05 23:59:59',
      name: 'in-1.wav',
      dir: 'vm/INBOX',
      num: '7',
      none: null,
      empty: '',
    }
    const at = (template: string) => filesAt(folder, template, row)
    expect(await at('monitor/{start:yyyy}/{start:MM}/{start:dd}/{name}')).toEqual([
      'monitor/2026/03/05/in-1.wav',
    ])
    expect(await at('monitor/{start:yyyy}/{start:MM}/*/{name}')).toEqual([
      'monitor/2026/03/05/in-1.wav',
      'monitor/2026/03/06/in-1.wav',
    ])
    expect(await at('{dir}/msg{num:0000}.*')).toEqual(['vm/INBOX/msg0007.txt', 'vm/INBOX/msg0007.wav'])
    expect(await at('**/msg{num:0000}.txt')).toEqual(['vm/INBOX/msg0007.txt', 'vm/Old/a/msg0007.txt'])
    for (const template of ['monitor/{none}*', '{empty}*', 'x/{missing}'])
      expect(await at(template)).toEqual([])
    await expect(at('{start:week}')).rejects.toThrow(/no part of a time/)
  })

  it('takes a star, dots and a NUL in a value for what they are, and leads nowhere outside', async () => {
    const folder = freshFolder()
    put(folder, 'in/a.wav', 'in/b.wav', 'in/*.wav', 'other/secret.txt')
    symlinkSync(join(folder, 'other'), join(folder, 'in', 'link'))
    const inside = join(folder, 'in')
    const at = (name: string) => filesAt(inside, '{name}', { name })
    expect(await at('*.wav')).toEqual(['*.wav'])
    expect(await at('../other/secret.txt')).toEqual([])
    expect(await at(join(folder, 'other', 'secret.txt'))).toEqual([])
    expect(await at('link/secret.txt')).toEqual([])
    expect(await at('a.wav\0.txt')).toEqual([])
    expect(await at(join(inside, 'a.wav'))).toEqual(['a.wav'])
    expect(await filesAt(inside, '**/*', {})).toEqual(['*.wav', 'a.wav', 'b.wav'])
    expect(await filesAt(join(folder, 'gone'), '**/*', {})).toEqual([])
  })
})

it('a picture that a row of another table names too stays, and goes with the last of them', async () => {
  const clock = fixedClock()
  const at = await testDatabase(clock)
  const table = (name: string) => `
    - name: ${name}
      lethe: {erase: delete, file: pic}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
        - {name: pic}
`
  const made = madeStore({
    sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, pic TEXT); CREATE TABLE others (id INTEGER PRIMARY KEY, email TEXT, pic TEXT);
      INSERT INTO people VALUES (1, 'ann@x.example', 'a.png'); INSERT INTO others VALUES (1, 'bob@x.example', 'a.png')`,
    collections: table('people') + table('others'),
  })
  put(made.files, 'a.png')
  const desk = orders(at, clock, made.deps)
  const erase = async (value: string) => desk.run(await desk.planned('erasure', [{ kind: 'email', value }]))
  expect((await erase('ann@x.example')).status).toBe('done')
  expect(existsSync(join(made.files, 'a.png'))).toBe(true)
  expect((await erase('bob@x.example')).status).toBe('done')
  expect(existsSync(join(made.files, 'a.png'))).toBe(false)
  await made.close()
  await at.close()
})

describe('files of rows, by a path template', () => {
  const clock = fixedClock()
  let at: TestDatabase
  let made: MadeStore
  let desk: Orders
  const ann = [{ kind: 'phone', value: '+31612345678' }]
  beforeEach(async () => {
    at = await testDatabase(clock)
    made = madeStore({
      sql: `CREATE TABLE calls (id INTEGER PRIMARY KEY, src TEXT, at TEXT, recording TEXT);
        INSERT INTO calls VALUES (1, '+31612345678', '2026-03-05 10:00', 'one'), (2, '+31612345678', '2026-03-05 10:00', 'two'),
          (3, '+31687654321', '2026-03-06 10:00', 'two'), (4, '+31687654321', '2026-03-06 10:00', 'three'), (5, '+31612345678', '2026-03-07 10:00', '')`,
      collections: `
    - name: calls
      lethe: {erase: anonymise, file: ['rec/*/{recording}.*']}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: src, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}, lethe: {link: owned, erase: null}}
        - {name: at}
        - {name: recording}
`,
    })
    put(made.files, 'rec/05/one.wav', 'rec/05/one.txt', 'rec/05/two.wav', 'rec/06/three.wav', 'rec/06/.wav')
    desk = orders(at, clock, made.deps)
  })
  afterEach(async () => {
    await made.close()
    await at.close()
  })

  it('are copied with the rows that are hers', async () => {
    const got = await desk.got(await desk.run(await desk.planned('access', ann)))
    expect(got.map(({ row }) => [row.key[0], (row.files ?? []).map(({ name }) => name)])).toEqual([
      ['1', ['rec/05/one.txt', 'rec/05/one.wav']],
      ['2', ['rec/05/two.wav']],
      ['5', []],
    ])
  })

  it('go with her rows, companions and all; one that another’s row names too stays', async () => {
    expect((await desk.run(await desk.planned('erasure', ann))).status).toBe('done')
    const left = ['one.wav', 'one.txt', 'two.wav'].filter((name) =>
      existsSync(join(made.files, 'rec/05', name)),
    )
    expect(left).toEqual(['two.wav'])
    expect(readFileSync(join(made.files, 'rec/06/three.wav'), 'utf8')).toBe('rec/06/three.wav')
    expect(existsSync(join(made.files, 'rec/06/.wav'))).toBe(true)
  })
})

describe('a file that a column names', () => {
  it('is not removed through a link to a folder outside: the order stops, and the row stays', async () => {
    const clock = fixedClock()
    const at = await testDatabase(clock)
    const made = madeStore({
      sql: `CREATE TABLE pictures (id INTEGER PRIMARY KEY, email TEXT, file TEXT);
        INSERT INTO pictures VALUES (1, 'ann@x.example', 'away/a.png'), (2, 'bob@x.example', 'here/b.png')`,
      collections: `
    - name: pictures
      lethe: {person: true, erase: delete, file: file}
      fields:
        - {name: id, fides_meta: {primary_key: true}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
        - {name: file}
`,
    })
    const outside = freshFolder()
    put(outside, 'a.png')
    put(made.files, 'there/b.png')
    symlinkSync(outside, join(made.files, 'away'))
    symlinkSync('there', join(made.files, 'here'))
    const desk = orders(at, clock, made.deps)
    const erased = async (value: string) =>
      (await desk.run(await desk.planned('erasure', [{ kind: 'email', value }]))).status
    expect([await erased('ann@x.example'), await erased('bob@x.example')]).toEqual(['stopped', 'done'])
    expect([existsSync(join(outside, 'a.png')), existsSync(join(made.files, 'there/b.png'))]).toEqual([
      true,
      false,
    ])
    expect(made.rows('SELECT id FROM pictures')).toEqual([{ id: 1 }])
    await made.close()
    await at.close()
  })
})
