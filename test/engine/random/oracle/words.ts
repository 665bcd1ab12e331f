import type { Located } from './locate.ts'
import { text } from './locate.ts'
import type { Piece, World } from '../world.ts'

export const erasedMark = '[erased]'
export const withheldMark = '[withheld]'

/**
 * What is left of a text when she is taken out of it: her identifiers, her full name, and in rows that are more than mentions
 * (owned, shared) also her first or last name alone, which elsewhere may be anybody's.
 */
export function redacted(
  world: World,
  value: string,
  located: Located,
  onlyNamed: boolean,
  mark = erasedMark,
): string {
  const hers = new Set(located.identifiers.map((known) => text(known)))
  const names = new Set(located.names)
  const isHers = (piece: Piece): boolean => {
    switch (piece.is) {
      case 'filler':
        return false
      case 'identifier':
        return hers.has(text(piece.of))
      case 'name':
        return names.has(piece.of)
      case 'part of a name':
        return !onlyNamed && located.names.some((name) => name.split(' ').includes(piece.text))
    }
  }
  return piecesOf(world, value)
    .map((piece) => (isHers(piece) ? mark : piece.text))
    .join('')
}

/** What she gets to read of a text that is not all hers: other people's addresses and numbers are withheld. */
export function withheld(world: World, value: string, located: Located): { text: string; hidden: number } {
  const hers = new Set(located.identifiers.map((known) => text(known)))
  const isOthers = (piece: Piece) =>
    piece.is === 'identifier' && piece.of.kind !== 'customer_number' && !hers.has(text(piece.of))
  const pieces = piecesOf(world, value)
  return {
    text: pieces.map((piece) => (isOthers(piece) ? withheldMark : piece.text)).join(''),
    hidden: pieces.filter(isOthers).length,
  }
}

/** A column of free text may hold anything; what the world did not compose holds nobody, or is one identifier. */
function piecesOf(world: World, value: string): readonly Piece[] {
  const known = world.meanings[value]
  return (
    world.texts[value] ?? [
      known ? { is: 'identifier', text: value, of: known } : { is: 'filler', text: value },
    ]
  )
}
