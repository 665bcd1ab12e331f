import { LetheError } from '../base/errors.ts'
import type { ServerLike } from '../datamap/catalogue.ts'
import { isStoreError, StoreError } from './errors.ts'
import type { Access, Canary, Capabilities, Settled, Store, StoreKind, StoreOptions } from './port.ts'
import { readerOn, writerOn } from './sql/access.ts'
import type { Dialect, TableShape } from './sql/dialect.ts'
import { takenBack } from './sql/rehearsal.ts'
import type { Session } from './sql/statement.ts'
import { catalogueOf, type Shapes, tableOf } from './sql/tables.ts'

export interface Limits {
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

export interface Transaction extends Session {
  commit(): Promise<void>
  /** Never throws: a connection that cannot go back is thrown away. */
  rollback(): Promise<void>
}

/** What a kind brings; every failure of it is a `StoreError` already. */
export interface Driver {
  readonly kind: StoreKind
  readonly dialect: Dialect
  /** `read`: one snapshot, writes refused by the database. `write`: gives up soon where others hold a lock. */
  begin(mode: 'read' | 'write', limits: Limits): Promise<Transaction>
  tables(session: Session): Promise<readonly TableShape[]>
  server(session: Session): Promise<ServerLike>
  /** Called when a rehearsal begins; what it answers asks, at the end, the constraints that wait for a commit. */
  deferred(session: Session, tables: readonly TableShape[]): Promise<() => Promise<void>>
  settle(tables: readonly TableShape[]): Promise<Settled>
  close(): Promise<void>
}

const defaultTimeoutMs = 60_000

/** What stores.yaml says of a store besides its address. */
export interface Beside {
  readonly files: string | undefined
  readonly canary?: Canary | undefined
  /** `read`: nothing is ever written; what must be erased there is a task for a person. */
  readonly access?: Access | undefined
}

const capabilitiesOf = (access: Access): Capabilities => ({
  canFindBy: ['email', 'phone', 'id', 'text'],
  canExport: true,
  canErase: access === 'write',
  canAnonymise: access === 'write',
  canRedact: access === 'write',
  canTransact: true,
  canCompareAndSet: true,
  canRehearse: access === 'write',
  canSnapshot: true,
  canScan: true,
  canRunUnattended: true,
})

export function storeOf(name: string, driver: Driver, beside: Beside): Store {
  const { files, canary, access = 'write' } = beside
  let known: Shapes | undefined
  const load = async (session: Session): Promise<Shapes> => {
    known = { store: name, dialect: driver.dialect, tables: await driver.tables(session) }
    return known
  }
  async function within<T>(
    mode: 'read' | 'write' | 'rehearse',
    options: StoreOptions,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const { signal } = options
    if (mode !== 'read' && access === 'read')
      throw new StoreError('denied', name, 'stores.yaml lets it be read only', {
        hint: 'Take `access: read` away, or do there by hand what must be done.',
      })
    if (signal?.aborted) throw new StoreError('aborted', name, 'stopped before it began')
    const transaction = await begin(driver, mode === 'read' ? 'read' : 'write', {
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      signal,
    })
    const state = { open: true }
    try {
      const result = await work(guarded(name, transaction, signal, state))
      await (mode === 'rehearse' ? transaction.rollback() : transaction.commit())
      return result
    } catch (error) {
      // The next call looks at the catalogue anew.
      if (isStoreError(error, 'schema')) known = undefined
      await transaction.rollback()
      throw error
    } finally {
      state.open = false
    }
  }
  return {
    name,
    kind: driver.kind,
    capabilities: capabilitiesOf(access),
    files,
    canary,
    describe: (options = {}) =>
      within('read', options, async (session) =>
        catalogueOf(
          (await load(session)).tables.map((t) => t.info),
          await driver.server(session),
        ),
      ),
    reading: (work, options = {}) =>
      within('read', options, async (session) => work(readerOn(known ?? (await load(session)), session))),
    writing: (work, options = {}) =>
      within('write', options, async (session) => work(writerOn(known ?? (await load(session)), session))),
    rehearse: (work, options = {}) =>
      within('rehearse', options, async (session) => {
        const shapes = known ?? (await load(session))
        const ask = await driver.deferred(session, shapes.tables)
        const result = await work(takenBack(shapes, writerOn(shapes, session)))
        await ask()
        return result
      }),
    async settle(tables) {
      const shapes = known ?? (await within('read', {}, load))
      if (access === 'read') return { done: [], remains: [`${name} is only read: nothing was done there`] }
      return driver.settle([...new Set(tables)].map((table) => tableOf(shapes, table)))
    },
    close: () => driver.close(),
  }
}

/** Twice when need be: a pooled connection may have died unnoticed, and nothing has been done on it yet. */
const begin = (driver: Driver, mode: 'read' | 'write', limits: Limits): Promise<Transaction> =>
  driver.begin(mode, limits).catch((error: unknown) => {
    if (isStoreError(error, 'unreachable') && driver.kind !== 'sqlite') return driver.begin(mode, limits)
    throw error
  })

/** Nothing is asked after the end of the transaction, or after somebody stopped it. */
function guarded(
  store: string,
  session: Session,
  signal: AbortSignal | undefined,
  state: { readonly open: boolean },
): Session {
  const check = () => {
    if (!state.open)
      throw new LetheError('internal', `store ${store} was asked after its transaction had ended`)
    if (signal?.aborted) throw new StoreError('aborted', store, 'stopped')
  }
  return {
    blocks: session.blocks,
    select: async (sql, params) => {
      check()
      return session.select(sql, params)
    },
    change: async (sql, params) => {
      check()
      return session.change(sql, params)
    },
    async *scan(sql, params, pageSize, pageBytes) {
      check()
      for await (const page of session.scan(sql, params, pageSize, pageBytes)) {
        yield page
        check()
      }
    },
  }
}
