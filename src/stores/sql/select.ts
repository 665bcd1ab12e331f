import { StoreError } from '../errors.ts'
import type { Row, RowQuery, Value } from '../port.ts'
import { type Conditions, whereOf } from './conditions.ts'
import type { ColumnShape, TableShape } from './dialect.ts'
import { afterKey, isUnordered, orderBy } from './order.ts'
import { type Session, type Statement, statement } from './statement.ts'
import { columnOf, isUnique, type Shapes, tableOf } from './tables.ts'
import { needsWindows, windows } from './windows.ts'

const defaultPageSize = 500

/** A query with its names looked up. */
export interface Planned {
  readonly query: RowQuery
  readonly table: TableShape
  readonly columns: readonly ColumnShape[]
  readonly key: readonly ColumnShape[]
  /** The columns asked for, then those of the key that were not, so that the next page can follow. */
  readonly selected: readonly ColumnShape[]
  /** Where the key's columns stand among them. */
  readonly keyAt: readonly number[]
  readonly pageSize: number
}

interface Page {
  readonly rows: readonly Row[]
  readonly last: readonly Value[]
}

/** Pages in key order: by key where the key tells rows apart, else by a cursor over one statement. */
export async function* pagesOf(
  shapes: Shapes,
  session: Session,
  query: RowQuery,
): AsyncGenerator<readonly Row[]> {
  const plan = planned(shapes, query)
  if (query.limit === 0) return
  const lots = keyLots(shapes, query)
  if (lots.length > 1 && query.after)
    throw new StoreError(
      'other',
      shapes.store,
      'more keys than one statement takes cannot be read on from a key',
      {
        permanent: true,
        hint: 'Ask for the keys in smaller lots.',
      },
    )
  let left = query.limit ?? Number.POSITIVE_INFINITY
  for (const keys of lots) {
    const lot = { ...plan, query: { ...query, ...(keys && { keys }), limit: left } }
    for await (const rows of lotPages(shapes, session, lot)) {
      left -= rows.length
      yield rows
    }
    if (left <= 0) return
  }
}

function planned(shapes: Shapes, query: RowQuery): Planned {
  const table = tableOf(shapes, query.table)
  const columns = query.columns.map((name) => columnOf(shapes, table, name))
  const key = query.key.map((name) => columnOf(shapes, table, name))
  const selected = [...columns, ...key.filter((column) => !columns.includes(column))]
  const keyAt = key.map((column) => selected.indexOf(column))
  const pageSize = Math.max(1, Math.floor(query.pageSize ?? defaultPageSize))
  return { query, table, columns, key, selected, keyAt, pageSize }
}

/** Keys in lots that one statement can carry, each key once. */
export function keyLots(
  shapes: Shapes,
  { key, keys }: Pick<Conditions, 'key' | 'keys'>,
): (readonly (readonly Value[])[] | undefined)[] {
  if (!keys) return [undefined]
  const most = Math.floor((shapes.dialect.maxParameters * 0.9) / Math.max(1, key.length + 1))
  const once = [...new Map(keys.map((values) => [JSON.stringify(values), values])).values()]
  const lots = []
  for (let at = 0; at < once.length; at += most) lots.push(once.slice(at, at + most))
  return lots
}

function lotPages(shapes: Shapes, session: Session, plan: Planned): AsyncGenerator<readonly Row[]> {
  if (session.blocks && needsWindows(plan)) return windowPages(shapes, session, plan)
  return plan.key.length > 0 && isUnique(plan.table, plan.key)
    ? keyPages(shapes, session, plan)
    : scanPages(shapes, session, plan)
}

async function* keyPages(shapes: Shapes, session: Session, plan: Planned): AsyncGenerator<readonly Row[]> {
  let left = plan.query.limit ?? Number.POSITIVE_INFINITY
  for (let after = plan.query.after; ; ) {
    const size = Math.min(plan.pageSize, left)
    const { rows, last } = await page(shapes, session, plan, size, (s) => afterParts(shapes, plan, s, after))
    if (rows.length > 0) yield rows
    left -= rows.length
    if (rows.length < size || left <= 0) return
    after = last
  }
}

const afterParts = (
  shapes: Shapes,
  plan: Planned,
  s: Statement,
  after: readonly Value[] | undefined,
): string[] => (after ? [afterKey(shapes.dialect, plan.key, s, after)] : [])

async function page(
  shapes: Shapes,
  session: Session,
  plan: Planned,
  limit: number | undefined,
  more: (s: Statement) => string[],
): Promise<Page> {
  const s = statement(shapes.dialect)
  const sql = selectSql(shapes, plan, s, more(s)) + (limit === undefined ? '' : ` LIMIT ${limit}`)
  return decoded(shapes, plan, await session.select(sql, s.params))
}

/** The statement of a plan. */
export function selectSql(shapes: Shapes, plan: Planned, s: Statement, more: string[], lock = ''): string {
  const { dialect } = shapes
  const selected = plan.selected.map((column) => dialect.read(column, dialect.quote(column.name)))
  const where = whereOf(shapes, plan.table, s, plan.query, more)
  return `SELECT ${selected.join(', ') || '1'} FROM ${plan.table.sql}${where}${isUnordered(plan) ? '' : orderBy(dialect, plan.key)}${lock}`
}

/** Without a prototype: a column may be called __proto__, and a row is a plain list of what was asked for. */
function Bare(this: Record<string, Value>) {}
Bare.prototype = Object.freeze(Object.create(null))
const bareRow = Bare as unknown as new () => Record<string, Value>

function decoded({ dialect }: Shapes, plan: Planned, raw: readonly (readonly unknown[])[]): Page {
  const names = plan.query.columns
  const { columns } = plan
  const rows = raw.map((cells) => {
    const row = new bareRow()
    for (let i = 0; i < columns.length; i++)
      row[names[i] as string] = dialect.decode(columns[i] as ColumnShape, cells[i])
    return row
  })
  return { rows, last: keyOf(dialect.decode, plan, raw.at(-1)) }
}

const keyOf = (
  decode: (column: ColumnShape, raw: unknown) => Value,
  plan: Planned,
  cells: readonly unknown[] | undefined,
): readonly Value[] =>
  cells ? plan.key.map((column, i) => decode(column, cells[plan.keyAt[i] as number])) : []

/** One statement read through a cursor. With a limit it ends between two keys, so that "after this key" loses no row. */
async function* scanPages(shapes: Shapes, session: Session, plan: Planned): AsyncGenerator<readonly Row[]> {
  const s = statement(shapes.dialect)
  const sql = selectSql(shapes, plan, s, afterParts(shapes, plan, s, plan.query.after))
  const limit = plan.query.limit ?? Number.POSITIVE_INFINITY
  const decode = shapes.dialect.decode
  let seen = 0
  let last = ''
  for await (const raw of session.scan(sql, s.params, plan.pageSize)) {
    const cut = raw.findIndex((cells, i) => {
      const before = last
      last = JSON.stringify(keyOf(decode, plan, cells))
      return seen + i >= limit && (plan.key.length === 0 || last !== before)
    })
    const rows = cut === -1 ? raw : raw.slice(0, cut)
    if (rows.length > 0) yield decoded(shapes, plan, rows).rows
    if (cut !== -1) return
    seen += raw.length
  }
}

/** Stretches of the table one after the other: the same rows in the same order, the process never held up for long. */
async function* windowPages(shapes: Shapes, session: Session, plan: Planned): AsyncGenerator<readonly Row[]> {
  let left = plan.query.limit ?? Number.POSITIVE_INFINITY
  for await (const within of windows(shapes, session, plan)) {
    const { rows } = await page(shapes, session, plan, undefined, within)
    for (let at = 0; at < rows.length && left > 0; at += plan.pageSize) {
      const some = rows.slice(at, at + Math.min(plan.pageSize, left))
      yield some
      left -= some.length
    }
    if (left <= 0) return
  }
}

export async function countRows(
  shapes: Shapes,
  session: Session,
  query: Omit<RowQuery, 'columns' | 'after' | 'limit' | 'pageSize'>,
): Promise<number> {
  const plan = planned(shapes, { ...query, columns: [] })
  const counted = async (asked: Conditions, within: (s: Statement) => string[]): Promise<number> => {
    const s = statement(shapes.dialect)
    const [row] = await session.select(
      `SELECT count(*) FROM ${plan.table.sql}${whereOf(shapes, plan.table, s, asked, within(s))}`,
      s.params,
    )
    return Number(row?.[0] ?? 0)
  }
  let total = 0
  if (session.blocks && needsWindows(plan)) {
    for await (const within of windows(shapes, session, plan)) total += await counted(query, within)
    return total
  }
  for (const keys of keyLots(shapes, query))
    total += await counted({ ...query, ...(keys && { keys }) }, () => [])
  return total
}

/** One page, locked: by key, all of them. */
export async function lockedRows(
  shapes: Shapes,
  session: Session,
  query: RowQuery & { readonly keys: readonly (readonly Value[])[] },
): Promise<readonly Row[]> {
  const plan = planned(shapes, query)
  const rows: Row[] = []
  for (const keys of keyLots(shapes, query)) {
    const lot = { ...plan, query: { ...query, ...(keys && { keys }) } }
    const s = statement(shapes.dialect)
    const sql = selectSql(shapes, lot, s, afterParts(shapes, plan, s, query.after), shapes.dialect.forUpdate)
    rows.push(...decoded(shapes, lot, await session.select(sql, s.params)).rows)
  }
  return query.limit === undefined ? rows : rows.slice(0, query.limit)
}
