import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { storeNames } from './samples.ts'

/** Rows that differ between two copies of the stores, by table: whether two ways of erasing ended alike. */
export function differingRows(a: string, b: string): Record<string, number> {
  const found: Record<string, number> = {}
  for (const store of storeNames) {
    const db = new Sqlite(join(a, `${store}.db`), { readonly: true })
    db.prepare('ATTACH ? AS other').run(join(b, `${store}.db`))
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .pluck()
      .all() as string[]
    for (const table of tables) {
      const count = (left: string, right: string) =>
        db
          .prepare(
            `SELECT count(*) FROM (SELECT * FROM ${left}.${table} EXCEPT SELECT * FROM ${right}.${table})`,
          )
          .pluck()
          .get() as number
      const rows = Math.max(count('main', 'other'), count('other', 'main'))
      if (rows > 0) found[`${store}.${table}`] = rows
    }
    db.close()
  }
  return found
}
