import { describe, expect, it } from 'vitest'
import { ask, webDesk, wordsOf } from './desk.ts'

describe('an address that asks too often', () => {
  const at = webDesk({ limits: { pagesPerMinute: 12, mailsPerTenMinutes: 1000 } })
  it('is told so in words, and when to come back', async () => {
    const visitor = at.browser()
    for (let i = 0; i < 12; i++) expect((await visitor.get('/en')).status).toBe(200)
    const refused = await visitor.get('/en')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(wordsOf(refused)).toContain('Too many tries')
    expect((await visitor.get('/assets/lethe.css')).status).toBe(200)
  })
})

describe('an address that has many mails sent', () => {
  const at = webDesk({ limits: { pagesPerMinute: 1000, mailsPerTenMinutes: 2 } })
  it('is stopped before a third request is filed', async () => {
    await ask(at.browser(), 'access', 'one@post.example')
    await ask(at.browser(), 'access', 'two@post.example')
    await expect(ask(at.browser(), 'access', 'three@post.example')).rejects.toThrow('429')
    const received = (await at.entries()).filter((entry) => entry.type === 'request.received')
    expect(received).toHaveLength(2)
  })
})

describe('a service behind TLS', () => {
  const at = webDesk({ url: 'https://privacy.northsea.example' })
  it('sets cookies that only it can have set, and asks for TLS ever after', async () => {
    const visitor = at.browser()
    const { headers } = await visitor.get('/en/ask/access')
    expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000')
    expect(headers.getSetCookie()).toHaveLength(1)
    expect(headers.getSetCookie()[0]).toMatch(
      /^__Host-lethe-visit=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })
})
