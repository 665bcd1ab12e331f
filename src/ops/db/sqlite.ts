import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Driver } from './database.ts'

/** One writer behind a queue, one connection that cannot write. WAL, `synchronous=FULL`: a commit is on the disk. */
export function openSqlite(path: string): Driver {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const writer = new Sqlite(path)
  writer.pragma('journal_mode = WAL')
  writer.pragma('synchronous = FULL')
  writer.pragma('foreign_keys = ON')
  writer.pragma('busy_timeout = 10000')
  writer.pragma('secure_delete = FAST')
  const reader = path === ':memory:' ? writer : new Sqlite(path)
  if (reader !== writer) {
    reader.pragma('query_only = ON')
    reader.pragma('busy_timeout = 10000')
  }
  const options = { casing: 'snake_case' } as const
  type Q = Parameters<Parameters<Driver['read']>[0]>[0]
  const write = drizzle(writer, options) as unknown as Q
  const read = drizzle(reader, options) as unknown as Q

  let tail: Promise<unknown> = Promise.resolve()
  const queued = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(work, work)
    tail = turn.catch(() => undefined)
    return turn
  }
  return {
    dialect: 'sqlite',
    transact: (work) =>
      queued(async () => {
        // Never drizzle's own transaction(): on this driver it commits before an async body has run.
        writer.exec('BEGIN IMMEDIATE')
        try {
          const result = await work(write, async () => undefined)
          writer.exec('COMMIT')
          return result
        } catch (error) {
          if (writer.inTransaction) writer.exec('ROLLBACK')
          throw error
        }
      }),
    read: (work) => work(read),
    session: (work) =>
      queued(() =>
        work({
          exec: async (sql) => void writer.exec(sql),
          rows: async (sql) => writer.prepare(sql).all() as Record<string, unknown>[],
        }),
      ),
    async close() {
      await queued(async () => undefined)
      if (reader !== writer) reader.close()
      writer.close()
    },
  }
}
