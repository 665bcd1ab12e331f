import { randomFor } from '../../src/demo/random.ts'
import { hers } from './marks.ts'
import { type NewMessage, Rt } from './rt.ts'

/*
 * A small help desk in Request Tracker. Ann is the person; around her stand, in every place she shares, people whose data must
 * stay: a colleague in copy of her ticket, staff who answer and quote her, a stranger who names her, a namesake, somebody whose
 * name, address and number hold hers, and rows of other objects that carry her number.
 */
export const ann = {
  realName: 'Ann Lee',
  email: 'Ann.Lee@Post.Example',
  /** As she writes it herself. */
  address: 'ann.lee@post.example',
  mobile: '+31 6 1234 5678',
  /** Her namesake's address begins with it. */
  login: 'ann.lee',
}

export interface Desk {
  readonly rt: Rt
  readonly ann: number
  readonly bob: number
  readonly eva: number
  readonly joann: number
  readonly namesake: number
  readonly tickets: Readonly<Record<Story, number>>
  /** The agent's answer that RT stored in base64, quoting her: its row. */
  readonly encodedOfOthers: string
}

type Story =
  | 'broken'
  | 'double'
  | 'bobs'
  | 'carlas'
  | 'forDirk'
  | 'joanns'
  | 'namesakes'
  | 'both'
  | 'bobsMerged'

const staffAddress = 'eva.berg@northsea.example'
const desk = 'support@northsea.example'

/** Everybody's addresses and numbers but hers. */
export const others = [
  'bob.vos@post.example',
  'omar.said@northsea.example',
  staffAddress,
  'carla@winkel.example',
  'dirk.bos@post.example',
  'joann.lee@post.example',
  'ann.lee@elders.example',
  '+31 6 8765 4321',
  '06-11223344',
]

export function makeDesk(fillers = 24): Desk {
  const rt = new Rt()
  const support = rt.queue('Support', desk)
  const moves = rt.queue('Moves', 'moves@northsea.example')
  const fields = ['Phone', 'Reached', 'Room', 'Seats'].map((name, i) =>
    rt.add('customfields', {
      name,
      type: 'Freeform',
      maxvalues: 1,
      lookuptype:
        i === 0 ? 'RT::User' : i === 3 ? 'RT::Queue-RT::Ticket-RT::Transaction' : 'RT::Queue-RT::Ticket',
    }),
  )
  const [phone, reached, room, seats] = fields as [number, number, number, number]
  const staff = (name: string, email: string) =>
    rt.user({ name: name.split(' ')[0]?.toLowerCase() ?? name, email, realName: name, staff: true })
  const [eva, omar] = [staff('Eva Berg', staffAddress), staff('Omar Said', 'omar.said@northsea.example')] as [
    number,
    number,
  ]
  const person = (realName: string, email: string, more: Record<string, string> = {}) =>
    rt.user({ name: email, email, realName, more })
  const annId = rt.user({
    name: ann.login,
    email: ann.email,
    realName: ann.realName,
    by: eva,
    more: {
      mobilephone: ann.mobile,
      // The switchboard of the firm, which Bob has too.
      workphone: '020 555 01 00',
      address1: 'Havenkade 12',
      city: 'Amsterdam',
      organization: 'Waterland Bouw',
      comments: 'prefers to be called in the morning',
      signature: 'Ann Lee, Waterland Bouw',
      authtoken: 'c0ffee',
      nickname: 'Ann',
    },
  })
  const bob = person('Bob Vos', 'bob.vos@post.example', {
    workphone: '020 555 01 00',
    mobilephone: '+31 6 8765 4321',
    comments: `shares a room with ${hers('Ann Lee')} (${hers(ann.address)})`,
  })
  const carla = person('Carla Smit', 'carla@winkel.example')
  const dirk = person('Dirk Bos', 'dirk.bos@post.example')
  const joann = person('Joann Leeson', 'joann.lee@post.example', { mobilephone: '+31 6 1234 56789' })
  const namesake = person('Ann Lee', 'ann.lee@elders.example', { mobilephone: '+31 6 1234 5679' })
  const friends = rt.group('UserDefined', 'Waterland key users', null, 'Key users of a customer')
  for (const member of [annId, bob]) rt.member(friends, member)
  fill(rt, [support, moves], [eva, omar], fillers)

  const history = (set: Record<string, string | null>, by: number) =>
    rt.transaction({ objecttype: 'RT::User', objectid: annId, type: 'Set', by, ...set })
  history({ field: 'EmailAddress', oldvalue: 'ann.old@post.example', newvalue: ann.email }, eva)
  history({ field: 'MobilePhone', oldvalue: null, newvalue: ann.mobile }, annId)
  rt.customField({ type: 'RT::User', id: annId }, phone, '06-12345678', eva)
  rt.customField({ type: 'RT::User', id: bob }, phone, '+31 6 8765 4321', eva)
  rt.attribute({ type: 'RT::User', id: annId }, 'Pref-RT::System-1', 'signature of Ann Lee', annId)
  rt.attribute({ type: 'RT::User', id: bob }, 'Pref-RT::System-1', 'bob likes it dark', bob)
  for (const [owner, description] of [
    [annId, 'the laptop of Ann Lee'],
    [bob, 'script of Bob'],
  ] as const)
    rt.add('authtokens', { owner, token: `t-${owner}`, description, creator: owner })
  rt.add('acl', {
    principaltype: 'Group',
    principalid: friends,
    rightname: 'SeeQueue',
    objecttype: 'RT::Queue',
    objectid: support,
  })

  const tell = (
    message: Omit<NewMessage, 'to' | 'from'> & { readonly to?: string; readonly from?: string },
  ) => rt.message({ from: 'x@northsea.example', to: desk, ...message })
  const text = (content: string, encoding: 'none' | 'base64' | 'quoted-printable' = 'none') => [
    { type: 'text/plain', content, encoding },
  ]
  const hersMarked = `"${hers('Ann Lee')}" <${hers(ann.address)}>`

  // Her own ticket: Bob in copy, Omar watches, Eva owns it.
  const broken = rt.ticket({
    queue: support,
    subject: 'Laptop of Ann Lee does not start',
    requestors: [annId],
    cc: [bob],
    adminCc: [omar],
    owner: eva,
    by: annId,
  })
  tell({
    ticket: broken,
    type: 'Create',
    by: annId,
    from: `"Ann Lee" <${ann.address}>`,
    subject: 'Laptop of Ann Lee does not start',
    parts: [
      { type: 'text/plain', content: `It beeps. Call me on 06-12345678 or ask Bob Vos.\nAnn Lee` },
      {
        type: 'text/html',
        content: `<p>It beeps. <a href="mailto:${ann.address}">Ann&nbsp;Lee</a></p>`,
        encoding: 'quoted-printable',
      },
      {
        type: 'application/pdf',
        content: `%PDF invoice of Ann Lee ${ann.address}`,
        fileName: 'invoice Ann Lee.pdf',
        encoding: 'base64',
      },
    ],
  })
  // RT records its own mail as the person's who caused it.
  tell({
    ticket: broken,
    type: 'EmailRecord',
    by: annId,
    from: `"Ann Lee via RT" <${desk}>`,
    to: 'omar.said@northsea.example',
    subject: `[desk #${broken}] Laptop of Ann Lee does not start`,
    parts: text('Ann Lee wrote: it beeps'),
  })
  const subject = `Re: [desk #${broken}] Laptop of ${hers('Ann Lee')} does not start`
  tell({
    ticket: broken,
    type: 'Correspond',
    by: eva,
    from: `"Eva Berg" <${staffAddress}>`,
    to: `${hersMarked}, bob.vos@post.example`,
    subject,
    headers: [`RT-Originator: ${hers(ann.address)}`, 'In-Reply-To: <4711@mail.post.example>'],
    parts: text(
      `Dear ${hers('Ann')},\n\ntry another socket; Joann Leeson had the same.\n\nEva Berg, ${staffAddress}\n\n> ${hers('Ann Lee')} <${hers('ANN.LEE@POST.EXAMPLE')}> wrote:\n> Call me on ${hers('06-12345678')} or ask Bob Vos (+31 6 8765 4321).`,
    ),
  })
  tell({
    ticket: broken,
    type: 'EmailRecord',
    by: eva,
    from: `"Eva Berg via RT" <${desk}>`,
    to: hersMarked,
    cc: 'bob.vos@post.example',
    subject,
    parts: [
      { type: 'text/plain', content: `Dear ${hers('Ann')}, try another socket` },
      {
        type: 'text/html',
        content: `<p>Dear ${hers('Ann')},</p><a href="mailto:${hers(ann.address)}">${hers('Lee, Ann')}</a> and Joann&nbsp;Leeson`,
      },
    ],
  })
  tell({
    ticket: broken,
    type: 'Correspond',
    by: bob,
    from: '"Bob Vos" <bob.vos@post.example>',
    cc: hers(ann.address),
    subject: `Re: [desk #${broken}] Laptop`,
    parts: text(`Mine (06-11223344) beeps too. It is not ${hers('Ann')}'s fault. Bob`),
  })
  tell({
    ticket: broken,
    type: 'Comment',
    by: omar,
    subject: 'internal',
    parts: text(`Bob Vos called; nothing of note. Ask again under ${hers('0031 6 12 34 56 78')}.`),
  })
  tell({
    ticket: broken,
    type: 'Correspond',
    by: eva,
    from: `"Eva Berg" <${staffAddress}>`,
    to: hersMarked,
    subject: 'Grüße',
    // Decoding is a later issue: nothing looks inside, and nothing is said to be gone.
    parts: text(`Grüße an Ann Lee <${ann.address}>, Eva`, 'base64'),
  })
  const encodedOfOthers = `attachments/${rt.tables.get('attachments')?.length}`
  rt.transaction({
    objecttype: 'RT::Ticket',
    objectid: broken,
    type: 'Set',
    field: 'Subject',
    oldvalue: `${hers('Ann Lee')}: laptop`,
    newvalue: `Laptop of ${hers('Ann Lee')} does not start`,
    by: eva,
  })
  rt.transaction({
    objecttype: 'RT::Ticket',
    objectid: broken,
    type: 'Status',
    field: 'Status',
    oldvalue: 'new',
    newvalue: 'open',
    by: eva,
  })
  rt.transaction({
    objecttype: 'RT::Ticket',
    objectid: broken,
    type: 'AddWatcher',
    field: 'Cc',
    newvalue: String(bob),
    by: annId,
  })
  rt.transaction({
    objecttype: 'RT::Ticket',
    objectid: broken,
    type: 'Take',
    field: 'Owner',
    oldvalue: String(rt.nobody),
    newvalue: String(eva),
    by: eva,
  })
  // The value is hers and goes with her ticket; the history that Eva wrote of it loses what is Ann's.
  const value = rt.add('objectcustomfieldvalues', {
    customfield: reached,
    objecttype: 'RT::Ticket',
    objectid: broken,
    content: '06-12345678',
    creator: eva,
  })
  rt.transaction({
    objecttype: 'RT::Ticket',
    objectid: broken,
    type: 'CustomField',
    field: String(reached),
    newvalue: hers('06-12345678'),
    newreference: value,
    referencetype: 'RT::ObjectCustomFieldValue',
    by: eva,
  })
  rt.attribute({ type: 'RT::Ticket', id: broken }, 'SquelchMailTo', 'omar.said@northsea.example', eva)

  // The same again, merged into the first.
  const double = rt.ticket({ queue: support, subject: 'Laptop, again', requestors: [annId], by: annId })
  tell({
    ticket: double,
    type: 'Create',
    by: annId,
    from: ann.address,
    subject: 'Laptop, again',
    parts: text('Still beeps. Ann', 'quoted-printable'),
  })
  rt.merge(double, broken, eva)

  // Bob's ticket, in which she is in copy and answers.
  const bobs = rt.ticket({
    queue: moves,
    subject: `Move of Bob and ${hers('Ann')}`,
    requestors: [bob],
    cc: [annId],
    owner: omar,
    by: bob,
  })
  const asked = tell({
    ticket: bobs,
    type: 'Create',
    by: bob,
    from: '"Bob Vos" <bob.vos@post.example>',
    cc: hersMarked,
    subject: 'Move',
    parts: text(
      `We move to room 3.\n${hers('Ann')} has the keys, her number is ${hers('(06) 12 34 56 78')}; mine is +31 6 8765 4321.\nBob`,
    ),
  })
  tell({
    ticket: bobs,
    type: 'Correspond',
    by: annId,
    from: ann.address,
    to: 'bob.vos@post.example',
    subject: 'Re: Move',
    parts: text(`I have them, Bob. Grüße, Ann Lee ${ann.address}`, 'quoted-printable'),
  })
  tell({
    ticket: bobs,
    type: 'EmailRecord',
    by: annId,
    from: `"Ann Lee via RT" <${desk}>`,
    to: 'bob.vos@post.example',
    subject: 'Re: Move',
    parts: text('I have them, Bob.'),
  })
  tell({
    ticket: bobs,
    type: 'Comment',
    by: omar,
    subject: 'room',
    parts: text('room 3 is free, says Bob Vos'),
  })
  rt.customField(
    { type: 'RT::Ticket', id: bobs },
    reached,
    `${hers(ann.address)} and bob.vos@post.example`,
    omar,
  )
  rt.customField({ type: 'RT::Ticket', id: bobs }, room, '3', omar)
  rt.customField({ type: 'RT::Transaction', id: asked }, seats, '2', bob)
  rt.attribute({ type: 'RT::Ticket', id: bobs }, 'SquelchMailTo', hers(ann.address), omar)

  // A stranger's ticket that names her: by address she is found; part names there are other people's.
  const carlas = rt.ticket({ queue: support, subject: 'Invoice', requestors: [carla], owner: eva, by: carla })
  tell({
    ticket: carlas,
    type: 'Create',
    by: carla,
    from: '"Carla Smit" <carla@winkel.example>',
    subject: 'Invoice',
    parts: [
      {
        type: 'text/plain',
        content: `Please send it to ${hers(ann.address)} (${hers('Ann Lee')}), not to Ann Smit, Lee Chen or joann.lee@post.example.`,
      },
      {
        type: 'text/html',
        content: `<a href="mailto:${hers(ann.address)}">${hers('Ann Lee')}</a> not Ann Smit`,
      },
      { type: 'text/plain', content: 'Ann Smit and Lee Chen greet Ann Lee of the other town' },
    ],
  })
  rt.link(broken, carlas, 'RefersTo', eva)

  // She opened it for somebody else.
  const forDirk = rt.ticket({ queue: moves, subject: 'Chair for Dirk Bos', requestors: [dirk], by: annId })
  tell({
    ticket: forDirk,
    type: 'Create',
    by: annId,
    from: ann.address,
    subject: 'Chair for Dirk Bos',
    parts: text('Dirk needs a chair. Ann'),
  })
  tell({
    ticket: forDirk,
    type: 'Correspond',
    by: dirk,
    from: 'dirk.bos@post.example',
    subject: 'Re: Chair',
    parts: text(`Thanks ${hers('Ann')}! Dirk`),
  })
  rt.customField({ type: 'RT::Ticket', id: forDirk }, room, '12', dirk)

  const joanns = rt.ticket({
    queue: support,
    subject: 'Joann Leeson cannot log in',
    requestors: [joann],
    by: joann,
  })
  tell({
    ticket: joanns,
    type: 'Create',
    by: joann,
    from: 'joann.lee@post.example',
    subject: 'log in',
    parts: text('I am Joann Leeson, joann.lee@post.example, +31 6 1234 56789'),
  })
  const namesakes = rt.ticket({
    queue: support,
    subject: 'Printer of Ann Lee',
    requestors: [namesake],
    by: namesake,
  })
  tell({
    ticket: namesakes,
    type: 'Create',
    by: namesake,
    from: '"Ann Lee" <ann.lee@elders.example>',
    subject: 'Printer',
    parts: text('It smokes. Ann Lee, +31 6 1234 5679'),
  })

  // Bob asked the same thing elsewhere, and that ticket was merged into hers: RT makes him a requestor of it too.
  const both = rt.ticket({
    queue: support,
    subject: 'Network down in room 3',
    requestors: [annId],
    by: annId,
  })
  tell({
    ticket: both,
    type: 'Create',
    by: annId,
    from: ann.address,
    subject: 'Network down',
    parts: text('no network, Ann'),
  })
  const bobsMerged = rt.ticket({ queue: support, subject: 'No network', requestors: [bob], by: bob })
  tell({
    ticket: bobsMerged,
    type: 'Create',
    by: bob,
    from: 'bob.vos@post.example',
    subject: 'No network',
    parts: text(`no network since nine. ${hers('Ann')} has none either. Bob, 06-11223344`),
  })
  rt.merge(bobsMerged, both, eva)

  collide(rt, annId, { room, seats })
  const tickets = { broken, double, bobs, carlas, forDirk, joanns, namesakes, both, bobsMerged }
  return { rt, ann: annId, bob, eva, joann, namesake, tickets, encodedOfOthers }
}

/** Her number under every other kind of object: a ticket, a transaction, a queue, an asset, a group. */
function collide(rt: Rt, id: number, fields: { readonly room: number; readonly seats: number }): void {
  for (const type of ['RT::Ticket', 'RT::Transaction', 'RT::Asset', 'RT::Queue', 'RT::Article'] as const) {
    rt.add('objectcustomfieldvalues', {
      customfield: fields.seats,
      objecttype: type,
      objectid: id,
      content: `of ${type} ${id}`,
      creator: 1,
    })
    rt.attribute({ type, id }, 'Note', `about ${type} ${id}`, 1)
  }
  for (const type of ['RT::Queue', 'RT::Group', 'RT::Asset'])
    rt.transaction({
      objecttype: type,
      objectid: id,
      type: 'Set',
      field: 'Name',
      oldvalue: 'before',
      newvalue: `after ${type} ${id}`,
      by: 1,
    })
}

/** Other people with tickets of their own, so that hers do not stand alone and numbers collide. */
function fill(rt: Rt, queues: readonly number[], staff: readonly number[], count: number): void {
  for (let n = 0; n < count; n++) {
    const random = randomFor(11, 3, n)
    const address = `customer${n}@firm${n % 5}.example`
    const person = rt.user({
      name: address,
      email: address,
      realName: `Customer ${n} Name`,
      more: { mobilephone: `+31 6 2000 ${1000 + n}` },
    })
    for (let t = 0; t < 2; t++) {
      const agent = random.pick(staff as [number, ...number[]])
      const ticket = rt.ticket({
        queue: random.pick(queues as [number, ...number[]]),
        subject: `Question ${n}.${t}`,
        requestors: [person],
        owner: agent,
        by: person,
      })
      const mail = { ticket, from: address, to: desk, subject: `Question ${n}.${t}` }
      rt.message({
        ...mail,
        type: 'Create',
        by: person,
        parts: [{ type: 'text/plain', content: `question of ${address}, ${1000 + n}` }],
      })
      rt.message({
        ...mail,
        type: 'Correspond',
        by: agent,
        from: staffAddress,
        to: address,
        parts: [{ type: 'text/plain', content: `answer ${random.int(1, 999_999)}` }],
      })
    }
  }
}
