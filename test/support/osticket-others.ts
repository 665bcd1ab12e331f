import { hers } from './marks.ts'
import type { OsTicket } from './osticket.ts'

const born = { created: '2026-03-02 08:00:00', updated: '2026-03-02 08:00:00' }
const address = 'ann.lee@post.example'

/** Colleagues, organisations, questions. Colleague and organisation 12 have Ann's number. */
export function desk(os: OsTicket): void {
  const staff = { phone: '', mobile: '', signature: '', ...born }
  os.add('staff', { staff_id: 11, username: 'eva', firstname: 'Eva', lastname: 'Berg', ...staff })
  os.add('staff', { staff_id: 12, username: 'omar', firstname: 'Omar', lastname: 'Said', ...staff })
  os.add('organization', { id: 12, name: 'North Sea', manager: 'U12', ...born })
  os.add('organization', { id: 13, name: 'Ann Arbor Tools', manager: 'A12', ...born })
  os.add('organization__cdata', { org_id: 12, name: 'North Sea', notes: `ask ${hers(address)}` })
  const labels = { 3: 'phone', 4: 'notes', 5: 'choices', 20: 'text', 22: 'priority', 23: 'phone' }
  for (const [id, type] of Object.entries(labels))
    os.add('form_field', { id: Number(id), form_id: 1, type, label: type, name: `f${id}`, sort: 1, ...born })
  os.add('event', { id: 1, name: 'created' })
  os.add('filter', { id: 1, name: 'SYSTEM BAN LIST', ...born })
}

/** Bob's ticket 12, in whose thread she is a collaborator, with everything that has her number or one of her ticket's. */
export function bobs(os: OsTicket): void {
  os.user(11, 'Bob Vos', [[12, 'bob.vos@post.example']], 12)
  os.form(12, 'U', 11, { 3: { value: '0687654321X12' }, 4: { value: `lives with ${hers(address)}` } })
  os.add('user__cdata', { user_id: 11, phone: '0687654321X12', notes: `lives with ${hers(address)}` })
  os.note(52, 'U11', `friend of ${hers(address)}, says ${hers('Ann Lée')}`)
  os.note(53, 'O12', 'pays early')
  os.add('config', { id: 62, namespace: 'pwreset', key: 'k2', value: '12' })
  os.add('session', {
    session_id: 's2',
    session_data: 'cfg:core|a:0:{}_auth|a:1:{s:5:"staff";a:1:{s:2:"id";i:12;}}',
    user_id: '12',
    user_ip: '203.0.113.9',
    user_agent: 'Mozilla/5.0',
  })
  const subject = `Move of Bob and ${hers('Ann')}`
  os.ticket(12, 11, 12, '203.0.113.7')
  os.thread(112, 'T', 12)
  os.collaborator(72, 112, 12)
  os.form(44, 'T', 12, {
    20: { value: subject },
    22: { value: 'High', value_id: 3 },
    23: { value: '0687654321' },
  })
  os.add('ticket__cdata', { ticket_id: 12, subject, priority: '3', callback: '0687654321' })
  os.indexed('T', 12, subject, 'move')
  os.entry({
    id: 12,
    thread: 112,
    user: 11,
    poster: 'Bob Vos',
    title: subject,
    body: `<p>${hers('Ann')} has the keys, her number is ${hers('(06) 12 34 56 78')}; mine is 06 8765 4321.</p>`,
  })
  os.attached(85, 'H', 12, 92)
  // Canned answer 500 has the number of an entry of hers.
  os.attached(86, 'C', 500, 95)
  os.file(92, 'terms.txt', ['the terms, for everybody'])
  os.file(95, 'canned.txt', ['a canned answer'])
  os.entry({ id: 520, thread: 112, user: 12, poster: 'Ann Lée', body: 'I have them, Bob. 06-12345678' })
  os.attached(87, 'H', 520, 95)
  os.entry({
    id: 521,
    thread: 112,
    staff: 11,
    type: 'R',
    poster: 'Eva Berg',
    body: `Well done, ${hers('Ann')}.`,
  })
  os.event(207, 112, ['U', 12, 'Ann Lée'])
  os.event(208, 112, ['U', 11, 'Bob Vos'], '{"n":1}')
  os.draft(222, 'task.response.40', 'Dear Bob')
  os.draft(223, 'ticket.note.12', `for Bob and ${hers('Ann Lée')}`)
  os.attached(88, 'D', 500, 96)
  os.file(96, 'draft.txt', ['a draft about Bob Vos'])
  os.add('task', { id: 40, object_id: 12, object_type: 'T', ...born })
  os.add('task', { id: 12, object_id: 12, object_type: 'A', ...born })
  os.thread(161, 'A', 40)
  os.entry({
    id: 530,
    thread: 161,
    staff: 12,
    type: 'N',
    poster: 'Omar Said',
    body: 'lift booked for Bob Vos',
  })
}

/** Near her in spelling or number, and not her. */
export function lookAlikes(os: OsTicket): void {
  os.user(13, 'Carol Smit', [[13, 'carol@smit.example']])
  os.user(14, 'Joann Leeson', [[14, 'joann.lee@post.example']])
  os.user(15, 'Ann Lée', [[15, 'ann.lee@elders.example']])
  os.user(16, 'Ann Lee', [[16, 'xann.lee@post.example.org']])
  for (const [n, phone] of ['06123456789', '0612345679', '0612345678X7', '+4531612345678'].entries()) {
    os.form(45 + n, 'U', 13 + n, { 3: { value: phone }, 4: { value: null } })
    os.add('user__cdata', { user_id: 13 + n, phone })
  }
  for (let n = 0; n < 30; n++) {
    const [user, ticket, thread] = [300 + n, 1200 + n, 5000 + n]
    os.user(user, `Filler ${n}`, [[user, `filler${n}@elders.example`]])
    os.add('user__cdata', { user_id: user, phone: `06200000${10 + n}` })
    os.ticket(ticket, user, user, `203.0.113.${n}`)
    os.thread(thread, 'T', ticket)
    os.entry({ id: 6000 + n, thread, user, poster: `Filler ${n}`, body: `nothing of note ${n}` })
    os.event(7000 + n, thread, ['U', user, `Filler ${n}`])
  }
}
