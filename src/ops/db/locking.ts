import type { Reader } from './database.ts'

/**
 * Holds the rows of a select for this transaction: PostgreSQL's FOR UPDATE, with or without waiting for those that another
 * holds. SQLite has one writer, so the rows are held already. One of the few places where the dialects differ.
 */
interface Lockable {
  for(strength: 'update', config?: { skipLocked: true }): Lockable
}

export const forUpdateSkipLocked = <Q>(tx: Reader, query: Q): Q =>
  tx.dialect === 'sqlite'
    ? query
    : ((query as unknown as Lockable).for('update', { skipLocked: true }) as unknown as Q)

export const forUpdate = <Q>(tx: Reader, query: Q): Q =>
  tx.dialect === 'sqlite' ? query : ((query as unknown as Lockable).for('update') as unknown as Q)
