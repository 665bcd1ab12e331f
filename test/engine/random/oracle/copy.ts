import { type Cell, type Field, isPersonal, placeOf, tableOf, type World } from '../world.ts'
import type { Located, Reached } from './locate.ts'
import { withheld } from './words.ts'

/** One row of her copy: what she gets to see, and in which fields something of others was left out. */
export interface CopiedRow {
  readonly collection: string
  readonly place: string
  readonly link: string
  readonly values: Readonly<Record<string, Cell>>
  readonly redacted: readonly string[]
}

/** Her copy (Art. 15(3)): hers whole; of what is shared or only names her, not what is others' (Art. 15(4)). */
export const copy = (world: World, located: Located): CopiedRow[] =>
  [...located.rows, ...located.named]
    .filter(({ reach }) => reach !== 'possible')
    .map((found) => copied(world, found, located))

function copied(world: World, found: Reached, located: Located): CopiedRow {
  const { collection, row, reach, via } = found
  const values: Record<string, Cell> = {}
  const redacted: string[] = []
  for (const field of collection.fields) {
    if (field.secret) continue
    const value = row[field.name] ?? null
    if (reach === 'owned' || value === null) values[field.name] = value
    else if (field.freeText) {
      const { text, hidden } = withheld(world, value, located)
      values[field.name] = reach === 'mentioned' && !names(world, value, located) ? '' : text
      if (hidden > 0 || values[field.name] !== value) redacted.push(field.name)
    } else if (!isPersonal(field) || isHers(field, via)) values[field.name] = value
    else redacted.push(field.name)
  }
  return {
    collection: collection.id,
    place: placeOf(tableOf(world, collection), row),
    link: reach,
    values,
    redacted,
  }
}

const isHers = (field: Field, via: ReadonlySet<string>): boolean => via.has(field.name)

/** A text of a row that only mentions her is shown around where it does. */
const names = (world: World, value: string, located: Located): boolean => {
  const hers = new Set(located.identifiers.map(({ kind, value: v }) => `${kind}:${v}`))
  return (world.texts[value] ?? []).some(
    (piece) =>
      (piece.is === 'identifier' && hers.has(`${piece.of.kind}:${piece.of.value}`)) ||
      (piece.is === 'name' && located.names.includes(piece.of)),
  )
}
