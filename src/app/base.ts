import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { system } from '../base/actor.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { ensureKey, hasKey } from '../ledger/signing.ts'
import type { Config } from '../ops/config.ts'
import { migrate } from '../ops/db/migrate.ts'
import { openDatabase } from '../ops/db/open.ts'
import { type Log, openLog } from '../ops/log.ts'
import { keysFrom, readMasterKey } from '../ops/sealing.ts'
import type { Base } from './app.ts'

export interface OpenOptions {
  readonly clock?: Clock
  readonly log?: Log
}

const migrations = join(import.meta.dirname, '../../migrations')

/** Opens the service's own database, brought up to date; makes the data folder and, on SQLite, the key when they are missing. */
export async function openBase(config: Config, options: OpenOptions = {}): Promise<Base> {
  mkdirSync(config.home, { recursive: true, mode: 0o700 })
  const clock = options.clock ?? systemClock
  const keys = keysFrom(readMasterKey(config.key, config.keyMayBeMade))
  const db = openDatabase(config.databaseUrl, keys, clock)
  try {
    const migrated = await migrate(db, migrations)
    if (!(await db.read(hasKey))) await db.transact((tx) => ensureKey({ actor: system('start'), tx }))
    return {
      config,
      clock,
      log: options.log ?? openLog(config.logLevel),
      db,
      migrated,
      close: () => db.close(),
    }
  } catch (error) {
    await db.close().catch(() => undefined)
    throw error
  }
}
