import type { ForeignKey, Row, RowQuery, Value } from '../port.ts'
import type { TableShape } from './dialect.ts'

/** Keys by which rows of this table hold on to each other. */
export const ownKeys = ({ info }: TableShape): ForeignKey[] =>
  info.foreignKeys.filter(
    (key) => key.table === info.name && (key.onDelete === 'no action' || key.onDelete === 'restrict'),
  )

/**
 * Rows in the order in which a store that looks at each by itself lets them go: those that nobody points at, then those that only
 * they pointed at. `rest`: rows that point at each other in a circle, and what they point at.
 */
export function waves(
  keys: readonly ForeignKey[],
  rows: readonly Row[],
): { readonly waves: readonly (readonly Row[])[]; readonly rest: readonly Row[] } {
  const found: Row[][] = []
  let left = rows
  while (left.length > 0) {
    const held = new Set(left.flatMap((row) => keys.flatMap((key, i) => pointed(key, i, row))))
    const free = left.filter((row) => !keys.some((key, i) => held.has(place(i, key.references, row))))
    if (free.length === 0) break
    found.push(free)
    const gone = new Set(free)
    left = left.filter((row) => !gone.has(row))
  }
  return { waves: found, rest: left }
}

const place = (key: number, columns: readonly string[], row: Row): string =>
  JSON.stringify([key, columns.map((column) => text(row[column] ?? null))])

/** What a row points at; at itself it holds nothing back. */
function pointed(key: ForeignKey, i: number, row: Row): string[] {
  if (key.columns.some((column) => row[column] === null)) return []
  const at = place(i, key.columns, row)
  return at === place(i, key.references, row) ? [] : [at]
}

const text = (value: Value): string | null =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value

/** The columns that tell all that. */
export const waveColumns = (keys: readonly ForeignKey[], key: RowQuery['key']): string[] => [
  ...new Set([...key, ...keys.flatMap((one) => [...one.columns, ...one.references])]),
]
