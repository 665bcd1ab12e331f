import type { ExportField } from '../model.ts'
import { type Html, html } from './html.ts'
import type { PageCollection, PageContent, Writing } from './writing.ts'
import type { PreviewRow, PreviewValue } from './preview.ts'

const maxMedia = 200

/** Her data, system by system, in the order of the information above; a system nobody described comes last. */
export function* dataSection(w: Writing, content: PageContent): Generator<string> {
  const { texts } = w
  yield html`<section id="data"><h2>${texts.dataTitle}</h2><p>${texts.dataIntro}</p>`.markup
  const described = content.head.article15.systems
  const stores = new Set([...described.map((s) => s.store), ...content.collections.map((c) => c.entry.store)])
  for (const store of stores) {
    const collections = content.collections.filter((c) => c.entry.store === store)
    if (collections.length === 0) continue
    const system = described.find((s) => s.store === store)
    yield html`<h3>${system ? w.words(system.title) : store}</h3>`.markup
    for (const collection of collections) yield* collectionPart(w, collection)
  }
  yield '</section>\n'
}

function* collectionPart(w: Writing, { collection, entry, rows }: PageCollection): Generator<string> {
  const { texts, number } = w
  yield html`<h4>${w.words(collection.title)}</h4>
<p class="note">${entry.rows > 0 ? texts.records(number(entry.rows), w.plural(entry.rows)) : texts.noRecords}
${rows.length < entry.rows ? html`<br>${texts.firstOf(number(rows.length), number(entry.rows))}` : undefined}
${entry.rows > 0 ? html`<br>${texts.files} ${fileLink(entry.json, entry.json)}, ${fileLink(entry.csv, entry.csv)}` : undefined}</p>`
    .markup
  const media = new Map(entry.media.map((medium) => [medium.name, medium.path]))
  if (rows.length > 0) yield '<ol class="rows">\n'
  for (const [i, row] of rows.entries()) yield rowPart(w, row, i + 1, media).markup
  if (rows.length > 0) yield '</ol>\n'
  if (entry.media.length > 0) yield mediaPart(w, entry.media).markup
}

function rowPart(w: Writing, row: PreviewRow, i: number, media: ReadonlyMap<string, string>): Html {
  const { texts } = w
  return html`<li><p class="note">${texts.record(w.number(i))} · ${texts.links[row.link]}</p>
${
  row.values.length > 0
    ? html`<dl>${row.values.map((v) => valuePart(w, v, media))}</dl>`
    : html`<p>${texts.emptyRecord}</p>`
}
${row.hiddenIn.length > 0 ? html`<p class="note">${texts.hidden} ${row.hiddenIn.map((f) => titleOf(w, f)).join(', ')}</p>` : undefined}</li>
`
}

// dir=auto also keeps a right-to-left text, or a direction character in it, from turning what follows.
function valuePart(w: Writing, { field, text, cut }: PreviewValue, media: ReadonlyMap<string, string>): Html {
  const path = media.get(text)
  return html`<div><dt>${titleOf(w, field)}</dt><dd dir="auto">${path === undefined ? text : fileLink(path, text)}${cut ? w.texts.cut : undefined}</dd></div>
`
}

const titleOf = (w: Writing, field: ExportField): string =>
  field.title ? w.words(field.title) : field.name.replaceAll('_', ' ')

const fileLink = (path: string, title: string): Html =>
  html`<a href="${path.split('/').map(encodeURIComponent).join('/')}">${title}</a>`

function mediaPart({ texts, number }: Writing, media: PageCollection['entry']['media']): Html {
  return html`<p class="note">${texts.media(number(media.length))}</p>
<ul>${media.slice(0, maxMedia).map((m) => html`<li dir="auto">${fileLink(m.path, m.name)}</li>`)}</ul>
${media.length > maxMedia ? html`<p class="note">${texts.moreMedia}</p>` : undefined}`
}
