import { access, constants } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import type Sqlite from 'better-sqlite3'
import type { ServerLike } from '../../datamap/catalogue.ts'
import { StoreError } from '../errors.ts'
import type { Store } from '../port.ts'
import { type Beside, type Driver, type Limits, storeOf, type Transaction } from '../store.ts'
import type { TableShape } from '../sql/dialect.ts'
import type { Session } from '../sql/statement.ts'
import { sqliteTables } from './catalogue.ts'
import { identityOf, openReader, openWriter, patiently } from './connection.ts'
import { sqliteDialect } from './dialect.ts'
import { sqliteError } from './errors.ts'
import { settle } from './settle.ts'

/** Statements with long lists of keys are all different. */
const keptStatements = 20

/** Readers have a connection each, for a snapshot each; one writer is kept, and writers wait in line for it. */
export function openSqliteStore(
  name: string,
  path: string,
  files?: string,
  more: Omit<Beside, 'files'> = {},
): Store {
  let kept: { readonly db: Sqlite.Database; readonly identity: string | undefined } | undefined
  const writer = (): Sqlite.Database => {
    const identity = identityOf(path)
    if (kept && (identity === undefined || kept.identity !== identity)) {
      kept.db.close()
      kept = undefined
    }
    kept ??= { db: openWriter(name, path), identity }
    return kept.db
  }
  let line: Promise<unknown> = Promise.resolve()
  /** Resolves at one's turn, with what ends it. */
  const inLine = async (): Promise<() => void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = line
    line = promise
    await before
    return resolve
  }
  const driver: Driver = {
    kind: 'sqlite',
    dialect: sqliteDialect,
    tables: sqliteTables,
    server: () => serverOf(path),
    deferred: (session, tables) => deferredKeys(name, session, tables),
    async begin(mode, limits) {
      if (mode === 'read') {
        const db = openReader(name, path)
        return begin(name, db, 'BEGIN; SELECT 1 FROM sqlite_schema', limits, () => db.close())
      }
      const done = await inLine()
      try {
        return await begin(name, writer(), 'BEGIN IMMEDIATE', limits, done)
      } catch (error) {
        done()
        throw error
      }
    },
    async settle() {
      const done = await inLine()
      try {
        return await settle(name, writer(), path)
      } finally {
        done()
      }
    },
    async close() {
      const done = await inLine()
      kept?.db.close()
      kept = undefined
      done()
    },
  }
  return storeOf(name, driver, { files, ...more })
}

/** Keys deferred to the commit: SQLite counts them and tells nobody, so broken ones are counted before and after. */
async function deferredKeys(
  store: string,
  session: Session,
  tables: readonly TableShape[],
): Promise<() => Promise<void>> {
  const waiting = tables.filter(({ info }) => info.foreignKeys.some((key) => key.deferrable))
  const broken = () =>
    Promise.all(
      waiting.map(async ({ info }) => {
        const [row] = await session.select('SELECT count(*) FROM pragma_foreign_key_check(?)', [info.name])
        return Number(row?.[0] ?? 0)
      }),
    )
  const before = await broken()
  return async () => {
    const after = await broken()
    const worse = waiting.find((_, i) => (after[i] ?? 0) > (before[i] ?? 0))
    if (worse)
      throw new StoreError(
        'constraint',
        store,
        `a foreign key of ${worse.info.name} would stay broken at the end`,
      )
  }
}

/** A file that this process may not write is met before the first statement. */
const serverOf = async (path: string): Promise<ServerLike> => ({
  isStrict: true,
  readOnly: await access(path, constants.W_OK).then(
    () => null,
    () => 'this process may not write to the file',
  ),
  zone: 'UTC',
  canSeeTriggers: true,
})

async function begin(
  store: string,
  db: Sqlite.Database,
  sql: string,
  limits: Limits,
  end: () => void,
): Promise<Transaction> {
  const { signal } = limits
  let ended = false
  const endOnce = () => {
    if (!ended) end()
    ended = true
  }
  /** A statement runs in this thread and cannot be stopped: others get their turn before it. */
  const run = async <T>(statement: () => T): Promise<T> => {
    await turn()
    const start = performance.now()
    let result: T
    try {
      result = statement()
    } catch (error) {
      throw sqliteError(store, error)
    }
    if (performance.now() - start > limits.timeoutMs)
      throw new StoreError('timeout', store, `a statement took longer than ${limits.timeoutMs} ms`)
    return result
  }
  const rollback = async () => {
    try {
      if (!ended && db.open && db.inTransaction) db.exec('ROLLBACK')
    } finally {
      endOnce()
    }
  }
  try {
    await patiently(store, signal, () => {
      if (db.inTransaction) db.exec('ROLLBACK')
      db.exec(sql)
    })
  } catch (error) {
    await rollback()
    throw error
  }
  /** The pages of one reading are one statement, compiled once. */
  const prepared = new Map<string, Sqlite.Statement>()
  const select = (text: string): Sqlite.Statement => {
    const known = prepared.get(text)
    if (known) return known
    if (prepared.size >= keptStatements) prepared.clear()
    const fresh = db.prepare(text).raw()
    prepared.set(text, fresh)
    return fresh
  }
  return {
    blocks: true,
    select: (text, params) => run(() => select(text).all(...params) as unknown[][]),
    change: (text, params) => run(() => db.prepare(text).run(...params).changes),
    scan: (text, params, pageSize, pageBytes) => scan(db, run, text, params, pageSize, pageBytes),
    async commit() {
      // Without WAL a reader of the application's can still be in the way here; the transaction stays open meanwhile.
      await patiently(store, signal, () => db.exec('COMMIT'))
      endOnce()
    },
    rollback,
  }
}

async function* scan(
  db: Sqlite.Database,
  run: <T>(statement: () => T) => Promise<T>,
  sql: string,
  params: readonly unknown[],
  pageSize: number,
  pageBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  const rows = db
    .prepare(sql)
    .raw()
    .iterate(...params) as IterableIterator<unknown[]>
  let done = false
  try {
    while (!done) {
      const page = await run(() => {
        const some: unknown[][] = []
        for (let bytes = 0; some.length < pageSize && bytes < pageBytes; ) {
          const next = rows.next()
          if (next.done) {
            done = true
            break
          }
          some.push(next.value)
          if (pageBytes < Number.POSITIVE_INFINITY) bytes += lengthOf(next.value)
        }
        return some
      })
      if (page.length > 0) yield page
    }
  } finally {
    rows.return?.()
  }
}

function lengthOf(cells: readonly unknown[]): number {
  let length = 0
  for (const cell of cells) if (typeof cell === 'string' || cell instanceof Uint8Array) length += cell.length
  return length
}
