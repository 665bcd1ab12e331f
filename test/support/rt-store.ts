import type { Sql } from './live-dump.ts'
import { plain } from './marks.ts'
import type { Rt, RtValue } from './rt.ts'

/** Puts everything, without its marks, into an empty database that has RT's schema. */
export async function storeRt(sql: Sql, rt: Rt): Promise<void> {
  for (const [table, rows] of rt.tables)
    for (const columns of new Set(rows.map((row) => Object.keys(row).sort().join()))) {
      const names = columns.split(',')
      const alike = rows.filter((row) => Object.keys(row).sort().join() === columns)
      for (let at = 0; at < alike.length; at += 200) {
        const part = alike.slice(at, at + 200)
        const values = part.flatMap((row) => names.map((name) => stored(row[name] ?? null)))
        const tuples = part.map((_, i) => `(${names.map((_, j) => `$${i * names.length + j + 1}`).join()})`)
        await sql.rows(`INSERT INTO ${table} (${names.join()}) VALUES ${tuples.join()}`, values)
      }
    }
}

const stored = (value: RtValue): RtValue => (typeof value === 'string' ? plain(value) : value)
