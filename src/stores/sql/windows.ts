import type { ColumnShape } from './dialect.ts'
import { compareKey, isUnordered, orderBy } from './order.ts'
import type { Planned } from './select.ts'
import { type Session, type Statement, statement } from './statement.ts'
import { isUnique, type Shapes } from './tables.ts'

const smallTable = 20_000
const holdMs = { least: 3, most: 10 }

/** The columns a table is cut by: its key, or SQLite's row number where the order does not matter. */
function cutBy(plan: Planned): readonly ColumnShape[] {
  if (plan.key.length > 0 && !isUnordered(plan)) return isUnique(plan.table, plan.key) ? plan.key : []
  return plan.table.rowid ? [plan.table.rowid] : []
}

/** True when a statement may look at a large table from end to end before it answers one page. */
export function needsWindows(plan: Planned): boolean {
  const { query, table } = plan
  const asks = query.match ?? query.before ?? query.where?.[0]
  if (!asks || query.keys || table.info.estimatedRows <= smallTable || cutBy(plan).length === 0) return false
  const indexed = new Set(table.info.indexed.map((name) => name.toLowerCase()))
  const served = (column: string) => indexed.has(column.toLowerCase())
  const byMatch = query.match?.how === 'exact' && served(query.match.column)
  return !byMatch && !query.where?.some((filter) => !filter.not && served(filter.column))
}

/** Each answer writes the condition of one stretch; the next is longer or shorter by how long the last one took. */
export async function* windows(
  shapes: Shapes,
  session: Session,
  plan: Planned,
): AsyncGenerator<(s: Statement) => string[]> {
  const { dialect } = shapes
  const key = cutBy(plan)
  let size = 2048
  for (let low = plan.query.after; ; ) {
    const s = statement(dialect)
    const from = (to: Statement) => (low ? [compareKey(dialect, key, to, '>', low)] : [])
    const [after] = from(s)
    const selected = key.map((column) => dialect.read(column, dialect.quote(column.name))).join(', ')
    const sql = `SELECT ${selected} FROM ${plan.table.sql}${after ? ` WHERE ${after}` : ''}${orderBy(dialect, key)} LIMIT 1 OFFSET ${size}`
    const [end] = await session.select(sql, s.params)
    const high = end?.map((cell, i) => dialect.decode(key[i] as ColumnShape, cell))
    const start = performance.now()
    yield (to) => [...from(to), ...(high ? [compareKey(dialect, key, to, '<=', high)] : [])]
    const tookMs = performance.now() - start
    if (!high) return
    if (tookMs > holdMs.most) size = Math.max(256, size >> 1)
    else if (tookMs < holdMs.least) size = Math.min(65_536, size << 1)
    low = high
  }
}
