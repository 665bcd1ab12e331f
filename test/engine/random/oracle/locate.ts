import { type Collection, type Format, formatOf, isInCollection, tableOf } from '../world.ts'
import type { Known, Link, Row, World } from '../world.ts'
import { lessHers, type Shared } from './caps.ts'
import { type Way, waysOf } from './ways.ts'

/*
 * Whose rows are whose, as slowly and plainly as it can be said: every way is tried from every row until nothing changes.
 * The documents: policies/datamap/README.md and the docstrings of src/datamap/model.ts.
 */

/** `possible`: reached only by a line or mailbox that several people have. */
export type Reach = Link | 'possible'

export interface Reached {
  readonly collection: Collection
  readonly row: Row
  reach: Reach
  /** The strongest way that leads on from here; one that only names her ends here, so it is not among them. */
  leads: Reach | undefined
  /** Fields that hold what is hers: reached through them by an identity or from a row of hers, not by a shared line. */
  readonly via: Set<string>
}

export interface Located {
  readonly rows: readonly Reached[]
  /** Rows that only name her in free text; one that may be hers by a shared line is in both lists. */
  readonly named: readonly Reached[]
  readonly identifiers: readonly Known[]
  readonly names: readonly string[]
  /** Lines and mailboxes on the way that several people have. */
  readonly lines: ReadonlySet<string>
}

const rank: Readonly<Record<Reach, number>> = { possible: 0, mentioned: 1, shared: 2, owned: 3 }
const weaker = (a: Reach, b: Reach): Reach => (rank[a] < rank[b] ? a : b)

export const text = ({ kind, value }: Known): string => `${kind}:${value}`

/** What is compared of a value; undefined for what is never looked for: NULL, nothing, no address where one is expected. */
export function compared(world: World, value: string | null | undefined, format: Format): string | undefined {
  if (value === null || value === undefined || value === '') return undefined
  if (format === 'exact') return value
  const known = world.meanings[value]
  return known?.kind === format ? known.value : undefined
}

export function locate(world: World, wasShared: ReadonlySet<string> = new Set()): Located {
  // Some of it only the whole shows: then all of it again, with those rows no more hers than that.
  for (let capped: Shared = new Map(), size = 0; ; ) {
    const search = new Search(world, wasShared, capped)
    search.untilNothingChanges()
    const located = search.result()
    capped = lessHers(world, waysOf(world), located.rows, capped)
    const now = [...capped.values()].reduce((sum, rows) => sum + rows.size, 0)
    if (now === size) return located
    size = now
  }
}

interface Target {
  readonly collection: Collection
  readonly field: string
  readonly format: Format
  readonly value: string
}

class Search {
  readonly #world: World
  readonly #ways: readonly Way[]
  readonly #wasShared: ReadonlySet<string>
  readonly #capped: Shared
  readonly #reached = new Map<Collection, Map<Row, Reached>>()
  readonly #lines = new Set<string>()
  #changed = true

  constructor(world: World, wasShared: ReadonlySet<string>, capped: Shared) {
    this.#world = world
    this.#ways = waysOf(world)
    this.#wasShared = wasShared
    this.#capped = capped
  }

  untilNothingChanges(): void {
    while (this.#changed) {
      this.#changed = false
      for (const collection of this.#world.collections)
        for (const field of collection.fields) {
          if (field.identity === undefined) continue
          const format = formatOf(field)
          for (const { kind, value } of this.#world.identities)
            if (kind === field.identity)
              this.#arrive({ collection, field: field.name, format, value }, field.link ?? 'owned', true)
        }
      for (const way of this.#ways)
        for (const { row, leads } of this.#reached.get(way.from)?.values() ?? []) {
          // That a doubtful row only names somebody says nothing of her.
          if (leads === undefined || (leads === 'possible' && way.link === 'mentioned')) continue
          const value = compared(this.#world, row[way.fromField], way.format)
          const target = { collection: way.to, field: way.toField, format: way.format }
          if (value !== undefined)
            this.#arrive({ ...target, value }, weaker(leads, way.link), leads === 'owned')
        }
    }
  }

  #arrive(at: Target, reach: Reach, isHers: boolean): void {
    const { collection, field, format, value } = at
    const isLine = format !== 'exact' && this.#isLine({ kind: format, value })
    if (isLine) this.#lines.add(`${format}:${value}`)
    // That a shared number stands somewhere says nothing of her; that a record hangs on it may.
    if (isLine && reach === 'mentioned') return
    for (const row of tableOf(this.#world, collection).rows) {
      if (!isInCollection(collection, row)) continue
      if (compared(this.#world, row[field], format) !== value) continue
      this.#found(at, row, isLine ? 'possible' : reach, isHers && !isLine)
    }
  }

  #found({ collection, field }: Target, row: Row, found: Reach, isHers: boolean): void {
    const reach = this.#capped.get(collection)?.has(row) ? weaker(found, 'shared') : found
    const rows = this.#reached.get(collection) ?? new Map<Row, Reached>()
    this.#reached.set(collection, rows)
    const known = rows.get(row) ?? { collection, row, reach, leads: undefined, via: new Set<string>() }
    if (!rows.has(row) || rank[reach] > rank[known.reach]) {
      known.reach = reach
      this.#changed = true
    }
    // A row that only names her makes nothing around it hers.
    if (reach !== 'mentioned' && (known.leads === undefined || rank[reach] > rank[known.leads])) {
      known.leads = reach
      this.#changed = true
    }
    rows.set(row, known)
    if (!isHers || known.via.has(field)) return
    known.via.add(field)
    this.#changed = true
  }

  /** Several rows of people for one address are a shared mailbox. */
  #isLine(known: Known): boolean {
    if (this.#wasShared.has(text(known))) return true
    return this.#world.collections
      .filter((c) => c.person)
      .some((c) => {
        const fields = c.fields.filter((f) => formatOf(f) === known.kind)
        const holders = tableOf(this.#world, c).rows.filter(
          (row) =>
            isInCollection(c, row) &&
            fields.some((f) => compared(this.#world, row[f.name], formatOf(f)) === known.value),
        )
        return holders.length > 1
      })
  }

  result(): Located {
    const rows = [...this.#reached.values()].flatMap((found) => [...found.values()])
    const own = rows.filter(({ collection, reach }) => collection.person && reach === 'owned')
    const names = new Set<string>()
    const identifiers = new Map(this.#world.identities.map((known) => [text(known), known]))
    for (const { collection, row } of own)
      for (const field of collection.fields) {
        const value = row[field.name]
        if (value && field.categories.includes('user.name')) names.add(value)
        const known = value ? this.#world.meanings[value] : undefined
        if (known && known.kind === formatOf(field)) identifiers.set(text(known), known)
      }
    const hers = [...identifiers.values()].filter(
      (known) => known.kind === 'customer_number' || !this.#isLine(known),
    )
    return { rows, named: this.#named(hers), identifiers: hers, names: [...names], lines: this.#lines }
  }

  #named(identifiers: readonly Known[]): Reached[] {
    const hers = new Set(identifiers.map((known) => text(known)))
    return this.#world.collections.flatMap((collection) => {
      const fields = collection.fields.filter((f) => f.freeText).map((f) => f.name)
      return tableOf(this.#world, collection)
        .rows.filter((row) => isInCollection(collection, row))
        .flatMap((row) => {
          const known = this.#reached.get(collection)?.get(row)
          if (known && known.reach !== 'possible') return []
          const via = fields.filter((name) => holds(this.#world, row[name], hers))
          return via.length === 0
            ? []
            : [{ collection, row, reach: 'mentioned' as const, leads: undefined, via: new Set(via) }]
        })
    })
  }
}

/** Does an identifier of hers stand in a cell, as the whole of it or inside a text? */
export function holds(world: World, cell: string | null | undefined, hers: ReadonlySet<string>): boolean {
  if (cell === null || cell === undefined) return false
  const known = world.meanings[cell]
  if (known && hers.has(text(known))) return true
  return (world.texts[cell] ?? []).some((piece) => piece.is === 'identifier' && hers.has(text(piece.of)))
}
