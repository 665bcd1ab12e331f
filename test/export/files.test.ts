import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { isLetheError } from '../../src/base/errors.ts'
import { readPackage } from '../../src/export/read-package.ts'
import type { Manifest } from '../../src/export/files/manifest.ts'
import {
  collection,
  content,
  medium,
  packed,
  row,
  sha256,
  tickets,
  unzipped,
  words,
  writeZip,
} from './sample.ts'

const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined
const leftOut = [
  {
    store: 'helpdesk',
    collection: 'notes',
    count: 3,
    ground: 'rights_of_others',
    because: words('They are about a colleague.'),
  },
]

describe('the files of a package', () => {
  test('a package holds page, data, schema, media and manifest, and nothing else', async () => {
    const files = await packed(content([tickets()]))
    expect([...files.keys()].sort()).toEqual([
      'data/helpdesk/tickets.csv',
      'data/helpdesk/tickets.json',
      'index.html',
      'manifest.json',
      'media/helpdesk/2024_scan.pdf',
      'schema/helpdesk.tickets.json',
    ])
    expect(files.get('media/helpdesk/2024_scan.pdf')).toBe('%PDF-1.7')
  })

  test.skipIf(!has('unzip'))('Info-ZIP finds no error in it', async () => {
    const path = await writeZip(content([tickets(), collection([row({ næve: 'Ærø' })], { name: 'æøå' })]))
    const checked = spawnSync('unzip', ['-t', path], { encoding: 'utf8' })
    expect(checked.stdout).toContain('No errors detected')
    expect(checked.status).toBe(0)
  })

  test.skipIf(!has('7z'))('7-Zip finds no error in it', async () => {
    const checked = spawnSync('7z', ['t', await writeZip(content([tickets()]))], { encoding: 'utf8' })
    expect(checked.stdout).toContain('Everything is Ok')
  })

  test('the manifest names every other file with its hash and size, the counts, and what was left out', async () => {
    const files = await unzipped(await writeZip(content([tickets()], { leftOut })))
    const manifest = JSON.parse(String(files.get('manifest.json'))) as Manifest
    expect(manifest.files.map((f) => f.path).sort()).toEqual(
      [...files.keys()].filter((f) => f !== 'manifest.json').sort(),
    )
    for (const { path, sha256: hash, bytes } of manifest.files) {
      const file = files.get(path) as Buffer
      expect([path, hash, bytes]).toEqual([path, sha256(file), file.length])
    }
    expect(manifest).toMatchObject({
      format: 'lethe-package',
      schemaVersion: 1,
      reference: 'R-7K3M-9QTX',
      createdAt: '2026-03-20T09:00:00.000Z',
      leftOut: [
        {
          store: 'helpdesk',
          collection: 'notes',
          count: 3,
          ground: 'rights_of_others',
          because: 'They are about a colleague.',
        },
      ],
      collections: [
        {
          store: 'helpdesk',
          name: 'tickets',
          rows: 2,
          links: { owned: 1, shared: 1, mentioned: 0 },
          redactedRows: 1,
          media: [{ name: '2024/scan.pdf', path: 'media/helpdesk/2024_scan.pdf' }],
        },
      ],
    })
  })

  test('JSON holds every declared field exactly, how the row is hers, and what was hidden', async () => {
    const files = await packed(content([tickets()]))
    expect(JSON.parse(files.get('data/helpdesk/tickets.json') ?? '')).toEqual([
      {
        id: '1',
        subject: 'Printer on fire',
        phone: '+31612345678',
        note: null,
        _link: 'owned',
        _redacted: [],
      },
      { id: '2', subject: '=1+1', phone: null, note: '', _link: 'shared', _redacted: ['subject', 'note'] },
    ])
  })

  test('CSV guards formulas and phone numbers, and tells NULL from empty text', async () => {
    const files = await packed(content([tickets()]))
    expect(files.get('data/helpdesk/tickets.csv')).toBe(
      'id,subject,phone,note,_link,_redacted\r\n1,Printer on fire,\'+31612345678,,owned,""\r\n2,\'=1+1,,"",shared,subject note\r\n',
    )
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x'])(
    'a cell that begins like %j cannot run in a spreadsheet, as a value or as a header',
    async (hostile) => {
      const files = await packed(content([collection([row({ [hostile]: hostile })])]))
      const cells = /^"?('[^,]*?)"?,_link,_redacted\r\n"?('[^,]*?)"?,owned,""\r\n$/.exec(
        files.get('data/helpdesk/tickets.csv') ?? '',
      )
      expect(cells?.slice(1)).toEqual([`'${hostile}`, `'${hostile}`])
    },
  )

  test('the schema describes each field in the language of the package and admits the data', async () => {
    const files = await packed(content([tickets()], { head: { ...content([]).head, language: 'nl' } }))
    const schema = JSON.parse(files.get('schema/helpdesk.tickets.json') ?? '') as {
      $schema: string
      items: { properties: Record<string, { title?: string }>; required: string[] }
    }
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
    expect(schema.items.properties['subject']).toEqual({
      title: 'Onderwerp',
      description: 'What it is about',
      type: ['string', 'null'],
    })
    const [first] = JSON.parse(files.get('data/helpdesk/tickets.json') ?? '') as Record<string, unknown>[]
    expect(Object.keys(first ?? {}).sort()).toEqual([...schema.items.required].sort())
  })

  test('a field that nobody declared does not leave, and a field named like ours stays itself', async () => {
    const rows = [row({ _link: 'blue', __proto__x: '1', secret: 'hunter2' })]
    const files = await packed(
      content([
        collection(rows, { fields: [{ name: '_link' }, { name: '__proto__' }, { name: 'toString' }] }),
      ]),
    )
    const text = files.get('data/helpdesk/tickets.json') ?? ''
    expect(text).not.toContain('hunter2')
    expect(text).toContain(
      '{"_link":"blue","__proto__":null,"toString":null,"__link":"owned","_redacted":[]}',
    )
  })

  test('an empty collection is an empty array and a header', async () => {
    const files = await packed(content([collection([], { fields: [{ name: 'id' }] })]))
    expect(JSON.parse(files.get('data/helpdesk/tickets.json') ?? '')).toEqual([])
    expect(files.get('data/helpdesk/tickets.csv')).toBe('id,_link,_redacted\r\n')
  })

  test('NUL, broken surrogates and a cell of 5 MB pass through JSON unchanged', async () => {
    const big = `${'æ'.repeat(2_500_000)}\uD800 end`
    const files = await packed(content([collection([row({ nul: 'a\0b', big })])]))
    const [first] = JSON.parse(files.get('data/helpdesk/tickets.json') ?? '') as Record<string, string>[]
    expect(first?.['nul']).toBe('a\0b')
    expect(first?.['big'] === big).toBe(true)
    expect(files.get('data/helpdesk/tickets.csv')).not.toContain('\0')
    expect((files.get('index.html') ?? '').length).toBeLessThan(100_000)
  })

  test('names of stores, collections and media never leave their folders, nor meet each other', async () => {
    const evil = [
      '../../etc/passwd',
      'CON.txt',
      'a/b\\c:d',
      'x\u202Egnp.exe',
      'A.wav',
      'a.wav',
      'a-2.wav',
      '',
      '..',
      'nul\0.wav',
      'trail. ',
    ]
    const collections = ['../up', '..', 'CON', 'tickets', 'TICKETS'].map((name) =>
      collection([row({ id: '1' })], {
        store: '../../root',
        name,
        media: evil.map((m) => medium(m, name + m)),
      }),
    )
    const path = await writeZip(content([...collections, collection([], { store: '.._.._root' })]))
    expect((await readPackage(path)).faults).toEqual([])
    const names = [...(await unzipped(path)).keys()]
    expect(names).toHaveLength(new Set(names.map((n) => n.toLowerCase())).size)
    for (const name of names) {
      expect(name).toMatch(/^(data\/[^/]+\/|media\/[^/]+\/|schema\/)?[^/]+$/)
      expect(name).not.toMatch(/(^|\/)(\.|con(\.|$)|nul(\.|$))|[\\:\u202E\p{Cc}]|[. ]$/iu)
    }
    expect(names).toHaveLength(6 * 3 + 5 * evil.length + 2)
  })
})

describe('checking a package', () => {
  test('a whole package has no faults', async () => {
    const { manifest, faults } = await readPackage(await writeZip(content([tickets()])))
    expect(faults).toEqual([])
    expect(manifest.collections[0]?.rows).toBe(2)
  })

  test.skipIf(!has('7z'))('a changed, a missing and an added file are named', async () => {
    const path = await writeZip(content([tickets()]))
    const run = (...args: string[]) =>
      spawnSync('7z', args, { cwd: path.replace(/\/[^/]*$/, ''), encoding: 'utf8' })
    run('x', path, '-oout')
    spawnSync(
      'sh',
      ['-c', 'cd out && echo "[]" > data/helpdesk/tickets.json && rm index.html && echo x > extra.txt'],
      {
        cwd: path.replace(/\/[^/]*$/, ''),
      },
    )
    spawnSync('7z', ['a', '../changed.zip', '.'], { cwd: path.replace(/[^/]*$/, 'out') })
    const { faults } = await readPackage(path.replace(/[^/]*$/, 'changed.zip'))
    expect(faults.map((f) => `${f.path}: ${f.fault}`).sort()).toEqual([
      'data/helpdesk/tickets.json: changed',
      'extra.txt: not listed',
      'index.html: missing',
    ])
  })

  test('something else than a package is refused in words', async () => {
    await expect(readPackage(import.meta.filename)).rejects.toSatisfy((e) => isLetheError(e, 'invalid'))
  })
})
