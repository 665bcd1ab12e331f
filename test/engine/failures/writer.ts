/*
 * A live application: transactions over several rows at once, in an order of its own, as fast as a busy one makes them. It counts
 * in every row it writes, and prints in the end what it committed. Called with one argument, JSON of `WriterOrders`; ends when its
 * input does.
 */
import { setTimeout as think } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { StoreKind } from '../../../src/stores/port.ts'

export interface WriterOrders {
  readonly kind: StoreKind
  readonly url: string
  /** Which writer; every other one goes through the rows backwards. */
  readonly n: number
  /** Rows it writes to: `people/1`. */
  readonly rows: readonly string[]
  /** Whether it opens new tickets for her too, every so many transactions; 0 for never. */
  readonly herTicketEvery: number
}

export interface Written {
  /** Increments that were committed, by row. */
  readonly counts: Readonly<Record<string, number>>
  /** Tickets that were opened: for her, and for her neighbour. */
  readonly hers: readonly number[]
  readonly others: readonly number[]
  readonly committed: number
  /** Transactions that the server refused: deadlocks, locks, keys. */
  readonly refused: number
}

type Change = (sql: string) => Promise<number>

async function connect(kind: StoreKind, url: string): Promise<{ change: Change; close(): Promise<void> }> {
  if (kind === 'sqlite') {
    const db = new Sqlite(url.slice('file:'.length), { timeout: 5_000 })
    db.pragma('foreign_keys = ON')
    const change: Change = async (sql) =>
      /^(BEGIN|COMMIT|ROLLBACK)/.test(sql) ? (db.exec(sql), 0) : db.prepare(sql).run().changes
    return { change, close: async () => void db.close() }
  }
  if (kind === 'postgres') {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return { change: async (sql) => (await client.query(sql)).rowCount ?? 0, close: () => client.end() }
  }
  const client = await mysql.createConnection({ uri: url })
  const change: Change = async (sql) => {
    const [answer] = await client.query(sql)
    return (answer as mysql.ResultSetHeader).affectedRows
  }
  return { change, close: () => client.end() }
}

async function write(orders: WriterOrders, isOver: () => boolean): Promise<Written> {
  const { kind, n, rows, herTicketEvery } = orders
  const { change, close } = await connect(kind, orders.url)
  const counts: Record<string, number> = {}
  const opened = { 1: [] as number[], 2: [] as number[] }
  let [committed, refused] = [0, 0]
  let state = n + 1
  const dice = (most: number) => (state = (state * 1103515245 + 12345) % 2 ** 31) % most
  for (let turn = 1; !isOver(); turn++) {
    const touched = [...new Set(Array.from({ length: 4 }, () => dice(rows.length)))].sort((a, b) => a - b)
    if (n % 2 === 1) touched.reverse()
    const person = herTicketEvery > 0 && turn % herTicketEvery === 0 ? 1 : 2
    const ticket = 100_000 * (n + 1) + turn
    try {
      await change(kind === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN')
      const done: string[] = []
      for (const index of touched) {
        const row = rows[index] as string
        const [table, id] = row.split('/')
        if ((await change(`UPDATE ${table} SET writes = writes + 1 WHERE id = ${id}`)) === 1) done.push(row)
      }
      if (turn % 10 === 0 || person === 1)
        await change(
          `INSERT INTO tickets VALUES (${ticket}, ${person}, 'live', '${person === 1 ? 'ann' : 'bob'}@x.example', NULL, 0, 0)`,
        )
      await change('COMMIT')
      committed++
      for (const row of done) counts[row] = (counts[row] ?? 0) + 1
      if (turn % 10 === 0 || person === 1) opened[person].push(ticket)
    } catch {
      refused++
      await change('ROLLBACK').catch(() => 0)
    }
    // Before the first answer of a person: a busy application is not a loop without end.
    await think(1)
  }
  await close()
  return { counts, hers: opened[1], others: opened[2], committed, refused }
}

let over = false
process.stdin.on('end', () => (over = true)).resume()
const written = await write(JSON.parse(process.argv[2] ?? '{}') as WriterOrders, () => over)
console.log(JSON.stringify(written))
process.exit(0)
