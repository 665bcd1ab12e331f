import { describe, expect, test } from 'vitest'
import { parseInstant } from '../../src/base/instant.ts'
import { decide } from '../../src/requests/decide.ts'
import { extend } from '../../src/requests/extend.ts'
import { requestFigures } from '../../src/requests/figures.ts'
import { listRequests, type RequestFilter } from '../../src/requests/list.ts'
import { pause, resume } from '../../src/requests/pause.ts'
import { receiveRequest } from '../../src/requests/receive.ts'
import { showRequest } from '../../src/requests/show.ts'
import { verifyByOfficer } from '../../src/requests/verify-by-officer.ts'
import { ann, officer, person, requestDesk } from './desk.ts'

const desk = requestDesk()
const one = officer('officer-1')

const show = (reference: string) => desk.read((ctx) => showRequest(ctx, { reference }))
async function file(
  regime = 'NL',
  more: { receivedAt?: string; right?: 'access' | 'erasure'; email?: string; language?: string } = {},
) {
  const { receivedAt, right = 'access', email = ann, language = 'en' } = more
  const identities = [{ kind: 'email', value: email }]
  const at = receivedAt === undefined ? {} : { receivedAt: parseInstant(receivedAt) }
  const input = { right, regime, channel: 'letter', language, identities, ...at } as const
  return (await desk.as(one, (ctx) => receiveRequest(ctx, input, desk.deps))).reference
}
const longer = (reference: string, reason = 'Your request concerns eleven systems and several years.') =>
  desk.as(one, (ctx) => extend(ctx, { reference, reason }, desk.deps))
const ask = (reference: string, kind: 'clarification' | 'identity' | 'fee') =>
  desk.as(one, (ctx) =>
    pause(ctx, { reference, kind, question: 'Which of your accounts do you mean?' }, desk.deps),
  )
const answered = (reference: string) => desk.as(one, (ctx) => resume(ctx, { reference }, desk.deps))
const verify = (reference: string) =>
  desk.as(one, (ctx) => verifyByOfficer(ctx, { reference, how: 'called back' }, desk.deps))

describe('the due date', () => {
  test('runs from receipt, whoever opened the letter, and says which rules decided', async () => {
    const reference = await file('NL', { receivedAt: '2026-03-01T10:00:00+01:00' })
    const { clock, timeline } = await show(reference)
    expect(clock).toMatchObject({
      dueDate: '2026-04-01',
      timezone: 'Europe/Amsterdam',
      pack: 'nl@2018-05-25',
      daysLeft: 27,
      overdue: false,
    })
    expect(timeline[1]).toMatchObject({
      type: 'request.received',
      body: { dueDate: '2026-04-01', pack: 'nl@2018-05-25' },
    })
  })

  test('in the United Kingdom and South Africa waits for the proof of identity; in the Netherlands it does not', async () => {
    const references = [await file('NL'), await file('GB'), await file('ZA')]
    desk.clock.set('2026-03-12T09:00:00Z')
    for (const reference of references) await verify(reference)
    const dates = await Promise.all(
      references.map(async (reference) => (await show(reference)).clock.dueDate),
    )
    expect(dates).toEqual(['2026-04-07', '2026-04-13', '2026-04-11'])
  })

  test('is overdue from midnight of the regime on, not a second before', async () => {
    const reference = await file()
    desk.clock.set('2026-04-07T21:59:59.999Z')
    expect((await show(reference)).clock).toMatchObject({ daysLeft: 0, overdue: false })
    desk.clock.set('2026-04-07T22:00:00Z')
    expect((await show(reference)).clock).toMatchObject({ daysLeft: -1, overdue: true })
  })

  test('a receipt in the future is no receipt', async () => {
    await expect(file('NL', { receivedAt: '2026-03-05T09:00:00.001Z' })).rejects.toMatchObject({
      code: 'invalid',
    })
  })
})

describe('an extension', () => {
  test('on the last day for its notice gives three months from the start, once, and she is told why and until when', async () => {
    const reference = await file()
    desk.clock.set('2026-04-07T21:59:59Z')
    expect(await longer(reference)).toEqual({ dueDate: '2026-06-05' })
    await expect(longer(reference)).rejects.toMatchObject({ code: 'conflict' })
    await desk.work()
    const text = (await desk.mails())
      .map((mail) => mail.text)
      .find((letter) => letter?.includes('eleven systems'))
    for (const said of ['5 June 2026', 'Autoriteit Persoonsgegevens']) expect(text).toContain(said)
    expect((await show(reference)).extension).toMatchObject({ by: 'officer-1' })
  })

  test('a second after that day is refused, and nothing is changed', async () => {
    const reference = await file()
    desk.clock.set('2026-04-07T22:00:00Z')
    await expect(longer(reference)).rejects.toMatchObject({ code: 'refused' })
    expect((await show(reference)).extension).toBeUndefined()
    expect((await show(reference)).clock.dueDate).toBe('2026-04-07')
    expect((await desk.entries()).filter((entry) => entry.type === 'request.extended')).toHaveLength(0)
  })

  test('needs a reason, an officer, and a request that is not answered', async () => {
    const reference = await file()
    await expect(longer(reference, 'busy')).rejects.toMatchObject({ code: 'invalid' })
    const byHer = desk.as(person, (ctx) =>
      extend(ctx, { reference, reason: 'I would like more time.' }, desk.deps),
    )
    await expect(byHer).rejects.toMatchObject({ code: 'forbidden' })
    const refusal = {
      outcome: 'refuse',
      ground: 'not_identified',
      reason: 'We asked and got no proof.',
    } as const
    await desk.as(one, (ctx) => decide(ctx, { reference, ...refusal }, desk.deps))
    await expect(longer(reference)).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('a question to the person', () => {
  test('stops the British clock for access, day of the question and of the answer included', async () => {
    const reference = await file('GB', { receivedAt: '2026-02-10T09:00:00Z' })
    await verify(reference)
    const before = (await show(reference)).clock.dueDate
    expect(before).toBe('2026-04-07')
    expect(await ask(reference, 'clarification')).toMatchObject({ waiting: true })
    desk.clock.set('2026-03-12T09:00:00Z')
    expect(await answered(reference)).toEqual({ dueDate: '2026-04-13' })
  })

  test('does not stop the Dutch clock, and the letter does not say that it does', async () => {
    const reference = await file()
    expect(await ask(reference, 'clarification')).toEqual({ waiting: false, dueDate: '2026-04-07' })
    await desk.work()
    const text = (await desk.mails())
      .map((mail) => mail.text)
      .find((letter) => letter?.includes('Which of your accounts'))
    expect(text).toBeDefined()
    expect(text).not.toContain('do not count')
    expect(text).not.toContain('period begin')
  })

  test('only one is open at a time; its answer is noted once', async () => {
    const reference = await file()
    await expect(answered(reference)).rejects.toMatchObject({ code: 'conflict' })
    await ask(reference, 'identity')
    await expect(ask(reference, 'fee')).rejects.toMatchObject({ code: 'conflict' })
    await answered(reference)
    await expect(answered(reference)).rejects.toMatchObject({ code: 'conflict' })
    expect((await show(reference)).pauses).toMatchObject([
      { kind: 'identity', endedAt: '2026-03-05T09:00:00.000Z' },
    ])
  })

  test('a question for proof moves the start in the United Kingdom to the day of its answer', async () => {
    const reference = await file('GB', { right: 'erasure' })
    await verify(reference)
    await ask(reference, 'identity')
    desk.clock.set('2026-03-10T09:00:00Z')
    expect(await answered(reference)).toEqual({ dueDate: '2026-04-10' })
  })
})

describe('the inbox', () => {
  const list = (filter: RequestFilter = {}) => desk.read((ctx) => listRequests(ctx, filter))
  const references = async (filter: RequestFilter) => (await list(filter)).items.map((item) => item.reference)

  test('shows the soonest first, a page at a time, each request once', async () => {
    const filed: string[] = []
    for (let i = 1; i <= 7; i++)
      filed.push(
        await file('NL', { receivedAt: `2026-03-0${(i % 4) + 1}T08:00:00Z`, email: `p${i}@example.org` }),
      )
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await list({ limit: 3, cursor })
      seen.push(...page.items.map((item) => item.reference))
      cursor = page.next
    } while (cursor !== undefined)
    expect(seen).toHaveLength(7)
    expect(new Set(seen)).toEqual(new Set(filed))
    const dates = (await list()).items.map((item) => item.clock.dueDate)
    expect(dates).toEqual([...dates].sort())
    await expect(list({ cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(list({ limit: 0 })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('finds by reference in any spelling and by a whole address or number in any spelling', async () => {
    const reference = await file()
    await file('NL', { email: 'other@example.org' })
    const phones = [{ kind: 'phone', value: '+31612345678' }]
    const input = {
      right: 'erasure',
      regime: 'NL',
      channel: 'phone',
      language: 'nl',
      identities: phones,
    } as const
    const called = await desk.as(one, (ctx) => receiveRequest(ctx, input, desk.deps))
    for (const q of [reference, reference.toLowerCase().replaceAll('-', ' '), ann, 'ANN@example.org'])
      expect(await references({ q })).toEqual([reference])
    expect(await references({ q: '06 1234 5678' })).toEqual([called.reference])
    expect(await references({ q: 'ann' })).toEqual([])
    expect(await references({ right: 'erasure' })).toEqual([called.reference])
  })

  test('filters by computed status and by what is late; what is refused is not late any more', async () => {
    const waiting = await file()
    const proved = await file('NL', { email: 'b@example.org' })
    const refused = await file('NL', { email: 'c@example.org' })
    await verify(proved)
    const refusal = {
      outcome: 'refuse',
      ground: 'not_identified',
      reason: 'We asked and got no proof.',
    } as const
    await desk.as(one, (ctx) => decide(ctx, { reference: refused, ...refusal }, desk.deps))
    await desk.work()
    expect(await references({ status: 'unverified' })).toEqual([waiting])
    expect(await references({ status: ['to-decide', 'refused'] })).toHaveLength(2)
    expect(await references({ overdue: true })).toEqual([])
    desk.clock.set('2026-04-08T09:00:00Z')
    expect(new Set(await references({ overdue: true }))).toEqual(new Set([waiting, proved]))
    expect((await list()).items.find((item) => item.reference === refused)?.clock.overdue).toBe(false)
    expect(await references({ overdue: true, status: 'refused' })).toEqual([])
  })

  test('names nobody: masked addresses only', async () => {
    await file()
    expect(JSON.stringify(await list())).not.toContain(ann)
  })

  test('its figures count every request once, by status and by clock', async () => {
    await file()
    await file('NL', { email: 'b@example.org', receivedAt: '2026-02-07T09:00:00Z' })
    await file('NL', { email: 'd@example.org', receivedAt: '2026-01-20T09:00:00Z' })
    const refused = await file('NL', { email: 'c@example.org', receivedAt: '2026-03-01T09:00:00Z' })
    const refusal = {
      outcome: 'refuse',
      ground: 'not_identified',
      reason: 'We asked and got no proof.',
    } as const
    await desk.as(one, (ctx) => decide(ctx, { reference: refused, ...refusal }, desk.deps))
    const figures = await desk.read((ctx) => requestFigures(ctx))
    expect(figures).toMatchObject({
      onTime: 1,
      dueSoon: 1,
      overdue: 1,
      waitingForPerson: 3,
      medianDays: 4,
      p95Days: 4,
    })
    expect(figures.byStatus).toMatchObject({ unverified: 3, refused: 1 })
    expect(figures.months.at(-1)).toEqual({ month: '2026-03', received: 2, closed: 1 })
    expect(figures.months.at(-2)).toEqual({ month: '2026-02', received: 1, closed: 0 })
    expect(figures.months).toHaveLength(12)
  })
})

describe('the ledger', () => {
  test('tells every step of a case and names nobody', async () => {
    const reference = await file('GB')
    await verify(reference)
    await ask(reference, 'clarification')
    await answered(reference)
    await longer(reference)
    const types = (await show(reference)).timeline.map((entry) => entry.type)
    expect(types.filter((type) => type.startsWith('request.'))).toEqual([
      'request.received',
      'request.verified',
      'request.paused',
      'request.resumed',
      'request.extended',
    ])
    expect(JSON.stringify(await desk.entries())).not.toMatch(/ann@|example\.org/)
  })
})
