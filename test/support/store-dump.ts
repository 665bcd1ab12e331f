import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { CastMember } from '../../src/demo/cast.ts'
import { phoneWays, spellPhone } from '../../src/demo/phones.ts'

const tableNames = (db: Sqlite.Database): string[] =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[]

export type StoreRow = Record<string, unknown>

/** All rows of all tables with their primary keys, in key order. */
export function* everyRow(db: Sqlite.Database): Generator<[table: string, key: string, row: StoreRow]> {
  for (const table of tableNames(db)) {
    const columns = db.pragma(`table_info(${table})`) as { name: string; pk: number }[]
    const key = columns.filter((c) => c.pk > 0).sort((a, b) => a.pk - b.pk)
    const order = key.map((c) => c.name).join(', ')
    for (const row of db.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).iterate() as Iterable<StoreRow>)
      yield [table, key.map((c) => String(row[c.name])).join('/'), row]
  }
}

/** Every row of every table as one line of JSON, in key order; bytes as hex. For comparing before and after. */
export type Dump = Readonly<Record<string, ReadonlyMap<string, string>>>

export function dumpStore(path: string): Dump {
  const db = new Sqlite(path, { readonly: true })
  try {
    const dump: Record<string, Map<string, string>> = Object.fromEntries(
      tableNames(db).map((name) => [name, new Map()]),
    )
    for (const [table, key, row] of everyRow(db))
      dump[table]?.set(
        key,
        JSON.stringify(row, (_, value: unknown) => {
          const bytes = value as { type?: string; data?: number[] } | null
          return bytes?.type === 'Buffer' && bytes.data ? Buffer.from(bytes.data).toString('hex') : value
        }),
      )
    return dump
  } finally {
    db.close()
  }
}

/** The dump as stable text, one line a row: `tickets.customers 1 {…}`. */
export const dumpText = (dump: Dump): string =>
  Object.entries(dump)
    .flatMap(([table, rows]) => [...rows].map(([key, row]) => `${table} ${key} ${row}\n`))
    .join('')

export interface Difference {
  readonly table: string
  readonly key: string
  readonly how: 'gone' | 'new' | 'changed'
  /** Of a changed row, the columns. */
  readonly columns: readonly string[]
}

export function differences(before: Dump, after: Dump): Difference[] {
  const tables = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return tables.flatMap((table) => {
    const [old, fresh] = [
      before[table] ?? new Map<string, string>(),
      after[table] ?? new Map<string, string>(),
    ]
    return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key): Difference[] => {
      const [was, is] = [old.get(key), fresh.get(key)]
      if (was === is) return []
      if (was === undefined || is === undefined)
        return [{ table, key, how: was === undefined ? 'new' : 'gone', columns: [] }]
      const [a, b] = [JSON.parse(was) as StoreRow, JSON.parse(is) as StoreRow]
      return [{ table, key, how: 'changed', columns: Object.keys(b).filter((c) => a[c] !== b[c]) }]
    })
  })
}

export interface Hit {
  readonly file: string
  /** -1: in the file's name. */
  readonly offset: number
  readonly needle: string
}

/**
 * Looks for each needle, whatever its letter case, in the raw bytes of every file below `dir` (`-wal`, `-shm` and recordings too)
 * and in the files' names. A hit inside one of `except` does not count: `ann.lee@…` stands in `joann.lee@…`.
 */
export function grepFiles(dir: string, needles: readonly string[], except: readonly string[] = []): Hit[] {
  const wanted = needles.map((needle) => ({ needle, bytes: asBytes(needle) }))
  const longer = except.map(asBytes)
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile())
    .sort()
    .flatMap((path) => {
      const file = relative(dir, path)
      const content = lower(readFileSync(path).toString('latin1'))
      return wanted.flatMap(({ needle, bytes }) => [
        ...offsets(asBytes(file), bytes, longer).map(() => ({ file, offset: -1, needle })),
        ...offsets(content, bytes, longer).map((offset) => ({ file, offset, needle })),
      ])
    })
}

/** Her addresses, her number in every usual spelling, and her name, as bytes would hold them. */
export function needlesFor(person: CastMember): string[] {
  const emails = person.emails.flatMap((email) => [email, encodeURIComponent(email)])
  const { phone } = person
  const phones = phone === null ? [] : [...phoneWays.map((way) => spellPhone(phone, way)), phone.slice(3)]
  return [...new Set([...emails, ...phones, ...(person.name === '' ? [] : [person.name])])]
}

// ASCII only: folding the bytes of other letters would make different words equal.
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
const asBytes = (text: string): string => lower(Buffer.from(text, 'utf8').toString('latin1'))

function offsets(content: string, needle: string, longer: readonly string[]): number[] {
  const found: number[] = []
  for (let at = content.indexOf(needle); at >= 0; at = content.indexOf(needle, at + 1)) {
    const inside = longer.some((word) => {
      const start = word.indexOf(needle)
      return start >= 0 && content.startsWith(word, at - start)
    })
    if (!inside) found.push(at)
  }
  return found
}
