import type { Identity } from '../../base/identity.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import { holdsInForce } from '../../holds/in-force.ts'
import type { Hold } from '../../holds/list.ts'
import type { Reader } from '../../ops/db/database.ts'
import { locatePerson } from '../locate/person.ts'
import { keyText } from '../locate/reach.ts'
import { openFreezes } from '../order/show.ts'
import type { PurgeDeps } from './deps.ts'
import type { KeptBy } from './tables.ts'

/** Who suspended what: read in one transaction, found in the stores afterwards. */
export interface Suspensions {
  readonly holds: readonly Hold[]
  readonly freezes: readonly (readonly Identity[])[]
  /** Changes whenever one is added, lifted or closed. */
  readonly signature: string
}

/** Holds and restrictions in force, and open access requests (law.md A5 R5 to R8). */
export async function suspensions(reader: Reader): Promise<Suspensions> {
  const holds = await holdsInForce(reader, 'purge')
  const freezes = await openFreezes(reader)
  const signature = JSON.stringify([holds.map((hold) => hold.id), freezes])
  return { holds, freezes: freezes.map((freeze) => freeze.identities), signature }
}

/** Rows that must stay, by where they lie and their key. */
export interface Excluded {
  readonly signature: string
  by(collection: CollectionMap, key: readonly string[]): KeptBy | undefined
  /** Whether any row of the collection must stay. */
  any(collection: CollectionMap): boolean
}

/** Finds all that is suspended. However a row is a person's (hers, shared, or perhaps hers), a doubt keeps it. */
export async function excludedBy(
  deps: PurgeDeps,
  found: Suspensions,
  signal?: AbortSignal,
): Promise<Excluded> {
  const places = new Map<string, Map<string, KeptBy>>()
  const options = signal ? { signal } : {}
  const add = (collection: CollectionMap, key: string, reason: KeptBy) => {
    const rows = places.get(placeOf(collection)) ?? new Map<string, KeptBy>()
    places.set(placeOf(collection), rows)
    if (!rows.has(key)) rows.set(key, reason)
  }
  const addPerson = async (identities: readonly Identity[], reason: KeptBy) => {
    const located = await locatePerson(deps, identities, options)
    for (const [id, rows] of located.rows) {
      const collection = deps.map.collections.get(id)
      if (collection) for (const key of rows.keys()) add(collection, key, reason)
    }
  }
  for (const { kind, scope } of found.holds) {
    const reason = kind === 'restriction' ? 'restriction' : 'hold'
    if (scope.kind === 'person') await addPerson(scope.identities, reason)
    else
      for (const collection of deps.map.collections.values())
        if (collection.store === scope.store && [collection.name, collection.id].includes(scope.collection))
          add(collection, keyText(scope.key), reason)
  }
  for (const identities of found.freezes) await addPerson(identities, 'freeze')
  return {
    signature: found.signature,
    by: (collection, key) => places.get(placeOf(collection))?.get(keyText(key)),
    any: (collection) => places.has(placeOf(collection)),
  }
}

/** Collections that read one table by one key see the same rows. */
const placeOf = (collection: CollectionMap): string =>
  JSON.stringify([collection.store, collection.table, collection.key])
