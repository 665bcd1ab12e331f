import { hers } from './marks.ts'
import { OsTicket } from './osticket.ts'
import { bobs, desk, lookAlikes } from './osticket-others.ts'

export const ann = {
  /** Her number as a user; as ticket, task, thread entry, organisation, colleague it is somebody else's. */
  id: 12,
  name: 'Ann Lée',
  address: 'ann.lee@post.example',
  /** The second address of the same user. */
  work: 'a.lee@work.example',
  phone: '0612345678',
}
export const others = ['bob.vos@post.example', 'carol@smit.example', '687654321', '611223344']

/** A piece of 500 KB, as osTicket cuts files; her address stands across the cut of two of them. */
const piece = 500 * 1024
const invoice = `Invoice for Ann Lée ${'x'.repeat(piece - 30)} ${ann.address} paid${'y'.repeat(1000)}`

/** The whole help desk, not yet stored. */
export function makeDesk(): OsTicket {
  const os = new OsTicket()
  desk(os)
  account(os)
  ticket(os)
  told(os)
  aside(os)
  bobs(os)
  lookAlikes(os)
  return os
}

function account(os: OsTicket): void {
  os.user(
    ann.id,
    ann.name,
    [
      [31, ann.address],
      [32, ann.work],
    ],
    12,
  )
  os.add('user_account', {
    id: 21,
    user_id: ann.id,
    timezone: 'Europe/Amsterdam',
    username: 'annlee',
    passwd: 'bcrypt',
    extra: '{"browser_lang":"nl"}',
    registered: '2026-03-02 08:00:00',
  })
  const notes = 'Ann Lée wants tea; partner of Bob Vos'
  os.form(41, 'U', ann.id, {
    3: { value: ann.phone },
    4: { value: notes },
    5: { value: '{"1":"Gold"}', value_id: 1 },
  })
  os.add('user__cdata', { user_id: ann.id, phone: ann.phone, notes, vip: '1' })
  os.indexed('U', ann.id, ann.name, `${ann.address} ${ann.work} ${ann.phone}`)
  os.note(51, 'U12', 'Ann Lée pays late; ask Bob Vos first')
  os.add('config', { id: 61, namespace: 'pwreset', key: 'k1', value: 'c12' })
  os.add('session', {
    session_id: 's1',
    session_data: `cfg:core|a:0:{}_auth|a:1:{s:4:"user";a:2:{s:2:"id";i:12;s:3:"key";s:27:"client:${ann.address}";}}`,
    user_ip: '198.51.100.12',
    user_agent: 'Mozilla/5.0',
  })
}

/** Ticket 40 with Carol in copy; its numbers are those of other things of Bob. */
function ticket(os: OsTicket): void {
  const subject = 'Laptop of Ann Lée does not start'
  os.ticket(40, ann.id, 31, '198.51.100.12')
  os.thread(140, 'T', 40)
  os.form(42, 'T', 40, {
    20: { value: subject },
    22: { value: 'Normal', value_id: 2 },
    23: { value: '06-12345678' },
  })
  os.add('ticket__cdata', { ticket_id: 40, subject, priority: '2', callback: '06-12345678' })
  os.indexed('T', 40, subject, 'laptop')
  os.collaborator(71, 140, 13)
  os.entry({
    id: 500,
    thread: 140,
    user: ann.id,
    poster: ann.name,
    title: subject,
    body: `<p>It beeps. Call <b>06-12345678</b> or ask Bob Vos.</p>`,
    ip: '198.51.100.12',
    headers: `From: =?utf-8?Q?Ann_L=C3=A9e?= <${ann.address}>\nSubject: Laptop`,
  })
  os.attached(81, 'H', 500, 91, 'invoice Ann Lée.txt')
  os.attached(82, 'H', 500, 92)
  os.file(91, 'invoice Ann Lée.txt', [invoice.slice(0, piece), invoice.slice(piece)])
  os.event(201, 140, ['U', ann.id, ann.name])
  os.event(202, 140, ['S', 11, 'Eva Berg'], '{"fields":{"23":[null,"06-12345678"]}}')
  // The number of a colleague, and it is hers as a user.
  os.event(203, 140, ['S', 12, 'Omar Said'], '{"staff":[12,"Omar Said"]}')
  os.event(
    204,
    140,
    ['U', 13, 'Carol Smit'],
    `{"add":{"13":{"name":"Carol Smit","src":"cc of ${hers('Ann L\\u00e9e')}"}}}`,
  )
}

function told(os: OsTicket): void {
  os.entry({
    id: 501,
    thread: 140,
    staff: 11,
    type: 'R',
    poster: 'Eva Berg',
    body: '<p>Dear Ann, try another socket.</p>',
    recipients: `{"to":{"12":"Ann L\\u00e9e <${ann.address}>"},"cc":{"13":"Carol Smit <carol@smit.example>"}}`,
    headers: `To: ${ann.address}\nX-Original: 1`,
  })
  // Carol's: it stays, without what is Ann's, in every way in which the two write her.
  os.entry({
    id: 502,
    thread: 140,
    user: 13,
    poster: 'Carol Smit',
    body:
      `<p>Mine beeps too (06-11223344), so it is not ${hers('Ann')}&#039;s fault.</p><blockquote>` +
      `${hers('Ann&nbsp;L&eacute;e')} (${hers('L&#233;e, Ann')}) &lt;<a href="mailto:${hers('ann.lee%40post.example')}">${hers('ann.lee&#64;post.example')}</a>&gt; wrote:` +
      `<br />call&nbsp;${hers('06-12345678')}, and Joann&nbsp;Leeson had it &amp; more</blockquote>`,
    recipients: `{"to":{"0":"Desk <desk@us.example>"},"cc":{"12":"${hers('Ann L\\u00e9e')} <${hers(ann.address)}>"},"n":1.50}`,
    headers:
      `From: carol@smit.example\nTo: =?utf-8?Q?${hers('Ann_L=C3=A9e')}?= <${hers(ann.address)}>,\n =?UTF-8?B?Q2Fyb2wgU23DrXQ=?= <carol@smit.example>\n` +
      `Cc: "${hers('Lée, Ann')}" <${hers(ann.work)}>\nSubject: Re: laptop of ${hers('Ann')}`,
    found: `Mine beeps too (06-11223344), so it is not ${hers('Ann')}'s fault. ${hers('Ann Lée')} wrote`,
  })
  os.attached(83, 'H', 502, 93, `for ${hers('Ann Lée')}.txt`)
  os.file(93, 'photo of Carol.txt', ['a photo of Carol Smit'])
  os.entry({ id: 503, thread: 140, type: 'N', poster: 'SYSTEM', body: 'Ticket of Ann Lée claimed' })
  os.add('thread_entry_merge', { id: 211, thread_entry_id: 503, data: '{"user":"Ann L\\u00e9e"}' })
  os.draft(221, 'ticket.response.40', 'Dear Ann, we will call 06-12345678')
  os.attached(84, 'D', 221, 94)
  os.file(94, 'answer.txt', ['for Ann Lée'])
}

/** Her name in work of the desk, and in rows that are nobody's. */
function aside(os: OsTicket): void {
  os.add('task', { id: 60, object_id: 40, object_type: 'T', created: '2026-03-02', updated: '2026-03-02' })
  os.thread(160, 'A', 60)
  const title = `Call ${hers('Ann Lée')} on ${hers('06 12 34 56 78')}`
  os.form(43, 'A', 60, { 32: { value: title }, 33: { value: 'before noon' } })
  os.add('task__cdata', { task_id: 60, title, description: 'before noon' })
  os.indexed('A', 60, title, 'before noon')
  os.entry({
    id: 510,
    thread: 160,
    staff: 12,
    type: 'N',
    poster: 'Omar Said',
    body: `<p>${hers('Ann')} has gone home; Carol Smit (06-11223344) took it</p>`,
  })
  os.event(205, 0, ['U', ann.id, ann.name], '{"owner":"Ann L\\u00e9e"}')
  os.event(
    206,
    0,
    ['S', 11, 'Eva Berg'],
    `{"was":"${hers('Ann L\\u00e9e')}","email":"${hers(ann.address)}","n":[1.0,2]}`,
  )
  os.add('syslog', {
    log_id: 231,
    log_type: 'Warning',
    title: `Failed login (${hers(ann.address)})`,
    log: `${hers(ann.address)} and bob.vos@post.example from 198.51.100.12`,
    logger: '',
    ip_address: '198.51.100.12',
    created: '2026-03-02',
    updated: '2026-03-02',
  })
  const rule = { what: 'email', how: 'equal', notes: '', created: '2026-03-02', updated: '2026-03-02' }
  os.add('filter_rule', { id: 241, filter_id: 1, val: ann.work, ...rule })
  os.add('filter_rule', { id: 242, filter_id: 1, val: 'bob.vos@post.example', ...rule })
  os.add('queue', {
    id: 251,
    staff_id: 11,
    title: 'mine',
    config: `{"criteria":[["user__emails__address","equal","${hers(ann.address)}"],["number","contains",4.0]]}`,
    created: '2026-03-02',
    updated: '2026-03-02',
  })
}
