import { join } from 'node:path'
import type { Command } from 'commander'
import { migrate as bringUpToDate } from '../../ops/db/migrate.ts'
import { openDatabase } from '../../ops/db/open.ts'
import { keysFrom, readMasterKey } from '../../ops/sealing.ts'
import { answer, type Common, type Io } from '../io.ts'
import { configOf, reached } from '../open.ts'

const migrations = join(import.meta.dirname, '../../../migrations')

/** `lethe migrate`: what every start does, by itself, for whoever wants it done before the new version starts. */
export function migrate(program: Command, io: Io): void {
  program
    .command('migrate')
    .description('brings the service’s own tables up to date')
    .action(async (options: Common) => {
      const config = configOf(io, options)
      const keys = keysFrom(readMasterKey(config.key, config.keyMayBeMade))
      const done = await reached(async () => {
        const db = openDatabase(config.databaseUrl, keys)
        try {
          return await bringUpToDate(db, migrations)
        } finally {
          await db.close()
        }
      })
      answer(io, options, done, () =>
        done.applied.length === 0
          ? `up to date (${done.alreadyThere} migrations)`
          : `applied ${done.applied.join(', ')}`,
      )
    })
}
