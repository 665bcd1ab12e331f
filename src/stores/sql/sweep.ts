import type { LongQuery, LongValue, SweepQuery, SweptPage, Value } from '../port.ts'
import type { ColumnShape, TableShape } from './dialect.ts'
import { afterKey, orderBy } from './order.ts'
import { type Session, statement } from './statement.ts'
import { whereOf } from './conditions.ts'
import { columnOf, isUnique, type Shapes, tableOf } from './tables.ts'

/** What a page aims at; its rows are counted by how long those before were. */
const pageBytes = 2 ** 19
const rowsPerPage = { first: 64, most: 1024 }
const pieceLength = 4 * 2 ** 20

interface Sweep {
  readonly table: TableShape
  readonly columns: readonly ColumnShape[]
  /** The last so many of the columns are wanted only where they hold text or bytes. */
  readonly strays: number
  readonly key: readonly ColumnShape[]
  /** The columns, then those of the key that are not among them. */
  readonly selected: readonly ColumnShape[]
}

/**
 * All of a table, each row once, in pages of about two megabytes whatever their rows hold: a value that would burst the page
 * stays behind as null and is listed. In key order where the key tells rows apart.
 */
export async function* sweepPages(
  shapes: Shapes,
  session: Session,
  query: SweepQuery,
): AsyncGenerator<SweptPage> {
  const table = tableOf(shapes, query.table)
  const stray = shapes.dialect.stray ? (query.stray ?? []) : []
  const columns = [...query.columns, ...stray].map((name) => columnOf(shapes, table, name))
  const key = query.key.map((name) => columnOf(shapes, table, name))
  const asked = columns.slice(0, query.columns.length)
  const selected = [...columns, ...key.filter((column) => !asked.includes(column))]
  const sweep = { table, columns, strays: stray.length, key, selected }
  if ((query.stray?.length ?? 0) > stray.length) return
  if (stray.length === 0 && key.length > 0 && isUnique(table, key)) yield* byKey(shapes, session, sweep)
  else if (session.blocks) yield* byStatement(shapes, session, sweep)
  else yield* byCursor(shapes, session, sweep)
}

/** Row by row in this process, where a page can end at any of them: no value need stay behind. */
async function* byStatement(shapes: Shapes, session: Session, sweep: Sweep): AsyncGenerator<SweptPage> {
  const { dialect } = shapes
  const selected = sweep.selected.map((_, i) => readAt(shapes, sweep, i)).join(', ')
  const strays = sweep.columns.slice(sweep.columns.length - sweep.strays)
  const holds = strays.map((column) => dialect.stray?.(column, dialect.quote(column.name)))
  const where = holds.length > 0 ? ` WHERE ${holds.join(' OR ')}` : ''
  const sql = `SELECT ${selected || '1'} FROM ${sweep.table.sql}${where}${orderBy(dialect, sweep.key)}`
  for await (const raw of session.scan(sql, [], rowsPerPage.most, pageBytes))
    yield pageOf(shapes, sweep, raw).page
}

async function* byKey(shapes: Shapes, session: Session, sweep: Sweep): AsyncGenerator<SweptPage> {
  const { dialect } = shapes
  const keyAt = sweep.key.map((column) => sweep.selected.indexOf(column))
  let after: readonly Value[] | undefined
  for (let size = rowsPerPage.first; ; ) {
    const most = Math.floor((pageBytes * 4) / size)
    const s = statement(dialect)
    const where = after ? ` WHERE ${afterKey(dialect, sweep.key, s, after)}` : ''
    const sql = `SELECT ${guarded(shapes, sweep, most)} FROM ${sweep.table.sql}${where}${orderBy(dialect, sweep.key)} LIMIT ${size}`
    const raw = await session.select(sql, s.params)
    const { page, bytes } = pageOf(shapes, sweep, raw)
    if (raw.length > 0) yield page
    const last = raw.at(-1)
    if (raw.length < size || !last) return
    after = sweep.key.map((column, i) => dialect.decode(column, last[keyAt[i] as number]))
    size = nextSize(size, bytes + page.long.length * most)
  }
}

const nextSize = (size: number, bytes: number): number =>
  Math.max(
    4,
    Math.min(rowsPerPage.most, size * 2, Math.ceil(size * Math.min(2, pageBytes / Math.max(1, bytes)))),
  )

/** Without a key no value can be asked for again, so the longest row says how many may stand in a page. */
async function* byCursor(shapes: Shapes, session: Session, sweep: Sweep): AsyncGenerator<SweptPage> {
  const { dialect } = shapes
  const lengths = sweep.columns
    .filter(isLong)
    .map((c) => `coalesce(${dialect.bytes(c, dialect.quote(c.name))}, 0)`)
  const [longest] =
    lengths.length === 0
      ? []
      : await session.select(`SELECT max(${lengths.join(' + ')}) FROM ${sweep.table.sql}`, [])
  const size = Math.max(1, Math.min(1024, Math.floor(pageBytes / Math.max(64, Number(longest?.[0] ?? 0)))))
  const selected = sweep.selected.map((c) => dialect.read(c, dialect.quote(c.name))).join(', ')
  const sql = `SELECT ${selected || '1'} FROM ${sweep.table.sql}${orderBy(dialect, sweep.key)}`
  for await (const raw of session.scan(sql, [], size)) yield pageOf(shapes, sweep, raw).page
}

/** Numbers and moments are short whatever they say. */
const isLong = ({ kind }: ColumnShape): boolean =>
  kind === 'text' || kind === 'json' || kind === 'bytes' || kind === 'other'

function readAt({ dialect }: Shapes, { columns, strays, selected }: Sweep, at: number): string {
  const column = selected[at] as ColumnShape
  const name = dialect.quote(column.name)
  const isStray = at >= columns.length - strays && at < columns.length
  return isStray && dialect.stray
    ? `CASE WHEN ${dialect.stray(column, name)} THEN ${name} END`
    : dialect.read(column, name)
}

function guarded({ dialect }: Shapes, { selected, key }: Sweep, most: number): string {
  const long: string[] = []
  const list = selected.map((column) => {
    const name = dialect.quote(column.name)
    const read = dialect.read(column, name)
    if (!isLong(column) || key.includes(column)) return read
    const tooLong = `${dialect.bytes(column, name)} > ${most}`
    long.push(tooLong)
    return `CASE WHEN ${tooLong} THEN NULL ELSE ${read} END`
  })
  return [...list, long.length > 0 ? `CASE WHEN ${long.join(' OR ')} THEN 1 ELSE 0 END` : '0'].join(', ')
}

function pageOf(
  { dialect }: Shapes,
  { columns, selected, key }: Sweep,
  raw: readonly (readonly unknown[])[],
): { page: SweptPage; bytes: number } {
  const long: (readonly [number, number])[] = []
  const mayBeLong = columns.flatMap((column, i) => (isLong(column) && !key.includes(column) ? [i] : []))
  let bytes = 0
  const rows = raw.map((cells, row) => {
    const values: Value[] = []
    for (let i = 0; i < columns.length; i++) {
      const value = dialect.decode(columns[i] as ColumnShape, cells[i])
      bytes += value?.length ?? 0
      values.push(value)
    }
    // Which of its values it was shows when each that is null here is asked for.
    if (cells.length > selected.length && Number(cells[selected.length]) === 1)
      for (const at of mayBeLong) if (values[at] === null) long.push([row, at])
    return values
  })
  return { page: { rows, long }, bytes }
}

/** One long value, piece by piece: no statement carries more than a piece, whatever a server's packets may hold. */
export async function longValue(shapes: Shapes, session: Session, query: LongQuery): Promise<LongValue> {
  const { dialect } = shapes
  const table = tableOf(shapes, query.table)
  const column = columnOf(shapes, table, query.column)
  const pieces: (string | Uint8Array)[] = []
  let length = 0
  for (let from = 1; ; from += pieceLength) {
    const s = statement(dialect)
    const where = whereOf(shapes, table, s, { key: query.key, keys: [query.of] })
    const piece = dialect.piece(column, dialect.quote(column.name), from, pieceLength)
    const [row] = await session.select(`SELECT ${piece} FROM ${table.sql}${where}`, s.params)
    const value = row ? dialect.decode(column, row[0]) : null
    if (value === null) break
    pieces.push(value)
    length += value.length
    if (value.length < pieceLength || length >= query.most) break
  }
  const first = pieces[0]
  if (first === undefined) return { value: null, cut: false }
  const cut = length >= query.most
  if (typeof first === 'string') return { value: pieces.join(''), cut }
  return { value: Buffer.concat(pieces as Uint8Array[]), cut }
}
