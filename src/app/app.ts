import type { Clock } from '../base/clock.ts'
import type { Words } from '../base/words.ts'
import type { DataMap, Graph } from '../datamap/model.ts'
import type { PurgeDeps } from '../engine/purge/deps.ts'
import type { ReplayDeps } from '../engine/replay/canary.ts'
import type { Letters } from '../notify/letters.ts'
import type { Config } from '../ops/config.ts'
import type { Database } from '../ops/db/database.ts'
import type { Migrated } from '../ops/db/migrate.ts'
import type { JobDefinition } from '../ops/jobs/define.ts'
import type { Log } from '../ops/log.ts'
import type { ScheduleDefinition } from '../ops/schedules.ts'
import type { RulePacks } from '../requests/clock/load.ts'
import type { RequestDeps } from '../requests/deps.ts'
import type { Rules } from '../retention/rules.ts'
import type { StoreConfig } from '../stores/config.ts'
import type { Store } from '../stores/port.ts'
import type { Company } from './company.ts'

/** The service's own state: what every command needs, whatever the policies say. */
export interface Base {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly db: Database
  /** What opening it brought up to date. */
  readonly migrated: Migrated
  close(): Promise<void>
}

/** What the policies folder says, read and checked against itself; no store was asked. */
export interface Policies {
  readonly company: Company
  readonly storeConfigs: readonly StoreConfig[]
  readonly map: DataMap
  readonly graph: Graph
  readonly regimes: RulePacks
  readonly letters: Letters
  readonly rules: Rules
  /** Storage periods by collection id, in words (Art. 15(1)(d)). */
  readonly periods: ReadonlyMap<string, readonly Words[]>
}

/** Everything joined: what the faces (web, API, command line) call verbs with. */
export interface App extends Base, Policies {
  readonly stores: ReadonlyMap<string, Store>
  /** For the engine and its purges alike. */
  readonly engine: PurgeDeps & ReplayDeps
  /** The same, by the name the web knows. */
  readonly purge: PurgeDeps
  readonly requests: RequestDeps
  /** Where sealed packages lie. */
  readonly packages: string
  readonly jobs: readonly JobDefinition[]
  readonly schedules: readonly ScheduleDefinition[]
}
