import type { TableInfo, Value } from '../../stores/port.ts'
import type { EngineDeps } from '../deps.ts'
import type { Entry } from '../text/many/book.ts'

/** A table whose rows may be pieces of something longer, and the key they lie beside each other by. */
export interface Pieces {
  readonly key: readonly string[]
}

/** What lies in several rows, joined. */
export interface Joined {
  readonly value: string | Uint8Array
  /** The last of the rows, and the column. */
  readonly row: readonly Value[]
  readonly column: number
  /** What one of the rows holds by itself. */
  readonly known: ReadonlySet<Entry>
  readonly cut: boolean
}

export interface Chunked {
  add(row: readonly Value[], found: (column: number) => ReadonlySet<Entry> | undefined): Joined[]
  end(): Joined[]
}

/** As the map says; else wherever a key has several columns: rows alike in all but the last may be pieces of one thing. */
export function chunksOf(deps: EngineDeps, store: string, table: TableInfo): Pieces | undefined {
  const mapped = [...deps.map.collections.values()].find(
    (c) => c.store === store && c.table === table.name && c.chunks !== undefined,
  )
  if (mapped?.chunks) return { key: [mapped.chunks.of, mapped.chunks.order] }
  const keys = [table.primaryKey, ...table.uniqueKeys].filter((key) => key.length > 1)
  return keys[0] && { key: keys[0] }
}

/** Nothing shorter is cut into pieces, and of two short texts beside each other neither goes on in the other. */
const leastPiece = 256
/** Longer than any identifier in any spelling. */
const overlap = 4096
const mostJoined = 64 * 2 ** 20

interface Open {
  readonly column: number
  pieces: (string | Uint8Array)[]
  length: number
  row: readonly Value[]
  known: Set<Entry>
  cut: boolean
}

/**
 * Joins pieces: whole where all but the last are of one length, as who cuts a file makes them; else only what lies around each
 * border. At most 64 MB are held.
 */
export function openChunks(pieces: Pieces, names: readonly string[], searched: readonly number[]): Chunked {
  const of = pieces.key.slice(0, -1).map((name) => names.indexOf(name))
  const columns = searched.filter((at) => !pieces.key.includes(names[at] as string))
  let prefix: string | undefined
  const open = new Map<number, Open>()
  return {
    add(row, found) {
      const own = JSON.stringify(of.map((at) => String(row[at])))
      const joined = own === prefix ? [] : [...open.values()].flatMap(closed)
      if (own !== prefix) open.clear()
      prefix = own
      for (const column of columns) joined.push(...piece(open, column, row, found(column)))
      return joined
    },
    end: () => [...open.values()].flatMap(closed),
  }
}

function piece(
  open: Map<number, Open>,
  column: number,
  row: readonly Value[],
  found: ReadonlySet<Entry> | undefined,
): Joined[] {
  const value = row[column] ?? null
  const before = open.get(column)
  if (value === null || (before && typeof before.pieces[0] !== typeof value)) {
    open.delete(column)
    return before ? closed(before) : []
  }
  const fresh: Open = {
    column,
    pieces: [value],
    length: value.length,
    row,
    known: new Set(found),
    cut: false,
  }
  const last = before?.pieces.at(-1)
  if (!before || !last || last.length < leastPiece) {
    open.set(column, fresh)
    return before ? closed(before) : []
  }
  for (const entry of found ?? []) before.known.add(entry)
  if (
    before.length + value.length <= mostJoined &&
    last.length === before.pieces[0]?.length &&
    value.length <= last.length
  ) {
    before.pieces.push(value)
    before.length += value.length
    before.row = row
    return []
  }
  // The long thing ends here or goes on: either way its end and this beginning are read together.
  open.set(column, fresh)
  const cut = before.length + value.length > mostJoined
  const border = join([last.slice(-overlap), value.slice(0, overlap)])
  return [...closed({ ...before, cut }), { value: border, row, column, known: before.known, cut: false }]
}

const closed = ({ pieces, row, column, known, cut }: Open): Joined[] =>
  pieces.length > 1 ? [{ value: join(pieces), row, column, known, cut }] : []

function join(pieces: readonly (string | Uint8Array)[]): string | Uint8Array {
  return typeof pieces[0] === 'string' ? pieces.join('') : Buffer.concat(pieces as readonly Uint8Array[])
}
