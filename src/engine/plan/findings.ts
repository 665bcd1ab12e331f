import { collectionOf, type EngineDeps } from '../deps.ts'
import type { Located } from '../locate/reach.ts'
import type { Candidate, OrderFinding } from '../tables.ts'

/** Who proves her own address and has another click on a mail would get both: an officer looks whether it is one person. */
export function severalPeople(deps: EngineDeps, located: Located): OrderFinding[] {
  return [...located.rows].flatMap(([id, rows]): OrderFinding[] => {
    const collection = collectionOf(deps, id)
    const people = [...rows.values()].filter((row) => row.reach === 'owned').length
    if (!collection.person || people < 2 || tellsOfPeople(deps, id)) return []
    return [
      {
        kind: 'shared-line',
        store: collection.store,
        collection: collection.name,
        rows: people,
        message:
          'the proved identities lead to several records of people here: make sure that they are one person',
      },
    ]
  })
}

/** A table of addresses hangs on the table of people: two rows of it are no two people, and if they are, that one says so. */
const tellsOfPeople = (deps: EngineDeps, id: string): boolean =>
  deps.graph.edges.some(
    ({ from, to, toField, format }) =>
      to === id &&
      format === 'exact' &&
      !collectionOf(deps, to).key.includes(toField) &&
      collectionOf(deps, from).person,
  )

/** How many, not which: a finding holds no personal data. */
export function tellCandidates(candidates: readonly Candidate[]): OrderFinding[] {
  if (candidates.length === 0) return []
  return [
    {
      kind: 'candidate',
      rows: candidates.length,
      message:
        'addresses or numbers may be the same person’s and are not searched for: accept those that are',
    },
  ]
}

export function findingsOf(
  located: Located,
  read: readonly { store: string; collection: string; rows: number }[],
): OrderFinding[] {
  return [
    ...located.sharedLines.map(
      (line): OrderFinding => ({
        ...line,
        kind: 'shared-line',
        message:
          'reached only by an address or number that several people share: nothing is done with these rows until a person decides',
      }),
    ),
    ...located.unkeyed.map(
      ({ store, collection, rows }): OrderFinding => ({
        store,
        collection,
        rows,
        kind: 'map',
        message: 'are hers, and their key is NULL: no step can name them, so they are not in the plan',
      }),
    ),
    ...read.map(
      (r): OrderFinding => ({
        ...r,
        kind: 'unindexed-scan',
        message: 'read from end to end for identifiers in free text',
      }),
    ),
  ]
}
