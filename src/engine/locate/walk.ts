import type { Identity } from '../../base/identity.ts'
import { fieldAt } from '../../datamap/links.ts'
import type { CollectionMap, Edge, FieldMap } from '../../datamap/model.ts'
import type { StoreReader, Value } from '../../stores/port.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import type { Decided } from '../order/doubt.ts'
import { ask } from './ask.ts'
import { walkColumns } from './columns.ts'
import { type Caps, type FoundRow, isStronger, keyOfRow, keyText, type Reach, weaker } from './reach.ts'
import type { SharedLines } from './shared.ts'
import { columnOf, comparable, placeOf, valuesIn } from './values.ts'

/** Values to follow into one field of one collection, all with one strength. */
interface Question {
  readonly collection: string
  readonly field: string
  readonly format: FieldMap['format']
  readonly reach: Reach
  /** They are proved, or stand in rows of hers: what holds them holds something of hers. */
  readonly areHers: boolean
  readonly values: Set<string>
}

/**
 * One search along the references, in rounds, until nothing new comes. A row is hers as strongly as the strongest way that leads
 * to it, each way is as weak as its weakest step, and no row is more hers than its cap allows.
 */
export class Walk {
  readonly rows = new Map<string, Map<string, FoundRow>>()
  /** Rows whose key holds a NULL: met twice is one row, as no key tells it from its like. */
  readonly unkeyed = new Map<string, Set<string>>()
  /** Addresses and numbers on the way that several people have. */
  readonly lines = new Map<string, Identity>()
  readonly #deps: EngineDeps
  readonly #signal: AbortSignal | undefined
  readonly #shared: SharedLines
  readonly #caps: Caps
  readonly #decided: Decided | undefined
  readonly #edges: ReadonlyMap<string, readonly Edge[]>
  /** What was asked already, and with which strength. */
  readonly #asked = new Map<string, Reach>()
  /** With which strength each row leads on: a row that only names her ends there, however else it was reached. */
  readonly #leading = new Map<string, Reach>()
  #open = new Map<string, Question>()

  constructor(
    deps: EngineDeps,
    given: {
      readonly shared: SharedLines
      readonly caps: Caps
      readonly decided?: Decided | undefined
      readonly signal?: AbortSignal | undefined
    },
  ) {
    this.#deps = deps
    this.#signal = given.signal
    this.#caps = given.caps
    this.#decided = given.decided
    this.#shared = given.shared
    this.#edges = Map.groupBy(deps.graph.edges, (edge) => edge.from)
  }

  /** Our own lines and mailboxes lead nowhere: whatever hangs on them is nobody's. */
  follow(
    target: Pick<Question, 'collection' | 'field' | 'format'>,
    value: string,
    reach: Reach,
    areHers: boolean,
  ): void {
    const { store } = collectionOf(this.#deps, target.collection)
    if (target.format !== 'exact' && this.#deps.policyOf(store).ours?.has(value)) return
    const what = `${target.collection}\0${target.field}\0${target.format}\0${areHers}`
    const before = this.#asked.get(`${what}\0${value}`)
    if (before !== undefined && !isStronger(reach, before)) return
    this.#asked.set(`${what}\0${value}`, reach)
    const id = `${what}\0${reach}`
    const question = this.#open.get(id) ?? { ...target, reach, areHers, values: new Set() }
    question.values.add(value)
    this.#open.set(id, question)
  }

  /** In rounds; each round looks into each store once. */
  async untilNothingNew(): Promise<void> {
    while (this.#open.size > 0) {
      const round = [...this.#open.values()]
      this.#open = new Map()
      const shared = await this.#sharedIn(round)
      const byStore = Map.groupBy(round, ({ collection }) => collectionOf(this.#deps, collection).store)
      for (const [store, questions] of byStore)
        await storeOf(this.#deps, store).reading(
          async (reader) => {
            for (const question of questions)
              await this.#answer(reader, question, shared.get(question.format) ?? new Set())
          },
          this.#signal ? { signal: this.#signal } : {},
        )
    }
  }

  async #sharedIn(round: readonly Question[]): Promise<Map<FieldMap['format'], Set<string>>> {
    const shared = new Map<FieldMap['format'], Set<string>>()
    for (const [format, questions] of Map.groupBy(round, (question) => question.format)) {
      const values = questions.flatMap((question) => [...question.values])
      const several = await this.#shared(format, values)
      for (const value of several) this.lines.set(`${format}:${value}`, { kind: format, value })
      shared.set(format, several)
    }
    return shared
  }

  async #answer(reader: StoreReader, question: Question, lines: ReadonlySet<string>): Promise<void> {
    this.#signal?.throwIfAborted()
    const [shared, sure] = [[] as string[], [] as string[]]
    for (const value of question.values) (lines.has(value) ? shared : sure).push(value)
    if (sure.length > 0) await this.#read(reader, question, sure, question.reach)
    // That a shared number stands somewhere says nothing of her; that a record hangs on it may.
    if (shared.length > 0 && question.reach !== 'mentioned')
      await this.#read(reader, question, shared, 'possible')
  }

  async #read(
    reader: StoreReader,
    question: Question,
    values: readonly string[],
    reach: Reach,
  ): Promise<void> {
    const collection = collectionOf(this.#deps, question.collection)
    if (collection.skip) return
    const columns = walkColumns(collection, this.#deps.graph)
    const policy = this.#deps.policyOf(collection.store)
    const via = columnOf(collection, question.field)
    const isHers = question.areHers && reach !== 'possible'
    for await (const row of ask(reader, collection, { ...question, values, columns }, policy))
      this.#reached(collection, row, isHers ? [via] : [], reach)
  }

  #reached(
    collection: CollectionMap,
    values: Readonly<Record<string, Value>>,
    via: readonly string[],
    found: Reach,
  ): void {
    const key = keyOfRow(collection, values)
    if (!key) {
      const met = this.unkeyed.get(collection.id) ?? new Set()
      this.unkeyed.set(collection.id, met.add(JSON.stringify(values)))
      return
    }
    const cap = this.#caps.get(collection.id)?.get(keyText(key))
    const capped = cap === undefined ? found : weaker(found, cap)
    const reach = capped === 'possible' ? (this.#decided?.(collection.id, key, values) ?? capped) : capped
    if (reach === 'none') return
    const rows = this.rows.get(collection.id) ?? new Map<string, FoundRow>()
    this.rows.set(collection.id, rows)
    const known = rows.get(keyText(key))
    for (const field of via) known?.via.add(field)
    if (!known) rows.set(keyText(key), { key, reach, via: new Set(via), values })
    else if (isStronger(reach, known.reach)) known.reach = reach
    // A row that only names her makes nothing around it hers.
    if (reach === 'mentioned') return
    const place = `${collection.id}\0${keyText(key)}`
    const leading = this.#leading.get(place)
    if (leading !== undefined && !isStronger(reach, leading)) return
    this.#leading.set(place, reach)
    this.leadOn(collection, values, reach)
  }

  leadOn(collection: CollectionMap, values: Readonly<Record<string, Value>>, reach: Reach): void {
    for (const edge of this.#edges.get(collection.id) ?? []) {
      // Whom a doubtful row names says nothing of her.
      if (reach === 'possible' && edge.link === 'mentioned') continue
      for (const value of ledTo(this.#deps, collection, values, edge))
        this.follow(
          { collection: edge.to, field: edge.toField, format: edge.format },
          value,
          weaker(reach, edge.link),
          reach === 'owned',
        )
    }
  }
}

/** Values of one store as another compares them: a number gets its country where it stands, a tag counts where it is asked for. */
function ledTo(
  deps: EngineDeps,
  collection: CollectionMap,
  values: Readonly<Record<string, Value>>,
  edge: Edge,
): string[] {
  // A hash leads to nothing but itself.
  if (fieldAt(collection, edge.fromField)?.hash) return []
  const place = placeOf(collection, edge.fromField)
  const target = deps.policyOf(collectionOf(deps, edge.to).store)
  const policy = deps.policyOf(collection.store)
  const said = valuesIn(
    place,
    values[place.column] ?? null,
    edge.format,
    // A tag that counts there is not to be lost here.
    edge.format === 'email' ? { ...policy, plusAddressing: target.plusAddressing } : policy,
  )
  return said.flatMap((value) => comparable(value, edge.format, target) ?? [])
}
