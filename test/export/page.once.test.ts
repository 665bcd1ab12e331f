import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { freshFolder } from '../support/ask.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import {
  collection,
  content,
  head,
  medium,
  packed,
  row,
  tickets,
  unzipped,
  words,
  writeZip,
} from './sample.ts'

const leftOut = [
  {
    store: 'helpdesk',
    collection: 'tickets',
    count: 1200,
    ground: 'rights_of_others',
    because: words('They are about a colleague.'),
  },
]
const pageOf = async (...args: Parameters<typeof content>): Promise<string> =>
  (await packed(content(...args))).get('index.html') ?? ''

describe('the page of a package', () => {
  test('the information of Article 15 comes before the data', async () => {
    const text = await pageOf([tickets()], { leftOut })
    const order = [
      'Answering your questions',
      'Hosting Co.',
      'Two years after',
      'Autoriteit Persoonsgegevens',
      'by a machine alone',
      'Printer on fire',
      '1,200',
      'They are about a colleague.',
    ]
    const places = order.map((part) => text.indexOf(part))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('what is not recorded is said to be so, never left out as if there were none', async () => {
    const text = await pageOf([], { head: head() })
    expect(text.match(/Nothing is recorded here\. Please ask us\./g)).toHaveLength(4)
    expect(text).toContain('found no personal data about you')
  })

  test('dates are those of the controller’s zone, in the language of the package', async () => {
    expect(await pageOf([tickets()])).toContain('6 March 2026')
    expect(await pageOf([tickets()], { head: head({ language: 'nl' }) })).toContain('6 maart 2026')
    expect(await pageOf([tickets()], { head: head({ language: 'da-DK' }) })).toContain('6. marts 2026')
  })

  test.each([
    ['nl', 'Een kopie van uw persoonsgegevens', 'Onderwerp', 'Uw vragen beantwoorden'],
    ['da', 'En kopi af dine personoplysninger', 'Emne', 'Besvare spørgsmål'],
    ['en', 'A copy of your personal data', 'Subject', 'Answering your questions'],
    ['fr', 'A copy of your personal data', 'Subject', 'Answering your questions'],
  ])('in %s it is written in the person’s language', async (language, ...texts) => {
    const text = await pageOf([tickets()], { head: head({ language }) })
    expect(text).toContain(`<html lang="${language === 'fr' ? 'en' : language}">`)
    for (const part of texts) expect(text).toContain(part)
  })

  test('values cannot become markup, wherever they stand', async () => {
    const evil = `"'><script>alert(1)</script><img src=https://evil.test/x onerror=alert(1)>\u202E\0`
    const text = await pageOf(
      [
        collection([row({ [evil]: evil }, { redacted: [evil] })], {
          store: evil,
          name: evil,
          title: words(evil),
          media: [medium(evil, 'x')],
        }),
      ],
      {
        head: head({ reference: evil, controller: { name: evil, contact: [evil] } }),
        leftOut: [{ store: evil, collection: evil, count: 1, ground: evil, because: words(evil) }],
      },
    )
    expect(text).toContain('&lt;script&gt;')
    expect(text).not.toMatch(/<script|<img|\0/)
    expect(text.match(/<(?!\/)[a-z0-9]+/g)?.every((tag) => allowed.has(tag.slice(1)))).toBe(true)
    expect(text).not.toMatch(/<[^>]*(?:href|src)="(?!#|media\/|data\/)/)
  })

  test('of a huge collection the first rows stand in the page, the files hold all', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => row({ id: `n${i}` }))
    const files = await packed(content([collection(rows)]))
    const text = files.get('index.html') ?? ''
    expect(text).toContain('The first 100 of 1,500 records are shown here.')
    expect(text).toContain('href="data/helpdesk/tickets.csv"')
    expect([text.includes('n99<'), text.includes('n100<')]).toEqual([true, false])
    expect(JSON.parse(files.get('data/helpdesk/tickets.json') ?? '')).toHaveLength(1500)
  })

  test('a value that names a recording leads to the file', async () => {
    const text = await pageOf([
      collection([row({ file: '2024/a b.wav' })], { media: [medium('2024/a b.wav', 'RIFF')] }),
    ])
    expect(text).toContain('<dd dir="auto"><a href="media/helpdesk/2024_a%20b.wav">2024/a b.wav</a></dd>')
  })
})

const allowed = new Set(
  'html head meta title style body header h1 h2 h3 h4 dl div dt dd nav ul ol li a main section p br table caption thead tbody tr th td'.split(
    ' ',
  ),
)

const missing = browserMissing()
describe.skipIf(missing)(`the page in a browser ${missing ?? ''}`, () => {
  test('opens from the disk, asks for nothing, and axe finds nothing, in light and dark, in every language', {
    timeout: 60_000,
  }, async () => {
    const chrome = await openBrowser()
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    try {
      for (const language of ['en', 'nl', 'da'])
        for (const colorScheme of ['light', 'dark'] as const) {
          const folder = await unpacked(language)
          const context = await chrome.newContext({ colorScheme })
          const page = await context.newPage()
          const asked: string[] = []
          const complaints: string[] = []
          page.on('request', (request) => asked.push(request.url()))
          page.on('console', (message) => complaints.push(message.text()))
          const url = pathToFileURL(join(folder, 'index.html')).href
          await page.goto(url)
          expect(asked).toEqual([url])
          expect(complaints).toEqual([])
          expect(await page.title()).toContain('R-7K3M-9QTX')
          expect(
            await page.evaluate(`getComputedStyle(document.querySelector('ol.rows > li')).borderTopStyle`),
          ).toBe('solid')
          const found = (await page.evaluate(
            `${axe}; axe.run({ runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] })`,
          )) as {
            violations: { id: string; nodes: { html: string }[] }[]
          }
          expect(found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])).toEqual([])
          await context.close()
        }
    } finally {
      await chrome.close()
    }
  })
})

async function unpacked(language: string): Promise<string> {
  const folder = freshFolder()
  const files = await unzipped(await writeZip(content([tickets()], { leftOut, head: head({ language }) })))
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}
