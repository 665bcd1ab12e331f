import { hers } from './marks.ts'
import { agent, ann, bob, type Cells, md5, rawMail, type Rows, sha } from './zammad-cast.ts'

const day = (n: number): string => `2026-10-${String(n).padStart(2, '0')} 09:30:00.125`

const ticket = (id: number, customer: number, title: string, more: Cells = {}): Rows[number] => [
  'tickets',
  {
    id,
    number: `${70000 + id}`,
    group_id: 1,
    priority_id: 2,
    state_id: 2,
    owner_id: agent,
    customer_id: customer,
    title,
    created_by_id: customer,
    article_count: 2,
    ...more,
  },
]

interface Said {
  readonly ticket: number
  readonly by: number
  /** Email, phone, note, web; agent, customer, system: as Zammad numbers them in every installation. */
  readonly type?: number
  readonly sender?: number
  readonly body: string
}

const article = (
  id: number,
  { ticket: ticketId, by, type = 1, sender = 2, body }: Said,
  more: Cells = {},
): Rows[number] => [
  'ticket_articles',
  {
    id,
    ticket_id: ticketId,
    type_id: type,
    sender_id: sender,
    body,
    content_type: 'text/html',
    created_by_id: by,
    updated_by_id: by,
    created_at: day(id % 28 || 28),
    ...more,
  },
]

const desk = 'Desk <desk@us.example>'
const herself = `"${hers('Ann Lee')}" <${hers('Ann.Lee@post.example')}>`
const bobHimself = 'Bob Bos <bob@work.example>'
const messageId = (n: number, domain: string) => ({
  message_id: `<${n}@${domain}>`,
  message_id_md5: md5(`<${n}@${domain}>`),
})

/** Ticket 10 is Ann's, 3 and 11 are Bob's; 11 she opened for him. */
const tickets: Rows = [
  ticket(10, ann.id, 'Router of Ann Lee', {
    organization_id: 2,
    note: 'call 06-12345678',
    preferences: '---\nchannel_id: 3\nalso: Ann Lee\n',
  }),
  ticket(3, bob.id, `Same as ${hers('ann.lee@post.example')}`, {
    organization_id: 2,
    preferences: `---\nchannel_id: 3\nseen_by:\n- ${hers('ann.lee@post.example')}\n- joann.lee@post.example\n`,
  }),
  ticket(11, bob.id, 'Invoice', { created_by_id: ann.id }),
]

const articles: Rows = [
  article(
    30,
    { ticket: 10, by: ann.id, body: '<p>My number is 06-12345678, ask Bob</p>' },
    {
      from: '"Ann Lee" <Ann.Lee@post.example>',
      to: desk,
      cc: bobHimself,
      subject: 'Router',
      ...messageId(1, 'post.example'),
      preferences: '---\nsend-auto-response: true\nis-auto-response: false\n',
    },
  ),
  article(
    31,
    { ticket: 10, by: agent, sender: 1, body: '<p>Dear Ann, we will send a new one to Kade 7</p>' },
    {
      from: desk,
      to: '"Ann Lee" <Ann.Lee@post.example>',
      in_reply_to: '<1@post.example>',
      ...messageId(2, 'us.example'),
      preferences: '---\nemail_address_id: 1\ndelivery_retry: 1\n',
    },
  ),
  article(
    32,
    {
      ticket: 10,
      by: bob.id,
      body: `<p>On Monday ${hers('Ann Lee')} &lt;${hers('ann.lee@post.example')}&gt; wrote: x</p><p>I have it too.</p>`,
    },
    {
      from: bobHimself,
      to: `${desk}, ${herself}`,
      in_reply_to: '<1@post.example>',
      ...messageId(3, 'work.example'),
      preferences: '---\nis-auto-response: false\n',
    },
  ),
  article(
    33,
    { ticket: 10, by: 1, sender: 3, body: 'Thank you for your request 70010' },
    { to: 'Ann.Lee@post.example', from: desk },
  ),
  // An agent writes down what somebody says on the telephone: Ann, then Bob.
  article(
    34,
    { ticket: 10, by: agent, type: 5, body: 'She will be away until Monday' },
    { origin_by_id: ann.id, from: 'Ann Lee' },
  ),
  article(
    35,
    { ticket: 10, by: agent, type: 5, body: `He calls for ${hers('Ann Lee')}: works again` },
    { origin_by_id: bob.id, from: 'Bob Bos' },
  ),
  article(
    10,
    { ticket: 3, by: bob.id, body: '<p>It blinks red</p>' },
    {
      from: bobHimself,
      to: desk,
      cc: `${herself}, Joann <joann.lee@post.example>`,
      ...messageId(4, 'work.example'),
    },
  ),
  article(
    3,
    { ticket: 3, by: agent, sender: 1, body: `Dear Bob, as we told ${hers('Ann Lee')}` },
    {
      from: desk,
      to: bobHimself,
      cc: hers('ann.lee@post.example'),
      reply_to: desk,
      ...messageId(5, 'us.example'),
    },
  ),
  article(
    36,
    { ticket: 3, by: ann.id, body: 'Me too. My card is attached' },
    {
      from: '"Ann Lee" <ann.lee@post.example>',
      to: desk,
      ...messageId(6, 'post.example'),
    },
  ),
  article(
    37,
    { ticket: 3, by: agent, type: 10, sender: 1, body: 'Ordered two; joann.lee@post.example knows' },
    { internal: 'true' },
  ),
  article(38, { ticket: 11, by: ann.id, type: 11, body: 'Bob cannot log in; he asks for his invoice' }),
  article(
    39,
    { ticket: 11, by: agent, sender: 1, body: 'Dear Bob, here it is' },
    { from: desk, to: bobHimself },
  ),
]

const texts = {
  herMail: rawMail('"Ann Lee" <Ann.Lee@post.example>', desk, 'My number is 06-12345678'),
  shared: Buffer.from('%PDF-1.4 the manual of the router'),
  card: Buffer.from('\xff\xd8\xff card of Ann', 'latin1'),
  knowledge: Buffer.from('%PDF-1.4 how to reset'),
  bobsMail: rawMail(bobHimself, desk, 'It blinks red'),
  face: Buffer.from('\x89PNG ann', 'latin1'),
  small: Buffer.from('\x89PNG ann, small', 'latin1'),
  bobsFace: Buffer.from('\x89PNG bob', 'latin1'),
  draft: Buffer.from('%PDF-1.4 not sent yet'),
}
type Content = keyof typeof texts
const contents = Object.keys(texts) as Content[]
const number = (content: Content): number => contents.indexOf(content) + 1
/** What only rows of hers point at. */
export const hersAlone = ['herMail', 'card', 'face', 'small', 'draft'].map((name) => number(name as Content))

const stored = (id: number, object: number, owner: number, content: Content, by: number): Rows[number] => [
  'stores',
  {
    id,
    store_object_id: object,
    o_id: owner,
    store_file_id: number(content),
    filename: `${content}.pdf`,
    size: String(texts[content].length),
    preferences: '---\nContent-Type: application/pdf\n',
    created_by_id: by,
  },
]

const files: Rows = [
  ...contents.flatMap(
    (content): Rows => [
      ['store_files', { id: number(content), sha: sha(texts[content]), provider: 'DB' }],
      ['store_provider_dbs', { id: 100 + number(content), sha: sha(texts[content]), data: texts[content] }],
    ],
  ),
  stored(20, 3, 30, 'herMail', ann.id),
  stored(21, 2, 30, 'shared', ann.id),
  stored(22, 2, 10, 'shared', bob.id),
  stored(23, 2, 30, 'card', ann.id),
  stored(24, 2, 36, 'card', ann.id),
  stored(25, 2, 30, 'knowledge', ann.id),
  stored(26, 10, 30, 'knowledge', agent),
  stored(27, 3, 10, 'bobsMail', bob.id),
  stored(3, 2, 3, 'bobsMail', agent),
  stored(28, 6, ann.id, 'face', ann.id),
  stored(29, 7, ann.id, 'small', ann.id),
  stored(30, 6, bob.id, 'bobsFace', bob.id),
  stored(31, 9, 123456789, 'draft', ann.id),
]

export const deskRows: Rows = [
  ...tickets,
  ...articles,
  ...files,
  ['ticket_article_flags', { id: 1, ticket_article_id: 31, key: 'read', value: '1', created_by_id: ann.id }],
  [
    'ticket_time_accountings',
    { id: 1, ticket_id: 10, ticket_article_id: 31, time_unit: '2.50', created_by_id: agent },
  ],
  ['tags', { id: 1, tag_item_id: 1, tag_object_id: 1, o_id: 10 }],
]
