import { type Cell, isPersonal, placeOf, tableOf, type World } from '../world.ts'
import { writerOf } from './caps.ts'
import { type Located, type Reached, text } from './locate.ts'
import { waysOf } from './ways.ts'
import { withheld } from './words.ts'

/** One row of her copy: what she gets to see, and in which fields something of others was left out. */
export interface CopiedRow {
  readonly collection: string
  readonly place: string
  readonly link: string
  readonly values: Readonly<Record<string, Cell>>
  readonly redacted: readonly string[]
}

/**
 * Her copy (Art. 15(3)): hers whole; of what is shared, only names her, or was written by somebody else, not what is others'
 * (Art. 15(4)).
 */
export function copy(world: World, located: Located): CopiedRow[] {
  const ways = waysOf(world)
  const owned = located.rows.filter(({ reach }) => reach === 'owned')
  const isOpen = ({ collection, row, reach }: Reached): boolean => {
    const writer = writerOf(ways, owned, collection, row)
    return writer === 'she' || (writer === undefined && reach === 'owned')
  }
  return [
    ...located.rows
      .filter(({ reach }) => reach !== 'possible')
      .map((found) => copied(world, found, located, isOpen(found))),
    ...located.named.map((found) => copied(world, found, located, false)),
  ]
}

function copied(world: World, found: Reached, located: Located, isOpen: boolean): CopiedRow {
  const { collection, row, reach, via } = found
  const values: Record<string, Cell> = {}
  const redacted: string[] = []
  for (const field of collection.fields) {
    if (field.secret) continue
    const value = row[field.name] ?? null
    if (value === null) values[field.name] = null
    else if (field.freeText) {
      const { text: clean, hidden } = isOpen ? { text: value, hidden: 0 } : withheld(world, value, located)
      const isShown = reach !== 'mentioned' || names(world, value, located)
      values[field.name] = isShown ? clean : ''
      if (hidden > 0 || values[field.name] !== value) redacted.push(field.name)
    } else if (reach === 'owned' || !isPersonal(field) || via.has(field.name)) values[field.name] = value
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

/** A text of a row that only mentions her is shown around where it does. */
const names = (world: World, value: string, located: Located): boolean => {
  const hers = new Set(located.identifiers.map((known) => text(known)))
  return (world.texts[value] ?? []).some(
    (piece) =>
      (piece.is === 'identifier' && hers.has(text(piece.of))) ||
      (piece.is === 'name' && located.names.includes(piece.of)),
  )
}

/**
 * The same, where it makes no difference whether other people's names are shown: which of them stand in a record that is tied to
 * hers is a guard's guess, and an officer's to look at. Addresses and numbers are not.
 */
export function blindToNames(world: World, located: Located, rows: readonly CopiedRow[]): CopiedRow[] {
  const others = Object.values(world.texts)
    .flat()
    .filter((piece) => piece.is === 'name' && !located.names.includes(piece.of))
    .map((piece) => piece.text)
  const blind = (value: Cell): Cell =>
    value === null
      ? null
      : [...new Set(others)].reduce((rest, name) => rest.replaceAll(name, '[withheld]'), value)
  return rows.map((row) => {
    const values = Object.fromEntries(Object.entries(row.values).map(([name, value]) => [name, blind(value)]))
    const isBlind = (name: string) => values[name]?.includes('[withheld]') === true
    return { ...row, values, redacted: row.redacted.filter((name) => !isBlind(name)) }
  })
}
