import { AxeBuilder } from '@axe-core/playwright'
import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cast } from '../../src/demo/cast.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { codeIn, password, webDesk } from './desk.ts'

const missing = browserMissing()
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const alice = cast.alice.emails[0] as string

describe.skipIf(missing)(`WCAG 2.2 AA, light and dark ${missing ?? ''}`, () => {
  const at = webDesk()
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let url: string
  let stop: () => Promise<void>
  const faults: string[] = []

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    const server = serve({ fetch: at.web.fetch, port: 0, hostname: '127.0.0.1' })
    await new Promise<void>((resolve) => server.once('listening', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    stop = () => new Promise((resolve) => server.close(() => resolve()))
    // Colours that fade from one to the other would be measured half-way.
    context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' })
    page = await context.newPage()
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) faults.push(message.text())
    })
  })
  afterEach(async () => {
    await context.close()
    await stop()
  })

  /** What axe finds, and whether anything sticks out of a narrow screen. */
  async function look(): Promise<void> {
    const where = new URL(page.url()).pathname
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
      for (const { id, nodes } of violations)
        faults.push(`${where} ${colorScheme} ${id}: ${nodes[0]?.html ?? ''}`)
    }
    await page.setViewportSize({ width: 360, height: 740 })
    const over = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
    if (over > 0) faults.push(`${where} is ${over} px too wide at 360 px`)
    await page.setViewportSize({ width: 1280, height: 900 })
  }

  const go = async (path: string) => {
    await page.goto(url + path)
    await look()
  }
  const press = async () => {
    await page.locator('main form button').first().click()
    await page.waitForLoadState()
    await look()
  }

  it('the portal, from the start to the status', async () => {
    for (const path of ['/', '/nl', '/da', '/en/return', '/en/nowhere', '/en/ask/erasure', '/en/ask/access'])
      await go(path)
    await page.fill('#email', 'nonsense')
    await press()
    await page.fill('#email', alice)
    await press()
    await press()
    await page.check('input[value=NL]')
    await press()
    await press()
    await page.fill('#code', '12')
    await press()
    await at.work()
    await page.fill('#code', codeIn((await at.mails(alice))[0]))
    await press()
    expect(new URL(page.url()).pathname).toBe('/en/status')
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '')
    })
    await look()
    await go('/en/status/withdraw')
    expect(faults).toEqual([])
  }, 180_000)

  it('the console, every room', async () => {
    await at.officer('ada', 'admin')
    await go('/console/sign-in')
    await page.fill('#name', 'ada')
    await page.fill('#password', password)
    await press()
    await go('/console/requests/new')
    await page.fill('#email', alice)
    await page.fill('#verified', 'called back on the number on file')
    await page.locator('main form button').first().click()
    await page.waitForURL('**/requests/R-*')
    await at.work()
    await page.reload()
    expect(await page.locator('#decide').count()).toBe(1)
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '')
    })
    await look()
    for (const path of [
      '',
      '/requests',
      '/retention',
      '/retention/calls',
      '/holds',
      '/map',
      '/ledger',
      '/officers',
      '/account',
    ])
      await go(`/console${path}`)
    expect(faults).toEqual([])
  }, 180_000)

  it('the keyboard reaches the content first, and every step of a request', async () => {
    await page.goto(`${url}/en/ask/access`)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement?.id')).toBe('email')
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')
    expect(outline).toBe('3px')
    await page.keyboard.type(alice)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/ask/phone*')
  }, 60_000)
})
