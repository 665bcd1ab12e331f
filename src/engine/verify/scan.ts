import { LetheError } from '../../base/errors.ts'
import { type Identity, normalise } from '../../base/identity.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import type { Residue } from '../tables.ts'
import { needlesOf } from '../text/needles.ts'
import { scanStore } from './erasure.ts'

/**
 * Reads every text column of every table of a store, mapped or not, for a person's identifiers in all spellings, on a connection
 * that cannot write. Answers counts by column, with the ground that lets rows stay. Throws `invalid` for an identity that is none.
 */
export async function scanForPerson(
  deps: EngineDeps,
  store: string,
  identities: readonly Identity[],
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly Residue[]> {
  const opened = storeOf(deps, store)
  const policy = deps.policyOf(store)
  for (const { kind, value } of identities)
    if (normalise(kind, value, policy) === undefined)
      throw new LetheError('invalid', `this ${kind} is none`, {
        hint: 'Write it as in ann@example.org or +31612345678.',
      })
  const catalogue = await opened.describe({ signal })
  const needles = needlesOf(identities, policy)
  return opened.reading((reader) => scanStore(deps, reader, store, catalogue, needles, signal), { signal })
}
