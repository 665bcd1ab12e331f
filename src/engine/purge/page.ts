import type { Row, RowQuery, StoreReader } from '../../stores/port.ts'
import { rowFilter } from '../locate/columns.ts'
import type { Household, Member } from './family.ts'
import { fileOf } from './files.ts'
import { columnsOf } from './kin.ts'
import { changesOf } from './masks.ts'
import type { KeptBy, PurgeCounts } from './tables.ts'
import type { Target } from './target.ts'

/** What was found in one stretch of the table, in key order. */
export interface Page {
  /** Due and, so far, free to go. */
  readonly members: readonly Member[]
  readonly counts: Pick<PurgeCounts, 'due' | 'already' | 'exceptions'> & {
    readonly kept: Partial<Record<KeptBy, number>>
  }
  /** When the due rows began, as the store spells it. */
  readonly starts: readonly unknown[]
  /** Keys whose start is no date. */
  readonly exceptions: readonly (readonly string[])[]
  /** The last key that was looked at; undefined when the page was empty. */
  readonly last: readonly string[] | undefined
  readonly isEnd: boolean
}

/** The statement's own condition: row filter, rule, cut-off. Undefined when nothing can be due. */
export function dueQuery(house: Pick<Household, 'deps' | 'target'>): Omit<RowQuery, 'keys'> | undefined {
  const { target } = house
  const { collection, guard, spec } = target
  if (!guard.due) return undefined
  const kin = target.spec.action === 'delete' ? columnsOf(house.deps, target, target.table, []) : []
  return {
    table: collection.table,
    key: collection.key,
    columns: [...new Set([...target.columns, ...kin])],
    where: [...rowFilter(collection), ...spec.where],
    before: { column: spec.from, cutoff: guard.due.cutoff },
  }
}

/** Reads the next rows whose period is over and judges each by itself; writes nothing. */
export async function nextPage(
  house: Household,
  reader: StoreReader,
  after: readonly string[] | null,
  limit: number,
): Promise<Page> {
  const query = dueQuery(house)
  const rows: Row[] = []
  if (query)
    for await (const part of reader.rows({ ...query, limit, pageSize: limit, ...(after && { after }) }))
      rows.push(...part)
  const { key } = house.target.collection
  const last = rows.at(-1)
  return {
    ...judge(house, rows),
    last: last && key.map((column) => String(last[column])),
    isEnd: rows.length < limit,
  }
}

function judge(house: Household, rows: readonly Row[]): Omit<Page, 'last' | 'isEnd'> {
  const { target } = house
  const members: Member[] = []
  const exceptions: (readonly string[])[] = []
  const starts: unknown[] = []
  const kept: Partial<Record<KeptBy, number>> = {}
  let [due, already] = [0, 0]
  for (const row of rows) {
    const key = target.collection.key.map((column) => String(row[column]))
    const verdict = target.guard.due?.verdict(row[target.spec.from]) ?? 'none'
    if (verdict === 'none') exceptions.push(key)
    if (verdict !== 'due') continue
    due++
    starts.push(row[target.spec.from])
    const reason = ownReason(house, key, row)
    if (reason) kept[reason] = (kept[reason] ?? 0) + 1
    else if (isFinal(target, row)) already++
    else members.push({ collection: target.collection, key, row, keptBy: undefined })
  }
  return { members, starts, exceptions, counts: { due, already, exceptions: exceptions.length, kept } }
}

/** Why a due row stays, whatever hangs on it. */
export function ownReason(
  { target, excluded }: Household,
  key: readonly string[],
  row: Row,
): KeptBy | undefined {
  const suspended = excluded.by(target.collection, key)
  if (suspended) return suspended
  if (target.ground === 'always') return 'ground'
  if (target.ground && target.ground.due?.verdict(row[target.ground.from]) !== 'due') return 'ground'
  return fileOf(target.store, target.collection, row) === 'outside' ? 'file' : undefined
}

const isFinal = (target: Target, row: Row): boolean =>
  target.spec.action === 'anonymise' && Object.keys(changesOf(row, target.masks)).length === 0

/** Rows that have a start which is no date at all, by the store's own judgement, or lies beyond the year 9998: never read, never due. */
export async function oddRows(target: Target, reader: StoreReader): Promise<number> {
  const { collection, spec, guard } = target
  const where = [...rowFilter(collection), ...spec.where]
  const query = { table: collection.table, key: collection.key }
  const begun = await reader.count({
    ...query,
    where: [...where, { column: spec.from, is: [null], not: true }],
  })
  if (!guard.due) return begun
  return (
    begun - (await reader.count({ ...query, where, before: { column: spec.from, cutoff: guard.due.far } }))
  )
}
