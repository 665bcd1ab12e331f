import type { Change, Edit } from './edit.ts'
import { entity } from './entities.ts'
import { Reading, respell } from './written.ts'

/**
 * Edits of what a page says and of the values of its attributes. Tags stay where they stand: a name that is part bold loses its
 * letters, not its tags. Text goes on through a tag inside a line, and ends at one that ends it. Any text is HTML to a browser.
 */
export function htmlEdits(html: string, change: Change): Edit[] {
  const page: Page = { html, change, edits: [], reading: new Reading(html) }
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    const end = open < 0 ? html.length : open
    readEntities(page.reading, html, at, end)
    at = open < 0 ? end : markup(page, open)
  }
  endOfText(page)
  return page.edits
}

interface Page {
  readonly html: string
  readonly change: Change
  readonly edits: Edit[]
  reading: Reading
}

const value = { path: [], role: 'value' } as const

/** Reads what begins with a `<`, and answers where it ends. */
function markup(page: Page, open: number): number {
  const { html } = page
  if (html.startsWith('<!--', open)) return raw(page, open + 4, '-->')
  tagName.lastIndex = open
  const name = tagName.exec(html)?.[2]?.toLowerCase()
  // A text may hold a page of its own, which is read with the same pattern.
  const behind = tagName.lastIndex
  if (name === undefined) {
    if (/[!?/]/.test(html.charAt(open + 1))) return raw(page, open + 2, '>')
    page.reading.plain(open, open + 1)
    return open + 1
  }
  if (!inline.has(name)) endOfText(page)
  const end = attributes(page, behind)
  return html[open + 1] !== '/' && (name === 'script' || name === 'style') ? raw(page, end, `</${name}`) : end
}

const tagName = /<(\/?)([a-z][a-z\d:-]*)(?=[\s/>]|$)/iy

/** Tags inside a line of text. */
const inline = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr o:p q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)

/** Comments, scripts: no entities in there. Answers where the closing sign begins, or the page ends. */
function raw(page: Page, from: number, close: string): number {
  const found = indexOfAnyCase(page.html, close, from)
  const end = found < 0 ? page.html.length : found
  const reading = new Reading(page.html)
  reading.plain(from, end)
  const written = reading.written()
  if (written.text !== '') page.edits.push(...respell(written, page.change(written.text, value), tame))
  return close.startsWith('</') ? end : end + close.length
}

/** In a comment or script nothing may end it. */
const tame = (text: string): string => text.replace(/[<>]/g, '')

function indexOfAnyCase(text: string, what: string, from: number): number {
  const pattern = new RegExp(what.replace(/[^\w]/g, '\\$&'), 'gi')
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? -1
}

const attribute = /[\s/]*([^\s=>/][^\s=>/]*)?(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?/y

/** Reads the attributes of a tag; answers where it ends. A tag that never ends is read to the end of the page. */
function attributes(page: Page, from: number): number {
  const { html } = page
  let at = from
  while (at < html.length && html[at] !== '>') {
    attribute.lastIndex = at
    const hit = attribute.exec(html)
    const text = hit?.[2] ?? hit?.[3] ?? hit?.[4]
    const end = Math.max(attribute.lastIndex, at + 1)
    if (hit && text !== undefined && text !== '') {
      const last = end - (hit[4] === undefined ? 1 : 0)
      const reading = new Reading(html)
      readEntities(reading, html, last - text.length, last)
      const written = reading.written()
      page.edits.push(...respell(written, page.change(written.text, value), escaped))
    }
    at = end
  }
  return Math.min(at + 1, html.length)
}

function endOfText(page: Page): void {
  const written = page.reading.written()
  page.reading = new Reading(page.html)
  if (written.text.trim() === '') return
  page.edits.push(...respell(written, page.change(written.text, value), escaped))
}

/** Right in a text and in an attribute, with quotes around it or without. */
const escaped = (text: string): string =>
  text.replace(/[&<>"'`=\s]/g, (sign) => (/[ \n]/.test(sign) ? sign : `&#${sign.charCodeAt(0)};`))

function readEntities(reading: Reading, html: string, from: number, to: number): void {
  let at = from
  for (let amp = html.indexOf('&', from); amp >= 0 && amp < to; amp = html.indexOf('&', amp + 1)) {
    reference.lastIndex = amp
    const hit = reference.exec(html)
    const text = hit?.[1] && entity(hit[1])
    if (!hit || text === undefined || text === '' || reference.lastIndex > to) continue
    reading.plain(at, amp)
    at = reference.lastIndex
    reading.atom(text, amp, at)
  }
  reading.plain(at, to)
}

const reference = /&(#x[\da-f]{1,8}|#\d{1,9}|[a-z][a-z\d]{1,31});?/iy
