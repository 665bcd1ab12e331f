import { parse } from 'yaml'
import type { Sql, TextRow } from './live-dump.ts'
import { erased, isMarked } from './marks.ts'
import type { Dump } from './store-dump.ts'
import { ann, type Cells } from './zammad-cast.ts'
import { zammadRows } from './zammad.ts'

/*
 * What is true of a Zammad database, by SQL written for it alone: nothing here knows the data map, the graph or the engine.
 */
const reached = `
WITH me AS (SELECT id FROM users WHERE lower(email) = lower($1)),
ticket AS (SELECT id, customer_id IN (TABLE me) AS hers FROM tickets WHERE customer_id IN (TABLE me) OR created_by_id IN (TABLE me)),
article AS (
  SELECT a.id, CASE
      WHEN a.origin_by_id IS NOT NULL THEN a.origin_by_id IN (TABLE me)
      ELSE a.created_by_id IN (TABLE me) OR (coalesce(t.hers, false) AND (a.sender_id IN (1, 3))) END AS hers
  FROM ticket_articles a LEFT JOIN ticket t ON t.id = a.ticket_id
  WHERE t.id IS NOT NULL OR a.created_by_id IN (TABLE me) OR a.origin_by_id IN (TABLE me)
    OR concat_ws(' ', a.from, a.to, a.cc, a.reply_to) ~* ('(^|[^a-z.])' || $1)),
store AS (
  SELECT s.id, s.store_file_id, s.created_by_id IN (TABLE me) OR coalesce(a.hers, false)
      OR (o.name LIKE 'Avatar::User::%' AND s.o_id IN (TABLE me)) AS hers
  FROM stores s JOIN store_objects o ON o.id = s.store_object_id
  LEFT JOIN article a ON a.id = s.o_id AND o.name LIKE 'Ticket::Article%'
  WHERE a.id IS NOT NULL OR s.created_by_id IN (TABLE me) OR (o.name LIKE 'Avatar::User::%' AND s.o_id IN (TABLE me))),
file AS (
  SELECT f.id, f.sha, bool_and(s.id IN (SELECT id FROM store WHERE hers)) AS hers
  FROM store_files f JOIN stores s ON s.store_file_id = f.id
  WHERE f.id IN (SELECT store_file_id FROM store) GROUP BY f.id, f.sha),
history AS (
  SELECT h.id, coalesce(t.hers, a.hers, o.name = 'User' AND h.o_id IN (TABLE me), false) AS hers,
    t.id IS NOT NULL OR a.id IS NOT NULL OR (o.name = 'User' AND h.o_id IN (TABLE me))
      OR (n.name IN ('customer', 'owner') AND (h.id_from IN (TABLE me) OR h.id_to IN (TABLE me))) AS met
  FROM histories h JOIN history_objects o ON o.id = h.history_object_id
  LEFT JOIN history_attributes n ON n.id = h.history_attribute_id
  LEFT JOIN ticket t ON t.id = h.o_id AND o.name = 'Ticket'
  LEFT JOIN article a ON a.id = h.o_id AND o.name = 'Ticket::Article'),
chat AS (SELECT id FROM chat_sessions WHERE created_by_id IN (TABLE me))
SELECT 'users' AS "table", id::text, true AS hers FROM me
UNION SELECT 'organizations', organization_id::text, false FROM users WHERE id IN (TABLE me) AND organization_id IS NOT NULL
UNION SELECT 'tickets', id::text, hers FROM ticket
UNION SELECT 'ticket_articles', id::text, hers FROM article
UNION SELECT 'ticket_article_flags', id::text, true FROM ticket_article_flags WHERE created_by_id IN (TABLE me)
UNION SELECT 'stores', id::text, hers FROM store
UNION SELECT 'store_files', id::text, hers FROM file
UNION SELECT 'store_provider_dbs', p.id::text, f.hers FROM store_provider_dbs p JOIN file f ON f.sha = p.sha
UNION SELECT 'histories', id::text, hers FROM history WHERE met
UNION SELECT 'cti_logs', id::text, true FROM cti_logs WHERE $2 IN ("from", "to")
UNION SELECT 'cti_caller_ids', id::text, true FROM cti_caller_ids WHERE user_id IN (TABLE me) OR caller_id = $2
UNION SELECT t, id::text, true FROM (
  SELECT 'user_devices' AS t, id, user_id FROM user_devices UNION ALL SELECT 'authorizations', id, user_id FROM authorizations
  UNION ALL SELECT 'tokens', id, user_id FROM tokens UNION ALL SELECT 'mentions', id, user_id FROM mentions
  UNION ALL SELECT 'online_notifications', id, user_id FROM online_notifications
  UNION ALL SELECT 'taskbars', id, user_id FROM taskbars) own WHERE user_id IN (TABLE me)
UNION SELECT 'taskbars', b.id::text, true FROM taskbars b JOIN me ON b.key = 'User-' || me.id
UNION SELECT 'taskbars', b.id::text, t.hers FROM taskbars b JOIN ticket t ON b.key = 'Ticket-' || t.id
UNION SELECT 'sessions', id::text, true FROM sessions
  WHERE encode(decode(replace(data, E'\\n', ''), 'base64'), 'escape') ~* ('[^a-z.]' || $1)
UNION SELECT 'avatars', a.id::text, true FROM avatars a JOIN object_lookups o ON o.id = a.object_lookup_id
  WHERE o.name = 'User' AND a.o_id IN (TABLE me)
UNION SELECT 'external_syncs', id::text, true FROM external_syncs WHERE object = 'User' AND o_id IN (TABLE me)
UNION SELECT 'stats_stores', id::text, true FROM stats_stores WHERE stats_storable_type = 'User' AND stats_storable_id IN (TABLE me)
UNION SELECT 'data_privacy_tasks', id::text, true FROM data_privacy_tasks WHERE deletable_type = 'User' AND deletable_id IN (TABLE me)
UNION SELECT 'activity_streams', a.id::text, true FROM activity_streams a JOIN object_lookups o ON o.id = a.activity_stream_object_id
  WHERE a.created_by_id IN (TABLE me) OR (o.name = 'User' AND a.o_id IN (TABLE me))
UNION SELECT 'recent_views', r.id::text, true FROM recent_views r JOIN object_lookups o ON o.id = r.recent_view_object_id
  LEFT JOIN ticket t ON t.id = r.o_id AND o.name = 'Ticket'
  WHERE r.created_by_id IN (TABLE me) OR (o.name = 'User' AND r.o_id IN (TABLE me)) OR t.hers
UNION SELECT 'chat_sessions', id::text, true FROM chat
UNION SELECT 'chat_messages', id::text, created_by_id IS NULL OR created_by_id IN (TABLE me) FROM chat_messages
  WHERE chat_session_id IN (TABLE chat) OR created_by_id IN (TABLE me)
UNION SELECT 'smime_certificates', id::text, true FROM smime_certificates WHERE subject ~* ('[^a-z.]' || $1)
UNION SELECT 'pgp_keys', id::text, true FROM pgp_keys WHERE uids ~* ('[^a-z.]' || $1)`

export interface Truth {
  readonly owned: ReadonlySet<string>
  readonly shared: ReadonlySet<string>
  /** Neither, and something in it is marked as hers. */
  readonly named: ReadonlySet<string>
}

const written = new Map<string, Cells>(
  zammadRows.map(([table, row]) => [`${table}/${String(row['id'])}`, row]),
)
const isHers = (row: Cells): boolean => Object.values(row).some((v) => typeof v === 'string' && isMarked(v))

export async function zammadTruth(sql: Sql): Promise<Truth> {
  const rows = await sql.rows(reached, [ann.address, ann.phone])
  const places = (is: string) =>
    new Set(rows.filter((row) => row['hers'] === is).map((row) => `${row['table']}/${row['id']}`))
  const owned = places('t')
  const shared = new Set([...places('f')].filter((place) => !owned.has(place)))
  const marked = [...written].filter(([, row]) => isHers(row)).map(([place]) => place)
  return {
    owned,
    shared,
    named: new Set(marked.filter((place) => !owned.has(place) && !shared.has(place))),
  }
}

const gone = [
  'stores store_files store_provider_dbs cti_caller_ids user_devices authorizations tokens mentions online_notifications taskbars',
  'sessions avatars external_syncs stats_stores activity_streams recent_views chat_messages smime_certificates pgp_keys',
].flatMap((line) => line.split(' '))

const emptied = [
  'organization_id firstname lastname email image image_source web phone fax mobile department street zip city country address',
  'note last_login source out_of_office_start_at out_of_office_end_at out_of_office_replacement_id preferences password',
].flatMap((line) => line.split(' '))

const nothing = (columns: readonly string[]): TextRow =>
  Object.fromEntries(columns.map((name) => [name, null]))

function ownRow(table: string, row: TextRow): TextRow {
  switch (table) {
    case 'users':
      return { ...row, ...nothing(emptied), login: `erased-${row['id']}`, active: 'f' }
    case 'tickets':
      return { ...row, title: '[erased]', ...nothing(['note', 'preferences']) }
    case 'ticket_articles':
      return {
        ...row,
        ...nothing([
          'from',
          'to',
          'cc',
          'subject',
          'reply_to',
          'message_id',
          'message_id_md5',
          'in_reply_to',
          'preferences',
        ]),
        body: '[erased]',
      }
    case 'histories':
      return { ...row, value_from: null, value_to: null }
    case 'cti_logs':
      return {
        ...row,
        ...(row['from'] === ann.phone && { from: 'erased', from_comment: null }),
        ...(row['to'] === ann.phone && { to: 'erased', to_comment: null }),
        comment: null,
        preferences: null,
      }
    case 'chat_sessions':
      return { ...row, name: null, preferences: null }
    case 'data_privacy_tasks':
      return { ...row, preferences: null }
    default:
      return row
  }
}

/** Membership tells where she works, and no number tells one such row from another. */
const isMembership = (table: string, row: TextRow): boolean =>
  table === 'organizations_users' && row['user_id'] === String(ann.id)

/** The whole database as an erasure must leave it. */
export function afterErasure(before: Dump, { owned }: Truth): Dump {
  const after: Record<string, Map<string, string>> = {}
  for (const [table, rows] of Object.entries(before)) {
    after[table] = new Map()
    for (const [key, text] of rows) {
      const row = JSON.parse(text) as TextRow
      const place = `${table}/${key}`
      if (isMembership(table, row) || (owned.has(place) && gone.includes(table))) continue
      after[table].set(
        key,
        JSON.stringify(owned.has(place) ? ownRow(table, row) : withoutHers(row, written.get(place))),
      )
    }
  }
  return after
}

const withoutHers = (row: TextRow, source: Cells | undefined): TextRow =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const text = source?.[column]
      if (typeof text !== 'string' || !isMarked(text)) return [column, value]
      return [column, text.startsWith('---') ? yamlOf(text) : erased(text)]
    }),
  )

/** YAML has several ways to write one text: what is compared is what it says. */
const yamlOf = (text: string): string =>
  JSON.stringify(
    parse(text, (_, value: unknown) => (typeof value === 'string' ? erased(value) : value), {
      intAsBigInt: false,
      logLevel: 'silent',
    }),
  )

/** A dump in which the YAML of rows that name her is what it says. */
export function read(dump: Dump): Dump {
  return Object.fromEntries(
    Object.entries(dump).map(([table, rows]) => [
      table,
      new Map(
        [...rows].map(([key, text]) => {
          const source = written.get(`${table}/${key}`)
          if (!source || !isHers(source)) return [key, text]
          const row = JSON.parse(text) as TextRow
          const said = Object.entries(row).map(([column, value]) => {
            const was = source[column]
            const isYaml = typeof was === 'string' && isMarked(was) && was.startsWith('---')
            return [column, isYaml && value?.startsWith('---') ? yamlOf(value) : value]
          })
          return [key, JSON.stringify(Object.fromEntries(said))]
        }),
      ),
    ]),
  )
}
