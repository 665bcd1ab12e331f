import { StoreError } from '../errors.ts'
import { keyPart } from '../keys.ts'
import type { ForeignKey, Row, RowChange, StoreWriter, Value } from '../port.ts'
import { keysIn, whereOf } from './conditions.ts'
import type { ColumnShape, TableShape } from './dialect.ts'
import { keyLots, lockedRows } from './select.ts'
import { type Session, type Statement, statement } from './statement.ts'
import { columnOf, type Shapes, tableOf } from './tables.ts'
import { ownKeys, waveColumns, waves } from './waves.ts'

type Removal = Parameters<StoreWriter['remove']>[0]
type Overwriting = Parameters<StoreWriter['overwrite']>[0]
type Rewriting = Parameters<StoreWriter['rewrite']>[0]
type Insertion = Parameters<StoreWriter['insertOnce']>[0]

export async function removeRows(shapes: Shapes, session: Session, target: Removal): Promise<number> {
  const table = tableOf(shapes, target.table)
  const held = shapes.dialect.checksEachRow ? ownKeys(table) : []
  return held.length > 0
    ? removeInWaves(shapes, session, target, held)
    : removeAtOnce(shapes, session, target)
}

/** Rows that point at each other in a circle let go of each other first; where they cannot, the store says no. */
async function removeInWaves(
  shapes: Shapes,
  session: Session,
  target: Removal,
  held: readonly ForeignKey[],
): Promise<number> {
  const table = tableOf(shapes, target.table)
  const rows = await lockedRows(shapes, session, { ...target, columns: waveColumns(held, target.key) })
  const { waves: found, rest } = waves(held, rows)
  const named = (some: readonly Row[]) => some.map((row) => target.key.map((name) => keyPart(row[name])))
  let gone = 0
  for (const wave of found) gone += await removeAtOnce(shapes, session, { ...target, keys: named(wave) })
  if (rest.length === 0) return gone
  const nullable = new Set(table.columns.filter((c) => c.nullable && !c.generated).map((c) => c.name))
  const set = Object.fromEntries(
    held.flatMap((key) => key.columns.filter((name) => nullable.has(name)).map((name) => [name, null])),
  )
  await overwriteRows(shapes, session, { table: target.table, key: target.key, keys: named(rest), set })
  return gone + (await removeAtOnce(shapes, session, { ...target, keys: named(rest) }))
}

async function removeAtOnce(shapes: Shapes, session: Session, target: Removal): Promise<number> {
  const table = tableOf(shapes, target.table)
  let gone = 0
  for (const keys of keyLots(shapes, target)) {
    const s = statement(shapes.dialect)
    gone += await session.change(
      `DELETE FROM ${table.sql}${whereOf(shapes, table, s, { ...target, ...(keys && { keys }) })}`,
      s.params,
    )
  }
  return gone
}

export async function overwriteRows(shapes: Shapes, session: Session, target: Overwriting): Promise<number> {
  const table = tableOf(shapes, target.table)
  const names = Object.keys(target.set)
  const columns = names.map((name) => writableColumn(shapes, table, name))
  if (columns.length === 0) return 0
  let changed = 0
  for (const keys of keyLots(shapes, target)) {
    const s = statement(shapes.dialect)
    const values = columns.map((column, i) =>
      s.bind(shapes.dialect.writable(column, target.set[names[i] as string] ?? null)),
    )
    const set = assignments(shapes, table, columns, values)
    changed += await session.change(
      `UPDATE ${table.sql} SET ${set}${whereOf(shapes, table, s, { ...target, ...(keys && { keys }) })}`,
      s.params,
    )
  }
  return changed
}

/** Columns that would change by themselves (ON UPDATE CURRENT_TIMESTAMP) are set to what they are. */
function assignments(
  shapes: Shapes,
  table: TableShape,
  columns: readonly ColumnShape[],
  values: readonly string[],
): string {
  const quote = (column: ColumnShape) => shapes.dialect.quote(column.name)
  const still = table.columns.filter((column) => column.selfUpdating && !columns.includes(column))
  return [
    ...columns.map((column, i) => `${quote(column)} = ${values[i]}`),
    ...still.map((c) => `${quote(c)} = ${quote(c)}`),
  ].join(', ')
}

/** A CASE over this many keys: it is looked through for each row. */
const changesAtOnce = 100

export async function rewriteRows(shapes: Shapes, session: Session, target: Rewriting): Promise<number> {
  const table = tableOf(shapes, target.table)
  const key = target.key.map((name) => columnOf(shapes, table, name))
  let changed = 0
  for (const group of bySameColumns(target.changes)) {
    const names = Object.keys(group[0]?.set ?? {})
    if (names.length === 0) continue
    // MariaDB assigns from left to right and sees what it has just assigned: columns of the key come last, and if there
    // are several of them, one row at a time without a CASE.
    const ordered = names
      .map((name) => ({ name, column: writableColumn(shapes, table, name) }))
      .sort((a, b) => Number(key.includes(a.column)) - Number(key.includes(b.column)))
    const size = ordered.filter(({ column }) => key.includes(column)).length > 1 ? 1 : changesAtOnce
    for (let at = 0; at < group.length; at += size)
      changed += await rewriteSome(shapes, session, table, key, ordered, group.slice(at, at + size))
  }
  return changed
}

function bySameColumns(changes: readonly RowChange[]): RowChange[][] {
  const groups = new Map<string, RowChange[]>()
  for (const change of changes) {
    const columns = JSON.stringify(Object.keys(change.set).sort())
    const group = groups.get(columns)
    if (group) group.push(change)
    else groups.set(columns, [change])
  }
  return [...groups.values()]
}

function rewriteSome(
  shapes: Shapes,
  session: Session,
  table: TableShape,
  key: readonly ColumnShape[],
  set: readonly { name: string; column: ColumnShape }[],
  changes: readonly RowChange[],
): Promise<number> {
  const { dialect } = shapes
  const s = statement(dialect)
  const values = set.map(({ name, column }) => {
    const value = (change: RowChange) => s.bind(dialect.writable(column, change.set[name] ?? null))
    const [only] = changes
    if (changes.length === 1 && only) return value(only)
    return `CASE ${changes.map((change) => `WHEN ${keysIn(dialect, table, key, s, [change.key])} THEN ${value(change)}`).join(' ')} END`
  })
  const assigned = assignments(
    shapes,
    table,
    set.map(({ column }) => column),
    values,
  )
  const where = keysIn(
    dialect,
    table,
    key,
    s,
    changes.map((change) => change.key),
  )
  return session.change(`UPDATE ${table.sql} SET ${assigned} WHERE ${where}`, s.params)
}

export async function insertRow(shapes: Shapes, session: Session, target: Insertion): Promise<boolean> {
  const { dialect } = shapes
  const table = tableOf(shapes, target.table)
  const columns = Object.keys(target.row)
    .map((name) => ({ name, column: columnOf(shapes, table, name) }))
    // A row read before and put back names them too; the store makes their values itself.
    .filter(({ column }) => !column.generated)
  const s = statement(dialect)
  const values = columns.map(({ name, column }) => s.bind(dialect.writable(column, target.row[name] ?? null)))
  const names = columns.map(({ column }) => dialect.quote(column.name)).join(', ')
  const there = sameKey(shapes, table, s, target.key, target.row)
  const sql = `INSERT INTO ${table.sql} (${names})${dialect.overriding} SELECT ${values.join(', ')}${dialect.fromNothing} WHERE NOT EXISTS (SELECT 1 FROM ${table.sql} WHERE ${there})`
  return (await session.change(sql, s.params)) > 0
}

function sameKey(shapes: Shapes, table: TableShape, s: Statement, key: readonly string[], row: Row): string {
  const values: Value[] = key.map((name) => row[name] ?? null)
  return keysIn(
    shapes.dialect,
    table,
    key.map((name) => columnOf(shapes, table, name)),
    s,
    [values],
  )
}

function writableColumn(shapes: Shapes, table: TableShape, name: string): ColumnShape {
  const column = columnOf(shapes, table, name)
  if (!column.generated) return column
  throw new StoreError(
    'schema',
    shapes.store,
    `column ${table.info.name}.${name} is generated by the store and cannot be set`,
    {
      hint: 'Leave it out of the data map; it follows the columns it is made from.',
    },
  )
}
