import { canonicalJson } from '../../base/json.ts'
import { isStoreError } from '../../stores/errors.ts'
import type { ColumnInfo, Row, StoreReader, SweptPage, TableInfo, Value } from '../../stores/port.ts'
import type { Entry } from '../text/many/book.ts'
import { searchValues } from '../text/many/search.ts'
import { type Chunked, chunksOf, openChunks } from './chunks.ts'
import { type Ground, groundsFor } from './grounds.ts'
import type { Scan } from './scan-store.ts'

/** A value longer than this is read so far, and said to be longer. */
const mostLength = 256 * 2 ** 20

/** Reads one table in a transaction of its own, so that none of the store's is held open for the length of a scan. */
export async function scanTable(scan: Scan, table: TableInfo): Promise<void> {
  const { store, signal } = scan
  const all = table.columns
  try {
    await store.reading((reader) => readTable(scan, reader, table, all), { signal })
  } catch (error) {
    if (!isStoreError(error, 'denied')) throw error
    const readable = await readableOf(scan, table)
    const place = { store: store.name, table: table.name }
    for (const column of all)
      if (!readable.includes(column))
        scan.tally.unread({ ...place, column: column.name }, 'this account may not read it')
    if (readable.length > 0)
      await store.reading((reader) => readTable(scan, reader, table, readable), { signal })
  }
}

/** Asked one by one: an account may be granted some columns of a table. */
async function readableOf({ store, signal }: Scan, table: TableInfo): Promise<ColumnInfo[]> {
  const readable: ColumnInfo[] = []
  for (const column of table.columns)
    try {
      await store.reading(
        async (reader) => {
          for await (const _ of reader.rows({ table: table.name, columns: [column.name], key: [], limit: 1 }))
            break
        },
        { signal },
      )
      readable.push(column)
    } catch (error) {
      if (!isStoreError(error, 'denied')) throw error
    }
  return readable
}

interface Reading {
  readonly scan: Scan
  readonly reader: StoreReader
  readonly table: TableInfo
  readonly key: readonly string[]
  /** What is asked for: texts first, then what keys and grounds need besides. */
  readonly columns: readonly string[]
  /** Columns whose values are searched, by place in a row. */
  readonly searched: readonly number[]
  readonly names: readonly string[]
  readonly grounds: readonly Ground[]
}

const isText = ({ kind }: ColumnInfo): boolean =>
  kind === 'text' || kind === 'json' || kind === 'other' || kind === 'bytes'

async function readTable(
  scan: Scan,
  reader: StoreReader,
  table: TableInfo,
  readable: readonly ColumnInfo[],
): Promise<void> {
  const names = new Set(readable.map((column) => column.name))
  const texts = readable.filter(isText).map((column) => column.name)
  const stray = scan.store.kind === 'sqlite' ? readable.filter((c) => !isText(c)).map((c) => c.name) : []
  if (texts.length + stray.length === 0) return
  const chunked = chunksOf(scan.deps, scan.store.name, table)
  const key = (chunked?.key ?? table.primaryKey).every((column) => names.has(column))
    ? (chunked?.key ?? table.primaryKey)
    : []
  const told = await groundsFor(scan.deps, reader, scan.store.name, table.name)
  const grounds = told.filter((g) => g.columns.every((column) => names.has(column)))
  const besides = [...key, ...grounds.flatMap((g) => g.columns)]
  const read = async (asked: readonly string[], strays: readonly string[]) => {
    const columns = [...new Set([...asked, ...besides])]
    const searched = [...asked.keys(), ...strays.map((_, i) => columns.length + i)]
    const all = [...columns, ...strays]
    const reading: Reading = { scan, reader, table, key, columns, searched, names: all, grounds }
    const joins = chunked && key.length > 0 && asked.length > 0
    const chunks = joins ? openChunks(chunked, all, searched) : undefined
    const query = { table: table.name, columns, key, ...(strays.length > 0 && { stray: strays }) }
    for await (const page of reader.sweep(query)) {
      scan.signal.throwIfAborted()
      await searchPage(reading, page, chunks)
    }
    if (chunks) await searchJoined(reading, chunks.end())
  }
  if (texts.length > 0) await read(texts, [])
  if (stray.length > 0) await read([], stray)
}

/** Long values are asked for one by one, each searched before the next is read; one that may be a piece waits for its row to join. */
async function searchPage(
  reading: Reading,
  { rows, long }: SweptPage,
  chunks: Chunked | undefined,
): Promise<void> {
  if (!chunks || long.length === 0) {
    for (const [at, column] of long) await searchLong(reading, rows[at] as readonly Value[], column)
    return searchRows(reading, rows, chunks)
  }
  const ofRow = Map.groupBy(long, ([at]) => at)
  for (const [at, row] of rows.entries()) {
    const held = new Map<number, Held>()
    for (const [, column] of ofRow.get(at) ?? []) held.set(column, await searchLong(reading, row, column))
    await searchRows(reading, [row], chunks, held)
  }
}

/** A long value, and what it holds by itself. */
interface Held {
  readonly value: Value
  readonly found: ReadonlySet<Entry>
}

async function searchLong(reading: Reading, row: readonly Value[], column: number): Promise<Held> {
  const { scan, reader, table, key, columns } = reading
  const of = key.map((name) => row[columns.indexOf(name)] as Value)
  const name = reading.names[column] as string
  const { value, cut } = await reader.long({ table: table.name, key, of, column: name, most: mostLength })
  const found = new Set<Entry>()
  if (value === null) return { value, found }
  scan.signal.throwIfAborted()
  const tell = teller(reading, row)
  if (cut) scan.tally.unread(placeOf(reading, column), `longer than ${mostLength / 2 ** 20} MB`)
  await searchValues(scan.book, [value], {
    hit(_, entry, path) {
      tell(column, entry, path)
      found.add(entry)
    },
    unread: (_, why) => scan.tally.unread(placeOf(reading, column), why),
  })
  return { value, found }
}

async function searchRows(
  reading: Reading,
  rows: readonly (readonly Value[])[],
  chunks: Chunked | undefined,
  held: ReadonlyMap<number, Held> = new Map(),
): Promise<void> {
  const { scan, searched } = reading
  const width = searched.length
  const values: Value[] = []
  for (const row of rows) for (const at of searched) values.push(row[at] as Value)
  const told = new Map<number, Tell>()
  const unread = new Set<string>()
  const found = new Map<number, Set<Entry>>()
  await searchValues(
    scan.book,
    values,
    {
      hit(value, entry, path) {
        const row = Math.floor(value / width)
        let tell = told.get(row)
        if (!tell) told.set(row, (tell = teller(reading, rows[row] as readonly Value[])))
        tell(searched[value % width] as number, entry, path)
        if (chunks) found.set(value, (found.get(value) ?? new Set()).add(entry))
      },
      unread(value, why) {
        const column = searched[value % width] as number
        const id = `${value} ${why}`
        if (!unread.has(id)) scan.tally.unread(placeOf(reading, column), why)
        unread.add(id)
      },
    },
    scan.decode,
  )
  if (!chunks) return
  for (const [i, row] of rows.entries())
    await searchJoined(
      reading,
      chunks.add(
        held.size === 0 ? row : row.map((value, at) => held.get(at)?.value ?? value),
        (column) => held.get(column)?.found ?? found.get(i * width + searched.indexOf(column)),
      ),
    )
}

/** What lies over the border of rows; what one of them holds by itself is told already. */
async function searchJoined(reading: Reading, joined: ReturnType<Chunked['end']>): Promise<void> {
  const { scan } = reading
  for (const { value, row, column, known, cut } of joined) {
    const tell = teller(reading, row)
    if (cut) scan.tally.unread(placeOf(reading, column), 'a file in pieces longer than 64 MB')
    await searchValues(scan.book, [value], {
      hit: (_, entry, path) => {
        if (!known.has(entry)) tell(column, entry, ['pieces', ...path])
      },
      unread: (_, why) => scan.tally.unread(placeOf(reading, column), why),
    })
  }
}

type Tell = (column: number, entry: Entry, path: readonly string[]) => void

/** Each column of a row counts once for a person, by the first way found. */
function teller(reading: Reading, row: readonly Value[]): Tell {
  const { scan, grounds, columns } = reading
  const told = new Set<string>()
  let ground: string | null | undefined
  return (column, entry, path) => {
    const persons = entry.persons.filter((person) => !told.has(`${column} ${person}`))
    if (persons.length === 0) return
    for (const person of persons) told.add(`${column} ${person}`)
    const way = `${column} by ${path.join()}`
    const counted = told.has(way)
    told.add(way)
    ground ??= grounds.find((g) => g.covers(rowOf(columns, row)))?.ground ?? null
    scan.tally.hit(placeOf(reading, column), {
      ground,
      path,
      persons,
      counted,
      example: exampleOf(reading, row),
    })
  }
}

function exampleOf({ scan, table, key, columns }: Reading, row: readonly Value[]): string | undefined {
  if (!scan.hash || key.length === 0) return undefined
  const values = key.map((name) => row[columns.indexOf(name)] ?? null)
  return scan.hash(
    canonicalJson([
      scan.store.name,
      table.name,
      ...values.map((v) => (typeof v === 'object' && v ? Buffer.from(v).toString('hex') : v)),
    ]),
  )
}

const placeOf = ({ scan, table, names }: Reading, column: number) => ({
  store: scan.store.name,
  table: table.name,
  column: names[column] as string,
})

const rowOf = (columns: readonly string[], row: readonly Value[]): Row =>
  Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null]))
