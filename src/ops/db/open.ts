import { type Clock, systemClock } from '../../base/clock.ts'
import { LetheError } from '../../base/errors.ts'
import type { Keys } from '../sealing.ts'
import { type Database, databaseOf } from './database.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

/** Opens the service's own database: `file:PATH` (SQLite) or `postgres://…`. Throws `invalid` for any other URL. */
export function openDatabase(url: string, keys: Keys, clock: Clock = systemClock): Database {
  if (url.startsWith('file:')) return databaseOf(openSqlite(url.slice('file:'.length)), keys, clock)
  if (/^postgres(ql)?:\/\//.test(url)) return databaseOf(openPostgres(url), keys, clock)
  throw new LetheError('invalid', 'the database URL is of no kind this service knows', {
    where: 'LETHE_DATABASE_URL',
    hint: 'Write file:/path/lethe.db or postgres://user:password@host/database.',
  })
}
