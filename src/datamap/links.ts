import type { CollectionMap, DataMap, Edge, FieldMap, Finding, Link, Reference, Seed } from './model.ts'
import { maybe } from './reading.ts'

const strength: Readonly<Record<Link, number>> = { mentioned: 0, shared: 1, owned: 2 }

/** What is left of a claim that passes through another: the weaker of both. */
export const weaker = (a: Link, b: Link): Link => (strength[a] <= strength[b] ? a : b)
/** What counts when a row is reached several ways: the strongest. */
export const stronger = (a: Link, b: Link): Link => (strength[a] >= strength[b] ? a : b)

/** A column of a collection, or what lies inside one by its dotted path. */
export function fieldAt(collection: CollectionMap, name: string): FieldMap | undefined {
  const inside = (fields: readonly FieldMap[]): FieldMap | undefined => {
    for (const field of fields) {
      if (field.name === name) return field
      const found = name.startsWith(`${field.name}.`) ? inside(field.nested ?? []) : undefined
      if (found) return found
    }
    return undefined
  }
  return inside(collection.fields)
}

/** Is the field alone the key of its collection, so that a value of it means one row? */
export const isKey = (collection: CollectionMap, field: string): boolean =>
  collection.key.length === 1 && collection.key[0] === field

export const idOf = (ref: Reference): string => `${ref.dataset}.${ref.collection}`

export const seedOf = (c: CollectionMap, field: FieldMap, identity: string): Seed => ({
  collection: c.id,
  field: field.name,
  identity,
  format: field.format,
  link: field.link ?? 'owned',
})

export interface Ends {
  readonly here: { readonly collection: CollectionMap; readonly field: FieldMap }
  readonly there: { readonly collection: CollectionMap; readonly field: FieldMap }
}

/**
 * The one or two steps a reference allows. What the field says of the link holds in the reference's direction; a
 * reference both ways says it of the rows of its own collection, and the way back is `shared` at most. Unsaid, a row
 * that points at the key of hers is hers (`from`), anything else is shared.
 */
export function edgesOf({ here, there }: Ends, direction: Reference['direction']): Edge[] {
  const format = here.field.format !== 'exact' ? here.field.format : there.field.format
  const said = here.field.link
  const ids = {
    here: [here.collection.id, here.field.name],
    there: [there.collection.id, there.field.name],
  } as const
  const step = (from: 'here' | 'there', to: 'here' | 'there', link: Link): Edge => ({
    from: ids[from][0],
    fromField: ids[from][1],
    to: ids[to][0],
    toField: ids[to][1],
    link,
    format,
  })
  switch (direction) {
    case 'from':
      return [step('there', 'here', said ?? (isKey(there.collection, there.field.name) ? 'owned' : 'shared'))]
    case 'to':
      return [step('here', 'there', said ?? 'shared')]
    case 'both':
      return [
        step('there', 'here', said ?? 'shared'),
        step('here', 'there', weaker(said ?? 'shared', 'shared')),
      ]
  }
}

/** Both ends of a reference, or why it leads nowhere. */
export function endsOf(map: DataMap, here: Ends['here'], ref: Reference): Ends | Finding {
  const wrong = (message: string, hint: string): Finding => ({
    level: 'error',
    where: ref.where,
    message,
    hint,
  })
  const dataset = map.datasets.find((d) => d.key === ref.dataset)
  if (!dataset)
    return wrong(
      `the reference names the dataset "${ref.dataset}", which no store's map holds${maybe(
        ref.dataset,
        map.datasets.map((d) => d.key),
      )}`,
      'Name a loaded dataset, or add its file to stores.yaml.',
    )
  const collection = dataset.collections.find((c) => c.name === ref.collection)
  if (!collection)
    return wrong(
      `the reference names the collection "${idOf(ref)}", which does not exist${maybe(
        ref.collection,
        dataset.collections.map((c) => c.name),
      )}`,
      'Name a collection of that dataset.',
    )
  const field = fieldAt(collection, ref.field)
  if (!field)
    return wrong(
      `the reference names the field "${ref.field}", which "${collection.id}" does not have${maybe(
        ref.field,
        collection.fields.map((f) => f.name),
      )}`,
      'Name a field of that collection.',
    )
  if (collection.skip)
    return wrong(
      `the reference leads to "${collection.id}", which is left out by skip_processing`,
      'Take skip_processing away, or the reference.',
    )
  const formats = new Set([here.field.format, field.format].filter((f) => f !== 'exact'))
  if (formats.size > 1)
    return wrong(
      `the reference compares ${here.field.format} with ${field.format}`,
      'Give both fields one format.',
    )
  return { here, there: { collection, field } }
}

/** Columns of a collection and what lies inside them. */
export const allFields = (fields: readonly FieldMap[]): FieldMap[] =>
  fields.flatMap((field) => [field, ...allFields(field.nested ?? [])])
