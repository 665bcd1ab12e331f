import { describe, expect, test } from 'vitest'
import { confirmCode, confirmLink, refusalError } from '../../src/requests/confirm.ts'
import { receiveRequest } from '../../src/requests/receive.ts'
import { sendCode, sendStatusLink } from '../../src/requests/send-code.ts'
import { endSession, personSession } from '../../src/requests/session.ts'
import { showRequest } from '../../src/requests/show.ts'
import { tables } from '../../src/requests/tables.ts'
import { verifyByOfficer } from '../../src/requests/verify-by-officer.ts'
import { ann, bob, codeIn, officer, person, requestDesk, tokenIn } from './desk.ts'

const desk = requestDesk()
const minute = 60_000
const hour = 60 * minute

async function file(
  identities = [{ kind: 'email', value: ann }],
  more: { language?: string; regime?: string } = {},
) {
  const input = {
    right: 'access',
    regime: 'NL',
    channel: 'portal',
    language: 'en',
    identities,
    ...more,
  } as const
  const made = await desk.as(person, (ctx) => receiveRequest(ctx, input, desk.deps))
  await desk.work()
  return made.reference
}
const code = (reference: string, digits: string) =>
  desk.as(person, (ctx) => confirmCode(ctx, { reference, code: digits }, desk.deps))
const link = (token: string) => desk.as(person, (ctx) => confirmLink(ctx, { token }, desk.deps))
const resend = (reference: string) => desk.as(person, (ctx) => sendCode(ctx, { reference }, desk.deps))
const show = (reference: string) => desk.read((ctx) => showRequest(ctx, { reference }))
const lastMail = async () => (await desk.mails()).at(-1)
const wrong = (right: string) => String((Number(right) + 1) % 1_000_000).padStart(6, '0')

describe('a code', () => {
  test('proves the address it was sent to, once, and starts the search', async () => {
    const reference = await file()
    const digits = codeIn(await lastMail())
    expect(digits).toMatch(/^\d{6}$/)
    const done = await code(reference, digits)
    expect(done).toMatchObject({ ok: true, reference, purpose: 'verify', scope: 'status' })
    expect((await show(reference)).status).toBe('searching')
    expect((await show(reference)).identities[0]).toMatchObject({ how: 'code', masked: 'a•••@example.org' })
    expect(await code(reference, digits)).toEqual({ ok: false, why: 'used' })
    await desk.work()
    expect((await show(reference)).status).toBe('to-decide')
  })

  test('is taken with blanks as people type it, and the reference in small letters', async () => {
    const reference = await file()
    const digits = codeIn(await lastMail())
    const typed = `${digits.slice(0, 3)} ${digits.slice(3)}`
    expect((await code(reference.toLowerCase(), typed)).ok).toBe(true)
  })

  test('that is wrong counts down; after five, the right one does not open either until a new one is sent', async () => {
    const reference = await file()
    const digits = codeIn(await lastMail())
    for (const triesLeft of [4, 3, 2, 1])
      expect(await code(reference, wrong(digits))).toEqual({ ok: false, why: 'wrong', triesLeft })
    expect(await code(reference, wrong(digits))).toEqual({ ok: false, why: 'too_many', triesLeft: 0 })
    expect(await code(reference, digits)).toEqual({ ok: false, why: 'too_many', triesLeft: 0 })
    expect((await show(reference)).status).toBe('unverified')
    desk.clock.advance(minute)
    await resend(reference)
    await desk.work()
    expect((await code(reference, codeIn(await lastMail()))).ok).toBe(true)
  })

  test('opens in the last millisecond of its thirty minutes, and not after', async () => {
    const reference = await file()
    const digits = codeIn(await lastMail())
    desk.clock.advance(30 * minute)
    expect(await code(reference, digits)).toEqual({ ok: false, why: 'expired' })
    desk.clock.advance(-1)
    expect((await code(reference, digits)).ok).toBe(true)
  })

  test('of an earlier mail does not count once a newer one was sent', async () => {
    const reference = await file()
    const first = codeIn(await lastMail())
    desk.clock.advance(minute)
    await resend(reference)
    await desk.work()
    const second = codeIn(await lastMail())
    // Once in a million both are the same six digits.
    const old = first !== second && (await code(reference, first)).ok
    expect(old).toBe(false)
    expect((await code(reference, second)).ok).toBe(true)
  })

  test('for a reference that does not exist is answered as a wrong one', async () => {
    expect(await code('R-0000-0000', '123456')).toEqual({ ok: false, why: 'wrong' })
    expect(refusalError({ why: 'wrong' })).toMatchObject({ code: 'unauthenticated' })
  })

  test('and its link are kept as keyed hashes only', async () => {
    await file()
    const mail = await lastMail()
    const rows = await desk.db.read((reader) => reader.q.select().from(tables(reader).challenge))
    expect(rows).toHaveLength(1)
    const kept = JSON.stringify([rows, await desk.entries()])
    expect(kept).not.toContain(codeIn(mail))
    expect(kept).not.toContain(tokenIn(mail))
    expect(kept).not.toContain(ann)
  })
})

describe('a link', () => {
  test('proves the address; a second click says that it was used', async () => {
    const reference = await file()
    const token = tokenIn(await lastMail())
    expect(await link(token)).toMatchObject({ ok: true, reference, scope: 'status' })
    expect(await link(token)).toEqual({ ok: false, why: 'used' })
  })

  test('of an earlier mail still works, because a late mail is no wrong one', async () => {
    const reference = await file()
    const token = tokenIn(await lastMail())
    desk.clock.advance(hour)
    await resend(reference)
    expect((await link(token)).ok).toBe(true)
  })

  test('ends after twenty-four hours', async () => {
    await file()
    const token = tokenIn(await lastMail())
    desk.clock.advance(24 * hour)
    expect(await link(token)).toEqual({ ok: false, why: 'expired' })
    desk.clock.advance(-1)
    expect((await link(token)).ok).toBe(true)
  })

  test('that nobody sent is wrong', async () => {
    expect(await link('x'.repeat(43))).toEqual({ ok: false, why: 'wrong' })
  })

  test('clicked twice at the same moment proves once', async () => {
    const reference = await file()
    const token = tokenIn(await lastMail())
    const both = await Promise.all([link(token), link(token)])
    expect(both.filter((one) => one.ok)).toHaveLength(1)
    expect((await desk.entries()).filter((entry) => entry.type === 'request.verified')).toHaveLength(1)
    expect((await show(reference)).status).toBe('searching')
  })
})

describe('sending again', () => {
  test('waits a minute, and stops after five mails a day', async () => {
    const reference = await file()
    await expect(resend(reference)).rejects.toMatchObject({ code: 'too_many' })
    for (let sent = 1; sent < 5; sent++) {
      desk.clock.advance(minute)
      expect(await resend(reference)).toEqual({ sentTo: 'a•••@example.org' })
    }
    desk.clock.advance(minute)
    await expect(resend(reference)).rejects.toMatchObject({ code: 'too_many' })
    desk.clock.advance(24 * hour)
    await resend(reference)
    await desk.work()
    expect(await desk.mails()).toHaveLength(6)
  })

  test('many requests for one address do not fill a mailbox, and every request stands', async () => {
    const references: string[] = []
    for (let i = 0; i < 17; i++) references.push(await file())
    expect(await desk.mails()).toHaveLength(15)
    expect((await show(references.at(-1) as string)).status).toBe('unverified')
  })

  test('of a phone number is no mail; an officer calls back and says how', async () => {
    const reference = await file([{ kind: 'phone', value: '06 12345678' }])
    expect((await show(reference)).identities[0]).toMatchObject({ kind: 'phone', masked: '+31•••678' })
    await expect(resend(reference)).rejects.toMatchObject({ code: 'conflict' })
    const verify = (how: string, who = officer('o1')) =>
      desk.as(who, (ctx) => verifyByOfficer(ctx, { reference, how }, desk.deps))
    await expect(verify('')).rejects.toMatchObject({ code: 'invalid' })
    await expect(verify('called back', person)).rejects.toMatchObject({ code: 'forbidden' })
    await verify('called back on the number on file')
    expect((await show(reference)).identities[0]).toMatchObject({
      how: 'officer',
      note: 'called back on the number on file',
    })
    await expect(verify('again')).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('each identity on its own', () => {
  test('what was not proved is not searched for', async () => {
    const reference = await file([
      { kind: 'email', value: ann },
      { kind: 'email', value: bob },
      { kind: 'phone', value: '+31687654321' },
    ])
    const mails = await desk.mails()
    expect(mails).toHaveLength(2)
    const hers = mails.find((mail) => JSON.stringify(mail.to).includes(ann))
    await code(reference, codeIn(hers))
    await desk.work()
    const plan = (await show(reference)).plan
    expect(plan?.steps.map((step) => [step.collection, step.found])).toEqual(
      expect.arrayContaining([
        ['tickets', 2],
        ['people', 1],
        ['invoices', 1],
      ]),
    )
    expect(plan?.steps.reduce((sum, step) => sum + step.found, 0)).toBe(4)
  })

  test('a later proof draws the plan again with both', async () => {
    const reference = await file([
      { kind: 'email', value: ann },
      { kind: 'email', value: bob },
    ])
    for (const mail of await desk.mails()) {
      expect((await code(reference, codeIn(mail))).ok).toBe(true)
      await desk.work()
    }
    expect((await show(reference)).plan?.steps.reduce((sum, step) => sum + step.found, 0)).toBe(7)
  })

  test('a proof that comes while the plan is drawn is in the next one', async () => {
    const reference = await file([
      { kind: 'email', value: ann },
      { kind: 'email', value: bob },
    ])
    const [first, second] = await desk.mails()
    await code(reference, codeIn(first))
    const [, late] = await Promise.all([desk.work(), code(reference, codeIn(second))])
    expect(late.ok).toBe(true)
    await desk.work()
    const { status, plan } = await show(reference)
    expect(status).toBe('to-decide')
    expect(plan?.steps.reduce((sum, step) => sum + step.found, 0)).toBe(7)
  })

  test('an address given twice in two spellings is one', async () => {
    const reference = await file([
      { kind: 'email', value: ann },
      { kind: 'email', value: ' ANN@Example.ORG ' },
    ])
    expect((await show(reference)).identities).toHaveLength(1)
  })
})

describe('known or not', () => {
  test('a stranger and a customer get the same answer, the same mail and the same page', async () => {
    const known = await file([{ kind: 'email', value: ann }])
    const unknown = await file([{ kind: 'email', value: 'eve@example.org' }])
    const [one, two] = await desk.mails()
    const plain = (text: string | undefined) =>
      (text ?? '')
        .replaceAll(/\d{6}/g, '#')
        .replaceAll(/link\/[\w-]{43}/g, 'link')
        .replaceAll(/R-\w{4}-\w{4}/g, 'R')
    expect(plain(one?.text)).toBe(plain(two?.text))
    const shape = ({ status, identities, plan }: Awaited<ReturnType<typeof show>>) => ({
      status,
      n: identities.length,
      plan,
    })
    expect(shape(await show(known))).toEqual(shape(await show(unknown)))
  })

  test('bad input is refused without repeating the value', async () => {
    const bad = [{ kind: 'email', value: 'ann.example.org' }]
    await expect(file(bad)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.not.stringContaining('ann'),
    })
    await expect(file([])).rejects.toMatchObject({ code: 'invalid' })
    await expect(file(undefined, { regime: 'XX' })).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('a session', () => {
  test('comes with the proof, is kept as a hash and ends', async () => {
    const reference = await file()
    const done = await code(reference, codeIn(await lastMail()))
    const session = done.ok ? done.session : ''
    const mine = () => desk.read((ctx) => personSession(ctx, { session }))
    expect(await mine()).toMatchObject({ reference, scope: 'status' })
    expect(
      JSON.stringify(await desk.db.read((reader) => reader.q.select().from(tables(reader).session))),
    ).not.toContain(session)
    desk.clock.advance(12 * hour)
    expect(await mine()).toBeUndefined()
    desk.clock.advance(-1)
    expect(await mine()).toBeDefined()
    await desk.as(person, (ctx) => endSession(ctx, { session }))
    expect(await mine()).toBeUndefined()
  })

  test('is had again by a link to the proved address; an unknown reference looks the same and sends nothing', async () => {
    const reference = await file()
    await code(reference, codeIn(await lastMail()))
    const before = (await desk.mails()).length
    await desk.as(person, (ctx) => sendStatusLink(ctx, { reference: 'R-0000-0000' }, desk.deps))
    desk.clock.advance(minute)
    await desk.as(person, (ctx) => sendStatusLink(ctx, { reference }, desk.deps))
    await desk.work()
    const mails = await desk.mails()
    expect(mails).toHaveLength(before + 1)
    expect(await link(tokenIn(mails.at(-1)))).toMatchObject({ ok: true, purpose: 'status', scope: 'status' })
  })
})
