import type { Dice } from './dice.ts'
import { type Person, spell, writeText, email, phone } from './people.ts'
import type { Shape, Use } from './shape.ts'
import type { Cell, Column, Known, Piece, Row } from './world.ts'

export interface Filled {
  readonly rows: readonly (readonly Row[])[]
  readonly meanings: Record<string, Known>
  readonly texts: Record<string, readonly Piece[]>
}

/** Rows for every table. `caseBlind`: a store that takes `ABC` and `abc ` for equal refuses both as keys of one table. */
export function fill(
  dice: Dice,
  shapes: readonly Shape[],
  people: readonly Person[],
  caseBlind: boolean,
): Filled {
  const filler = new Filler(dice, people, caseBlind)
  const counts = shapes.map((shape) => (shape.people ? people.length + dice.below(2) : 3 + dice.below(7)))
  const keys = shapes.map((shape, i) => filler.keysOf(shape, counts[i] as number))
  const rows = shapes.map((shape, i) => filler.rowsOf(shape, keys[i] as KeyRow[], keys))
  return { rows, meanings: filler.meanings, texts: filler.texts }
}

type KeyRow = Record<string, Cell>

class Filler {
  readonly meanings: Record<string, Known> = {}
  readonly texts: Record<string, readonly Piece[]> = {}
  readonly #dice: Dice
  readonly #people: readonly Person[]
  readonly #caseBlind: boolean
  #serial = 0

  constructor(dice: Dice, people: readonly Person[], caseBlind: boolean) {
    this.#dice = dice
    this.#people = people
    this.#caseBlind = caseBlind
  }

  /** Keys first, so that references find them whichever way they point; keys made of references come with the rows. */
  keysOf(shape: Shape, count: number): KeyRow[] {
    const base = this.#dice.below(3)
    return Array.from({ length: count }, (_, n) => {
      const row: KeyRow = {}
      for (const column of shape.key) {
        const use = shape.uses[column] as Use
        if (use.is === 'key')
          row[column] = shape.key.length > 1 ? String(1 + Math.floor(n / 2)) : this.#key(use.style, base + n)
        if (use.is === 'line') row[column] = String(1 + (n % 2))
      }
      return row
    })
  }

  #key(style: 'small' | 'big' | 'code', n: number): string {
    switch (style) {
      // Zero is a number like any other.
      case 'small':
        return String(n)
      // Neighbours that are one number to a double.
      case 'big':
        return String(9_007_199_254_740_992n + BigInt(n))
      // Some differ in case only.
      case 'code':
        return n % 3 === 1 && !this.#caseBlind ? `K${n - 1}x` : `k${n}x`
    }
  }

  rowsOf(shape: Shape, keys: readonly KeyRow[], all: readonly (readonly KeyRow[])[]): Row[] {
    const taken = new Map(shape.unique.map((key) => [key, new Set<string>()]))
    const takenKeys = new Set<string>()
    return keys.flatMap((key, n) => {
      const row: Record<string, Cell> = { ...key }
      const person = shape.people ? this.#people[n] : undefined
      for (const fk of shape.foreignKeys)
        if (fk.columns.length > 1) Object.assign(row, this.#pair(shape, fk, all))
      for (const column of shape.columns) {
        if (row[column.name] !== undefined) continue
        row[column.name] = this.#cell(shape, column, person, all)
      }
      // Rows that are the same in everything stay where no key forbids it.
      if (shape.key.length === 0) return this.#dice.chance(0.2) ? [row, { ...row }] : [row]
      const keyText = JSON.stringify(shape.key.map((column) => row[column]))
      if (takenKeys.has(keyText)) return []
      takenKeys.add(keyText)
      for (const [[column = ''], values] of taken) {
        // Other rows may point at this one by now: it stays, with a number that is nobody else's.
        if (row[column] !== null && values.has(String(row[column])))
          row[column] = this.#known({ kind: 'customer_number', value: `C-7${1000 + ++this.#serial}` })
        values.add(String(row[column]))
      }
      return [row]
    })
  }

  #pair(shape: Shape, fk: Shape['foreignKeys'][number], all: readonly (readonly KeyRow[])[]): KeyRow {
    const use = shape.uses[fk.columns[0] as string] as Use
    const nullable = shape.columns.some((c) => c.name === fk.columns[0] && c.nullable)
    const target =
      use.is === 'ref' && !(nullable && this.#dice.chance(0.2))
        ? this.#dice.pick(all[use.to] ?? [])
        : undefined
    return Object.fromEntries(
      fk.columns.map((column, i) => [column, target?.[fk.references[i] as string] ?? null]),
    )
  }

  #cell(shape: Shape, column: Column, person: Person | undefined, all: readonly (readonly KeyRow[])[]): Cell {
    const use = shape.uses[column.name] as Use
    const dice = this.#dice
    // A stranger's row, or a field that nobody filled in.
    if (column.nullable && dice.chance(person ? 0.1 : 0.15)) return null
    switch (use.is) {
      case 'ref':
        return this.#reference(use, column, all)
      case 'email':
        return this.#contact(
          person ? dice.pick(person.emails) : dice.pick(dice.pick(this.#people).emails),
          'email',
        )
      case 'phone':
        return this.#contact((person ?? dice.pick(this.#people)).phone, 'phone')
      case 'number':
        return this.#known((person ?? dice.pick(this.#people)).number)
      case 'name': {
        const { name } = person ?? dice.pick(this.#people)
        this.texts[name] = [{ is: 'name', text: name, of: name }]
        return name
      }
      case 'text':
        return dice.chance(0.1) ? '' : this.#text()
      case 'plain':
        return dice.pick(['', 'gold', 'silver', 'zilver & goud'])
      case 'amount':
        return String(dice.below(500))
      case 'kind':
        return dice.pick(['a', 'b', 'c'])
      case 'key':
      case 'line':
        return null
    }
  }

  #reference(use: Extract<Use, { is: 'ref' }>, column: Column, all: readonly (readonly KeyRow[])[]): Cell {
    const known = (all[use.to] ?? []).flatMap((row) => row[use.column] ?? [])
    const value = this.#dice.pick(known)
    if (use.real || !this.#dice.chance(0.15)) return value
    // Nobody is behind these: rows that went long ago, what an application writes for none, and what only looks alike.
    if (column.type === 'integer') return this.#dice.pick(['0', '999999', '9007199254740991'])
    return this.#dice.pick(['', '0', 'none', `${value} `, `0${value}`, value.toUpperCase()])
  }

  #contact(known: Known, kind: 'email' | 'phone'): Cell {
    if (!this.#dice.chance(0.1)) return this.#known(known)
    const { value } = known
    // A longer number is another's.
    if (kind === 'phone')
      return this.#dice.pick([
        '',
        'anonymous',
        this.#known(phone(this.#dice.pick([`${value}77`, '+31612340000']))),
      ])
    const others = [`x${value}`, `${value}.org`, value.replace('@', '+news@')]
    return this.#dice.pick(['', 'unknown', this.#known(email(this.#dice.pick(others)))])
  }

  #known(known: Known): string {
    const { before, core, after } = spell(this.#dice, known)
    const cell = before + core + after
    this.meanings[cell] = known
    this.texts[cell] = [
      { is: 'filler', text: before },
      { is: 'identifier', text: core, of: known },
      { is: 'filler', text: after },
    ]
    return cell
  }

  #text(): string {
    const pieces = writeText(this.#dice, this.#people, ++this.#serial)
    const text = pieces.map((piece) => piece.text).join('')
    this.texts[text] = pieces
    return text
  }
}
