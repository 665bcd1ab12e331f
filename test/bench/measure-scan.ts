import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Identity } from '../../src/base/identity.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { booksFor, scanForPersons } from '../../src/engine/verify/scan.ts'
import type { Store } from '../../src/stores/port.ts'
import { openPostgresStore } from '../../src/stores/postgres/open.ts'
import { openSqliteStore } from '../../src/stores/sqlite/open.ts'
import { postgresMissing, startPostgres } from '../support/servers.ts'
import { type Figures, middle, type Order, peak, type Spent, timed } from './figures.ts'
import { copyOf, storeNames } from './samples.ts'

const identifiers = 10_000

/** Everything the stores hold, read for 10,000 identifiers at once, beside a dump through the machine's own search for the same. */
export async function measureScan(order: Order): Promise<Figures> {
  const dir = copyOf(order.sample, order.work)
  const persons = personsOf(dir)
  const list = join(order.work, 'identifiers.txt')
  writeFileSync(list, persons.map(([one]) => one?.value).join('\n'))
  const stores = storeNames.map((name) => openSqliteStore(name, join(dir, `${name}.db`)))
  const dumps = storeNames.map((name) => `sqlite3 '${join(dir, `${name}.db`)}' .dump`)
  const sqlite = await beside(stores, persons, `(${dumps.join('; ')}) | ${searchFor(list)}`)
  const peakBytes = peak()
  for (const store of stores) await store.close()
  return { ...named('sqlite', sqlite), ...named('postgres', await onPostgres(dir, persons, list)), peakBytes }
}

/** Half addresses and half numbers, most of them nobody's here, a few thousand of people in the store. */
function personsOf(dir: string): Identity[][] {
  const db = new Sqlite(join(dir, 'tickets.db'), { readonly: true })
  const known = db.prepare('SELECT email FROM customers LIMIT 2000').pluck().all() as string[]
  db.close()
  return Array.from({ length: identifiers }, (_, i): Identity[] => {
    const email = known[i] ?? `nobody.${i}@away${i % 97}.example`
    return [
      i % 2 === 0
        ? { kind: 'email', value: email }
        : { kind: 'phone', value: `+316${10_000_000 + i * 7919}` },
    ]
  })
}

const searchFor = (list: string): string => {
  const search = has('rg') ? 'rg' : 'LC_ALL=C grep'
  return `${search} -c -i -F -f '${list}' || [ $? -eq 1 ]`
}
const has = (tool: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

interface Beside {
  readonly read: Spent
  readonly plain: Spent
  readonly decoded: Spent
  readonly found: number
  readonly bytes: number
  /** By the clock two processes side by side; a server's own time is in nobody's figure of processor. */
  readonly peer: Spent | null
}

/** Three rounds, each way in turn, so that what else the machine does falls on all of them. */
async function beside(stores: readonly Store[], persons: Identity[][], command: string): Promise<Beside> {
  const deps = {
    map: { collections: new Map() },
    stores: new Map(stores.map((store) => [store.name, store])),
    policyOf: () => ({ country: 'NL' }),
  } as unknown as EngineDeps
  const read: Spent[] = []
  const plain: Spent[] = []
  const decoded: Spent[] = []
  const peers: Spent[] = []
  let [found, bytes] = [0, 0]
  for (let round = 0; round < 3; round++) {
    const reading = await timed(() => readAll(stores))
    bytes = reading.result
    read.push(reading)
    const scan = async (decode: boolean) => {
      let rows = 0
      const bookOf = booksFor(deps, persons)
      for (const { name } of stores)
        for (const one of (await scanForPersons(deps, name, persons, { decode, bookOf })).residue)
          rows += one.rows
      return rows
    }
    plain.push(await timed(() => scan(false)))
    const all = await timed(() => scan(true))
    decoded.push(all)
    found = all.result
    const start = performance.now()
    try {
      const said = execFileSync('bash', ['-c', `${command}; times`], { stdio: 'pipe', maxBuffer: 2 ** 28 })
      peers.push({ ms: performance.now() - start, cpuMs: childrenMs(said.toString()) })
    } catch {
      // One of the tools is missing here.
    }
  }
  const peer = peers.length === 0 ? null : middle(peers)
  return { read: middle(read), plain: middle(plain), decoded: middle(decoded), found, bytes, peer }
}

/** The last line of bash's `times`, of all children: `0m1.234s 0m0.056s`. */
const childrenMs = (said: string): number =>
  [...(said.trimEnd().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  )

/** The floor: all values out of the store, looked at by nobody. */
async function readAll(stores: readonly Store[]): Promise<number> {
  let bytes = 0
  for (const store of stores)
    for (const table of (await store.describe()).tables) {
      const columns = table.columns
        .filter((c) => ['text', 'json', 'other', 'bytes'].includes(c.kind))
        .map((c) => c.name)
      await store.reading(async (reader) => {
        for await (const { rows } of reader.sweep({ table: table.name, columns, key: table.primaryKey }))
          for (const row of rows) for (const value of row) bytes += value?.length ?? 0
      })
    }
  return bytes
}

async function onPostgres(dir: string, persons: Identity[][], list: string): Promise<Beside | undefined> {
  if (postgresMissing() !== undefined || !has('psql') || !has('sqlite3')) return undefined
  const server = await startPostgres()
  try {
    const psql = `psql -q -v ON_ERROR_STOP=1 '${server.url}'`
    const columns = 'id, ticket_id, author, from_address, body, sent_at'
    const fill = `${psql} -c 'CREATE TABLE messages (id bigint PRIMARY KEY, ticket_id bigint, author text, from_address text, body text, sent_at text)'
      sqlite3 -csv '${join(dir, 'tickets.db')}' 'SELECT ${columns} FROM messages' | ${psql} -c 'COPY messages FROM STDIN (FORMAT csv)'
      ${psql} -c 'VACUUM ANALYZE messages'`
    execFileSync('sh', ['-ec', fill], { stdio: 'pipe' })
    const store = openPostgresStore('postgres', server.url)
    const figures = await beside(
      [store],
      persons,
      `${psql} -c 'COPY messages TO STDOUT' | ${searchFor(list)}`,
    )
    await store.close()
    return figures
  } finally {
    await server.stop()
  }
}

const named = (name: string, figures: Beside | undefined): Figures =>
  Object.fromEntries(Object.entries(figures ?? {}).map(([key, value]) => [`${name} ${key}`, value]))
