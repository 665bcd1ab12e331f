import Sqlite from 'better-sqlite3'
import { openStore } from '../../../src/stores/open.ts'
import type { Store, StoreKind } from '../../../src/stores/port.ts'
import { mariadbSql, postgresSql, type Sql } from '../../support/live-dump.ts'
import type { Cell, Column, Row, Table } from './world.ts'

/** A store of some kind that can be filled and read past everything of ours. */
export interface Place {
  readonly kind: StoreKind
  readonly store: Store
  /** Every row of every table, in the order of its text. */
  dump(tables: readonly Table[]): Promise<Record<string, string[]>>
  close(): Promise<void>
}

export async function sqlitePlace(name: string, path: string, tables: readonly Table[]): Promise<Place> {
  const db = new Sqlite(path).defaultSafeIntegers(true)
  // Cross references are enforced from here on, by whoever opens it.
  db.pragma('foreign_keys = OFF')
  db.pragma('journal_mode = WAL')
  for (const sql of statements('sqlite', tables)) db.exec(sql)
  const sql: Sql = {
    rows: async (text) =>
      db
        .prepare(text)
        .all()
        .map((row) => asText(row as Record<string, unknown>)),
    exec: async (text) => void db.exec(text),
    close: async () => void db.close(),
  }
  return placeOver(name, 'sqlite', path, sql)
}

export async function serverPlace(
  name: string,
  kind: 'postgres' | 'mysql',
  url: string,
  tables: readonly Table[],
): Promise<Place> {
  const sql = kind === 'postgres' ? await postgresSql(url) : await mariadbSql(url)
  for (const statement of statements(kind, tables)) await sql.exec(statement)
  return placeOver(name, kind, url, sql)
}

function placeOver(name: string, kind: StoreKind, url: string, sql: Sql): Place {
  const store = openStore(name, { kind, url: kind === 'sqlite' ? `file:${url}` : url, files: undefined })
  return {
    kind,
    store,
    async dump(tables) {
      const dump: Record<string, string[]> = {}
      for (const table of tables)
        dump[`${table.store}.${table.name}`] = lines(table, await sql.rows(`SELECT * FROM ${table.name}`))
      return dump
    },
    async close() {
      await store.close()
      await sql.close()
    },
  }
}

export const lines = (table: Table, rows: readonly Row[]): string[] =>
  rows.map((row) => JSON.stringify(table.columns.map((column) => row[column.name] ?? null))).sort()

const asText = (row: Record<string, unknown>): Record<string, Cell> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null ? null : String(value as string | bigint),
    ]),
  )

/** Foreign keys come last, or not at once: rows may point round in a circle. */
export function statements(kind: StoreKind, tables: readonly Table[]): string[] {
  const later = kind === 'postgres'
  return [
    ...(kind === 'mysql' ? ['SET foreign_key_checks = 0'] : []),
    ...tables.map((table) => tableSql(kind, table, later)),
    ...tables.flatMap((table) => (table.rows.length > 0 ? [insertSql(table)] : [])),
    ...(later
      ? tables.flatMap((table) => foreignKeys(table).map((fk) => `ALTER TABLE ${table.name} ADD ${fk}`))
      : []),
    ...(kind === 'mysql' ? ['SET foreign_key_checks = 1'] : []),
  ]
}

function tableSql(kind: StoreKind, table: Table, later: boolean): string {
  const column = (c: Column) => {
    const text = kind === 'mysql' ? 'varchar(191)' : 'text'
    return `${c.name} ${c.type === 'integer' ? 'bigint' : text}${c.nullable ? '' : ' NOT NULL'}`
  }
  const parts = [
    ...table.columns.map(column),
    ...(table.key.length > 0 ? [`PRIMARY KEY (${table.key.join()})`] : []),
    ...table.unique.map((key) => `UNIQUE (${key.join()})`),
    ...(later ? [] : foreignKeys(table)),
  ]
  return `CREATE TABLE ${table.name} (${parts.join(', ')})`
}

const foreignKeys = (table: Table): string[] =>
  table.foreignKeys.map(
    (fk) =>
      `FOREIGN KEY (${fk.columns.join()}) REFERENCES ${fk.table} (${fk.references.join()}) ON DELETE ${fk.onDelete.toUpperCase()}`,
  )

function insertSql(table: Table): string {
  const value = (row: Row, column: Column) => {
    const cell = row[column.name] ?? null
    if (cell === null) return 'NULL'
    return column.type === 'integer' ? cell : `'${cell.replaceAll("'", "''")}'`
  }
  const rows = table.rows.map((row) => `(${table.columns.map((column) => value(row, column)).join()})`)
  return `INSERT INTO ${table.name} (${table.columns.map((c) => c.name).join()}) VALUES ${rows.join()}`
}
