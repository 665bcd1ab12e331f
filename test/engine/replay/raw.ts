import Sqlite from 'better-sqlite3'
import type { Sql, TextRow } from '../../support/live-dump.ts'

/** An application's own connection to a SQLite store. */
export async function rawSqlite(url: string): Promise<Sql> {
  const db = new Sqlite(url.replace(/^file:/, ''))
  db.pragma('journal_mode = WAL')
  return {
    rows: async (sql) => db.prepare(sql).all() as TextRow[],
    exec: async (sql) => void db.exec(sql),
    close: async () => void db.close(),
  }
}
