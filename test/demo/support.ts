import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { parseInstant } from '../../src/base/instant.ts'
import { makeStores, type SampleOptions, type SampleSummary } from '../../src/demo/stores.ts'

export const now = parseInstant('2026-11-22T12:00:00Z')

export const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'lethe-stores-'))

export const made = (options: Partial<SampleOptions> = {}): Promise<SampleSummary> =>
  makeStores({ dir: join(freshFolder(), 'stores'), people: 150, now, ...options })

/** Answers of one query over one of the stores. */
export function rows<T = Record<string, unknown>>(dir: string, store: string, sql: string): T[] {
  const db = new Sqlite(join(dir, `${store}.db`), { readonly: true })
  try {
    return db.prepare(sql).all() as T[]
  } finally {
    db.close()
  }
}

export const count = (dir: string, store: string, sql: string): number =>
  (rows<{ n: number }>(dir, store, `SELECT count(*) AS n ${sql}`)[0] as { n: number }).n
