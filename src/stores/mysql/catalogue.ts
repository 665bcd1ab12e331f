import type { ColumnKind, ForeignKey, TableInfo } from '../port.ts'
import { type ColumnShape, plainColumn, type TableShape } from '../sql/dialect.ts'
import type { Session } from '../sql/statement.ts'
import { mysqlDialect } from './dialect.ts'
import { collationOf, mysqlRules, valuesOf } from './rules.ts'

type Cell = string | null

const tablesSql = `
SELECT TABLE_NAME, TABLE_TYPE, ENGINE, CAST(COALESCE(TABLE_ROWS, 0) AS CHAR) FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME`
const columnsSql = `
SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, IS_NULLABLE, EXTRA, COLLATION_NAME,
  CAST(CHARACTER_MAXIMUM_LENGTH AS CHAR), CASE WHEN COLUMN_DEFAULT IS NULL THEN '0' ELSE '1' END, COALESCE(GENERATION_EXPRESSION, ''), CHARACTER_SET_NAME
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`
const indexesSql = `
SELECT TABLE_NAME, INDEX_NAME, CAST(NON_UNIQUE AS CHAR), COLUMN_NAME, CASE WHEN SUB_PART IS NULL THEN '0' ELSE '1' END, INDEX_TYPE
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`
const foreignKeysSql = `
SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE
FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`
const engines = new Set(['innodb', 'rocksdb', 'tokudb', 'ndbcluster', 'spider'])

/** The tables of the database the url names, as far as this account can see them. */
export async function mysqlTables(session: Session): Promise<TableShape[]> {
  const ask = async (sql: string) =>
    (await session.select(sql, [])).map((row) =>
      row.map((cell) => (cell === null ? null : Buffer.isBuffer(cell) ? cell.toString() : (cell as string))),
    )
  const by = async (sql: string) => Map.groupBy(await ask(sql), (row) => row[0] as string)
  const [tables, columns, indexes, foreignKeys] = [
    await ask(tablesSql),
    await by(columnsSql),
    await by(indexesSql),
    await by(foreignKeysSql),
  ]
  const rules = await mysqlRules(ask)
  return tables.map(([name, type, engine, rows]) => {
    const table = name as string
    const names = (columns.get(table) ?? []).map((raw) => raw[1] as string)
    const ruled = rules(table, names)
    // MariaDB has no JSON type of its own: a longtext with this check.
    const json = new Set((ruled.checks ?? []).map(({ sql }) => /^json_valid\(`(.+)`\)$/i.exec(sql)?.[1]))
    const shaped = (columns.get(table) ?? []).map((raw) => columnOf(raw, json))
    const blind = new Set(shaped.filter((c) => c.caseBlind).map((c) => c.name))
    const keys = keysOf(indexes.get(table) ?? [])
    const info: TableInfo = {
      name: table,
      kind: type === 'VIEW' || type === 'SYSTEM VIEW' ? 'view' : 'table',
      columns: shaped.map(plainColumn),
      ...keys,
      indexedBlind: keys.indexed.filter((column) => blind.has(column)),
      foreignKeys: foreignKeysOf(foreignKeys.get(table) ?? []),
      ...ruled,
      ...(engine && { engine }),
      transactional: engine === null || engines.has((engine ?? '').toLowerCase()),
      estimatedRows: Number(rows),
    }
    return { info, sql: mysqlDialect.quote(table), columns: shaped }
  })
}

function columnOf(raw: Cell[], json: ReadonlySet<string | undefined>): ColumnShape {
  const [, name, type, dataType, nullable, extra, collation, length, hasDefault, expression, charset] =
    raw as string[]
  const cast = (dataType as string).toLowerCase()
  const values = valuesOf(type as string)
  const kind = json.has(name) ? 'json' : kindOf(cast, type as string)
  return {
    name: name as string,
    type: type as string,
    kind,
    nullable: nullable === 'YES',
    generated:
      expression !== '' ||
      /VIRTUAL|STORED|PERSISTENT|GENERATED/i.test((extra ?? '').replace('DEFAULT_GENERATED', '')),
    maxLength: kind === 'text' && length ? Number(length) : null,
    hasDefault: hasDefault === '1' || /auto_increment/i.test(extra ?? ''),
    ...(kind === 'instant' && { zoned: cast === 'timestamp' }),
    cast,
    caseBlind: (collation ?? '').endsWith('_ci'),
    selfUpdating: /on update/i.test(extra ?? ''),
    charset: charset ?? undefined,
    ...(/auto_increment/i.test(extra ?? '') && { numbered: true }),
    ...(collation && { collation: collationOf(collation) }),
    ...(values.length > 0 && { values }),
  }
}

function kindOf(type: string, full: string): ColumnKind {
  if (full === 'tinyint(1)') return 'boolean'
  if (/^(tinyint|smallint|mediumint|int|bigint|year|bit)$/.test(type)) return 'integer'
  if (/^(decimal|float|double)$/.test(type)) return 'decimal'
  if (/char$|text$/.test(type)) return 'text'
  if (/blob$|binary$/.test(type)) return 'bytes'
  if (type === 'datetime' || type === 'timestamp') return 'instant'
  return type === 'date' || type === 'json' ? type : 'other'
}

function keysOf(
  rows: readonly Cell[][],
): Pick<TableInfo, 'primaryKey' | 'uniqueKeys' | 'indexed' | 'ruleKeys'> {
  const indexes = [...Map.groupBy(rows, (row) => row[1]).entries()].map(([name, parts]) => ({
    name,
    unique: parts[0]?.[2] === '0',
    // A key over the first letters only tells no rows apart.
    whole: parts.every((part) => part[4] === '0' && part[3] !== null),
    ordered: parts[0]?.[5] === 'BTREE' || parts[0]?.[5] === 'HASH',
    columns: parts.map((part) => part[3] as string),
  }))
  return {
    primaryKey: indexes.find((i) => i.name === 'PRIMARY')?.columns ?? [],
    uniqueKeys: indexes.filter((i) => i.unique && i.whole && i.name !== 'PRIMARY').map((i) => i.columns),
    ruleKeys: indexes
      .filter((i) => i.unique && !i.whole)
      .map((i) => ({
        name: i.name as string,
        columns: i.columns.filter((column) => column !== null),
        sql: 'over an expression, or the first letters only',
      })),
    indexed: [...new Set(indexes.flatMap((i) => (i.ordered && i.columns[0] ? [i.columns[0]] : [])))],
  }
}

function foreignKeysOf(rows: readonly Cell[][]): ForeignKey[] {
  return [...Map.groupBy(rows, (row) => row[1]).values()].map((parts) => {
    const rule = (parts[0]?.[5] ?? 'NO ACTION').toLowerCase()
    return {
      columns: parts.map((part) => part[2] as string),
      table: parts[0]?.[3] as string,
      references: parts.map((part) => part[4] as string),
      onDelete: rule as ForeignKey['onDelete'],
      onUpdate: (parts[0]?.[6] ?? 'NO ACTION').toLowerCase() as ForeignKey['onDelete'],
      deferrable: false,
    }
  })
}
