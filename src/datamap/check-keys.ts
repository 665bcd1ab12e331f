import type { CatalogueLike, ForeignKeyLike, TableLike } from './catalogue.ts'
import { columnOf } from './catalogue.ts'
import { idOf } from './links.ts'
import { effectiveMask } from './masks.ts'
import type { CollectionMap, Cut, Edge, FieldMap, Finding, Reference } from './model.ts'

/** A table that points at the one whose rows are deleted, and what the map says of it. */
interface Child {
  readonly table: TableLike
  readonly fk: ForeignKeyLike
  /** The collections that read it; several may. */
  readonly collections: readonly CollectionMap[]
  /** The fields by which the map walks along this very key. */
  readonly followed: readonly FieldMap[]
  /** The steps of a search from the rows that go to rows that point at them. */
  readonly steps: readonly Edge[]
}

/** What a deletion is held against. */
interface Around {
  readonly catalogue: CatalogueLike
  /** All collections of the store. */
  readonly mates: readonly CollectionMap[]
  readonly edges: readonly Edge[]
}

/**
 * What the store itself would do when rows of this collection are deleted: take other rows along, refuse, or empty
 * their keys. What goes along takes further rows along, so it is looked at as if it were deleted itself.
 */
export function deleteFindings(
  parent: CollectionMap,
  table: TableLike,
  around: Around,
  seen: ReadonlySet<string> = new Set(),
): Finding[] {
  const { catalogue, mates, edges } = around
  return catalogue.tables.flatMap((other) =>
    other.foreignKeys
      .filter((fk) => fk.table === table.name)
      .flatMap((fk) => {
        const collections = mates.filter((c) => c.table === other.name && !c.skip)
        const followed = collections.flatMap((c) => fieldsAlong(c, fk, parent.table, mates))
        const steps = edges.filter(
          (edge) =>
            edge.from === parent.id &&
            fk.columns.includes(edge.toField) &&
            collections.some((c) => c.id === edge.to),
        )
        const found = childFindings(parent, { table: other, fk, collections, followed, steps })
        const along =
          fk.onDelete === 'cascade'
            ? collections.filter((c) => c.erase === 'anonymise' && !seen.has(c.id))
            : []
        const known = new Set([...seen, ...along.map((c) => c.id)])
        return [...found, ...along.flatMap((c) => deleteFindings(c, other, around, known))]
      }),
  )
}

/** Fields of `c` in this key whose reference, declared on either side, joins it to the table the key points at. */
function fieldsAlong(
  c: CollectionMap,
  fk: ForeignKeyLike,
  table: string,
  mates: readonly CollectionMap[],
): FieldMap[] {
  const leads = (ref: Reference, to: (other: CollectionMap) => boolean) =>
    mates.some((m) => m.id === idOf(ref) && to(m))
  return c.fields.filter(
    (field) =>
      fk.columns.includes(field.name) &&
      (field.references.some((ref) => leads(ref, (m) => m.table === table)) ||
        mates.some(
          (m) =>
            m.table === table &&
            m.fields.some((f) =>
              f.references.some((ref) => ref.field === field.name && leads(ref, (x) => x.id === c.id)),
            ),
        )),
  )
}

function childFindings(parent: CollectionMap, child: Child): Finding[] {
  const name = `${child.table.name} (${child.fk.columns.join(', ')})`
  const say = (level: Finding['level'], message: string, hint: string): Finding[] => [
    { level, where: parent.where, message, hint },
  ]
  const unknown =
    child.collections.length === 0 ? 'a table the map does not know' : 'a key the map does not follow'
  const declare = `Declare ${child.table.name} as a collection with a reference on ${child.fk.columns.join(', ')}.`
  const known = child.followed.length > 0
  switch (child.fk.onDelete) {
    case 'cascade':
      if (child.steps.length === 0 && !child.collections.some((c) => isFound(parent, c, child)))
        return say(
          'error',
          `deleting from ${parent.table} makes the store delete rows of ${name} too, ${unknown}`,
          declare,
        )
      return cascadeFindings(parent, child, name, say)
    case 'no action':
    case 'restrict':
      if (!known)
        return say(
          'error',
          `the store refuses to delete from ${parent.table} while rows of ${name} point there, ${unknown}`,
          declare,
        )
      if (
        child.table.name === parent.table ||
        child.collections.some((c) => c.erase === 'delete' || detaches(c, child))
      )
        return []
      return say(
        'error',
        `the store refuses to delete from ${parent.table} while rows of ${name} stay and point there`,
        `Anonymise ${parent.table}, delete ${child.table.name}, or mask ${child.fk.columns.join(', ')} with null.`,
      )
    case 'set null':
    case 'set default': {
      const tight = child.fk.columns.filter((name) => columnOf(child.table, name)?.nullable === false)
      if (
        child.fk.onDelete === 'set null' &&
        tight.length > 0 &&
        !child.collections.some((c) => c.erase === 'delete')
      )
        return say(
          'error',
          `deleting from ${parent.table} makes the store empty ${name}, and ${tight.join(', ')} cannot be empty: it refuses`,
          `Delete ${child.table.name} too, or anonymise ${parent.table}.`,
        )
      return known
        ? []
        : say('warning', `deleting from ${parent.table} makes the store empty ${name}, ${unknown}`, declare)
    }
  }
}

type Say = (level: Finding['level'], message: string, hint: string) => Finding[]
function cascadeFindings(parent: CollectionMap, child: Child, name: string, say: Say): Finding[] {
  const message = `deleting from ${parent.table} makes the store delete rows of ${name}`
  const hint = `Anonymise ${parent.table} instead.`
  if (child.steps.some((step) => step.link !== 'owned'))
    return say('error', `${message}, which are other people's too`, hint)
  const found = child.collections.filter((c) => isFound(parent, c, child))
  const missed = child.collections.filter((c) => !found.includes(c))
  if (missed.length > 0 && found.every((c) => Object.keys(c.rows).length > 0 || c.lookups))
    return say(
      'error',
      `${message}, and does not ask which: ${missed.map((c) => c.id).join(', ')} reads some of them, by a key the map does not follow`,
      `Give ${missed.map((c) => c.id).join(', ')} the same reference on ${child.fk.columns.join(', ')}.`,
    )
  if (child.collections.some((c) => c.erase === 'keep'))
    return say('error', `${message}, which the map wants kept`, hint)
  if (child.collections.some((c) => c.erase === 'delete')) return []
  return say('warning', `${message}, which the map wants anonymised`, hint)
}

/**
 * Whether a search meets the rows that go along: by a step from the rows that go, or because a counted row goes only when every row
 * that points at it is hers.
 */
const isFound = (parent: CollectionMap, c: CollectionMap, { steps, followed }: Child): boolean =>
  steps.some((step) => step.to === c.id) ||
  (parent.counted === true && c.fields.some((field) => followed.includes(field)))

/** Masks of a column that other tables point at: the store refuses, or changes what points there. */
export function updateFindings(c: CollectionMap, table: TableLike, catalogue: CatalogueLike): Finding[] {
  return c.fields.flatMap((field) => {
    const column = columnOf(table, field.name)
    const loses = c.erase === 'anonymise' || field.link === 'shared' || field.link === 'mentioned'
    if (!column || column.generated || (!c.wholeRow && c.key.includes(field.name)) || (!field.mask && !loses))
      return []
    if (effectiveMask(field, column).how === 'keep') return []
    return catalogue.tables.flatMap((other) =>
      other.foreignKeys
        .filter((fk) => fk.table === table.name && fk.references.includes(field.name))
        .map((fk): Finding => {
          const follows = fk.onUpdate !== undefined && !['no action', 'restrict'].includes(fk.onUpdate)
          return {
            level: follows ? 'warning' : 'error',
            where: field.where,
            message: `${other.name} (${fk.columns.join(', ')}) points at ${table.name}.${field.name}: masking it ${follows ? `makes the store change those rows too (ON UPDATE ${fk.onUpdate})` : 'is refused while a row points there'}`,
            hint: 'Keep it (lethe: {erase: keep}), or let the rows that point here go first.',
          }
        }),
    )
  })
}

const detaches = (c: CollectionMap, { fk }: Child): boolean =>
  c.erase === 'anonymise' && c.fields.some((f) => fk.columns.includes(f.name) && f.mask?.how === 'null')

/** A circle that the store enforces and that no NULL can open cannot be deleted from in any order. */
export function cutFindings(
  cuts: readonly Cut[],
  collections: ReadonlyMap<string, CollectionMap>,
  tables: (c: CollectionMap) => TableLike | undefined,
): Finding[] {
  return cuts.flatMap((cut) => {
    const child = collections.get(cut.child)
    const parent = collections.get(cut.parent)
    const table = child && tables(child)
    if (!child || !parent || !table || cut.field === undefined || cut.self || parent.erase !== 'delete')
      return []
    const field = cut.field
    const fk = table.foreignKeys.find((k) => k.table === parent.table && k.columns.includes(field))
    if (!fk || (fk.onDelete !== 'restrict' && fk.onDelete !== 'no action')) return []
    if (columnOf(table, field)?.nullable) return []
    return [
      {
        level: 'error',
        where: child.where,
        message: `${child.id} and ${parent.id} point at each other, and ${table.name}.${field} cannot be emptied`,
        hint: 'Anonymise one of them instead of deleting both.',
      },
    ]
  })
}
