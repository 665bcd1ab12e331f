import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Sql } from './live-dump.ts'
import type { Dump } from './store-dump.ts'

/*
 * Calls as Asterisk writes them, around Ann's number and numbers near it. What is hers is known by lists of spellings, not by any
 * normalisation of ours.
 */

/** One number, as trunks, telephones and people dialling 9 for an outside line write it. */
export const annSpelled = ['0612345678', '+31612345678', '0031612345678', '31612345678', '90612345678']
/** Other people outside: a call in which one of them took part beside her is not hers to erase. */
export const outsiders = ['0687654321', '90687654321', '+31201119999']
/** Inside a longer number, one digit off, another country's, our own, no number: none of them hers. */
export const notHers = [
  '06123456789',
  '10612345678',
  '0612345679',
  '+4531612345678',
  '5678',
  'anonymous',
  '0201234567',
]
export const ours = '+31201234567'

type Leg = Readonly<Partial<Record<string, string | number>>>
export interface Call {
  /** Of the call, and of its first leg. */
  readonly id: string
  readonly at: string
  readonly legs: readonly Leg[]
  readonly events?: readonly Leg[]
  readonly queue?: readonly Leg[]
  /** Recordings, as paths below the spool. */
  readonly files?: readonly string[]
}

export async function storeCalls(sql: Sql, spool: string, calls: readonly Call[]): Promise<void> {
  for (const call of calls) {
    const link = { linkedid: call.id, uniqueid: call.id }
    for (const leg of call.legs)
      await insert(sql, 'cdr', { calldate: call.at, disposition: 'ANSWERED', ...link, ...leg })
    for (const event of call.events ?? [])
      await insert(sql, 'cel', { ...celBlank, eventtime: call.at, ...link, ...event })
    for (const event of call.queue ?? [])
      await insert(sql, 'queue_log', { time: call.at, callid: call.id, queuename: '600', ...event })
    for (const file of call.files ?? []) put(spool, file, `sound of ${call.id}`)
  }
}

const celBlank = Object.fromEntries(
  [
    'cid_name cid_num cid_ani cid_rdnis cid_dnid exten context channame appname appdata accountcode peer',
    'userdeftype extra',
  ].flatMap((line) => line.split(' ').map((name) => [name, ''])),
)

export async function insert(sql: Sql, table: string, row: Leg): Promise<void> {
  const names = Object.keys({ ...row, ...(table === 'cel' && { amaflags: 0 }) })
  const values = names.map((name) => row[name] ?? 0)
  await sql.rows(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`, values)
}

export function put(spool: string, file: string, content: string): void {
  mkdirSync(dirname(join(spool, file)), { recursive: true })
  writeFileSync(join(spool, file), content)
}

/** Every file of the spool with its content. */
export const filesOf = (spool: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(spool, { recursive: true, encoding: 'utf8' })
      .map((name) => join(spool, name))
      .filter((path) => statSync(path).isFile())
      .sort()
      .map((path) => [relative(spool, path), readFileSync(path, 'latin1')]),
  )

/** Calls of hers, and those in which somebody else from outside took part beside her. Binary comparison, no rule of ours in it. */
export async function callTruth(sql: Sql): Promise<{ hers: Set<string>; mixed: Set<string> }> {
  const withOneOf = async (numbers: readonly string[]) => {
    const parts = [
      ...['cdr', 'transient_cdr'].flatMap((table) =>
        ['src', 'dst', 'cnum'].map((c) => [table, c, 'linkedid']),
      ),
      ...['cid_num', 'cid_ani', 'exten'].map((c) => ['cel', c, 'linkedid']),
      ['queue_log', 'data2', 'callid'],
    ]
    const rows = await sql.rows(
      parts.map(([t, c, id]) => `SELECT ${id} AS id FROM ${t} WHERE BINARY ${c} IN (?)`).join(' UNION '),
      parts.map(() => numbers),
    )
    return new Set(rows.map((row) => row['id'] as string))
  }
  const [with_, without] = [await withOneOf(annSpelled), await withOneOf(outsiders)]
  with_.delete('')
  const both = (id: string) => without.has(id)
  return {
    hers: new Set([...with_].filter((id) => !both(id))),
    mixed: new Set([...with_].filter(both)),
  }
}

/** Whether a row is of one of the calls; one without a call is, where her number stands in it. */
export function isOf(calls: ReadonlySet<string>, table: string, row: string): boolean {
  const { src, callerid, callid, linkedid } = JSON.parse(row) as Record<string, string>
  if (table === 'voicemail_messages') return annSpelled.some((number) => callerid?.includes(number))
  const call = (table === 'queue_log' ? callid : linkedid) ?? ''
  return call === '' ? annSpelled.includes(src ?? '') : calls.has(call)
}

/** The whole database as an erasure must leave it. */
export const callsAfterErasure = (before: Dump, hers: ReadonlySet<string>): Dump =>
  Object.fromEntries(
    Object.entries(before).map(([table, rows]) => [
      table,
      new Map([...rows].filter(([, row]) => !isOf(hers, table, row))),
    ]),
  )

/** A row of a call with others, without her side of it. */
export const withoutHers = (row: string): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(JSON.parse(row) as Record<string, string | null>).map(([column, value]) => [
        column,
        value !== null && annSpelled.includes(value) ? '[erased]' : value,
      ]),
    ),
  )
