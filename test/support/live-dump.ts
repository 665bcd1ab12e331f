import mysql from 'mysql2/promise'
import pg from 'pg'
import type { Dump } from './store-dump.ts'

/*
 * A live server's database as text, read past everything of ours: for comparing before and after, and for looking for
 * identifiers. Every table of the schema, whether a map knows it or not.
 */
export type TextRow = Record<string, string | null>

export interface Sql {
  rows(sql: string, params?: readonly unknown[]): Promise<TextRow[]>
  /** One or several statements, without parameters. */
  exec(sql: string): Promise<void>
  close(): Promise<void>
}

const asText = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig

export async function postgresSql(url: string): Promise<Sql> {
  const client = new pg.Client({ connectionString: url, types: asText })
  await client.connect()
  return {
    rows: async (sql, params = []) => (await client.query<TextRow>(sql, [...params])).rows,
    exec: async (sql) => void (await client.query(sql)),
    close: () => client.end(),
  }
}

export async function mariadbSql(url: string): Promise<Sql> {
  const client = await mysql.createConnection({
    uri: url,
    charset: 'utf8mb4',
    multipleStatements: true,
    typeCast: (field) => field.string(),
  })
  return {
    rows: async (sql, params = []) => (await client.query(sql, [...params]))[0] as TextRow[],
    exec: async (sql) => void (await client.query(sql)),
    close: () => client.end(),
  }
}

const tablesOf = {
  postgres: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  mysql:
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1',
}

/** Every row of every table, by its `id`: all tables of both products have one. */
export async function dumpLive(sql: Sql, kind: keyof typeof tablesOf): Promise<Dump> {
  const dump: Record<string, Map<string, string>> = {}
  for (const { name } of await sql.rows(tablesOf[kind])) {
    const table = name as string
    const rows = await sql.rows(
      kind === 'postgres' ? `SELECT * FROM "${table}"` : `SELECT * FROM \`${table}\``,
    )
    const byId = (row: TextRow) => Number(row['id'])
    dump[table] = new Map(
      rows.sort((a, b) => byId(a) - byId(b)).map((row) => [String(row['id']), JSON.stringify(row)]),
    )
  }
  return dump
}

/** `table/key` of the rows in which a text stands, whatever its letter case, other than inside one of `except`. */
export function rowsHolding(
  dump: Dump,
  needles: readonly string[],
  except: readonly string[] = [],
): string[] {
  const holds = (row: string) => {
    const rest = except.reduce(
      (text, longer) => text.replaceAll(longer.toLowerCase(), '\0'),
      row.toLowerCase(),
    )
    return needles.some((needle) => rest.includes(needle.toLowerCase()))
  }
  return Object.entries(dump).flatMap(([table, rows]) =>
    [...rows].filter(([, row]) => holds(row)).map(([key]) => `${table}/${key}`),
  )
}
