import type { Sql, TextRow } from './live-dump.ts'
import { keyOf, leftOf } from './mautic.ts'
import { makeMautic } from './mautic-cast.ts'
import type { Dump } from './store-dump.ts'

/*
 * What is true of a Mautic database, by SQL written for it alone: nothing here knows the data map, the graph or the engine, so that a
 * mistake of theirs is not repeated.
 */
const me = 'SELECT id FROM leads WHERE BINARY lower(email) = ?'

/** Tables with the number of a contact in one column, and nothing else to it. */
const byLead =
  'companies_leads lead_ips_xref lead_tags_xref lead_devices lead_donotcontact lead_notes lead_event_log lead_utmtags lead_points_change_log ' +
  'lead_stages_change_log lead_companies_change_log lead_categories lead_frequencyrules lead_lists_leads campaign_leads campaign_lead_event_log ' +
  'message_queue point_lead_action_log point_lead_event_log stage_lead_action_log dynamic_content_lead_data monitoring_leads video_hits ' +
  'form_submissions asset_downloads sms_message_stats push_ids push_notification_stats dynamic_content_stats tweet_stats focus_stats'

const hit = `SELECT id FROM page_hits WHERE lead_id IN (${me}) OR device_id IN (SELECT id FROM lead_devices WHERE lead_id IN (${me}))`
const stat = `SELECT id FROM email_stats WHERE lead_id IN (${me}) OR BINARY lower(email_address) = ?`
const submission = `SELECT id FROM form_submissions WHERE lead_id IN (${me})`

/** Where an address of a computer stands beside whoever used it: every row of these counts. */
const used = [
  'lead_ips_xref video_hits asset_downloads form_submissions campaign_lead_event_log lead_points_change_log',
  'point_lead_action_log point_lead_event_log stage_lead_action_log sms_message_stats push_notification_stats',
]
  .join(' ')
  .split(' ')
  .map((table) => `SELECT ip_id, lead_id IN (${me}) AS hers FROM ${table}`)
  .concat(
    `SELECT ip_id, id IN (${hit}) FROM page_hits`,
    `SELECT ip_id, id IN (${stat}) FROM email_stats`,
    `SELECT ip_id, stat_id IN (${stat}) FROM email_stats_devices`,
  )
  .join(' UNION ALL ')

const where: readonly (readonly [table: string, condition: string, hers?: 0])[] = [
  ['leads', `id IN (${me})`],
  ...byLead.split(' ').map((table) => [table, `lead_id IN (${me})`] as const),
  ['contact_merge_records', `contact_id IN (${me})`],
  ['point_group_contact_score', `contact_id IN (${me})`],
  [
    'campaign_lead_event_failed_log',
    `log_id IN (SELECT id FROM campaign_lead_event_log WHERE lead_id IN (${me}))`,
  ],
  ['page_hits', `id IN (${hit})`],
  ['email_stats', `id IN (${stat})`],
  ['email_stat_replies', `stat_id IN (${stat})`],
  ['email_stats_devices', `stat_id IN (${stat})`],
  ['form_results_12_contact', `submission_id IN (${submission})`],
  ['form_results_13_party', `submission_id IN (${submission})`],
  ['audit_log', `object = 'lead' AND object_id IN (${me})`],
  ['audit_log', `object = 'note' AND object_id IN (SELECT id FROM lead_notes WHERE lead_id IN (${me}))`],
  ['sync_object_mapping', `internal_object_name = 'lead' AND internal_object_id IN (${me})`],
  ['sync_object_field_change_report', `object_type LIKE '%Lead' AND object_id IN (${me})`],
  ['integration_entity', `internal_entity = 'lead' AND internal_entity_id IN (${me})`],
  ['ip_addresses', `id IN (SELECT ip_id FROM (${used}) u GROUP BY ip_id HAVING min(coalesce(hers, 0)) = 1)`],
  [
    'ip_addresses',
    `id IN (SELECT ip_id FROM (${used}) u GROUP BY ip_id HAVING min(coalesce(hers, 0)) = 0 AND max(coalesce(hers, 0)) = 1)`,
    0,
  ],
  ['companies', `id IN (SELECT company_id FROM companies_leads WHERE lead_id IN (${me}))`, 0],
  ['lead_tags', `id IN (SELECT tag_id FROM lead_tags_xref WHERE lead_id IN (${me}))`, 0],
]

export interface Truth {
  readonly owned: ReadonlySet<string>
  readonly shared: ReadonlySet<string>
  /** Rows that are neither, in which whoever wrote them said that something is hers. */
  readonly named: ReadonlySet<string>
}

/** Rows as `table/key`; payloads of webhooks are told by whoever packed them. */
export async function mauticTruth(sql: Sql, email: string, payloads: readonly string[]): Promise<Truth> {
  const places = { owned: new Set(payloads), shared: new Set<string>() }
  for (const [table, condition, hers = 1] of where) {
    const asked = (condition.match(/\?/g) ?? []).map(() => email)
    const key = keyOf(table).join(", '/', ")
    for (const row of await sql.rows(`SELECT concat(${key}) AS k FROM ${table} WHERE ${condition}`, asked))
      places[hers === 1 ? 'owned' : 'shared'].add(`${table}/${row['k']}`)
  }
  const named = [...leftOf(makeMautic).keys()].filter(
    (place) => !places.owned.has(place) && !places.shared.has(place),
  )
  return { ...places, named: new Set(named) }
}

const without = { lead_id: null }
const stats = { ...without, tokens: null }
const left: Readonly<Record<string, (row: TextRow) => TextRow>> = {
  email_stats: (row) => ({
    ...stats,
    email_address: `erased-${row['id']}@invalid`,
    ip_id: null,
    tracking_hash: null,
    open_details: null,
  }),
  sms_message_stats: () => ({ ...stats, ip_id: null, tracking_hash: null, details: '{}' }),
  push_notification_stats: () => ({ ...stats, ip_id: null, tracking_hash: null, click_details: null }),
  dynamic_content_stats: () => ({ ...stats, sent_details: null }),
  tweet_stats: () => ({ ...without, handle: 'erased', twitter_tweet_id: null, response_details: null }),
  focus_stats: () => without,
  audit_log: () => ({ details: null, ip_address: '' }),
}

/** The whole database as an erasure must leave it; payloads as `readable` shows them. */
export function afterErasure(before: Dump, { owned }: Truth): Dump {
  const others = leftOf(makeMautic)
  return Object.fromEntries(
    Object.entries(before).map(([table, rows]) => [
      table,
      new Map(
        [...rows].flatMap(([key, text]): [string, string][] => {
          const place = `${table}/${key}`
          const row = JSON.parse(text) as TextRow
          const isHers = owned.has(place)
          if (isHers && !(table in left)) return []
          return [[key, JSON.stringify({ ...row, ...(isHers ? left[table]?.(row) : others.get(place)) })]]
        }),
      ),
    ]),
  )
}
