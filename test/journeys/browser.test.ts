import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeOfficers, demoPassword } from '../../src/app/demo/people.ts'
import { openApp } from '../../src/app/open.ts'
import { cast } from '../../src/demo/cast.ts'
import { readPackage } from '../../src/export/read-package.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { type Running, start } from '../../src/main.ts'
import { readConfig } from '../../src/ops/config.ts'
import { silentLog } from '../../src/ops/log.ts'
import { freshFolder } from '../support/ask.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { testDatabase, testKey } from '../support/database.ts'
import { policies, sampleStores } from '../support/desk.ts'
import { grepFiles, needlesFor, rowsOf } from '../support/oracle.ts'

const missing = browserMissing()
const waitMs = 30_000

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

describe.skipIf(missing)(`in a real browser ${missing ?? ''}`, () => {
  let running: Running
  let browser: Browser
  let home: string
  let close: () => Promise<void>

  beforeAll(async () => {
    const database = await testDatabase()
    await database.db.close()
    close = database.close
    home = freshFolder()
    cpSync(await sampleStores(), join(home, 'stores'), { recursive: true })
    const port = String(await freePort())
    const config = readConfig({
      LETHE_HOME: home,
      LETHE_POLICIES: policies,
      LETHE_DATABASE_URL: database.url,
      LETHE_KEY: Buffer.from(testKey).toString('base64'),
      PORT: port,
    })
    const app = await openApp(config, { log: silentLog })
    await makeOfficers(app)
    running = await start(config, app)
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await running?.stop()
    await close?.()
  })

  /** The newest mail to somebody that comes after `known` others. */
  async function nextMail(to: string, known: number) {
    const folder = join(home, 'outbox')
    for (const end = Date.now() + waitMs; Date.now() < end; await new Promise((r) => setTimeout(r, 100))) {
      const mails = await Promise.all(
        filesIn(folder).map((name) => simpleParser(readFileSync(join(folder, name)))),
      )
      const hers = mails.filter((mail) => JSON.stringify(mail.to).includes(to))
      if (hers.length > known) return hers.at(-1) as (typeof hers)[number]
    }
    throw new Error(`no mail number ${known + 1} to ${to}`)
  }
  const filesIn = (folder: string): string[] =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.endsWith('.eml'))
      .sort((a, b) => statSync(join(folder, a)).mtimeMs - statSync(join(folder, b)).mtimeMs)

  const button = (page: Page) => page.locator('main form button').first()

  async function fileRequest(page: Page, right: 'access' | 'erasure', email: string) {
    await page.goto(`${running.url}/en`)
    await page.locator(`a[href$="/ask/${right}"]`).click()
    await page.fill('input[name=email]', email)
    await button(page).click()
    await page.waitForURL('**/ask/phone')
    await button(page).click()
    await page.waitForURL('**/ask/country')
    await page.check('input[name=country][value=NL]')
    await button(page).click()
    await page.waitForURL('**/ask/review')
    await expect(page.locator('main').innerText()).resolves.toContain(email)
    await button(page).click()
    await page.waitForURL('**/inbox')
  }

  async function confirmByLink(page: Page, email: string, known: number): Promise<string> {
    const mail = await nextMail(email, known)
    const link = /https?:\/\/\S+\/link\/[\w-]+/.exec(mail.text ?? '')?.[0] as string
    // A mail scanner fetches the link: that confirms nothing.
    expect((await fetch(link)).status).toBe(200)
    await page.goto(link)
    await button(page).click()
    await page.waitForURL('**/status')
    return /R-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await page.locator('main').innerText())?.[0] as string
  }

  async function officer(name: string): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(`${running.url}/console`)
    await page.fill('input[name=name]', name)
    await page.fill('input[name=password]', demoPassword)
    await button(page).click()
    await page.waitForURL('**/console')
    return { context, page }
  }

  /** Comes back until it is there. */
  async function until(page: Page, url: string, selector: string): Promise<void> {
    for (const end = Date.now() + waitMs; Date.now() < end; await page.waitForTimeout(200)) {
      await page.goto(url)
      if ((await page.locator(selector).count()) > 0) return
    }
    throw new Error(
      `waited in vain for ${selector}; the page says: ${await page.locator('main').innerText()}`,
    )
  }

  async function grant(page: Page, file: string): Promise<void> {
    await until(page, file, 'input[name=outcome][value=grant]')
    await page.check('input[name=outcome][value=grant]')
    await page.click('#decide button[value=decide]')
    await page.waitForURL(`${file}**`)
  }

  it('she files a request, reads the mail and confirms; an officer decides; she downloads the package', async () => {
    const email = cast.alice.emails[0] as string
    const context = await browser.newContext({ locale: 'en-GB', acceptDownloads: true })
    const page = await context.newPage()
    await fileRequest(page, 'access', email)
    const reference = await confirmByLink(page, email, 0)

    const desk = await officer('olivia@northsea.example')
    const file = `${running.url}/console/requests/${reference}`
    await grant(desk.page, file)

    await until(page, `${running.url}/en/answer`, 'form[action$="/answer/code"]')
    await page.locator('form[action$="/answer/code"] button').click()
    const code = /\b\d{6}\b/.exec((await nextMail(email, 2)).text ?? '')?.[0] as string
    await page.fill('input[name=code]', code)
    await page.locator('form[action$="/answer/open"] button').click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('a[href$="/answer/download"]').click(),
    ])
    const path = join(freshFolder(), 'package.zip')
    await download.saveAs(path)
    const { manifest, faults } = await readPackage(path)
    expect(faults).toEqual([])
    const rows = manifest.collections.reduce((sum, collection) => sum + collection.rows, 0)
    expect(rows).toBe(rowsOf(join(home, 'stores'), cast.alice).filter((row) => row.part !== 'named').length)
    await desk.context.close()
    await context.close()
  }, 180_000)

  it('an erasure takes two officers, the one who decides and the one who approves the plan', async () => {
    const email = cast.lars.emails[0] as string
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await fileRequest(page, 'erasure', email)
    const reference = await confirmByLink(page, email, 0)
    const file = `${running.url}/console/requests/${reference}`

    const first = await officer('olivia@northsea.example')
    await grant(first.page, file)
    expect(await first.page.locator('main').innerText()).toContain('to approve')
    expect(await first.page.locator('form[action$="/approve"]').count()).toBe(0)

    const second = await officer('axel@northsea.example')
    await until(second.page, file, 'form[action$="/approve"]')
    await second.page.locator('form[action$="/approve"] button').first().click()
    await until(page, `${running.url}/en/answer`, 'main table')
    expect(await page.locator('main').innerText()).toMatch(/erased/i)
    expect(
      grepFiles(join(home, 'stores'), needlesFor(cast.lars), []).filter((hit) => hit.file !== 'marketing.db'),
    ).toEqual([])
    expect(await running.app.db.read(verifyLedger)).toMatchObject({ faults: [] })
    await first.context.close()
    await second.context.close()
    await context.close()
  }, 180_000)

  it('shows a wrong code, a used link and a strange page in words, not in errors', async () => {
    const email = cast.soren.emails[0] as string
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await fileRequest(page, 'access', email)
    await page.fill('input[name=code]', '000000')
    await page.locator('form[action$="/inbox/code"] button').click()
    expect(await page.locator('main').innerText()).toMatch(/code/i)
    const link = /https?:\/\/\S+\/link\/[\w-]+/.exec((await nextMail(email, 0)).text ?? '')?.[0] as string
    await page.goto(link)
    await button(page).click()
    await page.waitForURL('**/status')
    await page.goto(link)
    const again = page.locator('main form button')
    if ((await again.count()) > 0) await again.first().click()
    expect(await page.locator('main').innerText()).toMatch(/used|already|over/i)
    expect((await page.goto(`${running.url}/en/link/nonsense`))?.status()).toBeLessThan(500)
    expect((await page.goto(`${running.url}/nothing/here`))?.status()).toBe(404)
    await context.close()
  }, 120_000)
})
