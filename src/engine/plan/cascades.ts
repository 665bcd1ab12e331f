import type { CollectionMap } from '../../datamap/model.ts'
import type { Catalogue, ForeignKey, Row, StoreReader, TableInfo } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { keyPart } from '../../stores/keys.ts'
import { rowFilter } from '../locate/columns.ts'
import type { OrderFinding } from '../tables.ts'
import { anonymiseMasks, redactMasks } from '../masks/mask.ts'
import type { Drawing, DrawnStep } from './draw.ts'

/** Rows asked for at once. */
const lot = 500

/** A key by which the store acts on other rows when a row goes. */
interface Tie {
  readonly child: TableInfo
  readonly key: ForeignKey
}

interface Tally {
  readonly tie: Tie
  /** Hers by another way, and not hers at all. */
  hers: number
  others: number
}

/**
 * What the stores do by themselves when the plan's rows go: rows deleted along foreign keys, keys emptied, triggers fired. Counted
 * by walking the keys from the plan's own rows. Rows of hers that the plan deletes anyway are not counted again; rows of anybody
 * else that would go stop the plan. Reads only.
 */
export async function effectFindings(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  drawing: Drawing,
  signal?: AbortSignal,
): Promise<OrderFinding[]> {
  const found: OrderFinding[] = []
  const options = signal ? { signal } : {}
  for (const [name, catalogue] of catalogues) {
    found.push(...triggerFindings(name, catalogue, drawing))
    const store = storeOf(deps, name)
    const isDeleting = drawing.steps.some((s) => s.action === 'delete' && s.collection.store === name)
    if (!isDeleting) continue
    const walk = new Cascade(deps, name, catalogue, drawing)
    await store.reading((reader) => walk.from(reader, signal), options)
    found.push(...walk.findings())
  }
  return found
}

function triggerFindings(store: string, { tables }: Catalogue, { steps }: Drawing): OrderFinding[] {
  return steps
    .filter((step) => step.collection.store === store && step.items.length > 0)
    .flatMap(({ collection, action, items }) => {
      const event =
        action === 'delete' ? 'delete' : action === 'anonymise' || action === 'redact' ? 'update' : undefined
      const table = tables.find((t) => t.name === collection.table)
      return (table?.fires ?? [])
        .filter((trigger) => event !== undefined && trigger.events.includes(event))
        .map((trigger): OrderFinding => {
          const does = [
            ...(trigger.writes.length > 0 ? [`writes to ${trigger.writes.join(', ')}`] : []),
            ...(trigger.sets.length > 0 ? [`sets ${trigger.sets.join(', ')}`] : []),
            ...(trigger.isOpaque ? ['calls what could not be read'] : []),
          ].join(', ')
          const message = `the trigger ${trigger.name} fires ${trigger.timing} each ${event}${does && `: it ${does}`}`
          return { kind: 'effect', store, collection: collection.name, rows: items.length, message }
        })
    })
}

class Cascade {
  readonly #store: string
  readonly #catalogue: Catalogue
  readonly #drawing: Drawing
  readonly #collections: ReadonlyMap<string, readonly CollectionMap[]>
  /** By table: rows that go by a step of the plan, and rows that are hers whatever becomes of them. */
  readonly #planned = new Map<string, Set<string>>()
  readonly #hers = new Map<string, Set<string>>()
  /** By table and column: rows whose pointer an earlier step has emptied, so that nothing reaches them any more. */
  readonly #letGo = new Map<string, Set<string>>()
  readonly #met = new Map<string, Set<string>>()
  readonly #tallies = new Map<string, Tally>()

  constructor(deps: EngineDeps, store: string, catalogue: Catalogue, drawing: Drawing) {
    this.#store = store
    this.#catalogue = catalogue
    this.#drawing = drawing
    this.#collections = Map.groupBy(
      [...deps.map.collections.values()].filter((c) => c.store === store && !c.skip),
      (c) => c.table,
    )
    for (const { collection, action, items } of drawing.steps) {
      if (collection.store !== store) continue
      for (const { key } of items)
        if (action === 'delete') add(this.#planned, collection.table, rowText(collection, key))
    }
    for (const [id, rows] of drawing.located.rows) {
      const collection = deps.map.collections.get(id)
      if (collection?.store !== store) continue
      for (const { key, reach } of rows.values())
        if (reach === 'owned') add(this.#hers, collection.table, rowText(collection, key))
    }
  }

  async from(reader: StoreReader, signal?: AbortSignal): Promise<void> {
    // In the order in which they will be carried out.
    for (const step of this.#drawing.steps) {
      const { collection, action, items } = step
      const table = this.#catalogue.tables.find((t) => t.name === collection.table)
      if (collection.store !== this.#store || !table) continue
      this.#noteEmptied(step, table)
      if (action !== 'delete') continue
      const ties = this.#tiesTo(table)
      if (ties.length === 0) continue
      const columns = referenced(ties)
      for (let at = 0; at < items.length; at += lot) {
        signal?.throwIfAborted()
        const keys = items.slice(at, at + lot).map((item) => item.key)
        for await (const page of reader.rows({ table: table.name, key: collection.key, columns, keys }))
          await this.#below(reader, ties, page, signal)
      }
    }
  }

  #noteEmptied({ collection, action, items }: DrawnStep, table: TableInfo): void {
    if (action !== 'anonymise' && action !== 'redact') return
    if (table.foreignKeys.length === 0) return
    const own = action === 'anonymise' ? anonymiseMasks(collection, table) : undefined
    for (const { key, via } of items)
      for (const { column, constant } of own ?? redactMasks(collection, via, table))
        if (constant === null) add(this.#letGo, `${table.name}\0${column}`, rowText(collection, key))
  }

  #tiesTo(parent: TableInfo): Tie[] {
    return this.#catalogue.tables.flatMap((child) =>
      child.foreignKeys
        .filter(
          (key) => key.table === parent.name && key.onDelete !== 'restrict' && key.onDelete !== 'no action',
        )
        .map((key) => ({ child, key })),
    )
  }

  /** Rows that point at these: those that go too lead on to the next. */
  async #below(
    reader: StoreReader,
    ties: readonly Tie[],
    rows: readonly Row[],
    signal?: AbortSignal,
  ): Promise<void> {
    for (const tie of ties) {
      const { child, key } = tie
      const keys = rows
        .map((row) => key.references.map((column) => row[column] ?? null))
        .filter((values) => values.every((value) => value !== null))
      if (keys.length === 0) continue
      const collections = this.#collections.get(child.name) ?? []
      const further = key.onDelete === 'cascade' ? this.#tiesTo(child) : []
      const own = child.primaryKey.length > 0 ? child.primaryKey : child.columns.map((c) => c.name)
      const filters = collections.flatMap((c) => [...c.key, ...rowFilter(c).map((f) => f.column)])
      const columns = [...new Set([...own, ...filters, ...key.columns, ...referenced(further)])]
      for await (const page of reader.rows({ table: child.name, key: key.columns, columns, keys })) {
        signal?.throwIfAborted()
        const fresh = page.filter((row) => this.#count(tie, collections, own, row))
        if (fresh.length > 0 && further.length > 0) await this.#below(reader, further, fresh, signal)
      }
    }
  }

  /** False for a row that the plan deletes or lets go by itself, or that was met before. */
  #count(tie: Tie, collections: readonly CollectionMap[], own: readonly string[], row: Row): boolean {
    const table = tie.child.name
    const names = collections.map((c) =>
      rowText(
        c,
        c.key.map((column) => keyPart(row[column])),
      ),
    )
    const isIn = (rows: ReadonlySet<string> | undefined) => names.some((name) => rows?.has(name))
    if (isIn(this.#planned.get(table))) return false
    if (tie.key.columns.some((column) => isIn(this.#letGo.get(`${table}\0${column}`)))) return false
    const id = JSON.stringify([own.map((column) => keyPart(row[column]))])
    const place = tie.key.onDelete === 'cascade' ? table : `${table}.${tie.key.columns.join()}`
    if (this.#met.get(place)?.has(id)) return false
    add(this.#met, place, id)
    const name = `${tie.key.table}\0${place}`
    const tally = this.#tallies.get(name) ?? { tie, hers: 0, others: 0 }
    this.#tallies.set(name, tally)
    if (isIn(this.#hers.get(table))) tally.hers++
    else tally.others++
    return true
  }

  findings(): OrderFinding[] {
    const store = this.#store
    return [...this.#tallies.values()].flatMap(({ tie: { child, key }, hers, others }): OrderFinding[] => {
      const collection = this.#collections.get(child.name)?.[0]?.name ?? child.name
      const along = `${child.name} (${key.columns.join(', ')})`
      if (key.onDelete !== 'cascade') {
        const message = `deleting from ${key.table} makes the store empty ${along} in these rows (ON DELETE ${key.onDelete})`
        return [{ kind: 'effect', store, collection, rows: hers + others, message }]
      }
      const silent =
        child.engine !== undefined && (child.fires ?? []).some((t) => t.events.includes('delete'))
      const message = `deleting from ${key.table} makes the store delete rows of ${along} (ON DELETE CASCADE)`
      return [
        ...(hers > 0
          ? [
              {
                kind: 'effect' as const,
                store,
                collection,
                rows: hers,
                message: `${message}${silent ? `, without firing the triggers of ${child.name}` : ''}`,
              },
            ]
          : []),
        ...(others > 0
          ? [
              {
                kind: 'map' as const,
                store,
                collection,
                rows: others,
                message: `${message} which are not hers: anonymise ${key.table} instead, or say in the map whose they are`,
              },
            ]
          : []),
      ]
    })
  }
}

const referenced = (ties: readonly Tie[]): string[] => [...new Set(ties.flatMap(({ key }) => key.references))]

/** One row of a table, as the collection that reads it names it. */
const rowText = ({ key }: CollectionMap, values: readonly string[]): string => JSON.stringify([key, values])

function add(sets: Map<string, Set<string>>, name: string, value: string): void {
  const set = sets.get(name)
  if (set) set.add(value)
  else sets.set(name, new Set([value]))
}
