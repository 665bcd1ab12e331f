import type { Sql, TextRow } from './live-dump.ts'
import { erased, isMarked } from './marks.ts'
import { ann } from './rt-cast.ts'
import type { Rt } from './rt.ts'
import type { Dump } from './store-dump.ts'

/*
 * What is true of a Request Tracker database, by SQL written for it alone: nothing here knows the data map, the graph or the
 * engine, so that a mistake of theirs is not repeated.
 */

const reached = `
WITH me AS (SELECT id FROM users WHERE lower(emailaddress) = lower($1)),
role AS (
  SELECT g.id, g.name, g.instance, g.name = 'Requestor' AND NOT EXISTS (
    SELECT 1 FROM groupmembers o WHERE o.groupid = g.id AND o.memberid NOT IN (SELECT id FROM me)) AS alone
  FROM groups g JOIN groupmembers m ON m.groupid = g.id
  WHERE g.domain = 'RT::Ticket-Role' AND g.name <> 'Owner' AND m.memberid IN (SELECT id FROM me)),
asked AS (SELECT instance AS id FROM role WHERE alone),
near AS (SELECT id FROM tickets WHERE id IN (SELECT instance FROM role) OR creator IN (SELECT id FROM me)),
merged AS (SELECT id FROM near UNION SELECT id FROM tickets WHERE effectiveid IN (SELECT id FROM near)),
ticket AS (SELECT id, id IN (SELECT id FROM asked) AS hers FROM merged),
txn AS (
  SELECT id, creator IN (SELECT id FROM me) AS hers FROM transactions
  WHERE objecttype = 'RT::Ticket' AND (objectid IN (SELECT id FROM ticket) OR creator IN (SELECT id FROM me))),
own AS (SELECT id FROM transactions WHERE objecttype = 'RT::User' AND objectid IN (SELECT id FROM me))
SELECT 'users' AS "table", id::text, true AS hers FROM me
UNION SELECT 'principals', id::text, true FROM principals WHERE principaltype = 'User' AND id IN (SELECT id FROM me)
UNION SELECT 'groupmembers', id::text, true FROM groupmembers WHERE memberid IN (SELECT id FROM me)
UNION SELECT 'cachedgroupmembers', id::text, true FROM cachedgroupmembers WHERE memberid IN (SELECT id FROM me)
UNION SELECT 'groups', id::text, alone FROM role
UNION SELECT 'groups', id::text, true FROM groups WHERE domain = 'ACLEquivalence' AND instance IN (SELECT id FROM me)
UNION SELECT 'groups', g.id::text, false FROM groups g JOIN groupmembers m ON m.groupid = g.id
  WHERE g.domain = 'UserDefined' AND m.memberid IN (SELECT id FROM me)
UNION SELECT 'tickets', id::text, hers FROM ticket
UNION SELECT 'transactions', id::text, hers FROM txn
UNION SELECT 'transactions', id::text, true FROM own
UNION SELECT 'attachments', a.id::text, a.creator IN (SELECT id FROM me) OR t.id IS NULL OR t.hers
  FROM attachments a LEFT JOIN txn t ON t.id = a.transactionid
  WHERE t.id IS NOT NULL OR a.transactionid IN (SELECT id FROM own) OR a.creator IN (SELECT id FROM me)
UNION SELECT v.kind, v.id::text, v.objecttype = 'RT::User' OR coalesce(k.hers, t.hers)
  FROM (SELECT 'objectcustomfieldvalues' AS kind, id, objecttype, objectid FROM objectcustomfieldvalues
        UNION ALL SELECT 'attributes', id, objecttype, objectid FROM attributes) v
  LEFT JOIN ticket k ON v.objecttype = 'RT::Ticket' AND k.id = v.objectid
  LEFT JOIN txn t ON v.objecttype = 'RT::Transaction' AND t.id = v.objectid
  WHERE k.id IS NOT NULL OR t.id IS NOT NULL OR (v.objecttype = 'RT::User' AND v.objectid IN (SELECT id FROM me))
UNION SELECT 'links', id::text, false FROM links
  WHERE localbase IN (SELECT id FROM ticket) OR localtarget IN (SELECT id FROM ticket)
UNION SELECT 'authtokens', id::text, true FROM authtokens WHERE owner IN (SELECT id FROM me)`

export interface Truth {
  readonly owned: ReadonlySet<string>
  readonly shared: ReadonlySet<string>
  /** Rows that are neither, in which whoever wrote them marked something as hers. */
  readonly named: ReadonlySet<string>
}

/** Rows as `table/id`. */
export async function rtTruth(sql: Sql, rt: Rt, email: string): Promise<Truth> {
  const rows = await sql.rows(reached, [email])
  const places = (hers: string) =>
    new Set(rows.filter((row) => row['hers'] === hers).map((row) => `${row['table']}/${row['id']}`))
  const [owned, shared] = [places('t'), places('f')]
  const named = [...rt.marked()]
    .map(([place]) => place)
    .filter((place) => !owned.has(place) && !shared.has(place))
  return { owned, shared, named: new Set(named) }
}

const emptied = [
  'authtoken comments signature emailaddress freeformcontactinfo organization realname nickname lang gecos homephone workphone',
  'mobilephone pagerphone address1 address2 city state zip country timezone smimecertificate',
].flatMap((line) => line.split(' '))
const gone = ['attachments', 'objectcustomfieldvalues', 'attributes', 'authtokens']

/** The whole database as an erasure must leave it. */
export function afterErasure(before: Dump, rt: Rt, { owned }: Truth): Dump {
  const after: Record<string, Map<string, string>> = {}
  for (const [table, rows] of Object.entries(before)) {
    after[table] = new Map()
    for (const [key, text] of rows) {
      const place = `${table}/${key}`
      if (owned.has(place) && gone.includes(table)) continue
      const row = JSON.parse(text) as TextRow
      after[table].set(
        key,
        JSON.stringify(owned.has(place) ? ownRow(table, row) : withoutHers(row, rt.row(place))),
      )
    }
  }
  return after
}

function ownRow(table: string, row: TextRow): TextRow {
  switch (table) {
    case 'users':
      return {
        ...row,
        ...Object.fromEntries(emptied.map((column) => [column, null])),
        name: `erased-${row['id']}`,
        password: '*NO-PASSWORD*',
      }
    case 'principals':
      return { ...row, disabled: '1' }
    case 'tickets':
      return { ...row, subject: '[erased]' }
    case 'transactions':
      return { ...row, oldvalue: null, newvalue: null, data: null }
    default:
      return row
  }
}

const withoutHers = (row: TextRow, written: ReturnType<Rt['row']>): TextRow =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const text = written?.[column]
      if (typeof text === 'string' && isMarked(text))
        return [column, column === 'headers' ? validHeaders(erased(text)) : erased(text)]
      return [column, column === 'content' && row['contentencoding'] === 'base64' ? withoutAnn(value) : value]
    }),
  )

/** An address in a mail's header stays one. */
const validHeaders = (headers: string): string =>
  headers
    .replaceAll('<[erased]>', '<"[erased]"@invalid>')
    .replace(/^(From|To|Cc|Bcc): \[erased\]/gm, '$1: "[erased]"@invalid')

/** Eva quoted her; RT keeps what she wrote in base64. */
function withoutAnn(value: string | null | undefined): string | null {
  const text = Buffer.from(value ?? '', 'base64').toString('utf8')
  const clean = text.replaceAll(ann.address, '[erased]').replaceAll('Ann Lee', '[erased]')
  return clean === text ? (value ?? null) : Buffer.from(clean).toString('base64')
}

/** What RT's own validator (sbin/rt-validator) looks for: column, table it must lead to, which rows. */
const references: readonly (readonly [from: string, column: string, to: string, where?: string])[] = [
  ['users', 'id', 'principals'],
  ['groups', 'id', 'principals'],
  ['principals', 'id', 'users', "s.principaltype = 'User'"],
  ['principals', 'id', 'groups', "s.principaltype = 'Group'"],
  ['groups', 'instance', 'users', "s.domain = 'ACLEquivalence'"],
  ['groups', 'instance', 'queues', "s.domain = 'RT::Queue-Role'"],
  ['groups', 'instance', 'tickets', "s.domain = 'RT::Ticket-Role'"],
  ['groupmembers', 'groupid', 'groups'],
  ['groupmembers', 'memberid', 'principals'],
  ['cachedgroupmembers', 'via', 'cachedgroupmembers'],
  ['cachedgroupmembers', 'memberid', 'principals'],
  ['tickets', 'effectiveid', 'tickets'],
  ['tickets', 'queue', 'queues'],
  ['tickets', 'owner', 'users'],
  ['transactions', 'objectid', 'tickets', "s.objecttype = 'RT::Ticket'"],
  ['transactions', 'objectid', 'users', "s.objecttype = 'RT::User'"],
  ['transactions', 'field::int', 'customfields', "s.type = 'CustomField'"],
  ['transactions', 'oldvalue::int', 'users', "s.type IN ('Take', 'Untake', 'Force', 'Steal', 'Give')"],
  ['transactions', 'newvalue::int', 'users', "s.type IN ('Take', 'Untake', 'Force', 'Steal', 'Give')"],
  ['transactions', 'oldvalue::int', 'principals', "s.type = 'DelWatcher'"],
  ['transactions', 'newvalue::int', 'principals', "s.type = 'AddWatcher'"],
  ['attachments', 'transactionid', 'transactions'],
  ['attachments', 'parent', 'attachments'],
  ['objectcustomfieldvalues', 'customfield', 'customfields'],
  ['objectcustomfieldvalues', 'objectid', 'tickets', "s.objecttype = 'RT::Ticket'"],
  ['objectcustomfieldvalues', 'objectid', 'users', "s.objecttype = 'RT::User'"],
  ['objectcustomfieldvalues', 'objectid', 'transactions', "s.objecttype = 'RT::Transaction'"],
  ['attributes', 'objectid', 'tickets', "s.objecttype = 'RT::Ticket'"],
  ['attributes', 'objectid', 'users', "s.objecttype = 'RT::User'"],
  ['attributes', 'objectid', 'transactions', "s.objecttype = 'RT::Transaction'"],
  ['links', 'localbase', 'tickets'],
  ['links', 'localtarget', 'tickets'],
  ['acl', 'principalid', 'principals'],
  ['authtokens', 'owner', 'users'],
  ...['users', 'groups', 'tickets', 'transactions', 'attachments', 'links', 'attributes'].map(
    (table) => [table, 'creator', 'users'] as const,
  ),
]

const wholes: readonly (readonly [name: string, sql: string])[] = [
  [
    'every user has one group of rights',
    "SELECT u.id FROM users u LEFT JOIN groups g ON g.instance = u.id AND g.domain = 'ACLEquivalence' GROUP BY u.id HAVING count(g.id) <> 1",
  ],
  [
    'every ticket has its four roles',
    "SELECT t.id FROM tickets t LEFT JOIN groups g ON g.instance = t.id AND g.domain = 'RT::Ticket-Role' GROUP BY t.id HAVING count(DISTINCT g.name) <> 4",
  ],
  [
    'the owner is the member of the role',
    "SELECT t.id FROM tickets t JOIN groups g ON g.instance = t.id AND g.domain = 'RT::Ticket-Role' AND g.name = 'Owner' LEFT JOIN groupmembers m ON m.groupid = g.id WHERE m.memberid IS DISTINCT FROM t.owner",
  ],
  [
    'members are cached',
    'SELECT m.id FROM groupmembers m LEFT JOIN cachedgroupmembers c ON c.groupid = m.groupid AND c.memberid = m.memberid AND c.via = c.id WHERE c.id IS NULL',
  ],
  [
    'what is cached are members',
    'SELECT c.id FROM cachedgroupmembers c LEFT JOIN groupmembers m ON c.groupid = m.groupid AND c.memberid = m.memberid WHERE m.id IS NULL AND c.groupid <> c.memberid',
  ],
  [
    'a user has a name, and one that is disabled no password',
    "SELECT u.id FROM users u JOIN principals p ON p.id = u.id WHERE u.name = '' OR (p.disabled = 1 AND u.password <> '*NO-PASSWORD*')",
  ],
]

/** What RT's validator would report. */
export async function rtFaults(sql: Sql): Promise<string[]> {
  const faults: string[] = []
  for (const [from, column, to, where = 'true'] of references) {
    // Guarded by the validator's own rule: NULL and 0 refer to nothing.
    const found = await sql.rows(
      `SELECT s.id FROM ${from} s LEFT JOIN ${to} t ON t.id = s.${column} WHERE (${where}) AND s.${column} <> 0 AND t.id IS NULL`,
    )
    faults.push(...found.map((row) => `${from} ${row['id']}: ${column} leads to no row of ${to}`))
  }
  for (const [name, query] of wholes)
    faults.push(...(await sql.rows(query)).map((row) => `${row['id']}: not so: ${name}`))
  return faults
}
