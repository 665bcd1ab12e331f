import type { IdentityPolicy } from '../base/identity.ts'
import { LetheError } from '../base/errors.ts'
import { asWritten, forTable } from '../datamap/live.ts'
import type { CollectionMap, DataMap, Graph } from '../datamap/model.ts'
import type { Store } from '../stores/port.ts'

/** What the engine works with; made once by app.ts, handed to its jobs. */
export interface EngineDeps {
  readonly map: DataMap
  readonly graph: Graph
  readonly stores: ReadonlyMap<string, Store>
  /** How identities are compared in a store: default country, plus-addressing. */
  readonly policyOf: (store: string) => IdentityPolicy
  /** Folder where collected rows wait, encrypted, for their package. */
  readonly spool: string
  /** Domains of the company's own addresses: whoever writes from there is no third party. */
  readonly domains?: ReadonlySet<string> | undefined
}

export function storeOf(deps: EngineDeps, name: string): Store {
  const store = deps.stores.get(name)
  if (store) return store
  throw new LetheError('invalid', `there is no store "${name}"`, {
    hint: 'Add it to policies/stores.yaml, or correct the data map that names it.',
  })
}

export function collectionOf(deps: EngineDeps, id: string): CollectionMap {
  const collection = deps.map.collections.get(id)
  if (collection) return collection
  const written = asWritten(deps.map, id)
  if (written) return forTable(written, id.slice(written.id.length + 1, -1))
  throw new LetheError('invalid', `the data map has no collection "${id}" any more`, {
    hint: 'The map changed since this order was planned: plan it again.',
  })
}
