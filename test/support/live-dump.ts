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

const keysOf = {
  postgres: `SELECT c.relname AS "table", a.attname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace ORDER BY array_position(i.indkey::int[], a.attnum::int)`,
  mysql: `SELECT table_name AS \`table\`, column_name AS name FROM information_schema.key_column_usage
    WHERE table_schema = DATABASE() AND constraint_name = 'PRIMARY' ORDER BY ordinal_position`,
}

/** Every row of every table by its primary key; without one by its whole content, and `#2` for the second of its like. */
export async function dumpLive(sql: Sql, kind: keyof typeof tablesOf): Promise<Dump> {
  const keys = Map.groupBy(await sql.rows(keysOf[kind]), (row) => row['table'])
  const dump: Record<string, Map<string, string>> = {}
  for (const { name } of await sql.rows(tablesOf[kind])) {
    const table = name as string
    const quoted = kind === 'postgres' ? `"${table}"` : `\`${table}\``
    const key = keys.get(table)?.map((column) => column['name'] as string)
    dump[table] = keyed(await sql.rows(`SELECT * FROM ${quoted}`), key)
  }
  return dump
}

function keyed(rows: readonly TextRow[], key: readonly string[] | undefined): Map<string, string> {
  const byKey = rows.map((row) => [key?.map((column) => row[column]).join('/'), JSON.stringify(row)] as const)
  const order = new Intl.Collator('en', { numeric: true })
  const met = new Map<string, number>()
  return new Map(
    byKey
      .sort(([a = '', left], [b = '', right]) => order.compare(a, b) || (left < right ? -1 : 1))
      .map(([id, text]) => {
        if (id !== undefined) return [id, text]
        const count = (met.get(text) ?? 0) + 1
        met.set(text, count)
        return [`${text}#${count}`, text]
      }),
  )
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
