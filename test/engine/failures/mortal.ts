import type { EngineDeps } from '../../../src/engine/deps.ts'
import type { Database } from '../../../src/ops/db/database.ts'
import { withPoints } from './points.ts'

/** What a process that is no more answers. */
export class Dead extends Error {}

export interface Mortal {
  readonly db: Database
  readonly deps: EngineDeps
  /** Every point that was passed, in order. */
  readonly passed: readonly string[]
}

/**
 * The same database and stores, which die at the n-th point: from there on nothing is kept that was not, and nothing is asked
 * any more, as if the process had ended. A point stands before and after each commit of ours, after rows of the store are
 * locked, after they are written, after files are removed, and around the store's commit and its settling. `at` 0 never dies;
 * `die` may end the process in truth.
 */
export function mortal(
  db: Database,
  deps: EngineDeps,
  at: number,
  die: () => void = () => undefined,
): Mortal {
  const passed: string[] = []
  let dead = false
  const alive = () => {
    if (dead) throw new Dead('this process is no more')
  }
  const point = (name: string) => {
    alive()
    if (passed.push(name) !== at) return
    dead = true
    die()
    alive()
  }
  return {
    passed,
    db: {
      ...db,
      async transact(work) {
        alive()
        const result = await db.transact(async (tx) => {
          const inner = await work(tx)
          point('ours, before commit')
          return inner
        })
        point('ours, committed')
        return result
      },
      read: (work) => (alive(), db.read(work)),
    },
    // Nothing changes by asking: dying there is dying at the point before.
    deps: withPoints(deps, (name) => (name === 'asked' || name === 'writing' ? alive() : point(name))),
  }
}
