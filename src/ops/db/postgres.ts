import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { Driver } from './database.ts'

/** A pool that writes and a pool whose sessions are read-only. */
export function openPostgres(url: string, maxConnections = 8): Driver {
  const base = { connectionString: url, connectionTimeoutMillis: 10_000 }
  const writers = new pg.Pool({ ...base, max: maxConnections })
  const readers = new pg.Pool({
    ...base,
    max: maxConnections,
    options: '-c default_transaction_read_only=on',
  })
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  writers.on('error', () => undefined)
  readers.on('error', () => undefined)
  const options = { casing: 'snake_case' } as const
  type Q = Parameters<Parameters<Driver['read']>[0]>[0]
  const reading = drizzle(readers, options) as unknown as Q
  return {
    dialect: 'postgres',
    async transact(work) {
      const client = await writers.connect()
      let broken: Error | undefined
      try {
        await client.query('BEGIN')
        const q = drizzle(client, options)
        const lock = async (name: string) => {
          await q.execute(sql`select pg_advisory_xact_lock(${lockNumber(name)}::bigint)`)
        }
        const result = await work(q as unknown as Q, lock)
        await client.query('COMMIT')
        return result
      } catch (error) {
        await client.query('ROLLBACK').catch((rollback: Error) => {
          broken = rollback
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
    read: (work) => work(reading),
    async session(work) {
      const client = await writers.connect()
      try {
        return await work({
          exec: async (text) => void (await client.query(text)),
          rows: async (text) => (await client.query(text)).rows,
        })
      } finally {
        // Never back into the pool: it may hold an open transaction or a lock.
        client.release(true)
      }
    },
    async close() {
      await Promise.all([writers.end(), readers.end()])
    },
  }
}

/** A name as the 64-bit key of an advisory lock, as decimal text. */
const lockNumber = (name: string): string =>
  createHash('sha256').update(name).digest().readBigInt64BE().toString()
