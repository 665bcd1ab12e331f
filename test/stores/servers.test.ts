import mysql from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { askFor, freshName } from '../support/ask.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { freshPostgres } from '../support/postgres.ts'

const postgres = await askFor('postgres')
const mariadb = await askFor('mariadb')

describe.skipIf(postgres.missing)(`a PostgreSQL server ${postgres.missing ?? ''}`, () => {
  test('gives each test a database of its own', async () => {
    const fresh = await freshPostgres(postgres.url as string, freshName())
    const client = new pg.Client({ connectionString: fresh.url })
    await client.connect()
    expect(
      (await client.query('SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = $1', ['public'])).rows,
    ).toEqual([{ n: 0 }])
    await client.end()
    await fresh.close()
  })
})

describe.skipIf(mariadb.missing)(`a MariaDB server ${mariadb.missing ?? ''}`, () => {
  test('gives each test a database of its own', async () => {
    const fresh = await freshMariadb(mariadb.url as string, freshName())
    const client = await mysql.createConnection(fresh.url)
    expect((await client.query('SHOW TABLES'))[0]).toEqual([])
    await client.end()
    await fresh.close()
  })
})
