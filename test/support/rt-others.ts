import { randomFor } from '../../src/demo/random.ts'
import type { Rt } from './rt.ts'
import { hers } from './marks.ts'
import { ann, deskAddress, hersMarked, type People, staffAddress, tell, text } from './rt-people.ts'

/** Bob's ticket, in which she is in copy and answers. */
export function bobs({ rt, moves, fields, ann: annId, bob, omar }: People): void {
  const ticket = rt.ticket({
    queue: moves,
    subject: `Move of Bob and ${hers('Ann')}`,
    requestors: [bob],
    cc: [annId],
    owner: omar,
    by: bob,
  })
  const asked = tell(rt, {
    ticket,
    type: 'Create',
    by: bob,
    from: '"Bob Vos" <bob.vos@post.example>',
    cc: hersMarked,
    subject: 'Move',
    parts: text(
      `We move to room 3.\n${hers('Ann')} has the keys, her number is ${hers('(06) 12 34 56 78')}; mine is +31 6 8765 4321.\nBob`,
    ),
  })
  tell(rt, {
    ticket,
    type: 'Correspond',
    by: annId,
    from: ann.address,
    to: 'bob.vos@post.example',
    subject: 'Re: Move',
    parts: text(`I have them, Bob. Grüße, Ann Lee ${ann.address}`, 'quoted-printable'),
  })
  tell(rt, {
    ticket,
    type: 'EmailRecord',
    by: annId,
    from: `"Ann Lee via RT" <${deskAddress}>`,
    to: 'bob.vos@post.example',
    subject: 'Re: Move',
    parts: text('I have them, Bob.'),
  })
  tell(rt, {
    ticket,
    type: 'Comment',
    by: omar,
    subject: 'room',
    parts: text('room 3 is free, says Bob Vos'),
  })
  rt.customField(
    { type: 'RT::Ticket', id: ticket },
    fields.reached,
    `${hers(ann.address)} and bob.vos@post.example`,
    omar,
  )
  rt.customField({ type: 'RT::Ticket', id: ticket }, fields.room, '3', omar)
  rt.customField({ type: 'RT::Transaction', id: asked }, fields.seats, '2', bob)
  rt.attribute({ type: 'RT::Ticket', id: ticket }, 'SquelchMailTo', hers(ann.address), omar)
}

/** A stranger's ticket that names her: by address she is found; parts of names there are other people's. */
export function carlas({ rt, support, carla, eva }: People, hersToo: number): void {
  const ticket = rt.ticket({ queue: support, subject: 'Invoice', requestors: [carla], owner: eva, by: carla })
  tell(rt, {
    ticket,
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
  rt.link(hersToo, ticket, 'RefersTo', eva)
}

/** She opened it for somebody else. */
export function forDirk({ rt, moves, fields, ann: annId, dirk }: People): void {
  const ticket = rt.ticket({ queue: moves, subject: 'Chair for Dirk Bos', requestors: [dirk], by: annId })
  tell(rt, {
    ticket,
    type: 'Create',
    by: annId,
    from: ann.address,
    subject: 'Chair for Dirk Bos',
    parts: text('Dirk needs a chair. Ann'),
  })
  tell(rt, {
    ticket,
    type: 'Correspond',
    by: dirk,
    from: 'dirk.bos@post.example',
    subject: 'Re: Chair',
    parts: text(`Thanks ${hers('Ann')}! Dirk`),
  })
  rt.customField({ type: 'RT::Ticket', id: ticket }, fields.room, '12', dirk)
}

/** Those whom one might take for her. */
export function lookAlikes({ rt, support, joann, namesake }: People): void {
  const joanns = rt.ticket({
    queue: support,
    subject: 'Joann Leeson cannot log in',
    requestors: [joann],
    by: joann,
  })
  tell(rt, {
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
  tell(rt, {
    ticket: namesakes,
    type: 'Create',
    by: namesake,
    from: '"Ann Lee" <ann.lee@elders.example>',
    subject: 'Printer',
    parts: text('It smokes. Ann Lee, +31 6 1234 5679'),
  })
}

/** Her number under every other kind of object: a ticket, a transaction, a queue, an asset, a group. */
export function collide(rt: Rt, id: number, fields: { readonly room: number; readonly seats: number }): void {
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
export function fill(rt: Rt, queues: readonly number[], staff: readonly number[], count: number): void {
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
      const mail = { ticket, from: address, to: deskAddress, subject: `Question ${n}.${t}` }
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
