import type { Connection } from 'mysql2'
import mysql from 'mysql2/promise'
import { inTime } from '../deadline.ts'
import type { Limits, Transaction } from '../store.ts'
import { mysqlError } from './errors.ts'

const lockTimeoutSeconds = 5

export const connectionOptions = (url: string): mysql.PoolOptions => ({
  uri: url,
  connectTimeout: 10_000,
  charset: 'utf8mb4',
  // What is not spelled by our own SELECTs (see dialect.ts) must not lose digits or days either.
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  // Each wording of a statement is one on the server, whose limit all applications share.
  maxPreparedStatements: 64,
})

/** What kind of server it is; asked once. */
export interface Flavour {
  readonly isMariadb: boolean
  /** Statement-based replication allows no READ COMMITTED. */
  readonly logsStatements: boolean
}

export async function flavourOf(client: mysql.Connection): Promise<Flavour> {
  const [rows] = await client.query(
    'SELECT VERSION() AS version, @@log_bin AS log, @@binlog_format AS format',
  )
  const [row] = rows as { version: string; log: number; format: string }[]
  return {
    isMariadb: /mariadb/i.test(row?.version ?? ''),
    logsStatements: Number(row?.log) === 1 && row?.format === 'STATEMENT',
  }
}

/**
 * Strict mode, or values are cut and NULL becomes ''; zero dates stay as they are. `time_zone` is UTC so that a TIMESTAMP
 * reads the same from every server and loses no hour in autumn; DATETIME and DATE do not depend on it.
 */
function settings(
  mode: 'read' | 'write',
  { isMariadb, logsStatements }: Flavour,
  { timeoutMs }: Limits,
): string {
  const isolation = mode === 'read' || logsStatements ? 'REPEATABLE-READ' : 'READ-COMMITTED'
  return `SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO',
    time_zone = '+00:00', sql_safe_updates = 0, innodb_lock_wait_timeout = ${lockTimeoutSeconds}, lock_wait_timeout = ${lockTimeoutSeconds},
    ${isMariadb ? `tx_isolation = '${isolation}', max_statement_time = ${timeoutMs / 1000}` : `transaction_isolation = '${isolation}', max_execution_time = ${Math.ceil(timeoutMs)}`}`
}

const starts = {
  read: 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
  write: 'START TRANSACTION READ WRITE',
}

interface Lease {
  readonly client: mysql.Connection
  readonly release: (broken: boolean) => void
}

export async function beginMysql(
  store: string,
  url: string,
  { client, release }: Lease,
  flavour: Flavour,
  mode: 'read' | 'write',
  limits: Limits,
): Promise<Transaction> {
  let broken = false
  let released = false
  let cancelling: Promise<void> | undefined
  const giveUp = () => {
    broken = true
    cancelling = cancel(url, client.threadId)
  }
  const told = async <T>(running: Promise<[T, unknown]>): Promise<T> => {
    try {
      return (await inTime(store, limits, running, giveUp))[0]
    } catch (error) {
      throw mysqlError(store, error)
    }
  }
  const execute = <T extends mysql.QueryResult>(sql: string, params: readonly unknown[]): Promise<T> =>
    told(client.execute<T>({ sql, rowsAsArray: true }, [...params] as mysql.ExecuteValues))
  const end = async (sql: string) => {
    if (released) return
    released = true
    try {
      if (!broken) await told(client.query(sql))
    } catch (error) {
      broken = true
      throw error
    } finally {
      await cancelling
      release(broken)
    }
  }
  const select: Transaction['select'] = (sql, params) => execute<mysql.RowDataPacket[][]>(sql, params)
  const transaction: Transaction = {
    blocks: false,
    select,
    change: async (sql, params) => (await execute<mysql.ResultSetHeader>(sql, params)).affectedRows,
    scan: (sql, params, size) =>
      mode === 'read'
        ? stream(store, url, flavour, limits, sql, params, size)
        : byOffset(select, sql, params, size),
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK').catch(() => undefined),
  }
  try {
    await told(client.query(settings(mode, flavour, limits)))
    await told(client.query(starts[mode]))
  } catch (error) {
    await transaction.rollback()
    throw error
  }
  return transaction
}

/** Asks the server to stop what a connection does; the connection itself is thrown away. */
async function cancel(url: string, threadId: number): Promise<void> {
  let other: mysql.Connection | undefined
  try {
    other = await mysql.createConnection({ ...connectionOptions(url), connectTimeout: 2_000 })
    await other.query(`KILL QUERY ${Number(threadId)}`)
  } catch {
    // The server is gone, or notices the closed connection by itself.
  } finally {
    other?.destroy()
  }
}

/**
 * A table without a key, from end to end. MariaDB has no cursor that leaves its connection free, so this has one of its
 * own, whose snapshot begins now: a moment later than that of the reader it belongs to.
 */
async function* stream(
  store: string,
  url: string,
  flavour: Flavour,
  limits: Limits,
  sql: string,
  params: readonly unknown[],
  pageSize: number,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  let client: mysql.Connection | undefined
  try {
    client = await mysql.createConnection(connectionOptions(url))
    const { threadId } = client
    await client.query(settings('read', flavour, limits))
    await client.query(starts.read)
    // The promise wrapper hides the stream of the connection it wraps.
    const { connection } = client as unknown as { connection: Connection }
    const command = connection.execute({ sql, rowsAsArray: true }, [...params] as mysql.ExecuteValues)
    const rows = command.stream({ highWaterMark: pageSize })[Symbol.asyncIterator]() as AsyncIterator<
      unknown[]
    >
    for (;;) {
      const page = await inTime(store, limits, take(rows, pageSize), () => void cancel(url, threadId))
      if (page.length > 0) yield page
      if (page.length < pageSize) return
    }
  } catch (error) {
    throw mysqlError(store, error)
  } finally {
    client?.destroy()
  }
}

async function take<T>(rows: AsyncIterator<T>, most: number): Promise<T[]> {
  const taken: T[] = []
  while (taken.length < most) {
    const next = await rows.next()
    if (next.done) break
    taken.push(next.value)
  }
  return taken
}

/** Inside a writing transaction, whose own changes must be seen; slow on a large table, and only for one without a key. */
async function* byOffset(
  select: Transaction['select'],
  sql: string,
  params: readonly unknown[],
  pageSize: number,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  for (let offset = 0; ; offset += pageSize) {
    const page = await select(`${sql} LIMIT ${pageSize} OFFSET ${offset}`, params)
    if (page.length > 0) yield page
    if (page.length < pageSize) return
  }
}
