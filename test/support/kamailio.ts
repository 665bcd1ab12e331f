import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomFor } from '../../src/demo/random.ts'
import type { Sql, TextRow } from './live-dump.ts'
import type { Dump } from './store-dump.ts'

/*
 * Kamailio's accounting as its own files make it, with the columns that kamailio.cfg asks for; filled with calls of Ann and of
 * people whose numbers are near hers. What is hers is known by the list of spellings, not by any normalisation of ours.
 */

/** One number, as SIP clients and gateways write it. */
export const annSpelled = [
  '+31612345678',
  '0031612345678',
  '31612345678',
  '0612345678',
  '06-12345678',
  '+31 6 1234 5678',
  '(06) 12345678',
]

/** Inside a longer number, one digit off, another country's, a name, nobody: none of them hers. */
export const notHers = [
  '06123456789',
  '10612345678',
  '0612345679',
  '+32612345678',
  '+4531612345678',
  '+31687654321',
  'ann.lee',
  'anonymous',
  '',
  '5678',
]

const extra = ['src_user', 'src_domain', 'src_ip', 'dst_ouser', 'dst_user', 'dst_domain']

/** The files of the Debian package, then the `ALTER`s that kamailio.cfg prints for WITH_ACCDB. */
export async function makeKamailio(sql: Sql, folder: string): Promise<void> {
  for (const name of ['standard-create.sql', 'acc-create.sql'])
    await sql.exec(readFileSync(join(folder, name), 'utf8'))
  for (const table of ['acc', 'missed_calls'])
    for (const column of extra)
      await sql.exec(`ALTER TABLE ${table} ADD COLUMN ${column} VARCHAR(64) NOT NULL DEFAULT ''`)
}

export interface Call {
  readonly time: string
  readonly from: string
  readonly dialled: string
  /** Another number than was dialled where the call was forwarded. */
  readonly reached?: string
  readonly missed?: boolean
}

const columns = ['method', 'from_tag', 'to_tag', 'callid', 'sip_code', 'sip_reason', 'time', ...extra]

/** Two rows for a call (INVITE, BYE) and its duration, or one missed. */
export async function addCalls(sql: Sql, calls: readonly Call[]): Promise<void> {
  const rows = { acc: [] as string[][], missed_calls: [] as string[][] }
  const durations: string[][] = []
  for (const [n, call] of calls.entries()) {
    const row = (method: string, code: string, reason: string) => [
      method,
      `f${n}`,
      `t${n}`,
      // Softphones put their owner's address in front.
      `${call.from.replace(/\W/g, '') || 'x'}-${n}@10.0.0.${n % 250}`,
      code,
      reason,
      call.time,
      call.from,
      'sip.client.example',
      `198.51.100.${n % 250}`,
      call.dialled,
      call.reached ?? call.dialled,
      'pbx.example',
    ]
    if (call.missed) rows.missed_calls.push(row('INVITE', '486', 'Busy here'))
    else {
      rows.acc.push(row('INVITE', '200', 'OK'), row('BYE', '200', 'OK'))
      durations.push([call.time, call.time, '61.250'])
    }
  }
  for (const [table, list] of Object.entries(rows)) await insert(sql, table, columns, list)
  await insert(sql, 'acc_cdrs', ['start_time', 'end_time', 'duration'], durations)
}

async function insert(
  sql: Sql,
  table: string,
  names: readonly string[],
  rows: readonly string[][],
): Promise<void> {
  for (let at = 0; at < rows.length; at += 500) {
    const part = rows.slice(at, at + 500)
    const tuple = `(${names.map(() => '?').join()})`
    await sql.rows(
      `INSERT INTO ${table} (${names.join()}) VALUES ${part.map(() => tuple).join()}`,
      part.flat(),
    )
  }
}

/** More of hers than one batch holds, in every role and spelling, between many calls of others. */
export function callsAroundAnn(count = 1500): Call[] {
  return Array.from({ length: count }, (_, n) => {
    const random = randomFor(5, 1, n)
    const pick = (list: readonly string[]) => random.pick(list as [string, ...string[]])
    const other = () =>
      random.chance(0.3) ? pick(notHers) : `+316200${String(random.int(0, 99_999)).padStart(5, '0')}`
    const hers = () => pick(annSpelled)
    const day = new Date(Date.UTC(2026, 6, 1 + (n % 140), n % 24, n % 60))
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ')
    const call = { time: day, missed: random.chance(0.2) }
    switch (random.int(0, 5)) {
      case 0:
        return { ...call, from: hers(), dialled: other() }
      case 1:
        return { ...call, from: other(), dialled: hers() }
      case 2: // She was dialled, and a colleague took it.
        return { ...call, from: other(), dialled: hers(), reached: other() }
      case 3: // A colleague was dialled, and it came to her.
        return { ...call, from: other(), dialled: other(), reached: hers() }
      case 4:
        // Now and then her own voice mail: every side is hers.
        return random.chance(0.2)
          ? { ...call, from: hers(), dialled: hers() }
          : { ...call, from: other(), dialled: other() }
      default:
        return { ...call, from: other(), dialled: other() }
    }
  })
}

const sides = { made: 'src_user', dialled: 'dst_ouser', received: 'dst_user' } as const
const prefix = { acc: 'calls', missed_calls: 'missed' } as const

/** Every side of a call that is hers: `calls_made acc/17`. Binary comparison with each spelling; no rule of ours in it. */
export async function kamailioTruth(sql: Sql): Promise<ReadonlySet<string>> {
  const found: string[] = []
  for (const [table, name] of Object.entries(prefix))
    for (const [side, column] of Object.entries(sides)) {
      const rows = await sql.rows(`SELECT id FROM ${table} WHERE BINARY ${column} IN (?)`, [annSpelled])
      found.push(...rows.map((row) => `${name}_${side} ${table}/${row['id']}`))
    }
  return new Set(found)
}

/** The whole database as an erasure must leave it. */
export function callsAfterErasure(before: Dump, hers: ReadonlySet<string>): Dump {
  const after: Record<string, Map<string, string>> = {}
  for (const [table, rows] of Object.entries(before)) {
    const name = prefix[table as keyof typeof prefix]
    after[table] = new Map(
      [...rows].map(([key, text]) => {
        const row: TextRow = JSON.parse(text)
        const is = (side: keyof typeof sides) => hers.has(`${name}_${side} ${table}/${key}`)
        const any = is('made') || is('dialled') || is('received')
        const masked: TextRow = {
          ...row,
          ...(any && { callid: `erased-${key}` }),
          ...(is('made') && { src_user: 'erased', src_domain: '', src_ip: '' }),
          ...(is('dialled') && { dst_ouser: 'erased' }),
          ...(is('received') && { dst_user: 'erased', dst_domain: '' }),
        }
        return [key, JSON.stringify(masked)]
      }),
    )
  }
  return after
}
