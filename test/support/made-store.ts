import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { IdentityPolicy } from '../../src/base/identity.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { openSqliteStore } from '../../src/stores/sqlite/open.ts'
import { freshFolder } from './ask.ts'

export interface MadeStore {
  readonly deps: EngineDeps
  /** Folder of the media that rows name. */
  readonly files: string
  readonly spool: string
  exec(sql: string): void
  rows(sql: string): Record<string, unknown>[]
  close(): Promise<void>
}

/**
 * A store for one story: its tables as SQL, its data map as YAML (the part below `collections:`), on SQLite in a folder of its
 * own. The dataset is called `made`.
 */
export function madeStore(made: {
  readonly sql: string
  readonly collections: string
  readonly policy?: IdentityPolicy
  /** More words of the dataset's `lethe:`, in flow style: `copies: [A search index.]`. */
  readonly dataset?: string
}): MadeStore {
  const folder = freshFolder()
  const [path, files, spool] = [join(folder, 'made.db'), join(folder, 'files'), join(folder, 'spool')]
  for (const name of [join(folder, 'datamap'), files]) mkdirSync(name)
  writeFileSync(
    join(folder, 'datamap', 'made.yaml'),
    `dataset:\n  - fides_key: made\n    name: Made\n    lethe: {purpose: Test, basis: contract${made.dataset ? `, ${made.dataset}` : ''}}\n    collections:\n${made.collections}`,
  )
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.exec(made.sql)
  const map = loadDataMap(folder, [{ name: 'made', map: 'datamap/made.yaml' }])
  const store = openSqliteStore('made', path, files)
  return {
    deps: {
      map,
      graph: buildGraph(map),
      stores: new Map([['made', store]]),
      policyOf: () => made.policy ?? { country: 'NL' },
      spool,
    },
    files,
    spool,
    exec: (sql) => void db.exec(sql),
    rows: (sql) => db.prepare(sql).all() as Record<string, unknown>[],
    async close() {
      await store.close()
      db.close()
    },
  }
}
