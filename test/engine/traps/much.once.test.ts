import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { freshFolder } from '../../support/ask.ts'

/** Trap 18, in a process of its own, so that the memory is its own. */
const long = process.env['LETHE_TEST_LONG'] === '1'
const map = `dataset:
  - fides_key: made
    name: Made
    lethe: {purpose: Test, basis: contract}
    collections:
    - name: people
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
    - name: notes
      lethe: {erase: delete}
      fields:
        - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
        - {name: person, data_categories: [system.operations], fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
        - {name: body, data_categories: [user.content], lethe: {text: free}}
`

/** `rows` notes of hers, of which the last has `longMib` megabytes, and one of somebody else's. */
function store(rows: number, longMib: number): { readonly folder: string; readonly left: () => unknown } {
  const folder = freshFolder()
  for (const name of ['datamap', 'retention']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'datamap', 'made.yaml'), map)
  const open = () => new Sqlite(join(folder, 'made.db'))
  const db = open()
  db.exec(`CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT); CREATE INDEX people_email ON people (email COLLATE NOCASE);
    CREATE TABLE notes (id INTEGER PRIMARY KEY, person INTEGER, body TEXT); CREATE INDEX notes_person ON notes (person);
    INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example'); INSERT INTO notes VALUES (0, 2, 'his');`)
  const add = db.prepare('INSERT INTO notes (person, body) VALUES (1, ?)')
  db.transaction(() => {
    for (let i = 1; i < rows; i++) add.run(`note ${i} ${'about this and that '.repeat(10)}`)
    add.run('a long text, and so on. '.repeat(Math.max(1, (longMib * 1024 * 1024) / 24)))
  })()
  db.close()
  return {
    folder,
    left() {
      const after = open()
      try {
        return after.prepare('SELECT id, body FROM notes').all()
      } finally {
        after.close()
      }
    },
  }
}

async function worked(folder: string) {
  const script = join(import.meta.dirname, 'much.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, folder])
  return JSON.parse(stdout) as Readonly<Record<'copied' | 'erased' | 'accessMib' | 'erasureMib', number>>
}

describe('one person', () => {
  test('with a great many rows is copied and erased with a few kilobytes of memory for each', {
    timeout: 900_000,
  }, async () => {
    const rows = long ? 100_000 : 20_000
    const made = store(rows, 0)
    const figures = await worked(made.folder)
    expect(figures).toMatchObject({ copied: rows + 1, erased: rows + 1 })
    expect(made.left()).toEqual([{ id: 0, body: 'his' }])
    expect(Math.max(figures.accessMib, figures.erasureMib)).toBeLessThan(128 + (rows * 4) / 1024)
  })

  test('with a text of 40 MB is copied and erased with a few times its memory', {
    timeout: 240_000,
  }, async () => {
    const made = store(2, 40)
    const figures = await worked(made.folder)
    expect(figures).toMatchObject({ copied: 3, erased: 3 })
    expect(made.left()).toEqual([{ id: 0, body: 'his' }])
    expect(Math.max(figures.accessMib, figures.erasureMib)).toBeLessThan(640)
  })
})
