import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = join(import.meta.dirname, '../../src')

/** Which room may import which; every room may import itself. The one table that says so. */
const allowed: Record<string, readonly string[]> = {
  base: [],
  ops: ['base'],
  datamap: ['base'],
  ledger: ['base', 'ops'],
  export: ['base', 'ops', 'ledger'],
  notify: ['base', 'ops', 'ledger'],
  holds: ['base', 'ops', 'ledger'],
  officers: ['base', 'ops', 'ledger'],
  stores: ['base', 'ops', 'datamap'],
  engine: ['base', 'ops', 'ledger', 'datamap', 'holds', 'stores'],
  requests: ['base', 'ops', 'ledger', 'engine', 'export', 'notify'],
  retention: ['base', 'ops', 'ledger', 'datamap', 'holds', 'engine', 'notify'],
  evidence: ['base', 'ops', 'ledger', 'notify'],
  demo: ['base', 'ops', 'datamap'],
}
/** Faces call verbs of any room; app.ts joins rooms. What they must not do is in the tests below. */
const faces = ['web', 'cli']
const joiners = ['app', 'main.ts', 'schema.ts', 'lethe.mjs']

interface Import {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly target: string
}

const importsOf = (file: string): Import[] =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => {
    const target = relative(src, join(src, dirname(file), match[1] as string))
    return { file, from: roomOf(file), to: roomOf(target), target }
  })

const roomOf = (path: string): string => path.split('/')[0] as string

const files = globSync('**/*.{ts,mjs}', { cwd: src })
const imports = files.flatMap(importsOf)

describe('the house', () => {
  it('has the rooms of the table and no others', () => {
    const rooms = new Set(files.map(roomOf))
    const known = [...Object.keys(allowed), ...faces, ...joiners]
    expect([...rooms].filter((room) => !known.includes(room))).toEqual([])
    expect(imports.length).toBeGreaterThan(100)
  })

  it('lets a room import only what stands below it', () => {
    const wrong = imports.filter(
      ({ from, to }) => from in allowed && from !== to && !allowed[from]?.includes(to),
    )
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  it('lets nobody import a face, and nobody but the joiners the joiners', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (faces.includes(to) && from !== to && !joiners.includes(from)) ||
        (joiners.includes(to) && !joiners.includes(from) && !faces.includes(from)),
    )
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  it('keeps a room’s tables to itself', () => {
    const wrong = imports.filter(({ file, from, to, target }) => {
      const isTables = /(^|\/)tables\.ts$/.test(target)
      const typesOnly = new RegExp(`import type [^;]*?tables\\.ts'`, 's').test(
        readFileSync(join(src, file), 'utf8'),
      )
      return isTables && from !== to && file !== 'schema.ts' && !typesOnly
    })
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })
})

describe('a file', () => {
  it('stays under 300 lines', () => {
    const long = files.filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > 300)
    expect(long).toEqual([])
  })

  it('holds no ignored error and no unfinished mark', () => {
    const signs = /@ts-ignore|@ts-nocheck|\bTODO\b|\bFIXME\b|\bXXX\b/
    expect(files.filter((file) => signs.test(readFileSync(join(src, file), 'utf8')))).toEqual([])
  })
})
