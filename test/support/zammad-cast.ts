import { createHash } from 'node:crypto'
import { plain } from './marks.ts'

/*
 * Ann, and everybody beside her. Numbers are chosen so that hers (3) is also a ticket's, an article's, a file's and an
 * organisation's, and her ticket's (10) also that of an article of Bob's.
 */
export const ann = { id: 3, address: 'ann.lee@post.example', phone: '31612345678' }
export const bob = { id: 5, address: 'bob@work.example', phone: '31687654321' }
export const joann = { id: 6, address: 'joann.lee@post.example', phone: '316123456789' }
export const agent = 4

/** Not hers, and near. */
export const near = [joann.address, 'joann.lee%40post.example', joann.phone, 'Joann Lee', 'Joann Leeson']

export type Cell = string | number | Uint8Array | null
export type Cells = Readonly<Record<string, Cell>>
/** In the order in which the foreign keys want them. */
export type Rows = readonly (readonly [table: string, row: Cells])[]

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
export const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** As Ruby's `Base64.encode64` writes it: a line break after every sixty. */
export const base64 = (text: string): string =>
  `${(
    Buffer.from(text, 'latin1')
      .toString('base64')
      .match(/.{1,60}/g) ?? []
  ).join('\n')}\n`

const lookup = (table: string, names: Readonly<Record<number, string>>): Rows =>
  Object.entries(names).map(([id, name]) => [table, { id: Number(id), name }])

/** Installations number these as they meet them; so no map may know the numbers. */
const lookups: Rows = [
  ...lookup('object_lookups', { 3: 'Group', 4: 'Ticket', 5: 'User', 6: 'Organization' }),
  ...lookup('type_lookups', { 1: 'create', 2: 'update' }),
  ...lookup('history_types', { 1: 'created', 2: 'updated', 5: 'notification' }),
  ...lookup('history_objects', { 2: 'Ticket', 3: 'Ticket::Article', 5: 'User', 6: 'Organization' }),
  ...lookup('history_attributes', { 1: 'title', 2: 'customer', 3: 'email', 4: 'state', 5: 'owner' }),
  ...lookup('store_objects', {
    2: 'Ticket::Article',
    3: 'Ticket::Article::Mail',
    6: 'Avatar::User::Full',
    7: 'Avatar::User::Resize',
    9: 'UploadCache',
    10: 'KnowledgeBase::Answer::Translation::Content',
  }),
  ...lookup('roles', { 1: 'Admin', 2: 'Agent', 3: 'Customer' }),
  ['email_addresses', { id: 1, realname: 'Desk', email: 'desk@us.example' }],
  ['signatures', { id: 1, name: 'Desk', body: '<div>#{user.firstname}</div>' }],
  ['groups', { id: 1, name: 'Users', signature_id: 1, email_address_id: 1 }],
  ...lookup('ticket_article_types', { 1: 'email', 5: 'phone', 10: 'note', 11: 'web' }),
  ...lookup('ticket_article_senders', { 1: 'Agent', 2: 'Customer', 3: 'System' }),
  ['ticket_states', { id: 2, name: 'open', state_type_id: 2 }],
  ['ticket_states', { id: 3, name: 'pending', state_type_id: 3 }],
  ['ticket_priorities', { id: 2, name: '2 normal' }],
  ['tag_objects', { id: 1, name: 'Ticket' }],
  ['tag_items', { id: 1, name: 'router', name_downcase: 'router' }],
]

const preferences = (more = ''): string =>
  `--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess\nlocale: nl-nl\ntickets_open: 1\n${more}`

export const people = (mark: (text: string) => string): Rows => [
  ['users', { id: 1, login: '-', firstname: '-', lastname: '', email: '', active: 'false' }],
  ...lookups,
  [
    'organizations',
    { id: 2, name: 'Lee & Bos', note: `Ask ${mark('Ann.Lee@post.example')}, never joann.lee@post.example` },
  ],
  ['organizations', { id: 3, name: 'Three', note: '' }],
  ['users', { id: 2, login: 'eva@us.example', firstname: 'Eva', lastname: 'Vos', email: 'eva@us.example' }],
  [
    'users',
    {
      id: ann.id,
      organization_id: 2,
      login: ann.address,
      firstname: 'Ann',
      lastname: 'Lee',
      email: ann.address,
      image: md5('ann.png'),
      image_source: `https://www.gravatar.com/avatar/${md5(ann.address)}?s=160&d=404`,
      password: '$argon2id$v=19$m=65536,t=2,p=1$abc',
      phone: '06-12345678',
      mobile: '',
      street: 'Kade 7',
      zip: '2611 AB',
      city: 'Delft',
      country: 'Netherlands',
      note: 'Prefers to be called in the morning',
      last_login: '2026-11-01 08:00:00.123',
      source: 'signup',
      preferences: preferences(
        `mail_delivery_failed: true\nmail_delivery_failed_reason: 550 ${ann.address}\n`,
      ),
    },
  ],
  [
    'users',
    { id: agent, login: 'cor@us.example', firstname: 'Cor', lastname: 'Smit', email: 'cor@us.example' },
  ],
  [
    'users',
    {
      id: bob.id,
      organization_id: 2,
      login: bob.address,
      firstname: 'Bob',
      lastname: 'Bos',
      email: bob.address,
      phone: '+31 6 87654321',
      note: `Colleague of ${mark('Ann Lee')} (${mark('06 1234 5678')})`,
      preferences: preferences(`deputy: ${mark(ann.address)}\n`),
    },
  ],
  [
    'users',
    {
      id: joann.id,
      organization_id: 3,
      login: joann.address,
      firstname: 'Joann',
      lastname: 'Lee',
      email: joann.address,
      phone: '+31 6 1234 56789',
      image_source: `https://www.gravatar.com/avatar/${md5(joann.address)}?s=160&d=404`,
    },
  ],
  ['roles_users', { user_id: 3, role_id: 3 }],
  ['roles_users', { user_id: 5, role_id: 3 }],
  ['roles_users', { user_id: agent, role_id: 2 }],
  ['organizations_users', { user_id: 3, organization_id: 2 }],
  ['organizations_users', { user_id: 3, organization_id: 2 }],
  ['organizations_users', { user_id: 3, organization_id: null }],
  ['organizations_users', { user_id: 5, organization_id: 2 }],
  ['organizations_users', { user_id: 6, organization_id: 3 }],
]

/** A mail as it came, in the transfer encoding that mail programs use. */
export function rawMail(from: string, to: string, text: string): Uint8Array {
  const body = (
    Buffer.from(plain(text), 'utf8')
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n')
  return Buffer.from(
    `From: ${from}\r\nTo: ${to}\r\nSubject: Router\r\nMIME-Version: 1.0\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`,
  )
}
