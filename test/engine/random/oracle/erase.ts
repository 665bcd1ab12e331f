import { type Cell, type Collection, columnOf, type Field, formatOf, isPersonal, tableOf } from '../world.ts'
import type { Row, Table, World } from '../world.ts'
import { deleteRows, type Gone } from './foreign-keys.ts'
import type { Located, Reached } from './locate.ts'
import { erasedMark, redacted } from './words.ts'

export type Action = 'delete' | 'anonymise' | 'keep' | 'redact' | 'decide' | 'collect'

/** One line of a plan: what is done with which rows of a collection. */
export interface Step {
  readonly collection: Collection
  readonly action: Action
  readonly rows: readonly Reached[]
}

/** What an erasure plan says: owned rows go as their collection says, the others lose what is hers, doubtful ones wait. */
export function erasureSteps(located: Located): Step[] {
  const goes = goingRows(located)
  return grouped(
    [...located.rows, ...located.named].flatMap((found): Doing[] => {
      const { collection, row, reach } = found
      if (reach === 'possible') return [{ found, action: 'decide' }]
      if (reach === 'owned') return [{ found, action: collection.erase }]
      // In a row that goes there is nothing to take out first.
      return goes.has(row) ? [] : [{ found, action: 'redact' }]
    }),
  )
}

export const accessSteps = (located: Located): Step[] =>
  grouped(
    [...located.rows, ...located.named].map((found) => ({
      found,
      action: found.reach === 'possible' ? ('decide' as const) : ('collect' as const),
    })),
  )

interface Doing {
  readonly found: Reached
  readonly action: Action
}

const grouped = (list: readonly Doing[]): Step[] =>
  [...Map.groupBy(list, ({ found, action }) => `${found.collection.id} ${action}`).values()].map((group) => ({
    collection: (group[0] as Doing).found.collection,
    action: (group[0] as Doing).action,
    rows: group.map(({ found }) => found),
  }))

const goingRows = (located: Located): ReadonlySet<Row> =>
  new Set(
    located.rows
      .filter(({ collection, reach }) => reach === 'owned' && collection.erase === 'delete')
      .map(({ row }) => row),
  )

export interface Erased {
  readonly world: World
  /** What the stores would not let happen, or would do besides; then nothing may be written at all. */
  readonly impossible: readonly string[]
}

/** The stores as they must be afterwards. */
export function erase(world: World, located: Located): Erased {
  const goes = goingRows(located)
  const hers = new Set(located.rows.filter(({ reach }) => reach === 'owned').map(({ row }) => row))
  const after = new Map<Row, Record<string, Cell>>()
  const sheetOf = (row: Row) => {
    const sheet = after.get(row) ?? { ...row }
    after.set(row, sheet)
    return sheet
  }
  const all = [...located.rows, ...located.named].filter(({ row }) => !goes.has(row))
  // Redactions first, while the names still stand.
  for (const found of all)
    if (found.reach === 'shared' || found.reach === 'mentioned')
      loseHers(world, found, located, sheetOf(found.row))
  for (const found of all)
    if (found.reach === 'owned' && found.collection.erase === 'anonymise')
      anonymise(world, found, located, sheetOf(found.row))
  const tables = world.tables.map((table) => ({
    table,
    rows: table.rows.map((before) => ({ before, now: after.get(before) ?? before })),
  }))
  const gone: Gone = deleteRows(tables, goes, hers)
  return {
    world: {
      ...world,
      tables: tables.map(({ table }) => ({ ...table, rows: gone.left.get(table) ?? [] })),
    },
    impossible: gone.impossible,
  }
}

/** A shared or mentioned row: the linking value goes where it is hers by itself, and her traces in free text go. */
function loseHers(world: World, found: Reached, located: Located, row: Record<string, Cell>): void {
  const { collection, via, reach } = found
  const table = tableOf(world, collection)
  for (const field of collection.fields) {
    if (collection.key.includes(field.name)) continue
    const value = row[field.name] ?? null
    if (field.freeText) {
      if (value !== null) row[field.name] = redacted(world, value, located, reach === 'mentioned')
      continue
    }
    // A key that merely ties the row to hers stays, unless the map gives it a mask.
    const isHers = field.erase !== undefined || formatOf(field) !== 'exact' || field.identity !== undefined
    if (via.has(field.name) && isHers)
      row[field.name] = masked(world, table, field, found.row, located, reach === 'mentioned')
  }
}

function anonymise(world: World, found: Reached, located: Located, row: Record<string, Cell>): void {
  const { collection } = found
  const table = tableOf(world, collection)
  for (const field of collection.fields) {
    if (collection.key.includes(field.name)) continue
    if (field.erase === undefined && !field.freeText && !isPersonal(field)) continue
    row[field.name] = masked(world, table, field, found.row, located, false)
  }
}

function masked(
  world: World,
  table: Table,
  field: Field,
  row: Row,
  located: Located,
  onlyNamed: boolean,
): Cell {
  const value = row[field.name] ?? null
  const column = columnOf(table, field.name)
  const nothing = column.nullable ? null : neutral(column.type)
  switch (field.erase) {
    case undefined:
    case 'null':
      return nothing
    case 'keep':
      return value
    case 'redact':
      return value === null ? null : redacted(world, value, located, onlyNamed, markIn(table, field, row))
    default:
      return field.erase.replace(/\{(\w+)\}/g, (_, name: string) => row[name] ?? '')
  }
}

/** In a unique column the mark carries the row's key: two texts that differed only by her stay different. */
const markIn = (table: Table, field: Field, row: Row): string =>
  table.unique.some((columns) => columns.includes(field.name))
    ? `[erased-${table.key.map((column) => row[column]).join('-')}]`
    : erasedMark

const neutral = (type: 'integer' | 'text'): string => (type === 'integer' ? '0' : erasedMark)
