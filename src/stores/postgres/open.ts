import pg from 'pg'
import { inTime } from '../deadline.ts'
import type { Settled, Store } from '../port.ts'
import type { TableShape } from '../sql/dialect.ts'
import { type Beside, type Driver, type Limits, storeOf, type Transaction } from '../store.ts'
import { postgresServer, postgresTables } from './catalogue.ts'
import { postgresDialect } from './dialect.ts'
import { postgresError } from './errors.ts'

const lockTimeoutMs = 5_000

/** Text as the server spells it, on our connections only: node-postgres' own parsers are shared by the whole process. */
const asText = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig

export function openPostgresStore(
  name: string,
  url: string,
  files?: string,
  more: Omit<Beside, 'files'> = {},
): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: 10_000,
    application_name: 'lethe',
    keepAlive: true,
    types: asText,
  })
  // A connection that breaks, idle or not, is an error event; without a listener it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  const connect = () =>
    pool.connect().catch((error: unknown) => {
      throw postgresError(name, error)
    })
  const driver: Driver = {
    kind: 'postgres',
    dialect: postgresDialect,
    tables: postgresTables,
    server: postgresServer,
    deferred: async (session) => async () => void (await session.change('SET CONSTRAINTS ALL IMMEDIATE', [])),
    begin: async (mode, limits) => begin(name, pool, await connect(), mode, limits),
    settle: async (tables) => settle(name, await connect(), tables),
    close: () => pool.end(),
  }
  return storeOf(name, driver, { files, ...more })
}

/**
 * Settings last as long as the transaction. Moments are spelled in UTC and ISO, whatever the role's own settings say.
 * `row_security = off` makes a policy that would hide rows an error instead of a short answer.
 */
const settings = (mode: 'read' | 'write', { timeoutMs }: Limits): string =>
  `BEGIN ISOLATION LEVEL ${mode === 'read' ? 'REPEATABLE READ READ ONLY' : 'READ COMMITTED READ WRITE'};
  SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}; SET LOCAL lock_timeout = ${lockTimeoutMs};
  SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL row_security = off;
  SELECT 1`

async function begin(
  store: string,
  pool: pg.Pool,
  client: pg.PoolClient,
  mode: 'read' | 'write',
  limits: Limits,
): Promise<Transaction> {
  let broken = false
  let cancelling: Promise<void> | undefined
  const giveUp = () => {
    broken = true
    cancelling = cancel(pool, client)
  }
  // One statement at a time: the driver's own queue is on its way out.
  let tail: Promise<unknown> = Promise.resolve()
  const query = (text: string, values: readonly unknown[] = []): Promise<pg.QueryArrayResult<unknown[]>> => {
    const turn = tail.then(() =>
      inTime(
        store,
        limits,
        client.query<unknown[]>({ text, values: [...values], rowMode: 'array' }),
        giveUp,
      ).catch((error: unknown) => {
        throw postgresError(store, error)
      }),
    )
    tail = turn.catch(() => undefined)
    return turn
  }
  let released = false
  const end = async (sql: string) => {
    if (released) return
    released = true
    try {
      if (!broken) await query(sql)
    } finally {
      await cancelling
      client.release(broken)
    }
  }
  const transaction: Transaction = {
    blocks: false,
    select: async (sql, params) => (await query(sql, params)).rows,
    change: async (sql, params) => (await query(sql, params)).rowCount ?? 0,
    scan: (sql, params, pageSize) => cursor(query, sql, params, pageSize),
    commit: () => end('COMMIT'),
    rollback: () =>
      end('ROLLBACK').catch(() => {
        broken = true
      }),
  }
  try {
    await inTime(store, limits, client.query(settings(mode, limits)), giveUp)
  } catch (error) {
    await transaction.rollback()
    throw postgresError(store, error)
  }
  return transaction
}

let cursors = 0

async function* cursor(
  query: (text: string, values?: readonly unknown[]) => Promise<pg.QueryArrayResult<unknown[]>>,
  sql: string,
  params: readonly unknown[],
  pageSize: number,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  const name = `lethe_${++cursors}`
  await query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, params)
  for (;;) {
    const { rows } = await query(`FETCH ${pageSize} FROM ${name}`)
    if (rows.length > 0) yield rows
    if (rows.length < pageSize) break
  }
  await query(`CLOSE ${name}`)
}

/** Asks the server to stop what the connection does; the connection itself is thrown away. */
async function cancel(pool: pg.Pool, client: pg.PoolClient): Promise<void> {
  const { processID } = client as unknown as { processID: number | null }
  if (processID === null) return
  const other = new pg.Client({ ...pool.options, connectionTimeoutMillis: 2_000, statement_timeout: 2_000 })
  other.on('error', () => undefined)
  try {
    await other.connect()
    await other.query('SELECT pg_cancel_backend($1)', [processID])
  } catch {
    // The server is gone, or notices the closed connection by itself.
  } finally {
    await other.end().catch(() => undefined)
  }
}

/** False where somebody else held the table longer than we wait. */
async function vacuumed(client: pg.PoolClient, table: string): Promise<boolean> {
  try {
    await client.query(`VACUUM (ANALYZE) ${table}`)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === '55P03') return false
    throw error
  }
}

/** A materialised view keeps rows that its tables have lost; only its owner may make it again. */
async function refreshed(client: pg.PoolClient, view: string): Promise<boolean> {
  try {
    await client.query(`REFRESH MATERIALIZED VIEW ${view}`)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return false
    throw error
  }
}

/** ANALYZE too: the planner's statistics hold values of columns (names, addresses) and are taken anew from what is left. */
async function settle(store: string, client: pg.PoolClient, tables: readonly TableShape[]): Promise<Settled> {
  const done: string[] = []
  const remains: string[] = []
  let told: string[] = []
  const listen = (notice: { readonly message?: string | undefined }) => told.push(notice.message ?? '')
  client.on('notice', listen)
  let broken = false
  try {
    // Whoever waits for a whole table makes all others wait behind it.
    await client.query(`SET lock_timeout = ${lockTimeoutMs}`)
    for (const table of tables.filter((t) => t.info.kind === 'table')) {
      told = []
      const why = (await vacuumed(client, table.sql)) ? undefined : 'somebody else holds the table'
      if (why !== undefined || told.some((message) => /skipping/.test(message)))
        remains.push(
          `${table.info.name}: ${why ?? 'this account may not vacuum it'}; the old rows stay until autovacuum has passed`,
        )
      else done.push(`${table.info.name}: vacuumed, statistics taken anew`)
    }
    for (const { info, sql } of tables.filter((t) => t.info.materialised))
      if (await refreshed(client, sql)) done.push(`${info.name}: made again`)
      else
        remains.push(`${info.name}: this account may not refresh it; it shows old rows until its owner does`)
    await client.query('RESET lock_timeout')
  } catch (error) {
    broken = true
    throw postgresError(store, error)
  } finally {
    client.off('notice', listen)
    client.release(broken)
  }
  remains.push(
    'old rows that a transaction open elsewhere can still see, until it ends and autovacuum passes again',
    'free space inside pages may keep old bytes until it is used again, or until VACUUM FULL',
    'the write-ahead log, its archive and replicas keep the change until they are recycled',
  )
  return { done, remains }
}
