import { describe, expect, it } from 'vitest'
import { maxFormBytes } from '../../src/web/headers.ts'
import { webDesk, wordsOf } from './desk.ts'

const at = webDesk()

describe('every page', () => {
  const pages = [
    '/',
    '/nl',
    '/da',
    '/en/ask/access',
    '/en/ask/erasure',
    '/return',
    '/en/inbox',
    '/en/status',
    '/en/link/abc',
    '/console/sign-in',
    '/nowhere',
    '/console/link/abc',
  ]

  it.each(pages)('%s forbids all that is not ours, and is kept by nobody', async (path) => {
    const { headers, text } = await at.browser().get(path)
    const policy = headers.get('Content-Security-Policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("form-action 'self'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Referrer-Policy')).toBe('same-origin')
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(text).toMatch(/^<!doctype html>/)
    // What the policy would block must not stand in a page.
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! src="\/assets\/)/i)
    expect(text.replaceAll('http://localhost:8080', '')).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  })

  it('has one main part, one first heading and a language', async () => {
    for (const path of pages) {
      const { text } = await at.browser().get(path)
      expect(text.match(/<main /g)).toHaveLength(1)
      expect(text.match(/<h1/g)).toHaveLength(1)
      expect(text).toMatch(/<html lang="(en|nl|da)">/)
    }
  })

  it('style sheets may be kept for ever, because their address has their hash', async () => {
    const { text } = await at.browser().get('/')
    for (const [, address = ''] of text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const file = await at.browser().get(address)
      expect([address, file.status, file.headers.get('Cache-Control')]).toEqual([
        address,
        200,
        'public, max-age=31536000, immutable',
      ])
    }
    expect((await at.browser().get('/assets/lethe.css?v=old')).headers.get('Cache-Control')).toBe('no-cache')
    expect((await at.browser().get('/assets/..%2f..%2fpackage.json')).status).toBe(404)
  })
})

describe('a form', () => {
  it('from another site is refused, whatever it carries', async () => {
    const visitor = at.browser()
    await visitor.get('/en/ask/access')
    const forged = await visitor.post(
      '/en/ask/access',
      { email: 'a@b.example' },
      { Origin: 'https://evil.example' },
    )
    expect(forged.status).toBe(403)
    expect(wordsOf(forged)).toContain('This form is too old')
  })

  it('without the token of its session is refused', async () => {
    const visitor = at.browser()
    await visitor.get('/en/ask/access')
    expect((await visitor.post('/en/ask/access', { email: 'a@b.example', form_token: '' })).status).toBe(403)
    const other = at.browser()
    await other.get('/en/ask/access')
    expect(
      (await visitor.post('/en/ask/access', { email: 'a@b.example', form_token: other.token })).status,
    ).toBe(403)
    expect((await visitor.post('/en/ask/access', { email: 'a@b.example' })).status).toBe(303)
  })

  it('that is too large is refused with words, told or not how large it is', async () => {
    const visitor = at.browser()
    await visitor.get('/nl/ask/access')
    const answer = await visitor.post('/nl/ask/access', { email: 'x'.repeat(maxFormBytes) })
    expect(answer.status).toBe(413)
    expect(wordsOf(answer)).toContain('Dat was te lang')
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(8192).fill(97))
      },
    })
    const streamed = await at.web.request('http://localhost:8080/nl/ask/access', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { Origin: 'http://localhost:8080', 'Content-Type': 'application/x-www-form-urlencoded' },
    } as RequestInit)
    expect(streamed.status).toBe(413)
  })

  it('that is no form is refused', async () => {
    const visitor = at.browser()
    await visitor.get('/en/return')
    const json = await visitor.post('/en/return', {}, { 'Content-Type': 'application/json' })
    expect(json.status).toBe(400)
  })
})

describe('errors', () => {
  it('are pages for people and problem details for programs', async () => {
    const page = await at.browser().get('/da/ingenting')
    expect(page.status).toBe(404)
    expect(wordsOf(page)).toContain('Den side findes ikke')
    const problem = await at.browser().get('/da/ingenting', { Accept: 'application/json' })
    expect(problem.headers.get('Content-Type')).toBe('application/problem+json')
    expect(JSON.parse(problem.text)).toMatchObject({
      type: 'urn:lethe:problem:not_found',
      status: 404,
      code: 'not_found',
    })
  })

  it('say nothing of what broke inside', async () => {
    await at.app.db.session((session) => session.exec('drop table officer_session'))
    const visitor = at.browser()
    visitor.cookies.set('lethe-console', 'x'.repeat(43))
    const page = await visitor.get('/console')
    expect(page.status).toBe(500)
    expect(page.text).not.toMatch(/officer_session|select|sqlite|relation/i)
  })
})
