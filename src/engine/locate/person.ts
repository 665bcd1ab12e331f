import type { WasShared } from './remembered.ts'
import { type Identity, normalise } from '../../base/identity.ts'
import type { CollectionMap, Edge, FieldMap } from '../../datamap/model.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import type { StoreReader } from '../../stores/port.ts'
import type { Led } from '../tables.ts'
import { ask, comparable } from './ask.ts'
import { isName, walkColumns } from './columns.ts'
import { stillGone } from './gone.ts'
import { type FoundRow, isStronger, keyOfRow, keyText, type Located, type Reach, weaker } from './reach.ts'
import { type SharedLines, sharedLines } from './shared.ts'

/** Values to follow into one field of one collection, all with one strength. */
interface Question {
  readonly collection: string
  readonly field: string
  readonly format: FieldMap['format']
  readonly reach: Reach
  readonly values: Set<string>
}

/**
 * Finds everything of one person: from her identities along the map's references, across stores, until nothing new comes.
 * A row is hers as strongly as the strongest way that leads to it; each way is as weak as its weakest step. Reads only.
 */
export async function locatePerson(
  deps: EngineDeps,
  identities: readonly Identity[],
  options: {
    readonly signal?: AbortSignal
    /** Rows of hers that are gone by now, by what led on from them. */
    readonly led?: Led | undefined
    /** Lines that were shared by people who are erased by now. */
    readonly wasShared?: WasShared | undefined
  } = {},
): Promise<Located> {
  const walk = new Walk(deps, options.signal, options.wasShared)
  const led = options.led && (await stillGone(deps, options.led, options.signal))
  for (const [id, fields] of Object.entries(led ?? {}))
    for (const [field, values] of Object.entries(fields))
      for (const value of values) walk.leadOn(collectionOf(deps, id), { [field]: value }, 'owned')
  for (const seed of deps.graph.seeds) {
    const policy = deps.policyOf(collectionOf(deps, seed.collection).store)
    const values = identities.flatMap(({ kind, value }) =>
      kind === seed.identity ? [normalise(kind, value, policy)] : [],
    )
    for (const value of values)
      if (value !== undefined)
        walk.follow({ collection: seed.collection, field: seed.field, format: seed.format }, value, seed.link)
  }
  await walk.untilNothingNew()
  return walk.result(normalForms(deps, identities))
}

/** As compared: an e-mail or phone that cannot be normalised stays as it was given. */
function normalForms(deps: EngineDeps, identities: readonly Identity[]): Identity[] {
  const policies = [...new Set([...deps.map.collections.values()].map(({ store }) => store))].map(
    deps.policyOf,
  )
  return identities.map(({ kind, value }) => {
    for (const policy of policies) {
      const normal = normalise(kind, value, policy)
      if (normal !== undefined) return { kind, value: normal }
    }
    return { kind, value }
  })
}

class Walk {
  readonly #deps: EngineDeps
  readonly #signal: AbortSignal | undefined
  readonly #rows = new Map<string, Map<string, FoundRow>>()
  readonly #unkeyed = new Map<string, Set<string>>()
  readonly #shared: SharedLines
  readonly #edges: ReadonlyMap<string, readonly Edge[]>
  /** What was asked already, and with which strength. */
  readonly #asked = new Map<string, Reach>()
  #open = new Map<string, Question>()

  readonly #lines = new Map<string, Identity>()

  constructor(deps: EngineDeps, signal: AbortSignal | undefined, wasShared: WasShared | undefined) {
    this.#deps = deps
    this.#signal = signal
    const lines = sharedLines(deps, signal, wasShared)
    this.#shared = async (format, values) => {
      const shared = await lines(format, values)
      for (const value of shared) this.#lines.set(`${format}:${value}`, { kind: format, value })
      return shared
    }
    this.#edges = Map.groupBy(deps.graph.edges, (edge) => edge.from)
  }

  follow(target: Omit<Question, 'reach' | 'values'>, value: string, reach: Reach): void {
    const what = `${target.collection}\0${target.field}\0${target.format}`
    const before = this.#asked.get(`${what}\0${value}`)
    if (before !== undefined && !isStronger(reach, before)) return
    this.#asked.set(`${what}\0${value}`, reach)
    const id = `${what}\0${reach}`
    const question = this.#open.get(id) ?? { ...target, reach, values: new Set() }
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
    for (const [format, questions] of Map.groupBy(round, (question) => question.format))
      shared.set(
        format,
        await this.#shared(
          format,
          questions.flatMap(({ values }) => [...values]),
        ),
      )
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
    for await (const row of ask(reader, collection, { ...question, values, columns }, policy))
      this.#reached(collection, row as Record<string, string | null>, question.field, reach)
  }

  #reached(
    collection: CollectionMap,
    values: Record<string, string | null>,
    via: string,
    reach: Reach,
  ): void {
    const key = keyOfRow(collection.key, values)
    if (!key) {
      // Met twice is one row: no key tells it from its like.
      const met = this.#unkeyed.get(collection.id) ?? new Set()
      this.#unkeyed.set(collection.id, met.add(JSON.stringify(values)))
      return
    }
    const rows = this.#rows.get(collection.id) ?? new Map<string, FoundRow>()
    this.#rows.set(collection.id, rows)
    const known = rows.get(keyText(key))
    known?.via.add(via)
    if (known && !isStronger(reach, known.reach)) return
    if (known) known.reach = reach
    else rows.set(keyText(key), { key, reach, via: new Set([via]), values })
    this.leadOn(collection, values, reach)
  }

  leadOn(collection: CollectionMap, values: Readonly<Record<string, string | null>>, reach: Reach): void {
    // A row that only names her makes nothing around it hers.
    if (reach === 'mentioned') return
    for (const edge of this.#edges.get(collection.id) ?? []) {
      const target = collectionOf(this.#deps, edge.to)
      const value = ledTo(this.#deps, values[edge.fromField], edge.format, collection.store, target.store)
      if (value !== undefined)
        this.follow(
          { collection: edge.to, field: edge.toField, format: edge.format },
          value,
          weaker(reach, edge.link),
        )
    }
  }

  async result(given: readonly Identity[]): Promise<Located> {
    const names = new Set<string>()
    const identifiers = new Map<string, Identity>(given.map((identity) => [idText(identity), identity]))
    const sharedLines = []
    for (const [id, rows] of this.#rows) {
      const collection = collectionOf(this.#deps, id)
      const owned = [...rows.values()].filter((row) => row.reach === 'owned')
      if (collection.person) for (const row of owned) learn(this.#deps, collection, row, names, identifiers)
      const possible = [...rows.values()].filter((row) => row.reach === 'possible').length
      if (possible > 0)
        sharedLines.push({ store: collection.store, collection: collection.name, rows: possible })
    }
    const alone = await hersAlone(this.#shared, [...identifiers.values()])
    return {
      rows: this.#rows,
      names: [...names],
      identifiers: alone,
      lines: [...this.#lines.values()],
      sharedLines,
      unkeyed: [...this.#unkeyed].map(([id, met]) => {
        const { store, name, table } = collectionOf(this.#deps, id)
        return { store, collection: name, table, rows: met.size }
      }),
    }
  }
}

/** A value of one store as another compares it: a number gets its country where it stands, a tag counts where it is asked for. */
function ledTo(
  deps: EngineDeps,
  value: string | null | undefined,
  format: FieldMap['format'],
  from: string,
  to: string,
): string | undefined {
  const said = format === 'phone' ? comparable(value, format, deps.policyOf(from)) : value
  return comparable(said, format, deps.policyOf(to))
}

const idText = ({ kind, value }: Identity): string => `${kind}:${value}`

/** What her own row says of her: names for redaction, other addresses and numbers for the search in texts. */
function learn(
  deps: EngineDeps,
  collection: CollectionMap,
  row: FoundRow,
  names: Set<string>,
  identifiers: Map<string, Identity>,
): void {
  const policy = deps.policyOf(collection.store)
  for (const field of collection.fields) {
    const value = row.values[field.name]
    if (!value) continue
    if (isName(field.categories)) names.add(value)
    if (field.format === 'exact') continue
    const normal = normalise(field.format, value, policy)
    if (normal === undefined) continue
    const identity = { kind: field.format, value: normal }
    identifiers.set(idText(identity), identity)
  }
}

async function hersAlone(lines: SharedLines, identifiers: readonly Identity[]): Promise<Identity[]> {
  const shared = new Set<string>()
  for (const format of ['email', 'phone'] as const) {
    const values = identifiers.filter(({ kind }) => kind === format).map(({ value }) => value)
    for (const value of await lines(format, values)) shared.add(idText({ kind: format, value }))
  }
  return identifiers.filter((identity) => !shared.has(idText(identity)))
}
