import { deflateSync, inflateSync } from 'node:zlib'
import type { Sql, TextRow } from './live-dump.ts'
import { type Php, serialize, unserialize } from './php.ts'
import type { Dump } from './store-dump.ts'

/*
 * Rows as Mautic 5 writes them. Whoever writes them is handed `hers`, by which a piece of text is hers: a population is written
 * once as it is stored and once as an erasure must leave it, so that lengths inside packed values are right in both.
 */
export type Cell = string | number | null | Uint8Array
export type Row = Readonly<Record<string, Cell>>
export type Hers = (text: string) => string
export type Rows = readonly (readonly [table: string, row: Row])[]
export const row = (table: string, cells: Row): Rows[number] => [table, cells]

export const stored: Hers = (text) => text
export const erased: Hers = () => '[erased]'

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

const asPhp = (value: Plain): Php => {
  if (typeof value === 'number')
    return Number.isInteger(value) ? { int: String(value) } : { float: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return { entries: value.map((one: Plain, n) => [{ int: String(n) }, asPhp(one)] as const) }
  return { entries: Object.entries(value).map(([key, one]) => [key, asPhp(one as Plain)] as const) }
}

/** What Doctrine's type `array` keeps. */
export const php = (value: Plain): string => serialize(asPhp(value))

/** What such a text says; throws where PHP would not read it. */
export const phpSays = (text: string): unknown => plainOf(unserialize(text))

function plainOf(value: Php): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('int' in value) return Number(value.int)
  if ('float' in value) return Number(value.float)
  if (!('entries' in value)) throw new Error('Mautic keeps arrays of plain values only')
  const entries = value.entries.map(
    ([key, one]) => [typeof key === 'string' ? key : Number(key.int), plainOf(one)] as const,
  )
  return entries.every(([key], n) => key === n) ? entries.map(([, one]) => one) : Object.fromEntries(entries)
}

/** What gzcompress(…, 9) makes of a payload. */
export const compressed = (json: string): Uint8Array => deflateSync(json, { level: 9 })

const keys: Readonly<Record<string, readonly string[]>> = {
  companies_leads: ['company_id', 'lead_id'],
  lead_ips_xref: ['lead_id', 'ip_id'],
  lead_tags_xref: ['lead_id', 'tag_id'],
  lead_lists_leads: ['leadlist_id', 'lead_id'],
  campaign_leads: ['campaign_id', 'lead_id'],
  campaign_lead_event_failed_log: ['log_id'],
  point_lead_action_log: ['point_id', 'lead_id'],
  point_lead_event_log: ['event_id', 'lead_id'],
  stage_lead_action_log: ['stage_id', 'lead_id'],
  point_group_contact_score: ['contact_id', 'group_id'],
  monitoring_leads: ['monitor_id', 'lead_id'],
  form_results_12_contact: ['submission_id'],
  form_results_13_party: ['submission_id'],
}
export const keyOf = (table: string): readonly string[] => keys[table] ?? ['id']

const placeOf = (table: string, row: Row): string =>
  `${table}/${keyOf(table)
    .map((column) => String(row[column]))
    .join('/')}`

export async function storeRows(sql: Sql, rows: Rows): Promise<void> {
  for (const [table, row] of rows) {
    const names = Object.keys(row)
    await sql.rows(
      `INSERT INTO ${table} (${names.map((name) => `\`${name}\``).join()}) VALUES (${names.map(() => '?').join()})`,
      Object.values(row).map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell) : cell)),
    )
  }
}

/** By place and column: what an erasure leaves of texts that are not hers, but name her. */
export function leftOf(write: (hers: Hers) => Rows): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const after = write(erased)
  const left = new Map<string, Readonly<Record<string, string>>>()
  for (const [n, [table, row]] of write(stored).entries()) {
    const changed = Object.entries(after[n]?.[1] ?? {}).flatMap(([column, cell]) =>
      textOf(cell) === textOf(row[column] ?? null) ? [] : [[column, textOf(cell)] as const],
    )
    if (changed.length > 0) left.set(placeOf(table, row), Object.fromEntries(changed))
  }
  return left
}

const textOf = (cell: Cell): string =>
  cell instanceof Uint8Array ? inflateSync(cell).toString('utf8') : String(cell)

/** A dump in which payloads can be read. */
export async function readable(sql: Sql, dump: Dump): Promise<Dump> {
  const payloads = await sql.rows('SELECT id, HEX(payload_compressed) AS hex FROM webhook_queue')
  const queue = new Map(dump['webhook_queue'])
  for (const { id, hex } of payloads) {
    const row = JSON.parse(queue.get(id as string) as string) as TextRow
    const text = inflateSync(Buffer.from(hex as string, 'hex')).toString('utf8')
    queue.set(id as string, JSON.stringify({ ...row, payload_compressed: text }))
  }
  return { ...dump, webhook_queue: queue }
}
