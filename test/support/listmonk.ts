import { listmonkSchema } from './listmonk-schema.ts'
import type { Sql, TextRow } from './live-dump.ts'
import { erased, hers, isMarked, plain } from './marks.ts'
import type { Dump } from './store-dump.ts'

/*
 * A mailing list with Ann on it, and somebody else wherever a row, a word or a number can be shared. What is hers in a text is
 * marked by whoever writes it here; which rows are hers is asked by plain SQL. Neither knows the data map or the engine.
 */
export const ann = { address: 'ann.lee@post.example', id: '7', admin: '4' }

/** Not hers, and near: longer addresses, a namesake, a login name, a first name. */
export const near = [
  'joann.lee@post.example',
  'joann.lee%40post.example',
  'ann.lee@post.example.org',
  'Ann Smit',
  'Joann Leeson',
]

type Cells = Readonly<Record<string, string | number | null>>
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const day = (n: number): string => `2026-10-${String(n).padStart(2, '0')} 09:30:00.123456+00`

/** Rows as they are written, marks and all; JSON as text, so that no digit is lost on the way. */
const rows: Readonly<Record<string, readonly Cells[]>> = {
  lists: [
    { id: 1, uuid: uuid(1), name: 'News', type: 'public', description: '' },
    {
      id: 2,
      uuid: uuid(2),
      name: 'Offers',
      type: 'private',
      description: `Ask ${hers('Ann.Lee@post.example')} or ann.lee@post.example.org to be added`,
    },
  ],
  subscribers: [
    {
      id: 1,
      uuid: uuid(11),
      email: 'joann.lee@post.example',
      name: 'Joann Leeson',
      attribs: '{"city": "Delft"}',
    },
    {
      id: 7,
      uuid: uuid(17),
      email: 'Ann.Lee@post.example',
      name: 'Ann Lee',
      status: 'blocklisted',
      attribs:
        '{"city": "Delft", "also": {"mail": ["ann.lee@work.example"]}, "customer": 12345678901234567890.10}',
    },
    {
      id: 8,
      uuid: uuid(18),
      email: 'bob@work.example',
      name: 'Bob Bos',
      attribs: `{"by": [{"who": {"email": "${hers('ann.lee@post.example')}", "said": "ask ${hers('Ann Lee')}, not Ann Smit"}}],
        "${hers('ANN.LEE@post.example')}": "friend", "score": 9007199254740993, "ratio": 0.10, "empty": {}, "none": null,
        "near": ["joann.lee@post.example", "ann.lee@post.example.org"], "line": "https://x.example/?m=${hers('ann.lee%40post.example')}"}`,
    },
    { id: 9, uuid: uuid(19), email: 'ann.lee@post.example.org', name: 'Ann Smit', attribs: '{}' },
  ],
  subscriber_lists: [
    { subscriber_id: 7, list_id: 1, meta: '{"optin_ip": "198.51.100.7"}', status: 'unsubscribed' },
    { subscriber_id: 7, list_id: 2, meta: '{}', status: 'confirmed' },
    { subscriber_id: 8, list_id: 1, meta: '{"optin_ip": "198.51.100.7"}', status: 'confirmed' },
    { subscriber_id: 8, list_id: 2, meta: '{}', status: 'confirmed' },
    { subscriber_id: 1, list_id: 1, meta: '{}', status: 'unconfirmed' },
  ],
  templates: [
    {
      id: 1,
      name: 'Plain',
      subject: '',
      body: `<p>Kind regards, ${hers('Ann Lee')} &lt;${hers('ann.lee&#64;post.example')}&gt;, desk@us.example</p>`,
    },
  ],
  campaigns: [
    {
      id: 3,
      uuid: uuid(33),
      name: 'October',
      subject: `A word from ${hers('ann.lee@post.example')}`,
      from_email: 'News <news@us.example>',
      body: `<a href="mailto:${hers('ann.lee@post.example')}">write</a> or joann.lee@post.example`,
      body_source: `{"blocks": [{"text": "${hers('Ann.Lee@post.example')}"}]}`,
      headers: `[{"Reply-To": "${hers('ann.lee@post.example')}"}, {"X-Nr": 1.50}]`,
      archive_meta: `{"name": "${hers('Ann Lee')}", "email": "${hers('ann.lee@post.example')}"}`,
      template_id: 1,
      messenger: 'email',
      sent: 3,
    },
    {
      id: 7,
      uuid: uuid(37),
      name: 'November',
      subject: 'Winter',
      from_email: 'News <news@us.example>',
      body: '<p>{{ .Subscriber.FirstName }}</p>',
      messenger: 'email',
      sent: 2,
    },
  ],
  campaign_lists: [{ id: 1, campaign_id: 3, list_id: 1, list_name: 'News' }],
  campaign_views: [
    { id: 1, campaign_id: 3, subscriber_id: 7, created_at: day(1) },
    { id: 2, campaign_id: 3, subscriber_id: 7, created_at: day(1) },
    { id: 3, campaign_id: 3, subscriber_id: 8, created_at: day(2) },
    { id: 7, campaign_id: 7, subscriber_id: 8, created_at: day(3) },
    { id: 8, campaign_id: 7, subscriber_id: null, created_at: day(3) },
  ],
  // One page in two spellings: without her address both would read the same, and `url` is unique.
  links: [
    { id: 5, uuid: uuid(55), url: `https://shop.example/?e=${hers('ann.lee%40post.example')}&c=3` },
    { id: 6, uuid: uuid(56), url: 'https://shop.example/' },
    { id: 7, uuid: uuid(57), url: 'https://shop.example/?e=joann.lee%40post.example&c=3' },
    { id: 8, uuid: uuid(58), url: `https://shop.example/?e=${hers('Ann.Lee@post.example')}&c=3` },
  ],
  link_clicks: [
    { id: 1, campaign_id: 3, link_id: 5, subscriber_id: 7, created_at: day(4) },
    { id: 2, campaign_id: 3, link_id: 5, subscriber_id: 8, created_at: day(4) },
    { id: 3, campaign_id: 3, link_id: 6, subscriber_id: 7, created_at: day(5) },
    { id: 4, campaign_id: 3, link_id: 6, subscriber_id: 1, created_at: day(5) },
    { id: 5, campaign_id: null, link_id: 6, subscriber_id: null, created_at: day(6) },
    { id: 7, campaign_id: 7, link_id: 7, subscriber_id: 1, created_at: day(7) },
    { id: 8, campaign_id: 7, link_id: 8, subscriber_id: 8, created_at: day(7) },
  ],
  bounces: [
    {
      id: 7,
      subscriber_id: 8,
      campaign_id: 3,
      source: 'api',
      meta: `{"raw": "Original-Recipient: rfc822;${hers('ann.lee@post.example')}\\nFinal-Recipient: rfc822;bob@work.example"}`,
    },
    {
      id: 9,
      subscriber_id: 7,
      campaign_id: 3,
      source: 'mailbox',
      meta: '{"raw": "To: \\"Ann Lee\\" <ann.lee@post.example>\\nStatus: 5.1.1"}',
    },
  ],
  roles: [{ id: 1, name: 'Super Admin', permissions: '{lists:get_all,users:manage}' }],
  users: [
    { id: 2, username: 'desk', email: 'desk@us.example', name: 'Desk', user_role_id: 1, status: 'enabled' },
    {
      id: 4,
      username: 'alee',
      password_login: 'true',
      password: '$2a$10$abcdefghijklmnopqrstuv',
      email: 'ann.lee@post.example',
      name: 'Ann Lee',
      avatar: 'https://us.example/ann.png',
      user_role_id: 1,
      status: 'enabled',
      twofa_type: 'totp',
      twofa_key: 'JBSWY3DPEHPK3PXP',
      loggedin_at: day(9),
    },
    { id: 7, username: 'cor', email: 'cor@us.example', name: 'Cor Vos', user_role_id: 1, status: 'enabled' },
  ],
  sessions: [
    { id: 'ses-ann', data: '{"user_id": 4, "oidc_token": "x"}', created_at: '2026-11-01 10:00:00' },
    { id: 'ses-cor', data: '{"user_id": 7}', created_at: '2026-11-01 10:00:00' },
  ],
  settings: [
    { key: 'app.notify_emails', value: `["desk@us.example", "${hers('ann.lee@post.example')}"]` },
    { key: 'smtp', value: '[{"host": "smtp.us.example", "port": 25, "username": "joann.lee@post.example"}]' },
    { key: 'app.message_rate', value: '10' },
  ],
  media: [{ id: 1, uuid: uuid(91), filename: 'banner.png', thumb: 'thumb_banner.png' }],
}

const jsonColumns = ['attribs', 'meta', 'headers', 'archive_meta', 'value', 'data']

export async function makeListmonk(sql: Sql): Promise<void> {
  await sql.exec(listmonkSchema)
  for (const [table, list] of Object.entries(rows))
    for (const row of list) {
      const columns = Object.keys(row)
      const values = Object.values(row).map((value) => (typeof value === 'string' ? plain(value) : value))
      await sql.rows(
        `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map((_, i) => `$${i + 1}`).join()})`,
        values,
      )
    }
  for (const view of ['mat_dashboard_counts', 'mat_dashboard_charts', 'mat_list_subscriber_stats'])
    await sql.exec(`REFRESH MATERIALIZED VIEW ${view}`)
}

const reached = `
WITH me AS (SELECT id FROM subscribers WHERE lower(email) = lower($1)), admin AS (SELECT id FROM users WHERE lower(email) = lower($1))
SELECT 'subscribers/' || id AS place, true AS hers FROM me
UNION SELECT 'subscriber_lists/' || subscriber_id || '/' || list_id, true FROM subscriber_lists WHERE subscriber_id IN (TABLE me)
UNION SELECT 'lists/' || list_id, false FROM subscriber_lists WHERE subscriber_id IN (TABLE me)
UNION SELECT 'campaign_views/' || id, true FROM campaign_views WHERE subscriber_id IN (TABLE me)
UNION SELECT 'link_clicks/' || id, true FROM link_clicks WHERE subscriber_id IN (TABLE me)
UNION SELECT 'links/' || link_id, false FROM link_clicks WHERE subscriber_id IN (TABLE me)
UNION SELECT 'bounces/' || id, true FROM bounces WHERE subscriber_id IN (TABLE me)
UNION SELECT 'campaigns/' || campaign_id, false FROM campaign_views WHERE subscriber_id IN (TABLE me)
UNION SELECT 'campaigns/' || campaign_id, false FROM link_clicks WHERE subscriber_id IN (TABLE me) AND campaign_id IS NOT NULL
UNION SELECT 'campaigns/' || campaign_id, false FROM bounces WHERE subscriber_id IN (TABLE me) AND campaign_id IS NOT NULL
UNION SELECT 'users/' || id, true FROM admin
UNION SELECT 'sessions/' || id, true FROM sessions WHERE (data ->> 'user_id')::int IN (TABLE admin)`

export interface Truth {
  readonly owned: ReadonlySet<string>
  readonly shared: ReadonlySet<string>
  /** Neither, and something in it is marked as hers. */
  readonly named: ReadonlySet<string>
}

const placeOf = (table: string, row: Cells): string =>
  `${table}/${table === 'settings' ? row['key'] : table === 'subscriber_lists' ? `${row['subscriber_id']}/${row['list_id']}` : row['id']}`

const isHers = (row: Cells): boolean => Object.values(row).some((v) => typeof v === 'string' && isMarked(v))

export async function listmonkTruth(sql: Sql): Promise<Truth> {
  const found = await sql.rows(reached, [ann.address])
  const places = (is: string) =>
    new Set(found.filter((row) => row['hers'] === is).map((row) => row['place'] as string))
  const [owned, shared] = [places('t'), places('f')]
  const marked = Object.entries(rows).flatMap(([table, list]) =>
    list.filter(isHers).map((row) => placeOf(table, row)),
  )
  return { owned, shared, named: new Set(marked.filter((place) => !owned.has(place) && !shared.has(place))) }
}

const gone = ['subscribers', 'subscriber_lists', 'bounces', 'sessions']
const tombstone = {
  username: 'erased-4',
  password_login: 'f',
  password: null,
  email: 'erased-4@erased.invalid',
  name: '[erased]',
  avatar: null,
  status: 'disabled',
  twofa_type: 'none',
  twofa_key: null,
  loggedin_at: null,
}

/** The whole database as an erasure must leave it. */
export async function afterErasure(sql: Sql, before: Dump, { owned }: Truth): Promise<Dump> {
  const written = new Map(
    Object.entries(rows).flatMap(([table, list]) => list.map((row) => [placeOf(table, row), row])),
  )
  const after: Record<string, Map<string, string>> = {}
  for (const [table, list] of Object.entries(before)) {
    after[table] = new Map()
    for (const [key, text] of list) {
      const row = JSON.parse(text) as TextRow
      const place = table === 'settings' ? `settings/${row['key']}` : `${table}/${key}`
      if (owned.has(place) && gone.includes(table)) continue
      const left = JSON.stringify(
        owned.has(place)
          ? { ...row, ...(table === 'users' ? tombstone : { subscriber_id: null }) }
          : { ...row, ...(await withoutHers(sql, table, written.get(place))) },
      )
      after[table].set(table === 'settings' ? `${left}#1` : key, left)
    }
  }
  return after
}

/** The second of two links that would read the same is told apart by its number. */
async function withoutHers(sql: Sql, table: string, row: Cells | undefined): Promise<TextRow> {
  const left: TextRow = {}
  for (const [column, value] of Object.entries(row ?? {})) {
    if (typeof value !== 'string' || !isMarked(value)) continue
    const text = erased(value)
    left[column] =
      table === 'links'
        ? text.replace('[erased]', `[erased-${row?.['id']}]`)
        : jsonColumns.includes(column)
          ? ((await sql.rows('SELECT $1::jsonb::text AS json', [text]))[0]?.['json'] as string)
          : text
  }
  return left
}
