import type { Clock } from '../base/clock.ts'
import type { Words } from '../base/words.ts'
import type { DataMap, Graph } from '../datamap/model.ts'
import type { EngineDeps } from '../engine/deps.ts'
import type { Letters } from '../notify/letters.ts'
import type { Config } from '../ops/config.ts'
import type { Database } from '../ops/db/database.ts'
import type { JobDefinition } from '../ops/jobs/define.ts'
import type { Log } from '../ops/log.ts'
import type { ScheduleDefinition } from '../ops/schedules.ts'
import type { RequestDeps } from '../requests/deps.ts'
import type { RulePacks } from '../requests/clock/load.ts'
import type { Store } from '../stores/port.ts'
import type { Company } from './company.ts'

/** The service's own state: what every command needs, whatever the policies say. */
export interface Base {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly db: Database
  close(): Promise<void>
}

/** Everything joined: what the faces (web, API, command line) call verbs with. */
export interface App extends Base {
  readonly company: Company
  readonly map: DataMap
  readonly graph: Graph
  readonly stores: ReadonlyMap<string, Store>
  readonly engine: EngineDeps
  readonly regimes: RulePacks
  readonly letters: Letters
  readonly rules: import('../retention/rules.ts').Rules
  /** Storage periods by collection id, in words (Art. 15(1)(d)). */
  readonly periods: ReadonlyMap<string, readonly Words[]>
  readonly requests: RequestDeps
  /** Where sealed packages lie. */
  readonly packages: string
  readonly jobs: readonly JobDefinition[]
  readonly schedules: readonly ScheduleDefinition[]
}
