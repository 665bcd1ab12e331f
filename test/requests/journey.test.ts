import type { Readable } from 'node:stream'
import type { Status } from '../../src/requests/types.ts'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseLocalDate } from '../../src/base/calendar.ts'
import { LetheError } from '../../src/base/errors.ts'
import { openFreezes } from '../../src/engine/order/show.ts'
import { openPackage } from '../../src/export/open-package.ts'
import { packagesOf } from '../../src/export/show-package.ts'
import { placeHold } from '../../src/holds/place.ts'
import { answerInPart } from '../../src/requests/answer-in-part.ts'
import { approve, returnDecision } from '../../src/requests/approve.ts'
import { close, withdraw } from '../../src/requests/close.ts'
import { confirmCode, confirmLink } from '../../src/requests/confirm.ts'
import { decide, type NewDecision } from '../../src/requests/decide.ts'
import { receiveRequest } from '../../src/requests/receive.ts'
import { retryRequest } from '../../src/requests/retry.ts'
import { sendCode, sendDownloadCode } from '../../src/requests/send-code.ts'
import { showRequest } from '../../src/requests/show.ts'
import { showToPerson } from '../../src/requests/show-to-person.ts'
import { verifyByOfficer } from '../../src/requests/verify-by-officer.ts'
import { ann, bob, codeIn, officer, person, requestDesk, tokenIn } from './desk.ts'

const day = 24 * 3_600_000
const one = officer('officer-1')
const two = officer('officer-2')

function actions(desk: ReturnType<typeof requestDesk>) {
  const show = (reference: string) => desk.read((ctx) => showRequest(ctx, { reference }))
  return {
    show,
    /** Filed, proved and planned. */
    async planned(right: 'access' | 'erasure', more: { regime?: string; language?: string } = {}) {
      const identities = [{ kind: 'email', value: ann }]
      const input = { right, regime: 'NL', channel: 'portal', language: 'en', identities, ...more } as const
      const { reference } = await desk.as(person, (ctx) => receiveRequest(ctx, input, desk.deps))
      await desk.work()
      const code = codeIn((await desk.mails()).at(-1))
      const done = await desk.as(person, (ctx) => confirmCode(ctx, { reference, code }, desk.deps))
      expect(done.ok).toBe(true)
      desk.clock.advance(60_000)
      await desk.work()
      return reference
    },
    decide: (reference: string, decision: Omit<NewDecision, 'reference'>, who = one) =>
      desk.as(who, (ctx) => decide(ctx, { reference, ...decision }, desk.deps)),
    async approve(reference: string, who = two) {
      const { plan } = await show(reference)
      await desk.as(who, (ctx) => approve(ctx, { reference, digest: plan?.digest ?? '' }))
    },
  }
}

const refusal = {
  outcome: 'refuse',
  ground: 'excessive',
  reason: 'You asked for the same copy yesterday.',
} as const
const kept = {
  outcome: 'part',
  ground: 'legal_claims',
  reason: 'A court case about ticket 12 is open.',
} as const

describe('access', () => {
  const desk = requestDesk()
  const act = actions(desk)

  test('from the form to the download: filed, proved, granted, packed, confirmed once more, closed', async () => {
    const reference = await act.planned('access')
    expect((await act.show(reference)).status).toBe('to-decide')
    expect(await desk.db.read(openFreezes)).toHaveLength(1)
    expect(await act.decide(reference, { outcome: 'grant' })).toEqual({ status: 'fulfilling' })
    await desk.work()
    const file = await act.show(reference)
    expect(file.status).toBe('ready')
    expect(file.package?.counts).toMatchObject({ rows: 4 })
    expect(file.messages.map(({ letter, delivery }) => [letter, delivery])).toEqual([
      ['confirm', 'sent'],
      ['answer-access', 'sent'],
    ])
    const answer = (await desk.mails()).at(-1)
    expect(answer?.text).toContain('4 April 2026')
    expect(answer?.text).toContain('Autoriteit Persoonsgegevens')

    desk.clock.advance(10 * day)
    const opened = await desk.as(person, (ctx) => confirmLink(ctx, { token: tokenIn(answer) }, desk.deps))
    expect(opened).toMatchObject({ ok: true, scope: 'status', purpose: 'status' })
    await desk.as(person, (ctx) => sendDownloadCode(ctx, { reference }, desk.deps))
    await desk.work()
    const code = codeIn((await desk.mails()).at(-1))
    const confirmed = await desk.as(person, (ctx) =>
      confirmCode(ctx, { reference, code, purpose: 'download' }, desk.deps),
    )
    expect(confirmed).toMatchObject({ ok: true, scope: 'download' })
    const opens = () =>
      desk.db.read((reader) =>
        openPackage(reader, { folder: join(desk.folder, 'packages'), id: file.package?.id ?? '' }),
      )
    const zip = await bytesOf(await (await opens()).stream())
    expect(zip.subarray(0, 2).toString()).toBe('PK')

    desk.clock.advance(20 * day)
    await desk.work()
    expect((await act.show(reference)).status).toBe('closed')
    expect(await desk.db.read(openFreezes)).toHaveLength(0)
    await expect(opens()).rejects.toMatchObject({ code: 'expired' })
    expect((await desk.verifyLedger()).faults).toEqual([])
  })

  test('in part: what a ground leaves out is not in the package, and the letter says so', async () => {
    const reference = await act.planned('access')
    const part = {
      outcome: 'part',
      ground: 'rights_of_others',
      reason: 'The tickets quote a colleague throughout.',
    } as const
    await expect(act.decide(reference, part)).rejects.toMatchObject({ code: 'invalid' })
    await expect(act.decide(reference, { ...part, leaveOut: ['desk.nothing'] })).rejects.toMatchObject({
      code: 'invalid',
    })
    await act.decide(reference, { ...part, leaveOut: ['desk.tickets'] })
    await desk.work()
    expect((await act.show(reference)).package?.counts).toMatchObject({ rows: 2, leftOut: 1 })
    const text = (await desk.mails()).at(-1)?.text ?? ''
    for (const said of [
      'Customers: 1',
      'Art. 15(4)',
      'quote a colleague',
      'Autoriteit Persoonsgegevens',
      'rechtbank',
      tokenIn({ text } as never),
    ])
      expect(text).toContain(said)
    expect(text).not.toContain('Tickets: 2')
  })

  test('withdrawn: the freeze ends, a late link proves nothing any more, she is told', async () => {
    const reference = await act.planned('access')
    await desk.as({ kind: 'person', id: reference }, (ctx) => withdraw(ctx, { reference }, desk.deps))
    expect((await act.show(reference)).status).toBe('withdrawn')
    expect(await desk.db.read(openFreezes)).toHaveLength(0)
    await expect(act.decide(reference, { outcome: 'grant' })).rejects.toMatchObject({ code: 'conflict' })
    await desk.work()
    expect((await desk.mails()).at(-1)?.subject).toContain(reference)
  })

  test('of somebody else is not hers to withdraw', async () => {
    const reference = await act.planned('access')
    const other = { kind: 'person', id: 'R-0000-0000' } as const
    await expect(desk.as(other, (ctx) => withdraw(ctx, { reference }, desk.deps))).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('a proof after the decision comes too late and says so', async () => {
    const identities = [ann, bob].map((value) => ({ kind: 'email', value }))
    const input = { right: 'access', regime: 'NL', channel: 'portal', language: 'en', identities } as const
    const { reference } = await desk.as(person, (ctx) => receiveRequest(ctx, input, desk.deps))
    await desk.work()
    const [first, second] = await desk.mails()
    await desk.as(person, (ctx) => confirmCode(ctx, { reference, code: codeIn(first) }, desk.deps))
    await desk.work()
    await act.decide(reference, { outcome: 'grant' })
    const late = await desk.as(person, (ctx) => confirmLink(ctx, { token: tokenIn(second) }, desk.deps))
    expect(late).toEqual({ ok: false, why: 'late' })
    await expect(desk.as(person, (ctx) => sendCode(ctx, { reference }, desk.deps))).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('a package that cannot be built yet is built later: one package, one answer', async () => {
    const reference = await act.planned('access')
    await act.decide(reference, { outcome: 'grant' })
    const mends = breakBuilds(new LetheError('unavailable', 'the disk is full'))
    await desk.work()
    expect((await act.show(reference)).status).toBe('fulfilling')
    mends()
    desk.clock.advance(5000)
    await desk.work()
    const file = await act.show(reference)
    expect(file.status).toBe('ready')
    expect(file.messages.filter((message) => message.letter === 'answer-access')).toHaveLength(1)
    expect(await desk.db.read((reader) => packagesOf(reader, reference))).toHaveLength(1)
  })

  test('a package that cannot be built at all asks for a person, who tries again', async () => {
    const reference = await act.planned('access')
    await act.decide(reference, { outcome: 'grant' })
    const mends = breakBuilds(new LetheError('refused', 'no'))
    await desk.work()
    expect((await act.show(reference)).status).toBe('attention')
    mends()
    await desk.as(one, (ctx) => retryRequest(ctx, { reference }))
    await desk.work()
    expect((await act.show(reference)).status).toBe('ready')
    await expect(desk.as(one, (ctx) => retryRequest(ctx, { reference }))).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  /** As a full disk would; answers how to mend it. */
  function breakBuilds(error: LetheError): () => void {
    const { deps } = desk
    const { packages } = deps
    Object.assign(deps, { packages: { build: () => Promise.reject(error) } })
    return () => void Object.assign(deps, { packages })
  }

  test('the person sees her own side only: no note of an officer, no plan', async () => {
    const identities = [{ kind: 'email', value: ann }]
    const input = {
      right: 'access',
      regime: 'NL',
      channel: 'desk',
      language: 'en',
      identities,
      verified: 'knew the secret word',
    } as const
    const { reference } = await desk.as(one, (ctx) => receiveRequest(ctx, input, desk.deps))
    await desk.work()
    const seen = await desk.read((ctx) => showToPerson(ctx, { reference }))
    expect(seen).toMatchObject({
      status: 'to-decide',
      step: 'review',
      dueDate: '2026-04-07',
      canWithdraw: true,
    })
    expect(seen.messages).toHaveLength(1)
    expect(JSON.stringify(seen)).not.toMatch(/secret word|officer-1|desk\.people/)
  })

  test('nothing is packed before an officer decides', async () => {
    const reference = await act.planned('access')
    await desk.work()
    expect((await act.show(reference)).package).toBeUndefined()
    expect(await desk.db.read((reader) => packagesOf(reader, reference))).toEqual([])
    await expect(desk.as(one, (ctx) => close(ctx, { reference }))).rejects.toMatchObject({ code: 'conflict' })
  })

  test('entered by an officer who knows her: proved at once, acknowledged with the date, answered by post without a mail address', async () => {
    const identities = [{ kind: 'phone', value: '06 12345678' }]
    const input = {
      right: 'access',
      regime: 'NL',
      channel: 'phone',
      language: 'nl',
      identities,
      verified: 'called back, knew two tickets',
    } as const
    await expect(desk.as(person, (ctx) => receiveRequest(ctx, input, desk.deps))).rejects.toMatchObject({
      code: 'forbidden',
    })
    const { reference } = await desk.as(one, (ctx) => receiveRequest(ctx, input, desk.deps))
    await desk.work()
    await act.decide(reference, { outcome: 'grant' })
    await desk.work()
    const file = await act.show(reference)
    expect(file.status).toBe('ready')
    expect(file.messages.map(({ letter, delivery }) => [letter, delivery])).toEqual([
      ['received', 'post'],
      ['answer-access', 'post'],
    ])
    expect(file.messages[0]?.text).toContain('7 april 2026')
    await expect(
      desk.as(person, (ctx) => sendDownloadCode(ctx, { reference }, desk.deps)),
    ).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('access that grants itself', () => {
  const desk = requestDesk({ autoGrant: true })
  const act = actions(desk)

  test('is ready without an officer', async () => {
    const reference = await act.planned('access')
    expect((await act.show(reference)).status).toBe('ready')
    expect((await act.show(reference)).decision).toMatchObject({ outcome: 'grant', by: 'request.order' })
  })

  const provedBoth = async (values: readonly string[]): Promise<Status[]> => {
    const identities = values.map((value) => ({ kind: 'email', value }))
    const input = { right: 'access', regime: 'NL', channel: 'portal', language: 'en', identities } as const
    const { reference } = await desk.as(person, (ctx) => receiveRequest(ctx, input, desk.deps))
    await desk.work()
    const stood: Status[] = []
    for (const mail of await desk.mails()) {
      await desk.as(person, (ctx) => confirmCode(ctx, { reference, code: codeIn(mail) }, desk.deps))
      await desk.work()
      stood.push((await act.show(reference)).status)
    }
    return stood
  }

  test('waits while an address she named is not proved', async () => {
    expect(await provedBoth([ann, 'ann@elsewhere.example'])).toEqual(['to-decide', 'ready'])
  })

  test('waits for an officer when somebody else stands in rows of hers, and nobody can tell who wrote them', async () => {
    desk.change(`update tickets set subject = 'screen for ${bob}' where id = 1`)
    const reference = await act.planned('access')
    const file = await act.show(reference)
    expect(file.status).toBe('to-decide')
    expect(file.plan?.others).toEqual([
      expect.objectContaining({ collectionId: 'desk.tickets', field: 'subject', kind: 'email', open: 1 }),
    ])
    expect(JSON.stringify(await desk.entries())).not.toContain(bob)
  })

  test('waits for an officer when the proved addresses are of two people: one of them would get the data of both', async () => {
    expect(await provedBoth([ann, bob])).toEqual(['to-decide', 'to-decide'])
  })

  test('never erases by itself', async () => {
    expect((await act.show(await act.planned('erasure'))).status).toBe('to-decide')
  })
})

describe('erasure', () => {
  const desk = requestDesk()
  const act = actions(desk)

  test('decided by one, approved by another, done, answered with what, why, backups and suppression', async () => {
    const reference = await act.planned('erasure')
    expect(await act.decide(reference, { outcome: 'grant' })).toEqual({ status: 'to-approve' })
    await desk.work()
    expect(desk.rows('select * from tickets')).toHaveLength(3)
    await act.approve(reference)
    await desk.work()
    expect((await act.show(reference)).status).toBe('ready')
    expect(desk.rows('select id from people')).toEqual([{ id: 2 }])
    expect(desk.rows('select id from tickets')).toEqual([{ id: 3 }])
    expect(desk.rows('select id from invoices')).toHaveLength(2)
    const text = (await desk.mails()).at(-1)?.text ?? ''
    for (const said of [
      'Customers: 1',
      'Tickets: 2',
      'Invoices: 1',
      'Tax law',
      '9 April 2026',
      'do-not-mail',
      'Autoriteit',
      'rechtbank',
    ])
      expect(text).toContain(said)
    expect((await desk.verifyLedger()).faults).toEqual([])
  })

  test('whoever decided does not approve, nor does anybody who is no officer', async () => {
    const reference = await act.planned('erasure')
    await act.decide(reference, { outcome: 'grant' })
    await expect(act.approve(reference, one)).rejects.toMatchObject({ code: 'refused' })
    await expect(act.approve(reference, person as never)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await act.show(reference)).status).toBe('to-approve')
  })

  test('an approval of another digest than the plan’s is refused', async () => {
    const reference = await act.planned('erasure')
    await act.decide(reference, { outcome: 'grant' })
    const wrong = desk.as(two, (ctx) => approve(ctx, { reference, digest: 'f'.repeat(64) }))
    await expect(wrong).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a store that changed after the approval voids it: nothing is erased until the new plan is approved', async () => {
    const reference = await act.planned('erasure')
    await act.decide(reference, { outcome: 'grant' })
    const before = (await act.show(reference)).plan?.digest
    await act.approve(reference)
    desk.change("insert into tickets values (4, 1, 'cable')")
    await desk.work()
    const file = await act.show(reference)
    expect(file.status).toBe('to-approve')
    expect(file.approval).toBeUndefined()
    expect(file.voided).toMatchObject([{ what: 'approval', why: 'drift' }])
    expect(file.plan?.digest).not.toBe(before)
    expect(desk.rows('select * from tickets')).toHaveLength(4)
    const old = desk.as(two, (ctx) => approve(ctx, { reference, digest: before ?? '' }))
    await expect(old).rejects.toMatchObject({ code: 'conflict' })
    await act.approve(reference)
    await desk.work()
    expect(desk.rows('select id from tickets')).toEqual([{ id: 3 }])
    expect((await act.show(reference)).status).toBe('ready')
  })

  test('two officers who decide at once: one wins, the other is told', async () => {
    const reference = await act.planned('erasure')
    const both = await Promise.allSettled([
      act.decide(reference, { outcome: 'grant' }, one),
      act.decide(reference, refusal, two),
    ])
    const lost = both.filter((result) => result.status === 'rejected')
    expect(lost).toHaveLength(1)
    expect(lost[0]?.reason).toMatchObject({ code: 'conflict' })
    expect((await desk.entries()).filter((entry) => entry.type === 'request.decided')).toHaveLength(1)
  })

  test('two officers who approve at once start one run', async () => {
    const reference = await act.planned('erasure')
    await act.decide(reference, { outcome: 'grant' })
    const both = await Promise.allSettled([
      act.approve(reference, two),
      act.approve(reference, officer('officer-3')),
    ])
    expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await desk.entries()).filter((entry) => entry.type === 'engine.started')).toHaveLength(1)
  })

  test('the second officer sends it back: it is decided again', async () => {
    const reference = await act.planned('erasure')
    await act.decide(reference, { outcome: 'grant' })
    const back = (who = two) =>
      desk.as(who, (ctx) => returnDecision(ctx, { reference, reason: 'look at the claim' }))
    await expect(back(one)).rejects.toMatchObject({ code: 'refused' })
    await back()
    expect((await act.show(reference)).status).toBe('to-decide')
    expect(await act.decide(reference, refusal)).toEqual({ status: 'refused' })
  })

  test('a hold refuses the grant, whole or in part, and is named; a refusal on its ground passes', async () => {
    const hold = await desk.as(one, (ctx) =>
      placeHold(ctx, {
        scope: { kind: 'person', identities: [{ kind: 'email', value: ann }] },
        reason: 'case 12',
        authority: 'court',
        reviewOn: parseLocalDate('2026-06-01'),
        blocks: ['erasure'],
      }),
    )
    const reference = await act.planned('erasure')
    await expect(act.decide(reference, { outcome: 'grant' })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(hold.id),
    })
    await expect(act.decide(reference, kept)).rejects.toMatchObject({ code: 'refused' })
    expect(await act.decide(reference, { ...kept, outcome: 'refuse' })).toEqual({ status: 'refused' })
  })

  test('a hold placed after the approval stops the work: nothing is erased, a person is asked', async () => {
    const reference = await act.planned('erasure')
    await act.decide(reference, { outcome: 'grant' })
    await act.approve(reference)
    await desk.as(one, (ctx) =>
      placeHold(ctx, {
        scope: { kind: 'person', identities: [{ kind: 'email', value: ann }] },
        reason: 'case 12',
        authority: 'court',
        reviewOn: parseLocalDate('2026-06-01'),
        blocks: ['erasure'],
      }),
    )
    await desk.work()
    expect((await act.show(reference)).status).toBe('attention')
    expect(desk.rows('select * from tickets')).toHaveLength(3)
    await desk.as(one, (ctx) => retryRequest(ctx, { reference }))
    expect((await act.show(reference)).status).toBe('searching')
    await desk.work()
    const file = await act.show(reference)
    expect(file.status).toBe('to-approve')
    expect(file.voided).toMatchObject([{ what: 'approval', why: 'another plan' }])
  })

  test('that is done and could not be answered is answered when an officer tries again', async () => {
    const reference = await act.planned('erasure')
    await act.decide(reference, { outcome: 'grant' })
    const { describe: words } = desk.deps
    const speechless = () => {
      throw new Error('no words for this collection')
    }
    Object.assign(desk.deps, { describe: speechless })
    await act.approve(reference)
    for (let tries = 0; tries < 12; tries++) {
      await desk.work()
      desk.clock.advance(3_600_000)
    }
    expect((await act.show(reference)).status).toBe('attention')
    Object.assign(desk.deps, { describe: words })
    await desk.as(one, (ctx) => retryRequest(ctx, { reference }))
    await desk.work()
    const { status, messages } = await act.show(reference)
    expect(status).toBe('ready')
    expect(messages.filter((message) => message.letter === 'answer-erasure')).toHaveLength(1)
  })

  test('what a store puts back stops the answer; it goes out in part, with the ground, once a person says so', async () => {
    desk.change(`create trigger back after delete on people when old.id = 1
      begin insert into people values (9, old.email, null); end`)
    const reference = await act.planned('erasure')
    await act.decide(reference, { outcome: 'grant' })
    const inPart = (ground = 'legal_claims') =>
      desk.as(two, (ctx) =>
        answerInPart(
          ctx,
          { reference, ground, reason: 'The store restores customers of open cases.' },
          desk.deps,
        ),
      )
    await expect(inPart()).rejects.toMatchObject({ code: 'conflict' })
    await act.approve(reference)
    await desk.work()
    const stopped = await act.show(reference)
    expect(stopped.status).toBe('attention')
    expect(stopped.plan?.residue).not.toEqual([])
    await expect(desk.as(one, (ctx) => withdraw(ctx, { reference }, desk.deps))).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(inPart('excessive')).rejects.toMatchObject({ code: 'invalid' })
    await inPart()
    await desk.work()
    expect((await act.show(reference)).status).toBe('ready')
    const text = (await desk.mails()).at(-1)?.text ?? ''
    for (const said of ['Tickets: 2', 'Art. 17(3)(e)', 'restores customers']) expect(text).toContain(said)
  })

  test('in Dutch, the answer is Dutch', async () => {
    const reference = await act.planned('erasure', { language: 'nl-BE' })
    await act.decide(reference, { outcome: 'grant' })
    await act.approve(reference)
    await desk.work()
    const text = (await desk.mails()).at(-1)?.text ?? ''
    for (const said of ['Klanten: 1', 'Meldingen: 2', 'De belastingwet', '9 april 2026'])
      expect(text).toContain(said)
  })
})

describe('a refusal', () => {
  const desk = requestDesk()
  const act = actions(desk)

  test('says why, on which ground, and the ways to the authority and to court (Art. 12(4))', async () => {
    const reference = await act.planned('access', { regime: 'DK', language: 'da' })
    expect(await act.decide(reference, refusal)).toEqual({ status: 'refused' })
    await desk.work()
    const mail = (await desk.mails()).at(-1)
    for (const said of [
      reference,
      refusal.reason,
      'Anmodningen er overdreven',
      'Art. 12(5)',
      'Datatilsynet',
      'Carl Jacobsens Vej 35',
      'https://www.datatilsynet.dk',
      'domstolene',
    ])
      expect(`${mail?.subject} ${mail?.text}`).toContain(said)
    expect(await desk.db.read(openFreezes)).toHaveLength(0)
  })

  test('needs a ground that fits, and a reason', async () => {
    const reference = await act.planned('access')
    const bad: Omit<NewDecision, 'reference'>[] = [
      { outcome: 'refuse', reason: refusal.reason },
      { outcome: 'refuse', ground: 'excessive' },
      { outcome: 'refuse', ground: 'excessive', reason: ' no ' },
      { outcome: 'refuse', ground: 'because', reason: refusal.reason },
      { outcome: 'refuse', ground: 'legal_claims', reason: refusal.reason },
      { outcome: 'grant', ground: 'excessive' },
    ]
    for (const decision of bad)
      await expect(act.decide(reference, decision)).rejects.toMatchObject({ code: 'invalid' })
    await expect(act.decide(reference, refusal, person as never)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await act.show(reference)).status).toBe('to-decide')
  })

  test('of somebody who never proved anything goes to the address that was given', async () => {
    const identities = [{ kind: 'email', value: ann }]
    const input = { right: 'access', regime: 'NL', channel: 'portal', language: 'en', identities } as const
    const { reference } = await desk.as(person, (ctx) => receiveRequest(ctx, input, desk.deps))
    await expect(act.decide(reference, { outcome: 'grant' })).rejects.toMatchObject({ code: 'conflict' })
    await act.decide(reference, {
      outcome: 'refuse',
      ground: 'not_identified',
      reason: 'We asked twice for a proof and got none.',
    })
    await desk.work()
    expect(JSON.stringify((await desk.mails()).map((mail) => mail.to))).toContain(ann)
    await expect(
      desk.as(one, (ctx) => verifyByOfficer(ctx, { reference, how: 'called back' }, desk.deps)),
    ).rejects.toMatchObject({ code: 'conflict' })
  })
})

async function bytesOf(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
