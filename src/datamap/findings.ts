import { allFields, edgesOf, type Ends, endsOf } from './links.ts'
import type { CollectionMap, DataMap, Finding, Reference } from './model.ts'
import { maybe } from './reading.ts'

/**
 * What is wrong with the references and orders of a map, and where it leaves open whose a row is. When a file could not
 * be read (`complete` false), names of datasets that are not there are not held against the others.
 */
export function graphFindings(map: DataMap, complete = true): Finding[] {
  const live = [...map.collections.values()].filter((c) => !c.skip)
  return [
    ...live.flatMap((c) => referenceFindings(map, c, complete)),
    ...(complete ? orderFindings(map) : []),
  ]
}

function referenceFindings(map: DataMap, collection: CollectionMap, complete: boolean): Finding[] {
  return allFields(collection.fields).flatMap((field) => {
    const found = field.references.flatMap((ref) => {
      if (!complete && !map.datasets.some((d) => d.key === ref.dataset)) return []
      const ends = endsOf(map, { collection, field }, ref)
      return 'level' in ends ? [ends] : unsaidLink(ends, ref)
    })
    if (field.identity && !field.link)
      found.push(
        unsaid(
          field.where,
          `rows of "${collection.id}" found by the ${field.identity} in "${field.name}" are read as owned`,
        ),
      )
    return found
  })
}

const unsaid = (where: string, message: string): Finding => ({
  level: 'warning',
  where,
  message: `${message}; the map does not say`,
  hint: 'Add lethe: {link: owned}, shared or mentioned to this field.',
})

function unsaidLink(ends: Ends, ref: Reference): Finding[] {
  if (ends.here.field.link) return []
  return edgesOf(ends, ref.direction).map((edge) =>
    unsaid(
      ref.where,
      `rows of "${edge.to}" reached from ${edge.from}.${edge.fromField} are read as ${edge.link}`,
    ),
  )
}

function orderFindings(map: DataMap): Finding[] {
  const ids = [...map.collections.keys()]
  const keys = map.datasets.map((d) => d.key)
  const wrong = (where: string, list: string, name: string, known: readonly string[]): Finding => ({
    level: 'error',
    where,
    message: `${list} names "${name}", which does not exist${maybe(name, known)}`,
    hint: list === 'after of the dataset' ? 'Name a loaded dataset.' : 'Write dataset.collection.',
  })
  const missing = (names: readonly string[], known: readonly string[]) =>
    names.filter((name) => !known.includes(name))
  return [
    ...map.datasets.flatMap((d) =>
      missing(d.after, keys).map((name) => wrong(d.where, 'after of the dataset', name, keys)),
    ),
    ...[...map.collections.values()].flatMap((c) => [
      ...missing(c.after, ids).map((name) => wrong(c.where, 'after', name, ids)),
      ...missing(c.eraseAfter, ids).map((name) => wrong(c.where, 'erase_after', name, ids)),
    ]),
  ]
}
