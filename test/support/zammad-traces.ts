import { hers } from './marks.ts'
import { agent, ann, bob, joann, type Rows } from './zammad-cast.ts'

const mapped = '--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess\n'

/** Who is known by a number, as the telephone gives it: without a plus. */
const calls: Rows = [
  [
    'cti_logs',
    {
      id: 1,
      direction: 'in',
      state: 'hangup',
      from: ann.phone,
      from_comment: 'Ann Lee',
      to: '31201234567',
      to_comment: 'Cor Smit',
      call_id: 'c1',
      comment: 'normalClearing',
      preferences: `${mapped}from:\n- caller_id: '${ann.phone}'\n  level: known\n  object: User\n  o_id: 3\n  user_id: 3\nfrom_pretty: +31 6 12345678\nto_pretty: +31 20 123 4567\n`,
    },
  ],
  [
    'cti_logs',
    {
      id: 2,
      direction: 'out',
      state: 'answer',
      from: '31201234567',
      from_comment: 'Cor Smit',
      to: ann.phone,
      to_comment: 'Ann Lee',
      call_id: 'c2',
      preferences: `${mapped}to:\n- caller_id: '${ann.phone}'\n  user_id: 3\nto_pretty: +31 6 12345678\n`,
    },
  ],
  [
    'cti_logs',
    {
      id: 3,
      direction: 'in',
      state: 'hangup',
      from: joann.phone,
      from_comment: 'Joann Lee',
      to: '31201234567',
      call_id: 'c3',
      preferences: `${mapped}from_pretty: ${joann.phone}\n`,
    },
  ],
  [
    'cti_logs',
    {
      id: 4,
      direction: 'in',
      state: 'hangup',
      from: bob.phone,
      from_comment: 'Bob Bos',
      to: '31201234567',
      call_id: 'c4',
      comment: `back on ${hers('06-12345678')}`,
      preferences: `${mapped}from_pretty: +31 6 87654321\nasked_for: ${hers('+31 6 12345678')}\n`,
    },
  ],
  ['cti_caller_ids', { id: 1, caller_id: ann.phone, level: 'known', object: 'User', o_id: 3, user_id: 3 }],
  ['cti_caller_ids', { id: 2, caller_id: ann.phone, level: 'maybe', object: 'Ticket', o_id: 3, user_id: 5 }],
  ['cti_caller_ids', { id: 3, caller_id: bob.phone, level: 'known', object: 'User', o_id: 5, user_id: 5 }],
  ['cti_caller_ids', { id: 4, caller_id: joann.phone, level: 'known', object: 'User', o_id: 6, user_id: 6 }],
]

/** Type 2 is an update; objects 2 a ticket, 3 an article, 5 a user; attributes 1 title, 2 customer, 3 email, 4 state. */
const history = (id: number, object: number, o_id: number, more: Rows[number][1]): Rows[number] => [
  'histories',
  { id, history_type_id: 2, history_object_id: object, o_id, created_by_id: agent, ...more },
]

const histories: Rows = [
  history(1, 2, 10, { history_attribute_id: 1, value_from: 'Router', value_to: 'Router of Ann Lee' }),
  history(2, 5, 3, { history_attribute_id: 3, value_from: 'ann.old@post.example', value_to: ann.address }),
  history(3, 2, 3, {
    history_attribute_id: 2,
    value_from: hers('Ann Lee'),
    value_to: 'Bob Bos',
    id_from: 3,
    id_to: 5,
  }),
  history(4, 2, 3, {
    history_type_id: 5,
    value_to: `${hers('ann.lee@post.example')}(create:email)`,
    created_by_id: 1,
  }),
  history(5, 2, 3, {
    history_attribute_id: 4,
    value_from: 'open',
    value_to: 'pending',
    id_from: 2,
    id_to: 3,
  }),
  history(6, 3, 10, { related_o_id: 3, history_attribute_id: 1, value_to: 'Bob' }),
  history(7, 3, 30, { related_o_id: 10, history_attribute_id: 1, value_to: 'Ann Lee wrote' }),
  history(8, 6, 3, { history_attribute_id: 1, value_to: 'Three' }),
]

const activity: Rows = [
  [
    'activity_streams',
    { id: 1, activity_stream_type_id: 2, activity_stream_object_id: 5, o_id: 3, created_by_id: agent },
  ],
  [
    'activity_streams',
    { id: 2, activity_stream_type_id: 1, activity_stream_object_id: 4, o_id: 11, created_by_id: 3 },
  ],
  [
    'activity_streams',
    { id: 3, activity_stream_type_id: 2, activity_stream_object_id: 4, o_id: 3, created_by_id: agent },
  ],
  ['recent_views', { id: 1, recent_view_object_id: 5, o_id: 3, created_by_id: agent }],
  ['recent_views', { id: 2, recent_view_object_id: 4, o_id: 10, created_by_id: agent }],
  ['recent_views', { id: 3, recent_view_object_id: 4, o_id: 3, created_by_id: 3 }],
  ['recent_views', { id: 4, recent_view_object_id: 4, o_id: 3, created_by_id: agent }],
  ['recent_views', { id: 5, recent_view_object_id: 6, o_id: 3, created_by_id: agent }],
  ['mentions', { id: 1, mentionable_type: 'Ticket', mentionable_id: 3, user_id: 3, created_by_id: agent }],
  ['mentions', { id: 3, mentionable_type: 'Ticket', mentionable_id: 10, user_id: 5, created_by_id: agent }],
]

const chats: Rows = [
  ['chats', { id: 1, name: 'Site' }],
  [
    'chat_sessions',
    {
      id: 1,
      chat_id: 1,
      session_id: 's1',
      name: 'Ann Lee',
      state: 'closed',
      user_id: agent,
      created_by_id: 3,
      preferences: `${mapped}url: https://us.example/contact\nremote_ip: 198.51.100.7\n`,
    },
  ],
  [
    'chat_sessions',
    {
      id: 3,
      chat_id: 1,
      session_id: 's3',
      name: 'Guest',
      state: 'closed',
      user_id: agent,
      preferences: `${mapped}url: https://us.example/?m=${hers('ann.lee%40post.example')}\nremote_ip: 203.0.113.9\n`,
    },
  ],
  ['chat_messages', { id: 1, chat_session_id: 1, content: 'Is anybody there?' }],
  [
    'chat_messages',
    {
      id: 2,
      chat_session_id: 1,
      content: `Hello ${hers('Ann Lee')}, yes. Ask Joann Lee`,
      created_by_id: agent,
    },
  ],
  [
    'chat_messages',
    { id: 3, chat_session_id: 3, content: `mail ${hers('ann.lee@post.example')} or joann.lee@post.example` },
  ],
]

const machinery: Rows = [
  [
    'http_logs',
    {
      id: 1,
      direction: 'out',
      facility: 'webhook',
      method: 'POST',
      url: `https://crm.example/?m=${hers('ann.lee%40post.example')}`,
      ip: '198.51.100.7',
      request: `${mapped}content: '{"customer":"${hers('ann.lee@post.example')}","cc":"joann.lee@post.example","n":1.50}'\ncontent_type: application/json\n`,
      response: `${mapped}content: ok\n`,
    },
  ],
  [
    'delayed_jobs',
    {
      id: 1,
      priority: 200,
      handler: `--- !ruby/object:ActiveJob::QueueAdapters::DelayedJobAdapter::JobWrapper\njob_data:\n  job_class: UpdateCtiLogsByCallerJob\n  arguments:\n  - '${hers('31612345678')}'\n  - 0070003\n`,
      last_error: `550 5.1.1 <${hers('ann.lee@post.example')}> unknown`,
    },
  ],
  [
    'import_jobs',
    {
      id: 1,
      name: 'Import::Ldap',
      payload: '--- {}\n',
      result: `---\nskipped:\n- ${hers('ann.lee@post.example')}\n- joann.lee@post.example\n`,
    },
  ],
  [
    'settings',
    {
      id: 1,
      title: 'Sender',
      name: 'notification_sender',
      area: 'Email::Base',
      description: '',
      frontend: 'false',
      state_current: `---\nvalue: ${hers('ann.lee@post.example')} via desk@us.example\n`,
    },
  ],
  [
    'smime_certificates',
    {
      id: 1,
      subject: `/CN=Ann Lee/emailAddress=${ann.address}`,
      doc_hash: 'h1',
      fingerprint: 'p1',
      modulus: 'm1',
      raw: Buffer.from(`0\x82 ${ann.address} \x01`, 'latin1'),
    },
  ],
  [
    'smime_certificates',
    {
      id: 3,
      subject: `/CN=Joann Lee/emailAddress=${joann.address}`,
      doc_hash: 'h3',
      fingerprint: 'p3',
      modulus: 'm3',
      raw: Buffer.from(`0\x82 ${joann.address} \x01`, 'latin1'),
    },
  ],
  [
    'pgp_keys',
    {
      id: 1,
      fingerprint: 'a1',
      key: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n',
      uids: `Ann Lee <${ann.address}>`,
    },
  ],
  [
    'pgp_keys',
    {
      id: 3,
      fingerprint: 'a3',
      key: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n',
      uids: `Joann Lee <${joann.address}>`,
    },
  ],
]

export const traceRows: Rows = [...calls, ...histories, ...activity, ...chats, ...machinery]
