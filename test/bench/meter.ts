import { type Spent, stopwatch } from './figures.ts'
import type { Database } from '../../src/ops/db/database.ts'
import type { Log } from '../../src/ops/log.ts'
import type { Catalogue, RowQuery, Store, StoreReader, SweepQuery } from '../../src/stores/port.ts'

/** By step of the job and what it was spent on: `verify scan`, `prepare look-up`; `verify` alone is all of the step. */
export type Split = Record<string, Spent>

export interface Meter {
  /** Since the last call. */
  take(): Split
  readonly log: Log
  store(store: Store): Store
  database(db: Database): Database
}

/**
 * Watches the engine from outside, at its ports: nothing in the engine knows that it is measured. A read by key or by value
 * is a look-up, a read of everything a scan; the time the engine takes over each page counts with the page.
 */
export function openMeter(): Meter {
  let split: Split = {}
  let step: Split = {}
  let began = stopwatch()
  const add = (what: string, spent: Spent) => {
    step[what] = sum(step[what], spent)
  }
  const endStep = (name: string) => {
    for (const [what, spent] of Object.entries(step))
      split[`${name} ${what}`] = sum(split[`${name} ${what}`], spent)
    split[name] = sum(split[name], began())
    step = {}
    began = stopwatch()
  }
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const spent = stopwatch()
    try {
      return await work()
    } finally {
      add(what, spent())
    }
  }
  const log: Log = {
    info(event, fields) {
      if (event === 'job.step') endStep(fields?.step ?? '')
    },
    warn: (event) => console.error(event),
    error: (event, fields) => console.error(event, fields),
  }
  const reader = <R extends StoreReader>(inner: R): R => ({
    ...inner,
    rows: (query: RowQuery) =>
      watched(inner.rows(query), (query.keys ?? query.match) ? 'look-up' : 'scan', add),
    sweep: (query: SweepQuery) => watched(inner.sweep(query), 'scan', add),
    count: (query: Parameters<StoreReader['count']>[0]) => timed('scan', () => inner.count(query)),
  })
  return {
    take() {
      endStep('after')
      const taken = split
      split = {}
      return taken
    },
    log,
    store: (inner) => ({
      ...inner,
      describe: (options): Promise<Catalogue> => timed('describe', () => inner.describe(options)),
      reading: (work, options) => inner.reading((r) => work(reader(r)), options),
      writing: (work, options) => timed('write', () => inner.writing(work, options)),
      settle: (tables) => timed('settle', () => inner.settle(tables)),
    }),
    database: (inner) => ({
      ...inner,
      transact: (work) => timed('own database', () => inner.transact(work)),
      read: (work) => timed('own database', () => inner.read(work)),
    }),
  }
}

const sum = (a: Spent | undefined, b: Spent): Spent => ({
  ms: (a?.ms ?? 0) + b.ms,
  cpuMs: (a?.cpuMs ?? 0) + b.cpuMs,
})

async function* watched<T>(
  pages: AsyncIterable<T>,
  what: string,
  add: (what: string, spent: Spent) => void,
): AsyncGenerator<T> {
  const spent = stopwatch()
  try {
    yield* pages
  } finally {
    add(what, spent())
  }
}
