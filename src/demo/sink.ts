import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'

export type Cell = string | number | Buffer | null

/** A database being filled: tables first, rows in batches, indexes last, as any bulk load does. */
export interface Sink {
  /** Adds rows of one table; cells stand in the order of `columns`. */
  into(table: string, columns: string): (...cells: Cell[]) => void
  /** Runs the steps, committing every few hundred and giving the event loop a turn; memory is one batch. */
  load(steps: Iterable<unknown>): Promise<void>
  exec(sql: string): void
  /** Rows of every table. */
  finish(): Record<string, number>
}

const stepsPerCommit = 500

/** A fresh database of the schema in `schema/<name>.sql`. A crash leaves a file that nobody uses: see stores.ts. */
export function openSink(path: string, schema: string): Sink {
  const sql = readFileSync(new URL(`schema/${schema}.sql`, import.meta.url), 'utf8')
  const [tables = '', indexes = ''] = sql.split('-- indexes')
  const db = new Sqlite(path)
  // Nothing is worth keeping until all of it is there, so no journal and no fsync while it grows.
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = ON')
  db.exec(tables)
  return {
    into(table, columns) {
      const marks = columns.split(',').map(() => '?')
      const insert = db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${marks.join(', ')})`)
      return (...cells) => void insert.run(...cells)
    },
    async load(steps) {
      let done = 0
      db.exec('BEGIN')
      for (const _ of steps) {
        if (++done % stepsPerCommit !== 0) continue
        db.exec('COMMIT')
        await setImmediate()
        db.exec('BEGIN')
      }
      db.exec('COMMIT')
    },
    exec: (text) => void db.exec(text),
    finish() {
      db.exec(indexes)
      const names = db
        .prepare(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .pluck()
        .all() as string[]
      const counts = names.map((name) => [
        name,
        db.prepare(`SELECT count(*) FROM ${name}`).pluck().get() as number,
      ])
      db.pragma('synchronous = FULL')
      db.pragma('journal_mode = WAL')
      db.close()
      return Object.fromEntries(counts) as Record<string, number>
    },
  }
}
