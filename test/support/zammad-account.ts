import { hers } from './marks.ts'
import { ann, base64, bob, joann, md5, type Rows } from './zammad-cast.ts'

/** What hangs on her account: devices, keys, sessions, pictures, and the tabs in which agents have her open. */
const account: Rows = [
  [
    'user_devices',
    { id: 1, user_id: 3, name: 'Mac, Firefox', location: 'Delft', ip: '198.51.100.7', fingerprint: 'f1' },
  ],
  [
    'user_devices',
    { id: 3, user_id: 5, name: 'Mac, Firefox', location: 'Delft', ip: '198.51.100.7', fingerprint: 'f1' },
  ],
  [
    'authorizations',
    { id: 1, provider: 'saml', uid: ann.address, username: 'Ann Lee', token: 't', user_id: 3 },
  ],
  [
    'authorizations',
    { id: 3, provider: 'saml', uid: joann.address, username: 'Joann Lee', token: 't', user_id: 6 },
  ],
  ['tokens', { id: 1, user_id: 3, name: 'secret-of-ann', action: 'api', label: 'sync' }],
  ['tokens', { id: 3, user_id: 4, name: 'secret-of-cor', action: 'api', label: 'sync' }],
  // Ruby's Marshal in base64: the length of every text stands before it.
  [
    'sessions',
    {
      id: 1,
      session_id: '2::a1',
      data: base64(
        `\x04\b{\x07I"\fuser_id\x06:\x06ETi\bI"\x11saml_name_id\x06;\0TI"\x1aann.lee@post.example\x06;\0T`,
      ),
    },
  ],
  [
    'sessions',
    {
      id: 3,
      session_id: '2::a3',
      data: base64(`\x04\b{\x06I"\x11saml_name_id\x06:\x06ETI"\x1cjoann.lee@post.example\x06;\0T`),
    },
  ],
  [
    'avatars',
    {
      id: 1,
      o_id: 3,
      object_lookup_id: 5,
      default: 'true',
      store_full_id: 28,
      store_resize_id: 29,
      store_hash: md5('ann.png'),
      source: 'zammad.com',
      source_url: `https://www.gravatar.com/avatar/${md5(ann.address)}?s=160&d=404`,
      created_by_id: ann.id,
    },
  ],
  [
    'avatars',
    { id: 3, o_id: 5, object_lookup_id: 5, store_full_id: 30, source: 'upload', created_by_id: bob.id },
  ],
  ['avatars', { id: 4, o_id: 3, object_lookup_id: 6, source: 'upload' }],
  ['online_notifications', { id: 1, o_id: 10, object_lookup_id: 4, type_lookup_id: 2, user_id: 3 }],
  ['online_notifications', { id: 3, o_id: 10, object_lookup_id: 4, type_lookup_id: 2, user_id: 4 }],
  [
    'external_syncs',
    {
      id: 1,
      source: 'Exchange::User',
      source_id: 'x1',
      object: 'User',
      o_id: 3,
      last_payload: `---\nemail: ${ann.address}\n`,
    },
  ],
  [
    'external_syncs',
    {
      id: 3,
      source: 'Zendesk',
      source_id: 'x3',
      object: 'Ticket',
      o_id: 3,
      last_payload: `---\nrequester: ${hers('ann.lee@post.example')}\nnr: 0070003\n`,
    },
  ],
  [
    'stats_stores',
    { id: 1, stats_storable_type: 'User', stats_storable_id: 3, key: 'dashboard', data: '--- {}\n' },
  ],
  [
    'stats_stores',
    { id: 3, stats_storable_type: 'Organization', stats_storable_id: 3, key: 'dashboard', data: '--- {}\n' },
  ],
  [
    'data_privacy_tasks',
    {
      id: 1,
      deletable_type: 'User',
      deletable_id: 3,
      state: 'failed',
      preferences: '---\nuser:\n  firstname: A*n\n  email: a*e@p*t.example\n',
    },
  ],
  [
    'data_privacy_tasks',
    {
      id: 3,
      deletable_type: 'Ticket',
      deletable_id: 3,
      state: 'completed',
      preferences: '---\nticket:\n  title: S*e\n',
    },
  ],
]

const tabs: Rows = [
  [
    'taskbars',
    {
      id: 1,
      user_id: 3,
      client_id: 'c',
      key: 'TicketCreateScreen-12',
      callback: 'TicketCreate',
      state: '---\nbody: half a question\n',
      prio: 1,
    },
  ],
  [
    'taskbars',
    {
      id: 2,
      user_id: 4,
      client_id: 'c',
      key: 'User-3',
      callback: 'UserProfile',
      params: '---\nuser_id: 3\n',
      prio: 1,
    },
  ],
  [
    'taskbars',
    {
      id: 3,
      user_id: 4,
      client_id: 'c',
      key: 'Ticket-10',
      callback: 'TicketZoom',
      state: '---\narticle:\n  body: Dear Ann\n',
      prio: 2,
    },
  ],
  [
    'taskbars',
    {
      id: 4,
      user_id: 4,
      client_id: 'c',
      key: 'Ticket-3',
      callback: 'TicketZoom',
      state: `---\narticle:\n  body: Dear Bob\n  cc: ${hers('ann.lee@post.example')}\n  nr: 0070003\n`,
      prio: 3,
    },
  ],
  [
    'taskbars',
    { id: 5, user_id: 4, client_id: 'c', key: 'Organization-3', callback: 'OrganizationProfile', prio: 4 },
  ],
  ['taskbars', { id: 6, user_id: 4, client_id: 'c', key: 'User-30', callback: 'UserProfile', prio: 5 }],
]

export const accountRows: Rows = [...account, ...tabs]
