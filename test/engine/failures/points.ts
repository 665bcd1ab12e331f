import type { EngineDeps } from '../../../src/engine/deps.ts'
import type { Store, StoreWriter } from '../../../src/stores/port.ts'

/** What may happen at a point of the work on a store; what it throws is thrown there. */
export type AtPoint = (
  name:
    | 'asked'
    | 'writing'
    | 'rows locked'
    | 'rows written'
    | 'before commit'
    | 'committed'
    | 'settling'
    | 'settled',
) => void | Promise<void>

/** The same stores, and `at` hears of every point: before anything is asked, and around each effect. */
export const withPoints = (deps: EngineDeps, at: AtPoint): EngineDeps => ({
  ...deps,
  stores: new Map([...deps.stores].map(([name, store]) => [name, pointed(store, at)])),
})

function pointed(store: Store, at: AtPoint): Store {
  const after = async <T>(name: Parameters<AtPoint>[0], running: Promise<T>): Promise<T> => {
    const result = await running
    await at(name)
    return result
  }
  const writerOf = (writer: StoreWriter): StoreWriter => ({
    rows: (query) => writer.rows(query),
    sweep: (query) => writer.sweep(query),
    long: (query) => writer.long(query),
    count: (query) => writer.count(query),
    allows: (asked) => writer.allows(asked),
    lockRows: (query) => after('rows locked', writer.lockRows(query)),
    remove: (target) => after('rows written', writer.remove(target)),
    overwrite: (target) => after('rows written', writer.overwrite(target)),
    rewrite: (target) => after('rows written', writer.rewrite(target)),
    insertOnce: (target) => after('rows written', writer.insertOnce(target)),
  })
  return {
    ...store,
    async describe(options) {
      await at('asked')
      return store.describe(options)
    },
    async reading(work, options) {
      await at('asked')
      return store.reading(work, options)
    },
    async rehearse(work, options) {
      await at('asked')
      return store.rehearse(work, options)
    },
    async writing(work, options) {
      await at('writing')
      const whole = (writer: StoreWriter) => after('before commit', work(writerOf(writer)))
      return after('committed', store.writing(whole, options))
    },
    async settle(tables) {
      await at('settling')
      return after('settled', store.settle(tables))
    },
  }
}
