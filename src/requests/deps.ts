import type { Duration } from '../base/duration.ts'
import type { Instant } from '../base/instant.ts'
import type { Words } from '../base/words.ts'
import type { Letters } from '../notify/letters.ts'
import type { StepRun } from '../ops/jobs/define.ts'
import type { RulePacks } from './clock/load.ts'

/** What the verbs of this room need besides their transaction; made once by app.ts. */
export interface RequestDeps {
  readonly regimes: RulePacks
  readonly letters: Letters
  /** Public address without a slash at the end; stands in letters. */
  readonly url: string
  /** Who answers, and how to reach its privacy contact, as letters say it. */
  readonly company?: string | undefined
  readonly contact?: string | readonly string[] | undefined
  /** Whether an access request is granted by itself once its plan stands and every e-mail address in it is proved. */
  readonly autoGrant: boolean
}

/** A collection in a person's words, from the data map; the requests know no map. */
export interface CollectionWords {
  readonly title: Words
  /** Why its rows stay in an erasure, if they do. */
  readonly because?: Words | undefined
  /** How long a backup copy of it lives. */
  readonly backupHorizon?: Duration | undefined
  /** Whether an erasure leaves a keyed hash of an address, so that it is not mailed again. */
  readonly suppresses: boolean
}

/** What the jobs need besides. */
export interface RequestJobDeps extends RequestDeps {
  /** How long a package, its link and the open case last after the answer; 30 unless the policy says otherwise. */
  readonly packageDays: number
  /** Undefined for a collection that the map does not know any more. */
  readonly describe: (collectionId: string) => CollectionWords | undefined
  readonly packages: {
    /** Builds the package of an access order, streamed and sealed; the same `id` twice is one package. */
    build(input: PackageOrder): Promise<{ readonly packageId: string }>
  }
}

export interface PackageOrder extends Pick<StepRun<unknown, unknown>, 'db' | 'signal' | 'checkpoint'> {
  /** Upper-case letters and digits. */
  readonly id: string
  readonly orderId: string
  readonly reference: string
  readonly regime: string
  readonly language: string
  readonly receivedAt: Instant
  readonly expiresAt: Instant
  /** `dataset.collection` that a decision in part leaves out, on its ground. */
  readonly leaveOut: readonly {
    readonly collection: string
    readonly ground: string
    readonly because: string
  }[]
}
