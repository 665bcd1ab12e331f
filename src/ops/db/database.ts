import { AsyncLocalStorage } from 'node:async_hooks'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Clock } from '../../base/clock.ts'
import { LetheError } from '../../base/errors.ts'
import type { Instant } from '../../base/instant.ts'
import type { Keys } from '../sealing.ts'
import { type Dialect, type Kit, kitOf } from './kit.ts'

type Drizzle = BaseSQLiteDatabase<'async', unknown, Record<string, never>>

/** Can read the service's own tables, and nothing else: the connection behind it refuses writes. */
export interface Reader {
  readonly dialect: Dialect
  readonly kit: Kit
  readonly keys: Keys
  /** One moment for all that is read or written together. */
  readonly now: Instant
  readonly q: Pick<Drizzle, 'select' | 'selectDistinct'>
}

/** A transaction; only `transact` makes one. Everything in it is kept, or nothing is. */
export interface Tx extends Reader {
  readonly q: Pick<Drizzle, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>
  /** Holds others off one named thing until the transaction ends (PostgreSQL advisory lock; SQLite has one writer anyway). */
  lock(name: string): Promise<void>
  /** Runs after the commit, never after a rollback. Must not throw; for waking workers, not for work. */
  afterCommit(wake: () => void): void
}

/** Who acts, by which clock, on what: all that a verb is given besides its input. */
export interface Ctx {
  readonly actor: import('../../base/actor.ts').Actor
  readonly clock: Clock
  readonly tx: Tx
}
export interface ReadCtx {
  readonly actor: import('../../base/actor.ts').Actor
  readonly clock: Clock
  readonly reader: Reader
}

export interface Database {
  readonly dialect: Dialect
  readonly kit: Kit
  readonly keys: Keys
  readonly clock: Clock
  /** No network, file or store work inside `work`: others wait for it. Nested calls throw, they would wait for themselves. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  /** One connection of one's own, raw SQL without parameters: for the migrator and the health check. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface Session {
  exec(sql: string): Promise<void>
  rows(sql: string): Promise<Record<string, unknown>[]>
}

/** What a dialect brings; everything else is shared. */
export interface Driver {
  readonly dialect: Dialect
  transact<T>(work: (q: Drizzle, lock: (name: string) => Promise<void>) => Promise<T>): Promise<T>
  read<T>(work: (q: Drizzle) => Promise<T>): Promise<T>
  session<T>(work: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const inside = new AsyncLocalStorage<true>()

export function databaseOf(driver: Driver, keys: Keys, clock: Clock): Database {
  const kit = kitOf(driver.dialect, keys)
  let closing: Promise<void> | undefined
  const shared = { dialect: driver.dialect, kit, keys }
  return {
    ...shared,
    clock,
    transact(work) {
      if (inside.getStore()) throw new LetheError('internal', 'a transaction was opened inside a transaction')
      const wakes: (() => void)[] = []
      return inside.run(true, async () => {
        const result = await driver.transact((q, lock) =>
          work({ ...shared, now: clock.now(), q, lock, afterCommit: (wake) => void wakes.push(wake) }),
        )
        for (const wake of wakes) inside.exit(wake)
        return result
      })
    },
    read: (work) => driver.read((q) => work({ ...shared, now: clock.now(), q })),
    session: (work) => driver.session(work),
    close: () => (closing ??= driver.close()),
  }
}

/** Reads one row or says that there is none: `one(await q.select()…, 'request')`. */
export function one<T>(rows: readonly T[], what: string): T {
  const [row] = rows
  if (row === undefined) throw new LetheError('not_found', `there is no such ${what}`)
  return row
}
