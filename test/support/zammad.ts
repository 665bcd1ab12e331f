import type { Sql } from './live-dump.ts'
import { hers, plain } from './marks.ts'
import { accountRows } from './zammad-account.ts'
import { people, type Rows, sha } from './zammad-cast.ts'
import { deskRows } from './zammad-desk.ts'
import { columnsOf, zammadSchema } from './zammad-schema.ts'
import { traceRows } from './zammad-traces.ts'

export const zammadRows: Rows = [...people(hers), ...deskRows, ...accountRows, ...traceRows]

const at = '2026-10-05 08:00:00.250'
const always: Readonly<Record<string, string | number>> = {
  created_at: at,
  updated_at: at,
  last_contact: at,
  created_by_id: 1,
  updated_by_id: 1,
}
/** Where nobody stands for a visitor without an account. */
const mayBeNobody = ['chat_sessions', 'chat_messages', 'http_logs']

export async function makeZammad(sql: Sql): Promise<void> {
  await sql.exec(zammadSchema)
  for (const [table, row] of zammadRows) {
    const told = columnsOf(table).filter((column) => column in always && !(column in row))
    const defaults = told.filter((column) => !column.endsWith('_by_id') || !mayBeNobody.includes(table))
    const whole = {
      ...row,
      ...Object.fromEntries(defaults.map((column) => [column, always[column] as string])),
    }
    const columns = Object.keys(whole)
    await sql.rows(
      `INSERT INTO ${table} (${columns.map((c) => `"${c}"`).join()}) VALUES (${columns.map((_, i) => `$${i + 1}`).join()})`,
      Object.values(whole).map((value) => (typeof value === 'string' ? plain(value) : value)),
    )
  }
}

/** Keeps the mail that an article came as, beside the article. */
export async function addRawMail(sql: Sql, article: number, mail: Uint8Array): Promise<void> {
  const both = [sha(mail), at]
  await sql.rows('INSERT INTO store_files (id, sha, created_at, updated_at) VALUES (50, $1, $2, $2)', both)
  await sql.rows(
    'INSERT INTO store_provider_dbs (id, sha, created_at, updated_at, data) VALUES (150, $1, $2, $2, $3)',
    [...both, mail],
  )
  await sql.rows(
    `INSERT INTO stores (id, store_object_id, store_file_id, o_id, filename, created_by_id, created_at, updated_at)
      VALUES (50, 3, 50, $1, 'mail', 1, $2, $2)`,
    [article, at],
  )
}
