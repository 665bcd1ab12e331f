import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, describe, it } from 'vitest'
import { cast } from '../../src/demo/cast.ts'
import { checkEvidence } from '../../src/evidence/page/check.mjs'
import { readEvidence } from '../../src/evidence/read.ts'
import { publicKeys } from '../../src/ledger/signing.ts'
import { createApi } from '../../src/web/api/create.ts'
import { loadAssets } from '../../src/web/assets.ts'
import { ask, codeIn, referenceIn, type Visitor, webDesk, wordsOf } from './desk.ts'

const at = webDesk()
const alice = cast.alice.emails[0] as string

async function proved(visitor: Visitor): Promise<string> {
  const inbox = await ask(visitor, 'access', alice)
  await at.work()
  await visitor.send('/en/inbox/code', { code: codeIn((await at.mails(alice)).at(-1)) })
  await at.work()
  return referenceIn(inbox)
}
const fingerprints = async () => (await at.app.db.read(publicKeys)).map((one) => one.key)
const read = async (name: string, bytes: Buffer) => {
  const path = join(at.home, name)
  writeFileSync(path, bytes)
  return readEvidence(path)
}

describe('evidence of a request', () => {
  it('is a receipt for the person once she was answered, and a bundle for the officer', async () => {
    const visitor = at.browser()
    const reference = await proved(visitor)
    expect(wordsOf(await visitor.get('/en/status'))).not.toContain('Receipt')
    expect((await visitor.get('/en/receipt')).location).toBe('/en/status')
    const olivia = await at.signedIn('olivia', 'officer')
    await olivia.get(`/console/requests/${reference}`)
    await olivia.send(`/console/requests/${reference}/decide`, { outcome: 'grant' })
    await at.work()

    expect(wordsOf(await visitor.get('/en/status'))).toContain('Download the receipt')
    const given = await visitor.bytes('/nl/receipt')
    expect(given.headers.get('Content-Disposition')).toBe(`attachment; filename="receipt-${reference}.html"`)
    expect(given.bytes.toString()).toContain('<html lang="nl">')
    const receipt = await read('receipt.html', given.bytes)
    const trusted = await fingerprints()
    const checked = await checkEvidence(receipt.evidence, { trusted })
    expect(checked).toMatchObject({ ok: true, trust: 'proved', facts: { subject: `request:${reference}` } })
    expect(checked.facts?.entries).toMatchObject([
      { type: 'request.answered', body: { right: 'access', rows: { kept: 0 } } },
    ])
    const rows = checked.facts?.entries[0]?.body['rows'] as { done: number } | undefined
    expect(rows?.done).toBeGreaterThan(0)
    expect(given.bytes.toString()).not.toContain(alice)

    expect((await olivia.get(`/console/requests/${reference}`)).text).toContain('evidence.zip')
    const taken = await olivia.bytes(`/console/requests/${reference}/evidence.zip`)
    expect(taken.headers.get('Content-Type')).toBe('application/zip')
    const bundle = await read('evidence.zip', taken.bytes)
    const all = await checkEvidence(bundle.evidence, { trusted })
    expect(all).toMatchObject({ ok: true, trust: 'proved' })
    const told = (await at.entries()).filter((entry) => entry.subject === `request:${reference}`)
    expect(all.facts?.entries.map((one) => one.type)).toEqual(told.map((one) => one.type).reverse())
  })

  it('is nobody’s without a session, while the page that verifies is everybody’s and names our key', async () => {
    const visitor = at.browser()
    const reference = await proved(visitor)
    const stranger = at.browser()
    expect((await stranger.get('/en/receipt')).status).toBe(401)
    expect((await stranger.get(`/console/requests/${reference}/evidence.zip`)).location).toContain(
      '/console/sign-in',
    )
    const page = await stranger.get('/da/verify')
    expect(page.text).toContain('<html lang="da">')
    for (const key of await fingerprints()) expect(page.text).toContain(key)
    const policy = page.headers.get('Content-Security-Policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+';/)
    expect(policy).not.toContain('unsafe')
  })
})

describe('the API', () => {
  it('says keys and checkpoints, and hands out evidence, to who may read the ledger', async () => {
    const reference = await proved(at.browser())
    const api = createApi({ ...at.app, assets: loadAssets() })
    expect((await api.request(`/requests/${reference}/evidence`)).status).toBe(401)
    expect((await api.request('/ledger/keys')).status).toBe(401)
  })
})
