import { join } from 'node:path'
import { inject } from 'vitest'
import type { Clock } from '../../src/base/clock.ts'
import type { Database } from '../../src/ops/db/database.ts'
import { migrate } from '../../src/ops/db/migrate.ts'
import { openDatabase } from '../../src/ops/db/open.ts'
import { keysFrom } from '../../src/ops/sealing.ts'
import { askFor, freshFolder, freshName } from './ask.ts'
import { fixedClock } from './clock.ts'
import { freshPostgres, postgresTemplate } from './postgres.ts'

export const migrations = join(import.meta.dirname, '../../migrations')

export const testKey = new Uint8Array(32).fill(7)
export const testKeys = keysFrom(testKey)

/** The dialect of the project that runs: `sqlite` outside the project `postgres`. */
export const testDialect = process.env['LETHE_TEST_DIALECT'] === 'postgres' ? 'postgres' : 'sqlite'

export interface TestDatabase {
  readonly db: Database
  /** For a second `openDatabase`, or a process of its own. */
  readonly url: string
  close(): Promise<void>
}

/** Opens a fresh, migrated database of the service, in the project's dialect, with `testKeys`. */
export async function testDatabase(clock: Clock = fixedClock()): Promise<TestDatabase> {
  const { url, drop } = testDialect === 'postgres' ? await onPostgres() : onSqlite()
  const db = openDatabase(url, testKeys, clock)
  await migrate(db, migrations)
  return {
    db,
    url,
    async close() {
      await db.close()
      await drop()
    },
  }
}

interface Place {
  readonly url: string
  readonly drop: () => Promise<void>
}

const onSqlite = (): Place => ({
  url: `file:${join(freshFolder(), 'lethe.db')}`,
  drop: async () => undefined,
})

/** Migrated once per run, then copied. */
async function onPostgres(): Promise<Place> {
  const server = await askFor('postgres')
  if (server.missing !== undefined) throw new Error(server.missing)
  const template = await postgresTemplate(server.url, `lethe_${inject('run').name}_template`, async (url) => {
    const db = openDatabase(url, testKeys)
    await migrate(db, migrations)
    await db.close()
  })
  const fresh = await freshPostgres(server.url, freshName(), template)
  return { url: fresh.url, drop: () => fresh.close() }
}
