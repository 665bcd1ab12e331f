import type { CollectionMap } from '../../datamap/model.ts'
import type { Row, StoreReader, TableInfo } from '../../stores/port.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyText } from '../locate/reach.ts'
import type { PurgeDeps } from './deps.ts'
import type { Excluded } from './excluded.ts'
import { fileOf } from './files.ts'
import { columnsOf, isPlain, type Tie, tiesTo } from './kin.ts'
import { fulfils, type Target } from './target.ts'
import type { KeptBy } from './tables.ts'

/** A row that might go, and why it may not. */
export interface Member {
  readonly collection: CollectionMap | undefined
  readonly key: readonly string[]
  readonly row: Row
  keptBy: KeptBy | undefined
}

/** Rows of one table, and those that hang on them. */
export interface Generation {
  readonly table: TableInfo
  readonly members: readonly Member[]
  readonly below: { readonly tie: Tie; readonly generation: Generation }[]
  /** Ties whose rows go unread. */
  readonly plain: Tie[]
  /** Rows of the same table that point at each other: the first must go before the second. */
  readonly inner: { readonly first: Member; readonly then: Member }[]
}

/** What the resolving of a family needs besides the reader. */
export interface Household {
  readonly deps: PurgeDeps
  readonly target: Target
  readonly excluded: Excluded
}

/**
 * Finds what would be orphaned if these rows went, all the way down, and marks each row that must stay, because of itself
 * or of something below it: a held row of a call keeps the call.
 */
export async function familyOf(
  house: Household,
  reader: StoreReader,
  table: TableInfo,
  members: readonly Member[],
  above: readonly string[] = [],
): Promise<Generation> {
  const generation: Generation = { table, members, below: [], plain: [], inner: [] }
  for (const tie of tiesTo(house.deps, house.target, table.name)) {
    const isLoop = tie.table.name === table.name || above.includes(tie.table.name)
    if (!isLoop && isPlain(house.deps, house.target, house.excluded, tie)) generation.plain.push(tie)
    else if (isLoop) await markReferenced(house, reader, generation, tie)
    else {
      const rows = await rowsOf(house, reader, tie, members)
      const lower = await familyOf(house, reader, tie.table, rows, [...above, table.name])
      generation.below.push({ tie, generation: lower })
      markAbove(members, tie, lower.members)
    }
  }
  spread(generation.inner)
  return generation
}

async function rowsOf(
  house: Household,
  reader: StoreReader,
  tie: Tie,
  members: readonly Member[],
): Promise<Member[]> {
  const found: Member[] = []
  for await (const row of pointing(house, reader, tie, members)) {
    const collection = tie.collections.find((c) => fulfils(row, rowFilter(c)))
    const key = (collection?.key ?? []).map((column) => String(row[column]))
    found.push({ collection, key, row, keptBy: keptBy(house, tie, collection, key, row) })
  }
  return found
}

async function* pointing(
  house: Household,
  reader: StoreReader,
  tie: Tie,
  members: readonly Member[],
): AsyncGenerator<Row> {
  const [column, upper] = [tie.columns[0] as string, tie.above[0] as string]
  const values = valuesOf(members, upper)
  if (values.length === 0) return
  const key = tie.collections[0]?.key ?? tie.table.primaryKey
  const columns = [
    ...new Set([...key, ...tie.columns, ...columnsOf(house.deps, house.target, tie.table, tie.collections)]),
  ]
  const wanted = new Set(members.map((m) => link(m.row, tie.above)))
  for await (const page of reader.rows({
    table: tie.table.name,
    columns,
    key,
    match: { column, how: 'exact', values },
  }))
    for (const row of page) if (wanted.has(link(row, tie.columns))) yield row
}

function keptBy(
  house: Household,
  tie: Tie,
  collection: CollectionMap | undefined,
  key: readonly string[],
  row: Row,
): KeptBy | undefined {
  if (!collection || !tie.owned.has(collection.id) || key.length === 0) return 'referenced'
  const suspended = house.excluded.by(collection, key)
  if (suspended) return suspended
  if (collection.erase === 'keep') return 'ground'
  const rules = (house.target.others.get(collection.id) ?? []).filter((guard) => fulfils(row, guard.where))
  if (rules.some((guard) => guard.due?.verdict(row[guard.from]) !== 'due')) return 'rule'
  return fileOf(house.target.store, collection, row) === 'outside' ? 'file' : undefined
}

/** A table in its own family: rows that go together may point at each other, any other that points here keeps the row. */
async function markReferenced(
  house: Household,
  reader: StoreReader,
  generation: Generation,
  tie: Tie,
): Promise<void> {
  const isOwn = tie.table.name === generation.table.name
  const byKey = new Map(generation.members.map((m) => [keyText(m.key), m]))
  const byLink = Map.groupBy(generation.members, (m) => link(m.row, tie.above))
  for await (const row of pointing(house, reader, tie, generation.members)) {
    const collection = generation.members[0]?.collection
    const first =
      isOwn && collection ? byKey.get(keyText(collection.key.map((c) => String(row[c])))) : undefined
    for (const then of byLink.get(link(row, tie.columns)) ?? [])
      if (first === undefined) then.keptBy ??= 'referenced'
      else if (first !== then) generation.inner.push({ first, then })
  }
}

function markAbove(members: readonly Member[], tie: Tie, lower: readonly Member[]): void {
  const kept = new Map(
    lower.flatMap((m) => (m.keptBy ? [[link(m.row, tie.columns), m.keptBy] as const] : [])),
  )
  if (kept.size > 0) for (const member of members) member.keptBy ??= kept.get(link(member.row, tie.above))
}

/** Who points at a row and stays keeps it, and so on up. Rows that point at each other in a circle go together or not at all. */
function spread(inner: Generation['inner']): void {
  for (let changed = true; changed; ) {
    changed = false
    for (const { first, then } of inner)
      if (first.keptBy && !then.keptBy) {
        then.keptBy = first.keptBy
        changed = true
      }
  }
}

/** The values by which rows are tied, as one text; NULL ties nothing. */
export const link = (row: Row, columns: readonly string[]): string =>
  JSON.stringify(columns.map((column) => (row[column] === null ? null : String(row[column]))))

export const valuesOf = (members: readonly Member[], column: string): string[] => [
  ...new Set(members.flatMap((m) => (m.keptBy || typeof m.row[column] !== 'string' ? [] : [m.row[column]]))),
]
