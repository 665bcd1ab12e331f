import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LetheError } from '../../base/errors.ts'
import { sha256 } from '../sealing.ts'
import type { Instant } from '../../base/instant.ts'
import type { Database, Session } from './database.ts'
import type { Dialect } from './kit.ts'

export interface Migrated {
  readonly applied: readonly string[]
  readonly alreadyThere: number
}

/**
 * Brings the service's own tables up to date: `NNNN_name.<dialect>.sql` in number order, each in one transaction with its
 * row in `migration`. Several replicas may start at once: PostgreSQL waits on an advisory lock, SQLite on its writer.
 * Throws `conflict` when an applied file was changed or is missing: that database is newer than this program.
 */
export async function migrate(db: Database, folder: string): Promise<Migrated> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(`.${db.dialect}.sql`))
    .sort()
  return db.session(async (session) => {
    // Held until the session ends, so that of several replicas one migrates and the others find it done.
    if (db.dialect === 'postgres') await session.exec('select pg_advisory_lock(7265468)')
    const known = await appliedBefore(session, files)
    const fresh = files.filter((name) => isFresh(name, readFileSync(join(folder, name), 'utf8'), known))
    for (const name of fresh)
      await session.exec(script(db.dialect, name, readFileSync(join(folder, name), 'utf8'), db.clock.now()))
    return { applied: fresh, alreadyThere: files.length - fresh.length }
  })
}

async function appliedBefore(session: Session, files: readonly string[]): Promise<Map<string, string>> {
  await session.exec(
    'create table if not exists migration (name text primary key, digest text not null, applied_at text not null)',
  )
  const rows = await session.rows('select name, digest from migration')
  const known = new Map(rows.map((row) => [String(row['name']), String(row['digest'])]))
  for (const name of known.keys())
    if (!files.includes(name))
      throw new LetheError(
        'conflict',
        `the database has migration ${name}, which this program does not know`,
        {
          hint: 'Start the newer version of the program that made it.',
        },
      )
  return known
}

function isFresh(name: string, sql: string, known: ReadonlyMap<string, string>): boolean {
  const digest = known.get(name)
  if (digest === undefined || digest === sha256(sql)) return digest === undefined
  throw new LetheError('conflict', `migration ${name} was changed after it was applied`, {
    hint: 'Restore the file and put the change in a new migration.',
  })
}

/** SQLite rebuilds tables by dropping them, so foreign keys are off meanwhile. */
function script(dialect: Dialect, name: string, sql: string, at: Instant): string {
  const record = `insert into migration values ('${name}', '${sha256(sql)}', '${at}')`
  if (dialect === 'postgres') return `begin; ${sql}; ${record}; commit;`
  return `pragma foreign_keys = off; begin immediate; ${sql}; ${record}; commit; pragma foreign_keys = on;`
}
