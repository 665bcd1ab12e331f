import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadDataMap } from '../../src/datamap/load.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { makeStores } from '../../src/demo/stores.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import type { Instant } from '../../src/base/instant.ts'
import { openSqliteStore } from '../../src/stores/sqlite/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { freshFolder } from './ask.ts'

export const policies = join(import.meta.dirname, '../../policies')
/** A quarter after the cast's story begins; the same for all tests that share the sample. */
export const sampleNow = '2026-11-22T12:00:00.000Z' as Instant

const made = new Map<number, Promise<string>>()

/** A folder of its own with the three sample stores: made once per process and size, then copied. */
export async function sampleStores(people = 60): Promise<string> {
  let template = made.get(people)
  if (!template) {
    template = (async () => {
      const dir = freshFolder()
      await makeStores({ dir, people, seed: 7, now: sampleNow })
      return dir
    })()
    made.set(people, template)
  }
  const dir = join(freshFolder(), 'stores')
  cpSync(await template, dir, { recursive: true })
  return dir
}

export interface Desk {
  readonly dir: string
  readonly deps: EngineDeps
  close(): Promise<void>
}

/** The engine over the sample stores, with the shipped data map. */
export async function sampleDesk(people?: number): Promise<Desk> {
  const dir = await sampleStores(people)
  const names = ['tickets', 'calls', 'marketing']
  const stores = new Map<string, Store>(
    names.map((name) => {
      const files =
        name === 'calls' && existsSync(join(dir, 'recordings')) ? join(dir, 'recordings') : undefined
      return [name, openSqliteStore(name, join(dir, `${name}.db`), files)]
    }),
  )
  const map = loadDataMap(
    policies,
    names.map((name) => ({ name, map: `datamap/${name}.yaml` })),
  )
  const deps: EngineDeps = {
    map,
    graph: buildGraph(map),
    stores,
    policyOf: () => ({ country: 'NL' }),
    spool: join(freshFolder(), 'spool'),
  }
  return {
    dir,
    deps,
    async close() {
      for (const store of stores.values()) await store.close()
    },
  }
}
