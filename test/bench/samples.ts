import { copyFileSync, constants, existsSync, mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Instant } from '../../src/base/instant.ts'
import { cast } from '../../src/demo/cast.ts'
import { makeStores } from '../../src/demo/stores.ts'

export const benchNow = '2026-11-22T12:00:00.000Z' as Instant
/** Whose data are asked for: 40 tickets of her own whatever the size, so that the figures show the size alone. */
export const person = cast.alice
const herTickets = 40
const seed = 7
export const storeNames = ['tickets', 'calls', 'marketing'] as const

/**
 * The sample stores of so many tickets, three messages each, half as many calls (no audio files), a person for every five
 * tickets. Made once, kept in the system's temporary folder by size and seed.
 */
export async function sampleOf(tickets: number): Promise<string> {
  const dir = join(tmpdir(), `lethe-bench-${seed}-${tickets}-v1`)
  if (existsSync(dir)) return dir
  const raw = `${dir}.raw`
  if (!existsSync(raw))
    await makeStores({
      dir: raw,
      seed,
      now: benchNow,
      tickets,
      people: Math.max(60, Math.round(tickets / 5)),
      calls: Math.max(100, Math.round(tickets / 2)),
      recordings: false,
    })
  giveTickets(join(raw, 'tickets.db'), tickets)
  renameSync(raw, dir)
  return dir
}

/** Strews tickets over the table, with what their customers wrote, so that they do not lie on one page. */
function giveTickets(path: string, tickets: number): void {
  const db = new Sqlite(path)
  const first = 60
  const step = Math.floor((tickets - first) / herTickets)
  db.exec('CREATE TEMP TABLE given (id INTEGER PRIMARY KEY)')
  const give = db.prepare('INSERT INTO given VALUES (?)')
  for (let i = 0; i < herTickets; i++) give.run(first + i * step)
  const id = person.customerId
  db.prepare('UPDATE tickets SET requester_id = ? WHERE id IN (SELECT id FROM given)').run(id)
  db.prepare(
    "UPDATE messages SET customer_id = ? WHERE author = 'customer' AND ticket_id IN (SELECT id FROM given)",
  ).run(id)
  db.prepare('UPDATE remote_sessions SET customer_id = ? WHERE ticket_id IN (SELECT id FROM given)').run(id)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

/** A copy to change. */
export function copyOf(sample: string, work: string): string {
  const dir = mkdtempSync(join(work, 'stores-'))
  for (const name of readdirSync(sample))
    if (name.endsWith('.db')) copyFileSync(join(sample, name), join(dir, name), constants.COPYFILE_FICLONE)
  return dir
}
