import type { Reader } from '../../ops/db/database.ts'
import { listOfficers } from '../../officers/officer.ts'

/** Names of officers by their ids, for pages; the ledger keeps the ids. */
export async function officerNames(reader: Reader): Promise<(id: string) => string> {
  const names = new Map((await listOfficers(reader)).map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? id
}

/** Who did something, as a page says it. */
export function actorWords(
  by: { readonly kind: string; readonly id: string },
  nameOf: (id: string) => string,
): string {
  if (by.kind === 'officer') return nameOf(by.id)
  return by.kind === 'person' ? 'the person' : `the service (${by.id})`
}
