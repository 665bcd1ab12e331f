import Sqlite from 'better-sqlite3'
import { LetheError } from '../../base/errors.ts'
import { StoreError } from '../errors.ts'
import type { StoreFailure } from '../port.ts'

/** SQLite's answer by its code. Its message is kept only where it names columns or constraints, never values. */
export function sqliteError(store: string, error: unknown): LetheError {
  if (error instanceof LetheError) return error
  if (!(error instanceof Sqlite.SqliteError))
    return new StoreError(
      'other',
      store,
      `SQLite's driver failed: ${error instanceof Error ? error.name : 'unknown'}`,
    )
  const failure = failureOf(error.code, error.message)
  // A CHECK without a name is told by its whole text, and that may hold values.
  const named = /^(NOT NULL|UNIQUE|CHECK|FOREIGN KEY) constraint failed(: [\w., ]+)?$/.test(error.message)
    ? `: ${error.message}`
    : ''
  const permanent = error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB'
  return new StoreError(
    failure,
    store,
    `SQLite answered ${error.code}${named}`,
    permanent ? { permanent } : {},
  )
}

function failureOf(code: string, message: string): StoreFailure {
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy'
  if (code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_MISMATCH' || code === 'SQLITE_TOOBIG')
    return 'constraint'
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM') || code.startsWith('SQLITE_AUTH'))
    return 'denied'
  if (code.startsWith('SQLITE_CANTOPEN')) return 'unreachable'
  if (code.startsWith('SQLITE_INTERRUPT')) return 'aborted'
  return code === 'SQLITE_ERROR' && /no such (table|column)|has no column/.test(message) ? 'schema' : 'other'
}
