import { hers } from './marks.ts'
import { ann, deskAddress, hersMarked, type People, staffAddress, tell, text } from './rt-people.ts'

/** Her own ticket: Bob in copy, Omar watches, Eva owns it. `encoded` is the row of an answer that RT stored in base64. */
export function hersAlone(people: People): { readonly ticket: number; readonly encoded: string } {
  const broken = asked(people)
  const encoded = answered(people, broken)
  noted(people, broken)
  return { ticket: broken, encoded }
}

function asked({ rt, support, ann: annId, bob, omar, eva }: People): number {
  const broken = rt.ticket({
    queue: support,
    subject: 'Laptop of Ann Lee does not start',
    requestors: [annId],
    cc: [bob],
    adminCc: [omar],
    owner: eva,
    by: annId,
  })
  tell(rt, {
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
  tell(rt, {
    ticket: broken,
    type: 'EmailRecord',
    by: annId,
    from: `"Ann Lee via RT" <${deskAddress}>`,
    to: 'omar.said@northsea.example',
    subject: `[desk #${broken}] Laptop of Ann Lee does not start`,
    parts: text('Ann Lee wrote: it beeps'),
  })
  return broken
}

function answered({ rt, eva, bob, omar }: People, broken: number): string {
  const subject = `Re: [desk #${broken}] Laptop of ${hers('Ann Lee')} does not start`
  tell(rt, {
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
  tell(rt, {
    ticket: broken,
    type: 'EmailRecord',
    by: eva,
    from: `"Eva Berg via RT" <${deskAddress}>`,
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
  tell(rt, {
    ticket: broken,
    type: 'Correspond',
    by: bob,
    from: '"Bob Vos" <bob.vos@post.example>',
    cc: hers(ann.address),
    subject: `Re: [desk #${broken}] Laptop`,
    parts: text(`Mine (06-11223344) beeps too. It is not ${hers('Ann')}'s fault. Bob`),
  })
  tell(rt, {
    ticket: broken,
    type: 'Comment',
    by: omar,
    subject: 'internal',
    parts: text(`Bob Vos called; nothing of note. Ask again under ${hers('0031 6 12 34 56 78')}.`),
  })
  tell(rt, {
    ticket: broken,
    type: 'Correspond',
    by: eva,
    from: `"Eva Berg" <${staffAddress}>`,
    to: hersMarked,
    subject: 'Grüße',
    // Decoding is a later issue: nothing looks inside, and nothing is said to be gone.
    parts: text(`Grüße an Ann Lee <${ann.address}>, Eva`, 'base64'),
  })
  return `attachments/${rt.tables.get('attachments')?.length}`
}

function noted({ rt, fields, eva, bob, ann: annId }: People, broken: number): void {
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
    customfield: fields.reached,
    objecttype: 'RT::Ticket',
    objectid: broken,
    content: '06-12345678',
    creator: eva,
  })
  rt.transaction({
    objecttype: 'RT::Ticket',
    objectid: broken,
    type: 'CustomField',
    field: String(fields.reached),
    newvalue: hers('06-12345678'),
    newreference: value,
    referencetype: 'RT::ObjectCustomFieldValue',
    by: eva,
  })
  rt.attribute({ type: 'RT::Ticket', id: broken }, 'SquelchMailTo', 'omar.said@northsea.example', eva)
}

/** The same again, merged into the first. */
export function hersAgain({ rt, support, ann: annId, eva }: People, into: number): void {
  const double = rt.ticket({ queue: support, subject: 'Laptop, again', requestors: [annId], by: annId })
  tell(rt, {
    ticket: double,
    type: 'Create',
    by: annId,
    from: ann.address,
    subject: 'Laptop, again',
    parts: text('Still beeps. Ann', 'quoted-printable'),
  })
  rt.merge(double, into, eva)
}

/** Bob asked the same thing elsewhere, and that ticket was merged into hers: RT makes him a requestor of it too. */
export function hersAndBobs({ rt, support, ann: annId, bob, eva }: People): void {
  const both = rt.ticket({
    queue: support,
    subject: 'Network down in room 3',
    requestors: [annId],
    by: annId,
  })
  tell(rt, {
    ticket: both,
    type: 'Create',
    by: annId,
    from: ann.address,
    subject: 'Network down',
    parts: text('no network, Ann'),
  })
  const bobsMerged = rt.ticket({ queue: support, subject: 'No network', requestors: [bob], by: bob })
  tell(rt, {
    ticket: bobsMerged,
    type: 'Create',
    by: bob,
    from: 'bob.vos@post.example',
    subject: 'No network',
    parts: text(`no network since nine. ${hers('Ann')} has none either. Bob, 06-11223344`),
  })
  rt.merge(bobsMerged, both, eva)
}
