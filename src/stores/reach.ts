import { isLetheError } from '../base/errors.ts'
import type { Catalogue, Store } from './port.ts'

/** A store that did not answer, in words for a person; without values and without its address. */
export interface Down {
  readonly store: string
  readonly message: string
  readonly hint: string
}

export interface Reached {
  readonly catalogues: ReadonlyMap<string, Catalogue>
  readonly down: readonly Down[]
}

const patienceMs = 15_000

/** Reads the live schema of every store at once; one that is down does not hide the others. */
export async function reachStores(stores: Iterable<Store>): Promise<Reached> {
  const catalogues = new Map<string, Catalogue>()
  const down: Down[] = []
  await Promise.all(
    [...stores].map(async (store) => {
      try {
        catalogues.set(store.name, await store.describe({ timeoutMs: patienceMs }))
      } catch (error) {
        down.push(downOf(store.name, error))
      }
    }),
  )
  return { catalogues, down: down.sort((a, b) => (a.store < b.store ? -1 : 1)) }
}

/** Drivers’ own words may hold values; only ours are passed on. */
export const downOf = (store: string, error: unknown): Down =>
  isLetheError(error)
    ? { store, message: error.message, hint: error.hint ?? '' }
    : {
        store,
        message: `store ${store}: did not answer`,
        hint: 'Check that it runs and that its url in stores.yaml is right.',
      }
