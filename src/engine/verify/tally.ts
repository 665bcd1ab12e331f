import type { Residue } from '../tables.ts'

/** Where values of one kind stand: a column, or the names or the contents of files. */
export interface Place {
  readonly store: string
  readonly table: string
  readonly column: string
}

/** Values that were not read, or not to their end, and why. */
export interface UnreadPart extends Place {
  readonly rows: number
  readonly why: string
}

export interface Scanned {
  readonly residue: readonly Residue[]
  readonly unread: readonly UnreadPart[]
}

interface Hit {
  readonly ground: string | null
  readonly path: readonly string[]
  readonly persons: readonly number[]
  /** The row stands among these already, for another person. */
  readonly counted?: boolean
  /** Keyed digest of the row's key; undefined where the caller has no key to make one with. */
  readonly example: string | undefined
}

interface Counted extends Place {
  readonly ground: string | null
  readonly path: string | undefined
  readonly examples: string[]
  readonly persons: Set<number>
  rows: number
}

const mostExamples = 3

/** Counts by column, way and ground; nothing of what was found is kept. */
export class Tally {
  readonly #hits = new Map<string, Counted>()
  readonly #unread = new Map<string, UnreadPart & { rows: number }>()

  hit(place: Place, hit: Hit): void {
    const path = hit.path.length > 0 ? hit.path.join(' › ') : undefined
    const id = [place.table, place.column, hit.ground, path].join('\0')
    let known = this.#hits.get(id)
    if (!known) {
      known = { ...place, ground: hit.ground, path, rows: 0, examples: [], persons: new Set() }
      this.#hits.set(id, known)
    }
    for (const person of hit.persons) known.persons.add(person)
    if (hit.counted) return
    known.rows++
    if (hit.example !== undefined && known.examples.length < mostExamples) known.examples.push(hit.example)
  }

  unread(place: Place, why: string): void {
    const id = [place.table, place.column, why].join('\0')
    const known = this.#unread.get(id) ?? { ...place, why, rows: 0 }
    known.rows++
    this.#unread.set(id, known)
  }

  /** `many`: several persons were looked for, and whose each is belongs to the answer. */
  scanned(many: boolean): Scanned {
    return {
      residue: [...this.#hits.values()].map(({ path, examples, persons, ...hit }) => ({
        ...hit,
        ...(path !== undefined && { path }),
        ...(examples.length > 0 && { examples }),
        ...(many && { persons: [...persons].sort((a, b) => a - b) }),
      })),
      unread: [...this.#unread.values()],
    }
  }
}
