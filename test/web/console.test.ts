import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cast } from '../../src/demo/cast.ts'
import { newFirstLink } from '../../src/officers/links.ts'
import { system } from '../../src/base/actor.ts'
import { password, referenceIn, type Visitor, webDesk, wordsOf } from './desk.ts'

const at = webDesk()
const bob = cast.bob.emails[0] as string

/** An officer enters a request that is proved already, and the engine plans it. */
async function entered(desk: Visitor, right: 'access' | 'erasure', email = bob): Promise<string> {
  await desk.get('/console/requests/new')
  const file = await desk.send('/console/requests/new', {
    right,
    channel: 'phone',
    regime: 'NL',
    language: 'en',
    email,
    verified: 'called back on the number on file',
  })
  await at.work()
  return referenceIn(file)
}

describe('the door', () => {
  it('leads everybody to the sign-in, and back to where they wanted', async () => {
    const visitor = at.browser()
    await at.officer('ida', 'admin')
    const away = await visitor.get('/console/ledger')
    expect([away.status, away.location]).toEqual([303, '/console/sign-in?to=%2Fconsole%2Fledger'])
    await visitor.get(away.location as string)
    expect(
      wordsOf(await visitor.send('/console/sign-in?to=%2Fconsole%2Fledger', { name: 'ida', password })),
    ).toContain('Ledger')
    expect((await visitor.get('/console/sign-in')).location).toBe('/console')
  })

  it.each(['https://evil.example', '//evil.example', '/console/../..//evil.example', '/nl'])(
    'never leads on to %s',
    async (to) => {
      await at.officer('ida', 'admin')
      const visitor = at.browser()
      await visitor.get('/console/sign-in')
      const answer = await visitor.post(`/console/sign-in?to=${encodeURIComponent(to)}`, {
        name: 'ida',
        password,
      })
      expect(new URL(answer.location as string, 'http://localhost:8080').href).toMatch(
        /^http:\/\/localhost:8080\/console/,
      )
    },
  )

  it('says the same for a wrong password and an unknown name, and closes after five', async () => {
    await at.officer('ida', 'admin')
    const visitor = at.browser()
    await visitor.get('/console/sign-in')
    const page = (text: string) => text.replaceAll(/value="[^"]*"/g, '')
    const wrong = await visitor.post('/console/sign-in', { name: 'ida', password: 'not the password' })
    const unknown = await visitor.post('/console/sign-in', { name: 'eve', password: 'not the password' })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(page(unknown.text)).toBe(page(wrong.text))
    for (let i = 0; i < 3; i++)
      await visitor.post('/console/sign-in', { name: 'ida', password: 'not the password' })
    const right = await visitor.post('/console/sign-in', { name: 'ida', password })
    expect([right.status, wordsOf(right).includes('Try again in 15 minutes')]).toEqual([429, true])
  })

  it('ends a session by its button, and a stolen cookie with it', async () => {
    const desk = await at.signedIn('ida', 'admin')
    await desk.get('/console')
    const stolen = new Map(desk.cookies)
    await desk.send('/console/sign-out')
    for (const [name, value] of stolen) desk.cookies.set(name, value)
    expect((await desk.get('/console')).status).toBe(303)
  })

  it('the first link makes the first admin, and looking at it uses nothing up', async () => {
    const token = await at.app.db.transact((tx) =>
      newFirstLink({ actor: system('start'), clock: at.clock, tx }),
    )
    const path = `/console/link/${token ?? ''}`
    const visitor = at.browser()
    expect(wordsOf(await visitor.get(path))).toContain('Welcome to Lethe')
    const short = await visitor.post(path, { name: 'ida', password: 'short', again: 'short' })
    expect([short.status, wordsOf(short).includes('fewer than 12')]).toEqual([400, true])
    const differs = await visitor.post(path, { name: 'ida', password, again: `${password}!` })
    expect([differs.status, wordsOf(differs).includes('not the same')]).toEqual([400, true])
    expect(wordsOf(await visitor.send(path, { name: 'ida', password, again: password }))).toContain(
      'The password is set',
    )
    expect((await visitor.get(path)).status).toBe(410)
    await visitor.get('/console/sign-in')
    expect(wordsOf(await visitor.send('/console/sign-in', { name: 'ida', password }))).toContain('admin')
  })
})

describe('roles', () => {
  const rooms = [
    '/console',
    '/console/requests',
    '/console/requests/new',
    '/console/retention',
    '/console/holds',
    '/console/map',
    '/console/ledger',
    '/console/officers',
    '/console/account',
  ]
  it.each([
    ['officer', [200, 200, 200, 200, 200, 200, 200, 403, 200]],
    ['approver', [200, 200, 200, 200, 200, 200, 200, 403, 200]],
    ['auditor', [200, 200, 403, 200, 200, 200, 200, 403, 200]],
    ['admin', [200, 200, 200, 200, 200, 200, 200, 200, 200]],
  ] as const)('%s sees its rooms and no other', async (role, expected) => {
    const desk = await at.signedIn('somebody', role)
    const got: number[] = []
    for (const room of rooms) got.push((await desk.get(room)).status)
    expect(got).toEqual(expected)
    const nav = (await desk.get('/console')).text
    const closed = rooms.filter((_, i) => expected[i] === 403)
    expect(closed.filter((room) => nav.includes(`href="${room}"`))).toEqual([])
  })

  it('an auditor sees no button that changes a request, and pressing one by hand changes nothing', async () => {
    const officer = await at.signedIn('olivia', 'officer')
    const reference = await entered(officer, 'access')
    const auditor = await at.signedIn('una', 'auditor')
    const file = await auditor.get(`/console/requests/${reference}`)
    expect(file.text.match(/<form[^>]+action="([^"]+)"/g)).toEqual([
      '<form method="post" action="/console/sign-out"',
    ])
    const before = (await at.entries()).length
    for (const verb of [
      'decide',
      'approve',
      'verify',
      'extend',
      'pause',
      'withdraw',
      'close',
      'retry',
      'package',
    ])
      expect([
        verb,
        (await auditor.post(`/console/requests/${reference}/${verb}`, { outcome: 'grant' })).status,
      ]).toEqual([verb, 403])
    for (const path of [
      '/console/retention/calls/run',
      '/console/retention/calls/approve',
      '/console/holds',
      '/console/officers',
      '/console/account/tokens',
    ])
      expect([path, (await auditor.post(path)).status]).toEqual([path, 403])
    expect(await at.entries()).toHaveLength(before)
  })

  it('whoever decided an erasure is shown no approval, and refused one by hand', async () => {
    const admin = await at.signedIn('ada', 'admin')
    const reference = await entered(admin, 'erasure')
    const file = await admin.send(`/console/requests/${reference}/decide`, { outcome: 'grant' })
    expect(wordsOf(file)).toContain('A second officer is needed')
    const digest = /Digest of this plan: <span class="digest">([^<]+)/.exec(file.text)?.[1] ?? ''
    const refused = await admin.post(`/console/requests/${reference}/approve`, { digest })
    expect([refused.status, wordsOf(refused).includes('Ask a second officer')]).toEqual([422, true])
    const approver = await at.signedIn('axel', 'approver')
    await approver.get(`/console/requests/${reference}`)
    const other = await approver.post(`/console/requests/${reference}/approve`, { digest: 'another' })
    expect([other.status, wordsOf(other).includes('The plan is another one by now')]).toEqual([409, true])
    expect(wordsOf(await approver.send(`/console/requests/${reference}/approve`, { digest }))).toContain(
      'The plan is approved',
    )
  })
})

describe('a request', () => {
  it('is found by reference or whole address, never through the URL', async () => {
    const desk = await at.signedIn('olivia', 'officer')
    const reference = await entered(desk, 'access')
    await desk.get('/console/requests')
    for (const q of [reference, bob.toUpperCase(), ` ${bob} `])
      expect((await desk.post('/console/requests/search', { q })).text).toContain(
        `/console/requests/${reference}`,
      )
    expect(wordsOf(await desk.post('/console/requests/search', { q: bob.slice(1) }))).toContain(
      'Parts of addresses cannot be searched',
    )
    for (const address of desk.addresses) expect(decodeURIComponent(address)).not.toContain('@')
  })

  it('shows the very letter of a refusal before it is sent, and sends nothing by showing it', async () => {
    const desk = await at.signedIn('olivia', 'officer')
    const reference = await entered(desk, 'access')
    const before = await at.entries()
    const mails = (await at.mails(bob)).length
    const no = {
      outcome: 'refuse',
      ground: 'excessive',
      reason: 'You asked for the same copy eleven times this month.',
    }
    const shown = await desk.post(`/console/requests/${reference}/decide`, { ...no, do: 'preview' })
    expect(shown.status).toBe(200)
    expect(wordsOf(shown)).toContain('This letter would go out; nothing was done yet')
    expect(shown.text).toContain('Autoriteit Persoonsgegevens')
    expect(shown.text).toContain('eleven times')
    await at.work()
    expect(await at.entries()).toEqual(before)
    expect(await at.mails(bob)).toHaveLength(mails)
    await desk.send(`/console/requests/${reference}/decide`, { ...no, do: 'decide' })
    await at.work()
    const letter = (await at.mails(bob)).at(-1)?.text ?? ''
    expect(letter).toContain('eleven times')
    expect(letter).toContain('Autoriteit Persoonsgegevens')
  })

  it('says what a verb refused above the form, and keeps what was typed', async () => {
    const desk = await at.signedIn('olivia', 'officer')
    const reference = await entered(desk, 'access')
    const answer = await desk.post(`/console/requests/${reference}/decide`, {
      outcome: 'refuse',
      ground: '',
      reason: 'It is <b>late</b>.',
    })
    expect(answer.status).toBe(400)
    expect(wordsOf(answer)).toContain('This was not done')
    expect(answer.text).toContain('It is &lt;b&gt;late&lt;/b&gt;.')
    expect(answer.text).not.toContain('<b>late')
  })

  it('shows the clock with every step, and extends it once with the person told', async () => {
    const desk = await at.signedIn('olivia', 'officer')
    const reference = await entered(desk, 'access')
    const before = wordsOf(await desk.get(`/console/requests/${reference}`))
    expect(before).toMatch(/30 days left/)
    expect(before).toContain('Rule pack')
    const after = wordsOf(
      await desk.send(`/console/requests/${reference}/extend`, {
        reason: 'Eleven systems and eight years have to be searched.',
        do: 'do',
      }),
    )
    expect(after).toContain('The period is extended')
    expect(after).toContain('22 Feb 2027')
    expect(after).not.toContain('Why it is complex')
  })

  it('that nobody knows is a page that says so', async () => {
    const desk = await at.signedIn('olivia', 'officer')
    const answer = await desk.get('/console/requests/R-0000-0000')
    expect([answer.status, wordsOf(answer).includes('There is no such request')]).toEqual([404, true])
    expect((await desk.post('/console/requests/R-0000-0000/constructor')).status).toBe(404)
  })

  it('hands a package over sealed with a passphrase, which the ledger does not know', async () => {
    const desk = await at.signedIn('olivia', 'officer')
    const reference = await entered(desk, 'access')
    await desk.send(`/console/requests/${reference}/decide`, { outcome: 'grant', do: 'decide' })
    await at.work()
    await desk.get(`/console/requests/${reference}`)
    const short = await desk.post(`/console/requests/${reference}/package`, { passphrase: 'short' })
    expect([short.status, wordsOf(short).includes('passphrase is too short')]).toEqual([400, true])
    const sealed = await desk.post(`/console/requests/${reference}/package`, {
      passphrase: 'four quiet garden chairs',
    })
    expect(sealed.headers.get('Content-Type')).toBe('application/zip')
    expect(sealed.text.startsWith('PK')).toBe(true)
    const entries = JSON.stringify(await at.entries())
    expect(entries).toContain('package.opened')
    expect(entries).not.toContain('garden')
  })
})

describe('the other rooms', () => {
  it('retention: a rule is a sentence, previews before it may run, and certifies its run', async () => {
    const desk = await at.signedIn('axel', 'approver')
    const rules = wordsOf(await desk.get('/console/retention'))
    expect(rules).toContain('Recorded calls are deleted 3 months after')
    expect(rules).toContain('wants approval')
    const rule = await desk.get('/console/retention/calls')
    expect(wordsOf(rule)).toMatch(/(\d+) would go|would go (\d+)/)
    const version = /name="version" value="([^"]+)"/.exec(rule.text)?.[1] ?? ''
    expect((await desk.post('/console/retention/calls/run')).status).toBe(422)
    const stale = await desk.post('/console/retention/calls/approve', { version: 'another' })
    expect([stale.status, wordsOf(stale).includes('changed since it was looked at')]).toEqual([409, true])
    expect(wordsOf(await desk.send('/console/retention/calls/approve', { version, due: '3' }))).toContain(
      'This version of the rule may run',
    )
    const run = await desk.post('/console/retention/calls/run')
    await at.work()
    const page = wordsOf(await desk.get(run.location as string))
    expect(page).toContain('Root over all batches')
    const file = await desk.get(`${(run.location as string).split('?')[0]}/certificate.json`)
    expect(JSON.parse(file.text)).toMatchObject({ rule: { id: 'calls' }, store: 'calls' })
    expect((await desk.get('/console/retention/nothing')).status).toBe(404)
    const strange = await desk.get('/console/retention/calls?on=soon')
    expect([strange.status, wordsOf(strange).includes('is not a calendar day')]).toEqual([400, true])
  })

  it('holds: placed with reason and review date, shown masked, lifted with a reason', async () => {
    const desk = await at.signedIn('axel', 'approver')
    await desk.get('/console/holds')
    const hold = {
      email: bob,
      blocks: ['purge', 'erasure'],
      reason: 'A claim is threatened.',
      authority: 'Legal department',
    }
    const late = await desk.post('/console/holds', { ...hold, reviewOn: '2028-01-01' })
    expect([
      late.status,
      wordsOf(late).includes('not within 6 months'),
      late.text.includes('A claim is threatened.'),
    ]).toEqual([400, true, true])
    const placed = await desk.send('/console/holds', { ...hold, reviewOn: '2027-02-01' })
    expect(wordsOf(placed)).toContain('The hold is in force')
    expect(placed.text).not.toContain(bob)
    const lift = /action="(\/console\/holds\/[^"]+\/lift)"/.exec(placed.text)?.[1] as string
    expect((await desk.post(lift, { reason: ' ' })).status).toBe(400)
    expect(wordsOf(await desk.send(lift, { reason: 'The claim was settled.' }))).toContain(
      'No hold is in force',
    )
  })

  it('the data map shows every column as declared or not, and a store that is silent', async () => {
    const desk = await at.signedIn('una', 'auditor')
    const words = wordsOf(await desk.get('/console/map'))
    expect(words).toMatch(/\d+ of \d+ columns are declared/)
    await at.app.stores.get('calls')?.close()
    renameSync(join(at.home, 'stores', 'calls.db'), join(at.home, 'calls-away.db'))
    expect(wordsOf(await desk.get('/console/map'))).toContain('The store calls does not answer now')
  })

  it('the ledger verifies, and names what was changed', async () => {
    const desk = await at.signedIn('una', 'auditor')
    await desk.get('/console/ledger')
    expect(wordsOf(await desk.post('/console/ledger/verify'))).toContain('The chain is whole')
    await at.app.db.session((s) => s.exec(`update ledger_entry set type = 'officer.forged' where seq = 1`))
    expect(wordsOf(await desk.post('/console/ledger/verify'))).toContain('entry 1 is not what was written')
  })

  it('officers: an invited one sets a password by a link that works once', async () => {
    const admin = await at.signedIn('ada', 'admin')
    await admin.get('/console/officers')
    const page = await admin.post('/console/officers', { name: 'noor', role: 'auditor' })
    const link = /http:\/\/localhost:8080(\/console\/link\/[\w-]+)/.exec(page.text)?.[1] as string
    expect((await admin.get('/console/officers')).text).not.toContain(link)
    const noor = at.browser()
    await noor.get(link)
    await noor.send(link, { password, again: password })
    await noor.get('/console/sign-in')
    expect(wordsOf(await noor.send('/console/sign-in', { name: 'noor', password }))).toContain('auditor')
    const id =
      /\/console\/officers\/([0-9A-Z]+)\/disable" class="inline-form">(?:(?!<form).)*aria-label="Shut noor out"/s.exec(
        (await admin.get('/console/officers')).text,
      )?.[1] ?? ''
    await admin.send(`/console/officers/${id}/disable`)
    expect((await noor.get('/console')).status).toBe(303)
  })

  it('a token is shown once, and another officer cannot end it', async () => {
    const desk = await at.signedIn('olivia', 'officer')
    await desk.get('/console/account')
    const made = await desk.post('/console/account/tokens', {
      title: 'nightly export',
      scopes: ['request.read'],
    })
    const token = /lethe_[\w-]{43}/.exec(made.text)?.[0] as string
    const page = await desk.get('/console/account')
    expect(page.text).not.toContain(token)
    const revoke = /action="(\/console\/account\/tokens\/[^"]+\/revoke)"/.exec(page.text)?.[1] as string
    const other = await at.signedIn('axel', 'approver')
    await other.get('/console/account')
    expect((await other.post(revoke)).status).toBe(404)
    expect(wordsOf(await desk.send(revoke))).toContain('revoked')
    const beyond = await desk.post('/console/account/tokens', { title: 'x', scopes: ['request.approve'] })
    expect(beyond.status).toBe(403)
  })

  it('a new password wants the old one and ends every session', async () => {
    const desk = await at.signedIn('olivia', 'officer')
    await desk.get('/console/account')
    expect(
      (
        await desk.post('/console/account/password', {
          current: 'guess guess guess',
          password: 'another quiet harbour wind',
        })
      ).status,
    ).toBe(401)
    expect(
      wordsOf(
        await desk.send('/console/account/password', {
          current: password,
          password: 'another quiet harbour wind',
        }),
      ),
    ).toContain('The password is set')
    expect((await desk.get('/console')).status).toBe(303)
  })
})
