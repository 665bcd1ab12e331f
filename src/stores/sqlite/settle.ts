import { statSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { StoreError } from '../errors.ts'
import type { Settled } from '../port.ts'
import { patiently } from './connection.ts'
import { sqliteError } from './errors.ts'

/** A larger file is not written anew while the application waits; the report says what that leaves. */
const vacuumUpToBytes = 512 * 1024 * 1024

/**
 * Deleted cells were overwritten as they went (`secure_delete`). What is left are bytes that the application's own page splits
 * copied and left behind long ago: only writing the file anew ends those. Then the write-ahead log is cut.
 */
export async function settle(store: string, db: Sqlite.Database, path: string): Promise<Settled> {
  const done: string[] = ['deleted bytes were overwritten with zeros (secure_delete)']
  const remains: string[] = []
  if (hasSamples(db) && (await unlessBusy(store, () => db.exec('ANALYZE'))))
    done.push('the statistics, which hold sample values, were made anew (ANALYZE)')
  const why = whyNoVacuum(db, path)
  if (why === undefined && (await unlessBusy(store, () => db.exec('VACUUM'))))
    done.push('the file was written anew (VACUUM)')
  else
    remains.push(
      `the file may keep old copies of bytes between its rows until VACUUM: ${why ?? 'another connection is at work'}`,
    )
  if (String(db.pragma('journal_mode', { simple: true })) === 'wal') {
    if (await unlessBusy(store, () => checkpoint(store, db)))
      done.push('the write-ahead log was written back and cut to nothing')
    else
      remains.push(
        'the -wal file keeps old bytes: another connection reads from it; settle again when it has ended',
      )
  }
  return { done, remains }
}

/** ANALYZE copies sample values of indexed columns; they outlive their rows until it runs again. */
const hasSamples = (db: Sqlite.Database): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE name IN ('sqlite_stat3', 'sqlite_stat4')").get() !== undefined

function checkpoint(store: string, db: Sqlite.Database): void {
  const [answer] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: bigint }[]
  if (answer?.busy !== 0n) throw new StoreError('busy', store, 'a reader holds the write-ahead log')
}

/** VACUUM numbers rows anew where a table has neither a number of its own nor an index: somebody may have noted the old numbers. */
function whyNoVacuum(db: Sqlite.Database, path: string): string | undefined {
  if (statSync(path).size > vacuumUpToBytes)
    return 'it is too large to write anew while the application waits'
  const bare = db
    .prepare(
      `SELECT count(*) FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table' AND t.wr = 0 AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~'
       AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.pk = 1 AND upper(c.type) = 'INTEGER')
       AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name))`,
    )
    .pluck()
    .get()
  return Number(bare) === 0 ? undefined : 'a table without key or index would have its rows numbered anew'
}

/** False when somebody else kept it from happening. */
async function unlessBusy(store: string, attempt: () => unknown): Promise<boolean> {
  try {
    await patiently(store, undefined, attempt)
    return true
  } catch (error) {
    const failed = sqliteError(store, error)
    if (failed instanceof StoreError && failed.failure === 'busy') return false
    throw failed
  }
}
