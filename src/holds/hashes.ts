import { normalise } from '../base/identity.ts'
import { canonicalJson } from '../base/json.ts'
import type { Keys } from '../ops/sealing.ts'
import type { HoldScope } from './tables.ts'

/** What stands for the scope where it must not be named: one keyed hash an identity, or one of the record. */
export function scopeHashes(keys: Keys, scope: HoldScope): string[] {
  switch (scope.kind) {
    case 'person':
      return scope.identities.map(({ kind, value }) =>
        keys.hash('hold-identity', `${kind}:${normalise(kind, value) ?? value}`),
      )
    case 'record':
      return [keys.hash('hold-record', canonicalJson([scope.store, scope.collection, scope.key]))]
  }
}
