import { describe, expect, it } from 'vitest'
import { cast } from '../../src/demo/cast.ts'
import { readPackage } from '../../src/export/read-package.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Answer, ask, codeIn, linkIn, referenceIn, type Visitor, webDesk, wordsOf } from './desk.ts'

const at = webDesk()
const alice = cast.alice.emails[0] as string

/** Files and proves a request; answers its reference. */
async function proved(visitor: Visitor, right: 'access' | 'erasure', email = alice): Promise<string> {
  const before = (await at.mails(email)).length
  const inbox = await ask(visitor, right, email)
  await at.work()
  const mail = (await at.mails(email))[before]
  const status = await visitor.send('/en/inbox/code', { code: codeIn(mail) })
  expect(wordsOf(status)).toContain('Your request')
  await at.work()
  return referenceIn(inbox)
}

describe('filing a request', () => {
  it('asks one thing a page, shows what will be sent, and tells where the code went', async () => {
    const visitor = at.browser()
    const email = await visitor.get('/en/ask/access')
    expect(email.text.match(/<input[^>]+type="(?!hidden)[a-z]+"/g)).toHaveLength(1)
    const inbox = await ask(visitor, 'access', alice)
    expect(wordsOf(inbox)).toContain(`${alice[0]}•••@${alice.split('@')[1]}`)
    expect(inbox.text).not.toContain(alice)
  })

  it('puts no personal data into an address, nor readable into a cookie', async () => {
    const visitor = at.browser()
    await proved(visitor, 'access')
    await visitor.get('/en/status')
    const name = alice.split('@')[0] as string
    for (const address of visitor.addresses) {
      expect(decodeURIComponent(address)).not.toContain('@')
      expect(address).not.toContain(name)
    }
    for (const value of visitor.cookies.values()) expect(decodeURIComponent(value)).not.toContain(name)
  })

  it('answers the same for an address we know and one we do not, down to the last byte of the page', async () => {
    const same = (answer: Answer) =>
      answer.text.replaceAll(/R-[0-9A-Z]{4}-[0-9A-Z]{4}/g, 'R').replaceAll(/value="[0-9a-f]{64}"/g, 'token')
    const known = await ask(at.browser(), 'access', alice)
    const unknown = await ask(at.browser(), 'access', 'aaaa@post.example')
    expect(unknown.status).toBe(known.status)
    expect(same(unknown)).toBe(same(known))
  })

  it.each([
    ['', /Enter an e-mail address/],
    ['alice', /Enter an e-mail address/],
    ['a b@post.example', /Enter an e-mail address/],
    ['<script>@post.example', /Enter an e-mail address/],
  ])('says what is wrong with the address %j and keeps it', async (email, words) => {
    const visitor = at.browser()
    await visitor.get('/en/ask/access')
    const answer = await visitor.post('/en/ask/access', { email })
    expect(answer.status).toBe(400)
    expect(wordsOf(answer)).toMatch(words)
    expect(answer.text).toContain('aria-invalid="true"')
    expect(answer.text).toContain('aria-describedby="email-hint email-error"')
    expect(answer.text).not.toContain('<script>@')
  })

  it('takes no number that is none, and a country only from the list', async () => {
    const visitor = at.browser()
    await visitor.get('/nl/ask/access')
    await visitor.send('/nl/ask/access', { email: alice })
    const phone = await visitor.post('/nl/ask/phone', { phone: '12' })
    expect([phone.status, wordsOf(phone).includes('geen telefoonnummer')]).toEqual([400, true])
    await visitor.send('/nl/ask/phone', { phone: '06 12345678' })
    const country = await visitor.post('/nl/ask/country', { country: 'XX' })
    expect([country.status, wordsOf(country).includes('Kies een land')]).toEqual([400, true])
    const review = await visitor.send('/nl/ask/country', { country: 'NL' })
    expect(wordsOf(review)).toContain('+31612345678')
    await visitor.send('/nl/ask/review')
    expect((await at.entries()).filter((entry) => entry.type === 'request.received')).toHaveLength(1)
  })

  it('leads whoever skips a page back to the start', async () => {
    for (const path of ['/en/ask/phone', '/en/ask/country', '/en/ask/review'])
      expect((await at.browser().get(path)).location).toBe('/en')
  })

  it('forgets a half-filled form after two hours', async () => {
    const visitor = at.browser()
    await visitor.get('/en/ask/access')
    await visitor.send('/en/ask/access', { email: alice })
    expect((await visitor.get('/en/ask/access')).text).toContain(alice)
    at.clock.advance(2 * 3_600_000)
    expect((await visitor.get('/en/ask/access')).text).not.toContain(alice)
  })
})

describe('confirming', () => {
  it('opening the link confirms nothing; its button does, once', async () => {
    await ask(at.browser(), 'access', alice)
    await at.work()
    const link = linkIn((await at.mails(alice))[0])
    const before = (await at.entries()).length
    const scanner = at.browser()
    for (let i = 0; i < 3; i++) expect((await scanner.get(link)).status).toBe(200)
    expect(await at.entries()).toHaveLength(before)

    const visitor = at.browser()
    await visitor.get(link)
    expect(wordsOf(await visitor.send(link))).toContain('Your request')
    const again = at.browser()
    await again.get(link)
    const used = await again.post(link)
    expect(used.status).toBe(409)
    expect(wordsOf(used)).toContain('This was used before')
    expect((await again.get('/en/status')).status).toBe(401)
  })

  it('a wrong code is said in words with the tries left; after five it is over, also for the right one', async () => {
    const visitor = at.browser()
    await ask(visitor, 'access', alice)
    await at.work()
    const code = codeIn((await at.mails(alice))[0])
    const wrong = code === '111111' ? '222222' : '111111'
    const said: string[] = []
    for (let i = 0; i < 5; i++) {
      const answer = await visitor.post('/en/inbox/code', { code: wrong })
      said.push(`${answer.status} ${/(\d more tries|One more try)/.exec(wordsOf(answer))?.[0] ?? 'none'}`)
    }
    expect(said).toEqual([
      '401 4 more tries',
      '401 3 more tries',
      '401 2 more tries',
      '401 One more try',
      '429 none',
    ])
    expect((await visitor.post('/en/inbox/code', { code })).status).toBe(429)
  })

  it('an expired link and a made-up one are told apart from a good one, in her language', async () => {
    await ask(at.browser(), 'access', alice, '/nl')
    await at.work()
    const link = linkIn((await at.mails(alice))[0])
    at.clock.advance(24 * 3_600_000)
    const visitor = at.browser()
    await visitor.get(link)
    const late = await visitor.post(link)
    expect([late.status, wordsOf(late).includes('niet meer geldig')]).toEqual([410, true])
    await visitor.get('/nl/link/made-up')
    const strange = await visitor.post('/nl/link/made-up')
    expect([strange.status, wordsOf(strange).includes('niet van ons')]).toEqual([401, true])
  })

  it('a lost mail is sent again, not within a minute', async () => {
    const visitor = at.browser()
    await ask(visitor, 'access', alice)
    const soon = await visitor.post('/en/inbox/again')
    expect([soon.status, wordsOf(soon).includes('Wait a minute')]).toEqual([429, true])
    at.clock.advance(61_000)
    expect(wordsOf(await visitor.send('/en/inbox/again'))).toContain('A new code is on its way')
    await at.work()
    const [first, second] = await at.mails(alice)
    expect((await visitor.post('/en/inbox/code', { code: codeIn(first) })).status).toBe(401)
    expect(wordsOf(await visitor.send('/en/inbox/code', { code: codeIn(second) }))).toContain('Your request')
  })

  it('a mistyped address is changed: the first request ends, so that nobody else confirms it', async () => {
    const visitor = at.browser()
    await ask(visitor, 'access', 'alcie@post.example')
    await at.work()
    const email = await visitor.send('/en/inbox/change')
    expect(wordsOf(email)).toContain('Your e-mail address')
    const stranger = at.browser()
    const link = linkIn((await at.mails('alcie@post.example'))[0])
    await stranger.get(link)
    expect((await stranger.post(link)).status).toBe(409)
    expect((await at.entries()).map((entry) => entry.type)).toContain('request.withdrawn')
  })
})

describe('following a request', () => {
  it('the way back says the same for every reference, and mails only where there is one', async () => {
    const reference = await proved(at.browser(), 'access')
    const texts: string[] = []
    const before = (await at.mails(alice)).length
    for (const given of [reference, reference, 'R-0000-0000', 'nonsense']) {
      const visitor = at.browser()
      await visitor.get('/en/return')
      texts.push((await visitor.send('/en/return', { reference: given })).text)
    }
    expect(new Set(texts).size).toBe(1)
    await at.work()
    const mails = await at.mails(alice)
    expect(mails).toHaveLength(before + 1)
    const visitor = at.browser()
    const link = linkIn(mails.at(-1))
    await visitor.get(link)
    expect(wordsOf(await visitor.send(link))).toContain(reference)
  })

  it('shows the due date with its arithmetic, the authority, and no other person’s request', async () => {
    const visitor = at.browser()
    await proved(visitor, 'access')
    const words = wordsOf(await visitor.get('/en/status'))
    expect(words).toContain('22 December 2026')
    expect(words).toContain('We received your request: 22 November 2026')
    expect(words).toContain('Autoriteit Persoonsgegevens')
    expect((await at.browser().get('/en/status')).status).toBe(401)
  })

  it('withdrawing asks first, then ends it; twice is told in words', async () => {
    const visitor = at.browser()
    await proved(visitor, 'erasure')
    expect(wordsOf(await visitor.get('/en/status/withdraw'))).toContain('Withdraw the request?')
    expect(wordsOf(await visitor.send('/en/status/withdraw'))).toContain('You withdrew this request')
    const again = await visitor.post('/en/status/withdraw')
    expect([again.status, wordsOf(again).includes('not possible any more')]).toEqual([409, true])
  })

  it('leaving closes the page for the next one at this computer', async () => {
    const visitor = at.browser()
    await proved(visitor, 'access')
    const kept = new Map(visitor.cookies)
    await visitor.get('/en/status')
    await visitor.send('/en/status/leave')
    expect((await visitor.get('/en/status')).status).toBe(401)
    for (const [name, value] of kept) visitor.cookies.set(name, value)
    expect((await visitor.get('/en/status')).status).toBe(401)
  })

  it('is over after twelve hours', async () => {
    const visitor = at.browser()
    await proved(visitor, 'access')
    at.clock.advance(12 * 3_600_000 - 1)
    expect((await visitor.get('/en/status')).status).toBe(200)
    at.clock.advance(1)
    expect((await visitor.get('/en/status')).status).toBe(401)
  })
})

describe('the answer', () => {
  async function answered(visitor: Visitor): Promise<string> {
    const reference = await proved(visitor, 'access')
    const desk = await at.signedIn('olivia', 'officer')
    await desk.get(`/console/requests/${reference}`)
    await desk.send(`/console/requests/${reference}/decide`, { outcome: 'grant' })
    await at.work()
    return reference
  }

  it('opens the package only after a fresh code, and streams the plain ZIP', async () => {
    const visitor = at.browser()
    const reference = await answered(visitor)
    const page = await visitor.get('/en/answer')
    expect(wordsOf(page)).toContain('Your copy is ready')
    expect(wordsOf(page)).toContain('Help desk')
    expect((await visitor.bytes('/en/answer/download')).status).toBe(401)

    await visitor.send('/en/answer/code')
    await at.work()
    const mail = (await at.mails(alice)).at(-1)
    expect((await visitor.post('/en/answer/open', { code: '000000' })).status).toBe(
      codeIn(mail) === '000000' ? 303 : 401,
    )
    await visitor.send('/en/answer/open', { code: codeIn(mail) })
    const { status, headers, bytes } = await visitor.bytes('/en/answer/download')
    expect(status).toBe(200)
    expect(headers.get('Content-Disposition')).toBe(`attachment; filename="${reference}.zip"`)
    expect(headers.get('Content-Length')).toBe(String(bytes.length))
    expect(headers.get('Cache-Control')).toBe('no-store')
    const path = join(at.home, 'package.zip')
    writeFileSync(path, bytes)
    expect((await readPackage(path)).faults).toEqual([])
    expect((await at.entries()).map((entry) => entry.type)).toContain('package.opened')

    at.clock.advance(15 * 60_000)
    expect((await visitor.bytes('/en/answer/download')).status).toBe(401)
  })

  it('never shows the secret link of a letter, and says when the package is gone', async () => {
    const visitor = at.browser()
    const reference = await answered(visitor)
    const link = linkIn((await at.mails(alice)).at(-1))
    const page = await visitor.get('/en/answer')
    expect(page.text).toContain('/link/…')
    expect(page.text).not.toContain(link)
    const desk = at.browser()
    await desk.get('/console/sign-in')
    await desk.post('/console/sign-in', { name: 'olivia', password: 'copper lantern drifts north' })
    expect((await desk.get(`/console/requests/${reference}`)).text).not.toContain(link)

    at.clock.advance(31 * 24 * 3_600_000)
    const late = at.browser()
    await late.get(link)
    expect((await late.post(link)).status).toBe(410)
  })

  it('of an erasure says what went and what stays, and why', async () => {
    const visitor = at.browser()
    const email = cast.bob.emails[0] as string
    const reference = await proved(visitor, 'erasure', email)
    const [first, second] = [await at.signedIn('olivia', 'officer'), await at.signedIn('axel', 'approver')]
    await first.get(`/console/requests/${reference}`)
    await first.send(`/console/requests/${reference}/decide`, { outcome: 'grant' })
    const file = await second.get(`/console/requests/${reference}`)
    const digest = /name="digest" value="([^"]+)"/.exec(file.text)?.[1] ?? ''
    await second.send(`/console/requests/${reference}/approve`, { digest })
    await at.work()
    const words = wordsOf(await visitor.get('/en/answer'))
    expect(words).toContain('What we erased')
    expect(words).toMatch(/Tickets 0 \d+ 0/)
    expect(wordsOf(await second.get(`/console/requests/${reference}`))).toContain('Stores read again')
  })
})
