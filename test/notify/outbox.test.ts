import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OutgoingMail, Transport } from '../../src/notify/port.ts'
import { mailsOf, type NewMail, queueMail, retryMail } from '../../src/notify/queue.ts'
import { notifyJobs } from '../../src/notify/send.ts'
import { tables } from '../../src/notify/tables.ts'
import { openTransport } from '../../src/notify/transport.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { openLog } from '../../src/ops/log.ts'
import { freshFolder } from '../support/ask.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const clock = fixedClock()
let db: TestDatabase
beforeEach(async () => {
  clock.set('2026-03-05T09:00:00Z')
  db = await testDatabase(clock)
})
afterEach(() => db.close())

const letter = (more: Partial<NewMail> = {}): NewMail => ({
  to: 'ann@example.org',
  subject: 'Your request — één, blåbær',
  text: 'Plain: 123456\n',
  html: '<p>Plain: 123456</p>',
  key: 'request:1:confirm',
  reference: 'R-7K3M-9QTX',
  ...more,
})
const queue = (mail: NewMail) => db.db.transact((tx) => queueMail({ tx }, mail))
const states = () => db.db.read((reader) => mailsOf(reader, 'R-7K3M-9QTX'))
const from = 'Privacy Desk <privacy@desk.example>'
const work = (transport: Transport) =>
  openWorker(db.db, notifyJobs({ transport, from }), openLog('silent')).drain()
const once: OutgoingMail = {
  id: '01KJYKKBM02WQMH1KAYR40TC09',
  from,
  to: 'ann@example.org',
  subject: 'S',
  text: 'T',
  html: '<p>T</p>',
  date: new Date('2026-03-05T09:00:00Z'),
}

describe('the outbox', () => {
  test('sends one mail per key, however often it is asked for and worked on', async () => {
    const folder = freshFolder()
    const transport = openTransport(`file:${folder}`)
    const first = await queue(letter())
    expect(await queue(letter({ text: 'another text' }))).toEqual(first)
    await work(transport)
    await queue(letter())
    await work(transport)
    const files = readdirSync(folder)
    expect(files).toEqual([`${first.id}.eml`])
    expect((await simpleParser(readFileSync(join(folder, files[0] as string)))).text).toContain('123456')
    expect(await states()).toMatchObject([{ sentAt: '2026-03-05T09:00:00.000Z', failedAt: null }])
  })

  test('a mail whose change was rolled back never leaves', async () => {
    const folder = join(freshFolder(), 'out')
    const undone = db.db.transact(async (tx) => {
      await queueMail({ tx }, letter())
      throw new Error('the change failed')
    })
    await expect(undone).rejects.toThrow('the change failed')
    await work(openTransport(`file:${folder}`))
    expect(existsSync(folder)).toBe(false)
    expect(await states()).toEqual([])
  })

  test('keeps its content sealed until it left, and nothing of it after', async () => {
    await queue(letter())
    const raw = () => db.db.session((session) => session.rows('select * from outbox_mail'))
    expect(JSON.stringify(await raw())).not.toMatch(/ann|123456|confirm/)
    expect((await raw())[0]?.['content']).toMatch(/^v1\./)
    await work(openTransport(`file:${freshFolder()}`))
    expect((await raw())[0]?.['content']).toBeNull()
  })

  test('a server that is away is tried again, later each time; the mail leaves when it is back', async () => {
    const port = await closedPort()
    await queue(letter())
    await work(openTransport(`smtp://127.0.0.1:${port}`))
    expect(await states()).toMatchObject([{ sentAt: null, failedAt: null, failure: 'unreachable' }])
    const folder = freshFolder()
    await work(openTransport(`file:${folder}`))
    expect(readdirSync(folder)).toEqual([])
    clock.advance(5000)
    await work(openTransport(`file:${folder}`))
    expect(readdirSync(folder)).toHaveLength(1)
    expect(await states()).toMatchObject([{ failure: null }])
  })

  test('a mail that is given up waits for a person, who sends it again', async () => {
    const server = await smtp({ refuse: 550 })
    const { id } = await queue(letter())
    await work(openTransport(server.url))
    expect(await states()).toMatchObject([{ sentAt: null, failedAt: clock.now(), failure: 'rejected' }])
    server.accept()
    await work(openTransport(server.url))
    expect(server.mails).toHaveLength(0)
    await db.db.transact((tx) => retryMail({ tx }, { id }))
    await work(openTransport(server.url))
    expect(server.mails).toHaveLength(1)
    expect(await states()).toMatchObject([{ failedAt: null, failure: null }])
    await expect(db.db.transact((tx) => retryMail({ tx }, { id }))).rejects.toMatchObject({
      code: 'conflict',
    })
    await server.close()
  })

  test('a crash between sending and noting it sends the same Message-ID again, not another mail', async () => {
    const server = await smtp()
    await queue(letter())
    const real = openTransport(server.url)
    const dying: Transport = {
      ...real,
      async send(mail, signal) {
        await real.send(mail, signal)
        throw new Error('killed')
      },
    }
    await work(dying)
    clock.advance(5000)
    await work(real)
    expect(server.mails).toHaveLength(2)
    expect(new Set(server.mails.map((mail) => mail.messageId)).size).toBe(1)
    await server.close()
  })

  test('rows say which failure it was, and name no address', async () => {
    const server = await smtp({ refuse: 452 })
    await queue(letter())
    await work(openTransport(server.url))
    const rows = await db.db.read((reader) =>
      reader.q.select({ failure: tables(reader).mail.failure }).from(tables(reader).mail),
    )
    expect(rows).toEqual([{ failure: 'busy' }])
    await server.close()
  })
})

describe('a mail server', () => {
  test('gets the whole letter: text, HTML, names, a stable id, and the word that a machine wrote it', async () => {
    const server = await smtp({ user: 'desk', password: 'pa ss/word' })
    const { id } = await queue(letter())
    await work(openTransport(server.url))
    const [mail] = server.mails
    expect(mail?.subject).toBe('Your request — één, blåbær')
    expect(mail?.text).toContain('Plain: 123456')
    expect(mail?.html).toContain('<p>Plain: 123456</p>')
    expect(mail?.from?.text).toBe('"Privacy Desk" <privacy@desk.example>')
    expect(server.recipients).toEqual(['ann@example.org'])
    expect(mail?.messageId).toBe(`<${id.toLowerCase()}@desk.example>`)
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail?.date?.toISOString()).toBe('2026-03-05T09:00:00.000Z')
    await server.close()
  })

  test('that refuses the password is for a person to mend, so the mail is tried again', async () => {
    const server = await smtp({ user: 'desk', password: 'right' })
    const wrong = openTransport(server.url.replace('right', 'wrong'))
    await expect(wrong.send(once, AbortSignal.timeout(5000))).rejects.toMatchObject({
      failure: 'denied',
      permanent: false,
    })
    await server.close()
  })

  test('that refuses the address says so for good, and the message names nobody', async () => {
    const server = await smtp({ refuse: 550 })
    const failed = await openTransport(server.url)
      .send(once, AbortSignal.timeout(5000))
      .catch((error: unknown) => error)
    expect(failed).toMatchObject({
      failure: 'rejected',
      permanent: true,
      message: expect.not.stringContaining('ann'),
    })
    await server.close()
  })

  test('that says nothing is left at the signal', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const sending = openTransport(`smtp://127.0.0.1:${port}`).send(once, AbortSignal.timeout(100))
    await expect(sending).rejects.toMatchObject({ failure: 'timeout', permanent: false })
    silent.close()
  })

  test('no text becomes a second recipient or a header', async () => {
    const server = await smtp()
    const sneaky = { ...once, to: 'ann@example.org', subject: 'Hi\r\nBcc: eve@example.org', text: 'T' }
    await openTransport(server.url).send(sneaky, AbortSignal.timeout(5000))
    const two = { ...once, to: 'ann@example.org, eve@example.org' }
    await openTransport(server.url)
      .send(two, AbortSignal.timeout(5000))
      .catch(() => undefined)
    expect(server.recipients).not.toContain('eve@example.org')
    expect(server.mails[0]?.bcc).toBeUndefined()
    await server.close()
  })
})

describe('a folder', () => {
  test('gets one .eml a message, whole, for its owner’s eyes; a second try overwrites it', async () => {
    const folder = join(freshFolder(), 'outbox')
    const transport = openTransport(`file:${folder}`)
    await transport.send(once, AbortSignal.timeout(5000))
    await transport.send(once, AbortSignal.timeout(5000))
    expect(readdirSync(folder)).toEqual([`${once.id}.eml`])
    expect(statSync(join(folder, `${once.id}.eml`)).mode & 0o777).toBe(0o600)
    const text = readFileSync(join(folder, `${once.id}.eml`), 'utf8')
    expect(text).toContain('\r\nTo: ann@example.org\r\n')
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  })

  test('that cannot be written is tried again', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'outbox'), 'a file stands where the folder should be')
    const transport = openTransport(`file:${join(folder, 'outbox')}`)
    await expect(transport.send(once, AbortSignal.timeout(5000))).rejects.toMatchObject({
      failure: 'unreachable',
      permanent: false,
    })
  })
})

test('an address of no known kind is refused with the variable and what to write', () => {
  expect(() => openTransport('http://example.org')).toThrow('LETHE_MAIL_URL: is no mail server and no folder')
})

interface Options {
  readonly refuse?: number
  readonly user?: string
  readonly password?: string
}

/** A real SMTP server on loopback. */
async function smtp({ refuse, user, password }: Options = {}) {
  const mails: ParsedMail[] = []
  const recipients: string[] = []
  let refusing = refuse
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: user === undefined,
    onAuth: (auth, _session, done) =>
      auth.username === user && auth.password === password ? done(null, { user }) : done(new Error('no')),
    onRcptTo(address, _session, done) {
      if (refusing !== undefined) return done(Object.assign(new Error('refused'), { responseCode: refusing }))
      recipients.push(address.address)
      return done()
    },
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        mails.push(mail)
        done()
      }, done)
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const auth = user === undefined ? '' : `${user}:${encodeURIComponent(password ?? '')}@`
  return {
    url: `smtp://${auth}127.0.0.1:${port}`,
    mails,
    recipients,
    accept: () => {
      refusing = undefined
    },
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
