import type { RuleKeyLike } from '../../datamap/catalogue.ts'
import type { ColumnKind, ForeignKey, TableInfo } from '../port.ts'
import { type ColumnShape, plainColumn, type TableShape } from '../sql/dialect.ts'
import type { Session } from '../sql/statement.ts'
import { namesIn } from '../sql/tokens.ts'
import { affinityOf, sqliteDialect } from './dialect.ts'
import { rulesOf, type Written, writtenIn } from './rules.ts'

type Cell = string | null
type Ask = (sql: string, params?: readonly unknown[]) => Promise<readonly Cell[][]>

/** Tables, views and virtual tables; the shadow tables behind virtual ones, and SQLite's own, are left out. */
export async function sqliteTables(session: Session): Promise<TableShape[]> {
  const ask: Ask = async (sql, params = []) =>
    (await session.select(sql, params)).map((row) =>
      row.map((cell) => (cell === null ? null : String(cell as string | bigint))),
    )
  const listed = await ask(
    "select name, type, wr from pragma_table_list where schema = 'main' and type <> 'shadow' and name not like 'sqlite!_%' escape '!' order by name",
  )
  const names = listed.map(([name]) => name as string)
  const tables = []
  for (const [name, type, withoutRowid] of listed)
    tables.push(
      await tableOf(ask, {
        name: name as string,
        type: type as string,
        names,
        withoutRowid: withoutRowid === '1',
      }),
    )
  return tables
}

interface Listed {
  readonly name: string
  readonly type: string
  readonly withoutRowid: boolean
  /** Of all tables and views. */
  readonly names: readonly string[]
}

async function tableOf(ask: Ask, { name, type, withoutRowid, names }: Listed): Promise<TableShape> {
  const raw = await ask(
    'select name, type, "notnull", dflt_value is not null, pk, hidden from pragma_table_xinfo(?) where hidden <> 1 order by cid',
    [name],
  )
  const [[sql] = ['']] = await ask(
    "select coalesce(sql, '') from sqlite_schema where name = ? collate nocase and type in ('table', 'view')",
    [name],
  )
  const written = writtenIn(
    sql ?? '',
    raw.map(([column]) => column as string),
  )
  const columns = raw.map((cells) => columnOf(cells, written))
  const primaryKey = raw
    .filter((c) => c[4] !== '0')
    .sort((a, b) => Number(a[4]) - Number(b[4]))
    .map((c) => c[0] as string)
  const rowid = type === 'table' && !withoutRowid ? rowidOf(columns) : undefined
  const [aliased] = columns.filter((c) => c.name === primaryKey[0])
  const isAlias = rowid && primaryKey.length === 1 && aliased?.type.toUpperCase() === 'INTEGER'
  const indexes = await indexesOf(
    ask,
    name,
    columns.map((c) => c.name),
  )
  const info: TableInfo = {
    name,
    kind: type === 'view' ? 'view' : 'table',
    columns: columns.map(plainColumn),
    primaryKey,
    uniqueKeys: indexes.filter((i) => i.unique && i.origin !== 'pk').map((i) => i.columns),
    indexed: unique([
      ...(isAlias || withoutRowid ? primaryKey.slice(0, 1) : []),
      ...indexes.flatMap((i) => i.first),
    ]),
    indexedBlind: unique(indexes.flatMap((i) => (i.blind ? i.first : []))),
    ruleKeys: indexes.flatMap((i) => i.rule ?? []),
    foreignKeys: await foreignKeysOf(ask, name, written.defersKeys),
    ...rulesOf(written, await triggersOf(ask, name), type === 'view' ? (sql ?? '') : undefined, names),
    transactional: true,
    estimatedRows: rowid ? await rowsOf(ask, name, rowid.name) : 0,
  }
  return { info, sql: sqliteDialect.quote(name), columns, rowid }
}

const triggersOf = async (ask: Ask, table: string): Promise<(readonly [string, string])[]> =>
  (
    await ask(
      "select name, sql from sqlite_schema where type = 'trigger' and tbl_name = ? collate nocase order by name",
      [table],
    )
  ).map(([name, sql]) => [name as string, sql ?? ''] as const)

function columnOf([name, type, notNull, hasDefault, pk, hidden]: Cell[], written?: Written): ColumnShape {
  const declared = type ?? ''
  const cast = affinityOf(declared)
  const collation = written?.collations.get(name as string)
  return {
    name: name as string,
    type: declared,
    kind: kindOf(declared, cast),
    nullable: notNull === '0',
    generated: hidden === '2' || hidden === '3',
    // SQLite enforces no length that a type declares.
    maxLength: null,
    hasDefault: hasDefault === '1',
    cast,
    caseBlind: false,
    selfUpdating: false,
    ...(written?.numbers && pk === '1' && { numbered: true }),
    ...(collation && { collation }),
  }
}

function kindOf(declared: string, affinity: string): ColumnKind {
  const type = declared.toUpperCase()
  if (/BOOL/.test(type)) return 'boolean'
  if (/DATETIME|TIMESTAMP/.test(type)) return 'instant'
  if (type.startsWith('DATE')) return 'date'
  if (/JSON/.test(type)) return 'json'
  if (affinity === 'INTEGER') return 'integer'
  if (affinity === 'TEXT') return 'text'
  if (affinity === 'BLOB') return 'bytes'
  return affinity === 'NONE' ? 'other' : 'decimal'
}

const numberColumn = (name: string): ColumnShape => ({ ...columnOf([name, 'INTEGER', '1', '0', '0', '0']) })

/** A column of the table may have taken one of the row number's names. */
function rowidOf(columns: readonly ColumnShape[]): ColumnShape | undefined {
  const taken = new Set(columns.map((c) => c.name.toLowerCase()))
  const free = ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name))
  return free ? numberColumn(free) : undefined
}

interface Index {
  readonly unique: boolean
  readonly origin: string
  readonly columns: readonly string[]
  /** The first column, unless the index leaves rows out or begins with an expression. */
  readonly first: readonly string[]
  readonly blind: boolean
  /** Unique over an expression, or over some of the rows. */
  readonly rule: RuleKeyLike | undefined
}

async function indexesOf(ask: Ask, table: string, names: readonly string[]): Promise<Index[]> {
  const indexes: Index[] = []
  for (const [name, isUnique, origin, partial] of await ask(
    'select name, "unique", origin, partial from pragma_index_list(?) order by name',
    [table],
  )) {
    const parts = await ask('select name, coll from pragma_index_xinfo(?) where key = 1 order by seqno', [
      name,
    ])
    const columns = parts.map(([column]) => column ?? null)
    const whole = partial === '0' && !columns.includes(null)
    const [[sql] = ['']] = await ask(
      "select coalesce(sql, '') from sqlite_schema where type = 'index' and name = ?",
      [name],
    )
    const ruled = isUnique === '1' && !whole
    const first = partial === '0' && columns[0] ? [columns[0]] : []
    indexes.push({
      unique: isUnique === '1' && whole,
      origin: origin as string,
      columns: whole ? (columns as string[]) : [],
      first,
      rule: ruled
        ? {
            name: name as string,
            sql: sql ?? '',
            columns: namesIn((sql ?? '').replace(/^.*?\bON\b/is, ''), names),
          }
        : undefined,
      blind: parts[0]?.[1]?.toUpperCase() === 'NOCASE',
    })
  }
  return indexes
}

async function foreignKeysOf(ask: Ask, table: string, deferrable: boolean): Promise<ForeignKey[]> {
  const rows = await ask(
    'select id, "table", "from", "to", on_delete, on_update from pragma_foreign_key_list(?) order by id, seq',
    [table],
  )
  const keys = []
  for (const group of Map.groupBy(rows, ([id]) => id).values()) {
    const [, target, , to, onDelete, onUpdate] = group[0] as Cell[]
    // Without columns it means the other table's primary key.
    const primary =
      to === null
        ? await ask('select name from pragma_table_xinfo(?) where pk > 0 order by pk', [target])
        : []
    keys.push({
      columns: group.map((row) => row[2] as string),
      table: target as string,
      references:
        to === null ? primary.map(([name]) => name as string) : group.map((row) => row[3] as string),
      onDelete: (onDelete ?? 'no action').toLowerCase() as ForeignKey['onDelete'],
      onUpdate: (onUpdate ?? 'no action').toLowerCase() as ForeignKey['onDelete'],
      deferrable,
    })
  }
  return keys
}

/** The highest row number: free to ask, and never too few where numbers are given out in turn. */
async function rowsOf(ask: Ask, table: string, rowid: string): Promise<number> {
  const [row] = await ask(`select max("${rowid}") from ${sqliteDialect.quote(table)}`)
  return Number(row?.[0] ?? 0)
}

const unique = (list: readonly string[]): string[] => [...new Set(list)]
