import type { Sql, TextRow } from './live-dump.ts'
import { erased } from './marks.ts'
import type { OsTicket } from './osticket.ts'
import type { Dump } from './store-dump.ts'

/*
 * What is true of an osTicket database, by SQL written for it alone: nothing here knows the data map, the graph or the engine, so
 * that a mistake of theirs is not repeated.
 */

const reached = `
WITH me AS (SELECT DISTINCT user_id AS id FROM ost_user_email WHERE BINARY lower(address) = ?),
asked AS (SELECT ticket_id AS id FROM ost_ticket WHERE user_id IN (SELECT id FROM me)),
ticket AS (
  SELECT id, 1 AS hers FROM asked
  UNION SELECT t.object_id, 0 FROM ost_thread t JOIN ost_thread_collaborator c ON c.thread_id = t.id
    WHERE t.object_type = 'T' AND c.user_id IN (SELECT id FROM me) AND t.object_id NOT IN (SELECT id FROM asked)),
task AS (SELECT id FROM ost_task WHERE object_type = 'T' AND object_id IN (SELECT id FROM ticket)),
thread AS (
  SELECT t.id, k.hers FROM ost_thread t JOIN ticket k ON t.object_type = 'T' AND t.object_id = k.id
  UNION SELECT id, 0 FROM ost_thread WHERE object_type = 'A' AND object_id IN (SELECT id FROM task)),
entry AS (
  SELECT e.id, e.user_id IN (SELECT id FROM me) OR (h.hers = 1 AND e.user_id = 0) AS hers
  FROM ost_thread_entry e LEFT JOIN thread h ON h.id = e.thread_id
  WHERE h.id IS NOT NULL OR e.user_id IN (SELECT id FROM me)),
form AS (
  SELECT f.id, f.object_type = 'U' OR coalesce(k.hers, 0) = 1 AS hers FROM ost_form_entry f
  LEFT JOIN ticket k ON f.object_type = 'T' AND f.object_id = k.id
  WHERE k.id IS NOT NULL OR (f.object_type = 'U' AND f.object_id IN (SELECT id FROM me))
    OR (f.object_type = 'A' AND f.object_id IN (SELECT id FROM task))),
draft AS (
  SELECT d.id, k.hers FROM ost_draft d JOIN ticket k
  ON d.namespace IN (concat('ticket.response.', k.id), concat('ticket.reply.', k.id), concat('ticket.note.', k.id), concat('ticket.client.', k.id))),
attachment AS (
  SELECT a.id, a.file_id, e.hers FROM ost_attachment a JOIN entry e ON a.type = 'H' AND a.object_id = e.id
  UNION SELECT a.id, a.file_id, d.hers FROM ost_attachment a JOIN draft d ON a.type = 'D' AND a.object_id = d.id),
file AS (
  SELECT a.file_id AS id, a.file_id NOT IN (
    SELECT o.file_id FROM ost_attachment o WHERE o.id NOT IN (SELECT id FROM attachment WHERE hers)) AS hers
  FROM attachment a GROUP BY a.file_id)
SELECT 'user' AS tab, id AS k, 1 AS hers FROM me
UNION SELECT 'user_email', id, 1 FROM ost_user_email WHERE user_id IN (SELECT id FROM me)
UNION SELECT 'user_account', id, 1 FROM ost_user_account WHERE user_id IN (SELECT id FROM me)
UNION SELECT 'user__cdata', user_id, 1 FROM ost_user__cdata WHERE user_id IN (SELECT id FROM me)
UNION SELECT 'organization', id, 0 FROM ost_organization WHERE manager IN (SELECT concat('U', id) FROM me)
UNION SELECT 'note', id, 1 FROM ost_note WHERE ext_id IN (SELECT concat('U', id) FROM me)
UNION SELECT 'config', id, 1 FROM ost_config WHERE namespace = 'pwreset' AND value IN (SELECT concat('c', id) FROM me)
UNION SELECT 'session', session_id, 1 FROM ost_session WHERE session_data LIKE concat('%"client:', ?, '"%')
UNION SELECT 'filter_rule', r.id, 1 FROM ost_filter_rule r JOIN ost_user_email u ON r.val = u.address
  WHERE r.what = 'email' AND r.how = 'equal' AND u.user_id IN (SELECT id FROM me)
UNION SELECT 'ticket', id, hers FROM ticket
UNION SELECT 'ticket__cdata', c.ticket_id, k.hers FROM ost_ticket__cdata c JOIN ticket k ON k.id = c.ticket_id
UNION SELECT 'task', id, 0 FROM task
UNION SELECT 'task__cdata', task_id, 0 FROM ost_task__cdata WHERE task_id IN (SELECT id FROM task)
UNION SELECT 'thread', id, hers FROM thread
UNION SELECT 'thread_collaborator', id, 1 FROM ost_thread_collaborator WHERE user_id IN (SELECT id FROM me)
UNION SELECT 'thread_entry', id, hers FROM entry
UNION SELECT 'thread_entry_email', m.id, e.hers FROM ost_thread_entry_email m JOIN entry e ON e.id = m.thread_entry_id
UNION SELECT 'thread_entry_merge', m.id, e.hers FROM ost_thread_entry_merge m JOIN entry e ON e.id = m.thread_entry_id
UNION SELECT 'thread_event', v.id, CASE v.uid_type WHEN 'U' THEN v.uid IN (SELECT id FROM me) ELSE h.hers END
  FROM ost_thread_event v LEFT JOIN thread h ON h.id = v.thread_id
  WHERE h.id IS NOT NULL OR (v.uid_type = 'U' AND v.uid IN (SELECT id FROM me))
UNION SELECT 'form_entry', id, hers FROM form
UNION SELECT 'form_entry_values', concat(v.entry_id, '/', v.field_id), f.hers FROM ost_form_entry_values v JOIN form f ON f.id = v.entry_id
UNION SELECT 'draft', id, hers FROM draft
UNION SELECT 'attachment', id, hers FROM attachment
UNION SELECT 'file', id, hers FROM file
UNION SELECT 'file_chunk', concat(c.file_id, '/', c.chunk_id), f.hers FROM ost_file_chunk c JOIN file f ON f.id = c.file_id
UNION SELECT '_search', concat(s.object_type, '/', s.object_id), coalesce(k.hers, e.hers, s.object_type = 'U')
  FROM ost__search s
  LEFT JOIN ticket k ON s.object_type = 'T' AND s.object_id = k.id
  LEFT JOIN entry e ON s.object_type = 'H' AND s.object_id = e.id
  WHERE k.id IS NOT NULL OR e.id IS NOT NULL OR (s.object_type = 'U' AND s.object_id IN (SELECT id FROM me))
    OR (s.object_type = 'A' AND s.object_id IN (SELECT id FROM task))`

export interface Truth {
  readonly owned: ReadonlySet<string>
  readonly shared: ReadonlySet<string>
  /** Rows that are neither, in which whoever wrote them marked something as hers. */
  readonly named: ReadonlySet<string>
}

/** Rows as `table/key`. A search in the index of a task is shared, as the task is. */
export async function osTicketTruth(sql: Sql, os: OsTicket, email: string): Promise<Truth> {
  const rows = await sql.rows(reached, [email, email])
  const places = (hers: string) =>
    new Set(rows.filter((row) => row['hers'] === hers).map((row) => `ost_${row['tab']}/${row['k']}`))
  const [owned, shared] = [places('1'), places('0')]
  const named = os.rows.marked().filter((place) => !owned.has(place) && !shared.has(place))
  return { owned, shared, named: new Set(named) }
}

const gone = new Set(
  'user_account user__cdata note config session thread_collaborator thread_entry_email thread_entry_merge form_entry_values draft attachment file file_chunk _search'
    .split(' ')
    .map((name) => `ost_${name}`),
)

/** A mail that stays one: what stood for an address is one that leads nowhere, and an encoded word holds no brackets. */
const erasedMail = (headers: string): string =>
  erased(headers).replaceAll('<[erased]>', '<"[erased]"@invalid>').replaceAll('?[erased]?', '?=5Berased=5D?')

/** The whole database as an erasure must leave it. */
export const afterErasure = (before: Dump, os: OsTicket, { owned, shared }: Truth): Dump =>
  os.rows.erased(before, (table, key, row) => {
    if (table === 'ost_organization' && shared.has(`${table}/${key}`)) return { ...row, manager: '' }
    if (table === 'ost_thread_entry_email' && shared.has(`${table}/${key}`))
      return { ...row, headers: erasedMail(os.rows.row(`${table}/${key}`)?.['headers'] as string) }
    if (!owned.has(`${table}/${key}`)) return undefined
    if (gone.has(table) || (table === 'ost_form_entry' && row['object_type'] === 'U')) return null
    return { ...row, ...left(table, row) }
  })

function left(table: string, row: TextRow): TextRow {
  switch (table) {
    case 'ost_user':
      return { name: `erased-${row['id']}`, org_id: '0' }
    case 'ost_user_email':
      return { address: `erased-${row['id']}@invalid` }
    case 'ost_ticket':
      return { ip_address: '', source_extra: null }
    case 'ost_ticket__cdata':
      return { subject: '[erased]', callback: null }
    case 'ost_thread_entry':
      return {
        poster: 'erased',
        title: null,
        body: '[erased]',
        ip_address: '',
        extra: null,
        recipients: null,
      }
    case 'ost_thread_event':
      return row['uid_type'] === 'U' ? { username: 'erased', data: null } : { data: null }
    default:
      return {}
  }
}
