import { describe, expect, it } from 'vitest'
import { negotiate } from '../../src/web/language.ts'
import { da } from '../../src/web/portal/words/da.ts'
import { en } from '../../src/web/portal/words/en.ts'
import { nl } from '../../src/web/portal/words/nl.ts'
import { webDesk, wordsOf } from './desk.ts'

describe('the language of a page', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['da', 'da'],
    ['nl-BE, nl;q=0.8, en;q=0.5', 'nl'],
    ['fr-FR, fr;q=0.9, da;q=0.3, en;q=0.2', 'da'],
    ['en;q=0.1, nl;q=0.9', 'nl'],
    ['nl;q=0, da;q=0.4', 'da'],
    ['*', 'en'],
    ['DA-dk', 'da'],
    [';;;q=,nonsense', 'en'],
  ])('for Accept-Language %j is %s', (header, language) => {
    expect(negotiate(header)).toBe(language)
  })
})

describe('a page', () => {
  const at = webDesk()
  it('follows the browser’s language, and the address before it', async () => {
    const dutch = at.browser({ 'Accept-Language': 'nl' })
    const start = await dutch.get('/')
    expect(start.text).toContain('<html lang="nl">')
    expect(start.headers.get('Vary')).toBe('Accept-Language')
    const danish = await dutch.get('/da/ask/erasure')
    expect(danish.text).toContain('<html lang="da">')
    expect(danish.headers.get('Vary')).toBeNull()
    expect(wordsOf(danish)).toContain('Få dine data slettet')
  })

  it('keeps its language in every link and redirect', async () => {
    const visitor = at.browser()
    const page = await visitor.get('/nl/ask/access')
    const own = [...page.text.matchAll(/href="(\/[^"]*)"/g)]
      .map((m) => m[1] ?? '')
      .filter((href) => !href.startsWith('/assets'))
    expect(own.filter((href) => !/^\/(nl|en|da)(\/|$)/.test(href))).toEqual([])
    const sent = await visitor.post('/nl/ask/access', { email: 'alice@post.example' })
    expect(sent.location).toBe('/nl/ask/phone')
  })
})

describe('the catalogues', () => {
  type Leaf = { readonly path: string; readonly text: string }
  const leaves = (value: unknown, path = ''): Leaf[] => {
    if (typeof value === 'string') return [{ path, text: value }]
    if (typeof value === 'function')
      return [{ path, text: String((value as (...args: unknown[]) => unknown)(2, 4)) }]
    return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
  }
  it.each([
    ['nl', nl],
    ['da', da],
  ] as const)('%s says everything in its own words', (_, catalogue) => {
    const english = new Map(leaves(en).map(({ path, text }) => [path, text]))
    const own = leaves(catalogue)
    expect(own.map(({ path }) => path).sort()).toEqual([...english.keys()].sort())
    expect(own.filter(({ text }) => text.trim() === '')).toEqual([])
    // A long text that is the same as the English one was forgotten.
    expect(own.filter(({ path, text }) => text.length > 12 && english.get(path) === text)).toEqual([])
  })
})
