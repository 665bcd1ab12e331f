import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Hono } from 'hono'
import { type ParsedMail, simpleParser } from 'mailparser'
import { afterEach, beforeEach } from 'vitest'
import { system } from '../../src/base/actor.ts'
import type { App } from '../../src/app/app.ts'
import { openApp } from '../../src/app/open.ts'
import { listEntries } from '../../src/ledger/list.ts'
import { addOfficer } from '../../src/officers/add.ts'
import { hashPassword, type PasswordHash } from '../../src/officers/password.ts'
import type { Role } from '../../src/officers/roles.ts'
import { readConfig } from '../../src/ops/config.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { silentLog } from '../../src/ops/log.ts'
import { createWeb } from '../../src/web/create.ts'
import { defaultLimits, type RateLimits } from '../../src/web/limits.ts'
import { type FixedClock, fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase, testKey } from '../support/database.ts'
import { policies, sampleNow, sampleStores } from '../support/desk.ts'

export const password = 'copper lantern drifts north'
let hash: Promise<PasswordHash> | undefined

const generous: RateLimits = { pagesPerMinute: 10_000, mailsPerTenMinutes: 1000, triesPerTenMinutes: 1000 }

/** The whole service behind its pages, with real rooms, stores, jobs and mails; only the socket is left out. */
export function webDesk(
  options: { readonly limits?: Partial<RateLimits>; readonly url?: string; readonly policies?: string } = {},
) {
  const clock: FixedClock = fixedClock(sampleNow)
  let test: TestDatabase
  let app: App
  let web: Hono
  let home: string
  beforeEach(async () => {
    clock.set(sampleNow)
    test = await testDatabase(clock)
    home = dirname(await sampleStores())
    const config = readConfig({
      LETHE_HOME: home,
      LETHE_POLICIES: options.policies ?? policies,
      LETHE_DATABASE_URL: test.url,
      LETHE_KEY: Buffer.from(testKey).toString('base64'),
      LETHE_URL: options.url ?? 'http://localhost:8080',
    })
    app = await openApp(config, { clock, log: silentLog })
    web = createWeb({ ...app, limits: options.limits ? { ...defaultLimits, ...options.limits } : generous })
  })
  afterEach(async () => {
    await app.close()
    await test.close()
  })
  const outbox = () => join(home, 'outbox')
  return {
    clock,
    get app(): App {
      return app
    },
    get web(): Hono {
      return web
    },
    get home(): string {
      return home
    },
    browser: (headers: Record<string, string> = {}) => new Visitor(() => web, app.config.url, headers),
    /** Runs all jobs that are due. */
    work: (): Promise<number> => openWorker(app.db, app.jobs, silentLog).drain(),
    async officer(name: string, role: Role): Promise<string> {
      hash ??= hashPassword(password)
      const made = await hash
      const { id } = await app.db.transact((tx) =>
        addOfficer({ actor: system('test'), clock, tx }, { name, role, password: made }),
      )
      return id
    },
    async signedIn(name: string, role: Role): Promise<Visitor> {
      await this.officer(name, role)
      const visitor = this.browser()
      await visitor.get('/console/sign-in')
      const answer = await visitor.post('/console/sign-in', { name, password })
      if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`)
      return visitor
    },
    /** Mails to somebody, the oldest first. */
    async mails(to: string): Promise<ParsedMail[]> {
      const folder = outbox()
      const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : []
      names.sort((a, b) => statSync(join(folder, a)).mtimeMs - statSync(join(folder, b)).mtimeMs)
      const all = await Promise.all(names.map((name) => simpleParser(readFileSync(join(folder, name)))))
      return all.filter((mail) => JSON.stringify(mail.to).includes(to))
    },
    entries: () => app.db.read((reader) => listEntries(reader, { limit: 10_000 })),
  }
}
export type WebDesk = ReturnType<typeof webDesk>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly location: string | null
}

/** A browser without a screen: keeps cookies, sends forms with the token of the page it is on, remembers every address. */
export class Visitor {
  readonly cookies = new Map<string, string>()
  readonly addresses: string[] = []
  token = ''
  readonly #web: () => Hono
  readonly #origin: string
  readonly #headers: Record<string, string>
  constructor(web: () => Hono, origin: string, headers: Record<string, string>) {
    this.#web = web
    this.#origin = origin
    this.#headers = headers
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask(path, { headers })
  }

  /** Sends a form; redirects are not followed. */
  post(
    path: string,
    fields: Record<string, string | readonly string[]> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const body = new URLSearchParams({ form_token: this.token })
    for (const [name, value] of Object.entries(fields)) {
      body.delete(name)
      for (const one of typeof value === 'string' ? [value] : value) body.append(name, one)
    }
    return this.#ask(path, { method: 'POST', body, headers: { Origin: this.#origin, ...headers } })
  }

  /** As `post`, then goes where it leads. */
  async send(path: string, fields: Record<string, string | readonly string[]> = {}): Promise<Answer> {
    const answer = await this.post(path, fields)
    if (answer.location === null)
      throw new Error(`${path} answered ${answer.status}, not a redirect: ${answer.text.slice(0, 2000)}`)
    return this.get(answer.location)
  }

  /** The bytes of a download. */
  async bytes(
    path: string,
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly bytes: Buffer }> {
    const response = await this.#raw(path, {})
    return {
      status: response.status,
      headers: response.headers,
      bytes: Buffer.from(await response.arrayBuffer()),
    }
  }

  async #ask(path: string, init: RequestInit): Promise<Answer> {
    const response = await this.#raw(path, init)
    const text = await response.text()
    const token = /name="form_token" value="([^"]+)"/.exec(text)?.[1]
    if (token !== undefined) this.token = token
    return {
      status: response.status,
      headers: response.headers,
      text,
      location: response.headers.get('Location'),
    }
  }

  async #raw(path: string, init: RequestInit): Promise<Response> {
    const url = new URL(path, this.#origin)
    this.addresses.push(url.href)
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      ...this.#headers,
      ...(cookie ? { Cookie: cookie } : {}),
      ...(init.headers as Record<string, string>),
    }
    const response = await this.#web().request(url.href, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const location = response.headers.get('Location')
    if (location !== null) this.addresses.push(new URL(location, url).href)
    return response
  }

  #keep(line: string): void {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    if (/max-age=0/i.test(line)) this.cookies.delete(pair.slice(0, at))
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
}

/** The words of a page without its tags. */
export const wordsOf = (answer: Pick<Answer, 'text'>): string =>
  answer.text
    .replaceAll(/<(script|style|svg)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', '’')
    .replaceAll(/\s+/g, ' ')

/** Files a request on the portal, up to the inbox page. */
export async function ask(
  visitor: Visitor,
  right: 'access' | 'erasure',
  email: string,
  base = '/en',
): Promise<Answer> {
  await visitor.get(`${base}/ask/${right}`)
  await visitor.send(`${base}/ask/${right}`, { email })
  await visitor.send(`${base}/ask/phone`, { phone: '' })
  await visitor.send(`${base}/ask/country`, { country: 'NL' })
  return visitor.send(`${base}/ask/review`)
}

export const codeIn = (mail: ParsedMail | undefined): string =>
  /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? 'no code'
export const linkIn = (mail: ParsedMail | undefined): string =>
  new URL(/https?:\/\/\S+\/link\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? 'none://').pathname
export const referenceIn = (answer: Answer): string =>
  /R-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(answer.text)?.[0] ?? 'no reference'
