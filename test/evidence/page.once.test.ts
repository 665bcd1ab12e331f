import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/evidence/model.ts'
import { verifierPage } from '../../src/evidence/page/build.ts'
import { da, en, nl } from '../../src/evidence/page/texts.ts'
import { rotateKey } from '../../src/ledger/signing.ts'
import { freshFolder } from '../support/ask.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { actor, type EvidenceDesk, evidenceDesk, subject } from './support.ts'

const missing = browserMissing()
const words = { en, nl, da }

describe.skipIf(missing)(`the page that verifies${missing ? ` (${missing})` : ''}`, () => {
  let browser: Browser
  let desk: EvidenceDesk
  let folder: string
  let early: Evidence
  let evidence: Evidence
  let receipt: Evidence
  beforeAll(async () => {
    desk = await evidenceDesk()
    early = await desk.gather()
    await desk.at.db.transact((tx) => rotateKey({ actor, tx }))
    await desk.write(subject, 'evidence.asked')
    evidence = await desk.gather()
    receipt = await desk.gather('receipt')
    folder = freshFolder()
    mkdirSync(folder, { recursive: true })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await desk?.at.close()
  })

  const file = (name: string, content: unknown): string => {
    const path = join(folder, name)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  /** Opened from the disk in a browser that is offline; answers what it asked of the network, and its complaints. */
  async function open(html: string) {
    const context = await browser.newContext({ offline: true })
    const page = await context.newPage()
    const asked: string[] = []
    const said: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    const url = pathToFileURL(file(`page-${Math.random()}.html`, html)).href
    await page.goto(url)
    return { page, url, asked, said, close: () => context.close() }
  }
  const verdict = (page: Page) => page.locator('#verdict').textContent()
  const verify = async (page: Page, files: readonly string[], trusted = '') => {
    if (files.length > 0) await page.setInputFiles('#files', [...files])
    await page.fill('#trusted', trusted)
    await page.evaluate("document.querySelector('#result').replaceChildren()")
    await page.click('button')
    return verdict(page)
  }

  it('opens offline with the evidence in it, checks it at once, and asks nothing of any network', async () => {
    const { page, url, asked, said, close } = await open(verifierPage({ language: 'en', evidence }).html)
    expect(await verdict(page)).toBe(en.holdsUnasked)
    expect(await page.locator('li.ok').count()).toBe(7)
    expect(await page.locator('tbody tr').count()).toBe(8)
    expect(await page.locator('tbody').textContent()).toContain('code: x<y; rows: 3')
    expect(await verify(page, [], await desk.fingerprint())).toBe(en.holds)
    expect(await verify(page, [], 'f'.repeat(64))).toBe(en.broken)
    expect([asked, said]).toEqual([[url], []])
    await close()
  })

  it('says in the person’s language what it cannot prove', async () => {
    for (const language of ['en', 'nl', 'da'] as const) {
      const { page, close } = await open(verifierPage({ language, evidence: receipt }).html)
      expect(await verdict(page)).toBe(words[language].holdsUnasked)
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      const shown = await page.locator('main').innerText()
      for (const limit of [...words[language].cannot, words[language].receiptCannot])
        expect(shown).toContain(limit)
      await close()
    }
  })

  it('says which check does not hold when anything in it was changed', async () => {
    const { page, close } = await open(verifierPage({ language: 'en' }).html)
    const [first, ...rest] = evidence.entries
    if (!first) throw new Error('an entry expected')
    const forgeries: readonly [string, Evidence][] = [
      [
        'inclusion',
        {
          ...evidence,
          entries: [{ ...first, content: first.content.replace('rows":3', 'rows":4') }, ...rest],
        },
      ],
      ['chain', { ...evidence, entries: rest }],
      ['seal', { ...evidence, issuer: { ...evidence.issuer, name: 'Somebody else' } }],
      ['checkpoints', { ...evidence, checkpoints: evidence.checkpoints.toReversed() }],
      ['consistency', { ...evidence, consistency: evidence.consistency.toReversed() }],
      ['keys', { ...evidence, keys: evidence.keys.toReversed() }],
      ['form', { ...evidence, more: 1 } as Evidence],
    ]
    for (const [check, forged] of forgeries) {
      const said = await verify(page, [file('forged.json', forged)])
      const bad = await page
        .locator('li.bad')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-check')))
      expect([check, said, bad.includes(check)]).toEqual([check, en.broken, true])
    }
    expect(await verify(page, [file('page.html', verifierPage({ language: 'nl', evidence }).html)])).toBe(
      en.holdsUnasked,
    )
    expect(await verify(page, [file('x.json', 'no evidence')])).toBe(en.unreadable)
    expect(await verify(page, [file('y.json', '[]')])).toBe(en.unreadable)
    await close()
  })

  it('compares a receipt and checkpoints kept from before with the newest evidence', async () => {
    const { page, close } = await open(verifierPage({ language: 'en' }).html)
    const kept = early.checkpoints.map((one) => `${JSON.stringify(one)}\n`).join('')
    expect(await verify(page, [file('new.json', evidence), file('kept.jsonl', kept)])).toBe(en.holdsUnasked)
    expect(await page.locator('#result').textContent()).toMatch(/[1-9] the same, 0 newer/)
    expect(await verify(page, [file('new.json', evidence), file('early.json', early)])).toBe(en.holdsUnasked)
    const other = await evidenceDesk()
    const foreign = await other.gather()
    await other.at.close()
    expect(
      await verify(page, [file('new.json', evidence), file('foreign.json', { ...foreign, at: early.at })]),
    ).toBe(en.broken)
    await close()
  })

  it('shows a hostile text as text', async () => {
    const name =
      '</script><script>document.title="pwned"</script><img src=x onerror="document.title=\'pwned\'">'
    const forged = { ...evidence, issuer: { name, url: 'https://x.example' } }
    const { page, close } = await open(verifierPage({ language: 'en', evidence: forged }).html)
    expect(await verdict(page)).toBe(en.broken)
    expect(await page.locator('dl').textContent()).toContain(name)
    expect(await page.title()).toBe(en.title)
    await close()
  })
})
