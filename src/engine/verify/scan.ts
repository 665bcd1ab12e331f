import { LetheError } from '../../base/errors.ts'
import { type Identity, normalise } from '../../base/identity.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { needlesOf } from '../text/needles.ts'
import { type ScanOptions, scanStore } from './scan-store.ts'
import type { Scanned } from './tally.ts'

export type { Residue } from '../tables.ts'
export { booksFor } from './scan-store.ts'
export type { Scanned, UnreadPart } from './tally.ts'

/**
 * Reads everything a store holds, mapped or not, for the identifiers of many persons at once, on connections that cannot write:
 * every column of every table and every file of its folder, as they stand and in every encoding known. Answers counts by column,
 * way and ground, with the places in the list of those whose they are, and what could not be read. Throws `invalid` for an identity
 * that is none, and for one that cannot be told from ordinary words.
 */
export async function scanForPersons(
  deps: EngineDeps,
  store: string,
  persons: readonly (readonly Identity[])[],
  options: Partial<ScanOptions> = {},
): Promise<Scanned> {
  const opened = storeOf(deps, store)
  const policy = deps.policyOf(store)
  for (const identity of persons.flat()) {
    const { kind, value } = identity
    if (normalise(kind, value, policy) === undefined)
      throw new LetheError('invalid', `this ${kind} is none`, {
        hint: 'Write it as in ann@example.org or +31612345678.',
      })
    if (needlesOf([identity], policy).length === 0)
      throw new LetheError('invalid', `this ${kind} is too short to be told from ordinary text`, {
        hint: 'Give one of at least four characters, seven if they are all digits.',
      })
  }
  const signal = options.signal ?? new AbortController().signal
  const catalogue = await opened.describe({ signal })
  return scanStore(deps, store, catalogue, persons, { ...options, signal })
}

/** The same for one person. */
export const scanForPerson = (
  deps: EngineDeps,
  store: string,
  identities: readonly Identity[],
  options: Partial<ScanOptions> = {},
): Promise<Scanned> => scanForPersons(deps, store, [identities], options)
