import { inArray } from 'drizzle-orm'
import { type IdentityPolicy, normalise } from '../../base/identity.ts'
import type { Instant } from '../../base/instant.ts'
import type { Reader } from '../../ops/db/database.ts'
import { tables } from '../tables.ts'
import { suppressionHash } from './suppress.ts'

export interface Suppressed {
  readonly list: string
  readonly since: Instant
}

/**
 * On which lists an address or number stands, by any of the policies it may have been written with; one list where it is
 * given. A value that is no such address stands on none.
 */
export async function suppressionsOf(
  reader: Reader,
  input: { readonly kind: 'email' | 'phone'; readonly value: string; readonly list?: string | undefined },
  policies: readonly IdentityPolicy[],
): Promise<readonly Suppressed[]> {
  const { suppression } = tables(reader)
  const known = await reader.q.selectDistinct({ list: suppression.list }).from(suppression)
  const lists = known.map((row) => row.list).filter((list) => input.list === undefined || list === input.list)
  const spellings = new Set(policies.map((policy) => normalise(input.kind, input.value, policy)))
  const hashes = lists.flatMap((list) =>
    [...spellings].flatMap((normal) =>
      normal === undefined ? [] : [suppressionHash(reader, list, input.kind, normal)],
    ),
  )
  if (hashes.length === 0) return []
  const rows = await reader.q
    .select({ list: suppression.list, since: suppression.since })
    .from(suppression)
    .where(inArray(suppression.hash, hashes))
  return rows.sort((a, b) => (a.list < b.list ? -1 : 1))
}
