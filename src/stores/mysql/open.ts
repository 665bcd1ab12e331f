import mysql from 'mysql2/promise'
import type { Settled, Store } from '../port.ts'
import type { TableShape } from '../sql/dialect.ts'
import { type Beside, type Driver, storeOf } from '../store.ts'
import { mysqlTables } from './catalogue.ts'
import { mysqlDialect } from './dialect.ts'
import { mysqlError } from './errors.ts'
import { mysqlServer } from './rules.ts'
import { beginMysql, connectionOptions, type Flavour, flavourOf } from './session.ts'

export function openMysqlStore(
  name: string,
  url: string,
  files?: string,
  more: Omit<Beside, 'files'> = {},
): Store {
  const pool = mysql.createPool({
    ...connectionOptions(url),
    connectionLimit: 4,
    maxIdle: 2,
    idleTimeout: 10_000,
  })
  let flavour: Flavour | undefined
  const lease = async () => {
    let client: mysql.PoolConnection | undefined
    try {
      client = await pool.getConnection()
      flavour ??= await flavourOf(client)
      return { client, flavour }
    } catch (error) {
      client?.destroy()
      throw mysqlError(name, error)
    }
  }
  const driver: Driver = {
    kind: 'mysql',
    dialect: mysqlDialect,
    tables: mysqlTables,
    server: mysqlServer,
    // InnoDB keeps no key waiting.
    deferred: async () => async () => undefined,
    async begin(mode, limits) {
      const { client, flavour: server } = await lease()
      const release = (broken: boolean) => (broken ? client.destroy() : client.release())
      return beginMysql(name, url, { client, release }, server, mode, limits)
    },
    async settle(tables) {
      const { client } = await lease()
      try {
        return await settle(client, tables)
      } catch (error) {
        throw mysqlError(name, error)
      } finally {
        client.release()
      }
    },
    close: () => pool.end(),
  }
  return storeOf(name, driver, { files, ...more })
}

/** InnoDB cleans up by itself, and no statement makes it hurry; what is left is told. */
async function settle(client: mysql.Connection, tables: readonly TableShape[]): Promise<Settled> {
  const remains = [
    'InnoDB removes deleted rows in the background, when no open transaction can see them any more',
    'free space inside pages may keep old bytes until it is used again, or until OPTIMIZE TABLE',
    'undo and redo logs keep the change until they are recycled',
  ]
  const [rows] = await client.query('SELECT @@log_bin AS log')
  if (Number((rows as { log: number }[])[0]?.log) === 1)
    remains.push('the binary log keeps the change (with row images) until it expires, here and on replicas')
  for (const { info } of tables)
    if (!info.transactional)
      remains.push(`${info.name}: its engine marks deleted rows only; OPTIMIZE TABLE rewrites the file`)
  return { done: [], remains }
}
