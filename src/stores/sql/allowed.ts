import { StoreError } from '../errors.ts'
import type { StoreReader } from '../port.ts'
import { type Session, statement } from './statement.ts'
import { columnOf, type Shapes, tableOf } from './tables.ts'

type Asked = Parameters<StoreReader['allows']>[0]

/** The store itself works the rule out, over one row of these values that stands in no table. */
export async function allowedBy(shapes: Shapes, session: Session, asked: Asked): Promise<boolean | null> {
  const { dialect, store } = shapes
  const table = tableOf(shapes, asked.table)
  const check = table.info.checks?.find(({ name }) => name === asked.check)
  if (!check) throw new StoreError('schema', store, `table ${asked.table} has no rule ${asked.check}`)
  const s = statement(dialect)
  const cells = Object.entries(asked.values).map(([name, value]) => {
    const column = columnOf(shapes, table, name)
    return `${s.bind(dialect.writable(column, value))} AS ${dialect.quote(column.name)}`
  })
  const said = `CASE WHEN ${check.sql} THEN 1 WHEN NOT (${check.sql}) THEN 0 END`
  const [row] = await session.select(
    `SELECT ${said} FROM (SELECT ${cells.join(', ')}) AS row_of_values`,
    s.params,
  )
  // A number, a bigint or text, by the kind of store.
  const answer = row?.[0] as number | bigint | string | null | undefined
  return answer === null || answer === undefined ? null : Number(answer) === 1
}
