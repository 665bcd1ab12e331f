import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { StoreError } from '../errors.ts'
import { numberText, readable, spelled } from './dialect.ts'
import { sqliteError } from './errors.ts'

/** How long a writer of the application's may keep us waiting, all in all. */
const patienceMs = 5_000

const asReadable = (value: unknown): string =>
  (typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('latin1')).replaceAll(
    '\0',
    ' ',
  )

const asSpelled = (value: unknown): unknown =>
  typeof value === 'bigint' || typeof value === 'number' ? numberText(value) : value

/** The file must be there: SQLite would make an empty one, and a search in that finds nobody. */
function open(store: string, path: string, readonly: boolean): Sqlite.Database {
  try {
    // No busy timeout: SQLite waits by stopping the whole process. `patiently` waits without.
    const db = new Sqlite(path, { readonly, fileMustExist: true, timeout: 0 }).defaultSafeIntegers(true)
    return db
      .function(readable, { deterministic: true }, asReadable)
      .function(spelled, { deterministic: true, safeIntegers: true }, asSpelled)
  } catch (error) {
    if (error instanceof TypeError || identityOf(path) === undefined)
      throw new StoreError('unreachable', store, `there is no file ${path}`, {
        hint: 'Check the url of this store in stores.yaml.',
      })
    throw sqliteError(store, error)
  }
}

/** Cannot write: opened read-only, and told so once more. */
export function openReader(store: string, path: string): Sqlite.Database {
  const db = open(store, path, true)
  db.pragma('query_only = ON')
  return db
}

/**
 * Deleted bytes are overwritten with zeros (`secure_delete = ON`; FAST would leave them in pages that become free).
 * Foreign keys are enforced whether or not the application does: what it declares must not be broken by us.
 */
export function openWriter(store: string, path: string): Sqlite.Database {
  const db = open(store, path, false)
  db.pragma('secure_delete = ON')
  db.pragma('foreign_keys = ON')
  return db
}

/** Which file a path leads to; after a restore another one, and a connection to the old one would write into nowhere. */
export function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stat ? `${stat.dev}:${stat.ino}` : undefined
}

/** Tries again while somebody else has the lock, leaving the process free meanwhile. */
export async function patiently<T>(
  store: string,
  signal: AbortSignal | undefined,
  attempt: () => T,
): Promise<T> {
  for (let waitedMs = 0, waitMs = 2; ; waitMs = Math.min(50, waitMs * 2)) {
    try {
      return attempt()
    } catch (error) {
      const failed = sqliteError(store, error)
      const busy = failed instanceof StoreError && failed.failure === 'busy'
      if (!busy || waitedMs >= patienceMs) throw failed
    }
    if (signal?.aborted) throw new StoreError('aborted', store, 'stopped')
    await sleep(waitMs)
    waitedMs += waitMs
  }
}
