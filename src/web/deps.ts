import type { Actor } from '../base/actor.ts'
import type { Clock } from '../base/clock.ts'
import type { TimeZone } from '../base/instant.ts'
import type { Words } from '../base/words.ts'
import type { DataMap } from '../datamap/model.ts'
import type { PurgeDeps } from '../engine/purge/deps.ts'
import type { Config } from '../ops/config.ts'
import type { Ctx, Database, ReadCtx } from '../ops/db/database.ts'
import type { Log } from '../ops/log.ts'
import type { RequestDeps } from '../requests/deps.ts'
import type { Rules } from '../retention/rules.ts'
import type { Store } from '../stores/port.ts'
import type { RateLimits } from './limits.ts'

/** What the pages are made from; app.ts is the one place that fills it. */
export interface WebDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  /** `url` is the public address without a slash at the end; `https:` makes cookies `__Host-` and Secure. */
  readonly config: Pick<Config, 'url'> & Partial<Pick<Config, 'proxies'>>
  /** Who answers: the controller, its privacy contact as lines of an address, and the zone the console shows moments in. */
  readonly company: {
    readonly name: string
    readonly contact: readonly string[]
    readonly timezone: TimeZone
    readonly regime: string
  }
  readonly map: DataMap
  readonly stores: ReadonlyMap<string, Store>
  readonly requests: RequestDeps
  readonly rules: Rules
  /** For previews of retention rules, which read stores and write nothing. */
  readonly purge: PurgeDeps
  /** Storage periods by collection id, in words (Art. 15(1)(d)). */
  readonly periods: ReadonlyMap<string, readonly Words[]>
  /** Folder of the sealed packages. */
  readonly packages: string
  readonly limits?: RateLimits | undefined
}

/** The privacy contact's e-mail address: the first in its lines. */
export const contactEmail = ({ company }: Pick<WebDeps, 'company'>): string | undefined =>
  company.contact.map((line) => /[^\s<>@]+@[^\s<>@]+/.exec(line)?.[0]).find((found) => found !== undefined)

/** Runs a verb in a transaction of its own. */
export const act = <T>(deps: WebDeps, actor: Actor, work: (ctx: Ctx) => Promise<T>): Promise<T> =>
  deps.db.transact((tx) => work({ actor, clock: deps.clock, tx }))

export const look = <T>(deps: WebDeps, actor: Actor, work: (ctx: ReadCtx) => Promise<T>): Promise<T> =>
  deps.db.read((reader) => work({ actor, clock: deps.clock, reader }))
