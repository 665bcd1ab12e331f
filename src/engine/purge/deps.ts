import type { TimeZone } from '../../base/instant.ts'
import type { EngineDeps } from '../deps.ts'

/** The points between which a purge may be interrupted; tests stop it there. */
export type PurgePoint = 'read' | 'intended' | 'locked' | 'deleted' | 'unlinked' | 'committed' | 'received'

export interface PurgeDeps extends EngineDeps {
  /** In which zone a store writes local times; undefined where stores.yaml does not say: then the rule's. */
  readonly zoneOf: (store: string) => TimeZone | undefined
  /** For tests: called at each point. */
  readonly at?: (point: PurgePoint) => void | Promise<void>
}
