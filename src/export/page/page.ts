import { createHash } from 'node:crypto'
import type { LeftOut, PackageHead } from '../model.ts'
import { css } from './css.ts'
import { dataSection } from './data.ts'
import { type Html, html, raw } from './html.ts'
import { informationSection } from './information.ts'
import { contactLines, type PageContent, type Writing, writingFor } from './writing.ts'

/** `index.html`, piece by piece: opens offline, asks for nothing outside, runs nothing. */
export function* page(content: PageContent): Generator<string> {
  const w = writingFor(content.head)
  const { texts } = w
  const style = createHash('sha256').update(css).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`
  yield html`<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title} · ${content.head.reference}</title>
<style>${raw(css)}</style>
</head>
<body>
${header(w, content.head)}
<main>
${informationSection(w, content)}
`.markup
  yield* dataSection(w, content)
  yield html`${leftOutSection(w, content)}
${filesSection(w)}
</main>
</body>
</html>
`.markup
}

function header({ texts, date }: Writing, head: PackageHead): Html {
  const sections = [
    ['information', texts.informationTitle],
    ['data', texts.dataTitle],
    ['left-out', texts.leftOutTitle],
    ['files', texts.filesTitle],
  ] as const
  return html`<header>
<h1>${texts.title}</h1>
<dl>
<div><dt>${texts.reference}</dt><dd>${head.reference}</dd></div>
<div><dt>${texts.received}</dt><dd>${date(head.receivedAt)}</dd></div>
<div><dt>${texts.made}</dt><dd>${date(head.createdAt)}</dd></div>
<div><dt>${texts.from}</dt><dd>${head.controller.name}</dd></div>
<div><dt>${texts.contact}</dt><dd>${contactLines(head.controller)}</dd></div>
</dl>
<nav aria-label="${texts.contents}"><ul>${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>`
}

function leftOutSection(w: Writing, { leftOut, collections, head }: PageContent): Html {
  const { texts } = w
  const system = (store: string): string => {
    const known = head.article15.systems.find((s) => s.store === store)
    return known ? w.words(known.title) : store
  }
  const what = (item: LeftOut): string => {
    const known = collections.find((c) => c.entry.store === item.store && c.entry.name === item.collection)
    return known?.entry.title ?? item.collection ?? ''
  }
  const rows = leftOut.map(
    (item) => html`<tr><td>${system(item.store)}</td><td>${what(item)}</td><td>${w.number(item.count)}</td>
<td>${texts.grounds[item.ground] ?? item.ground.replaceAll('_', ' ')}: ${w.words(item.because)}</td></tr>`,
  )
  const table = html`<div class="scroll" role="region" tabindex="0" aria-label="${texts.leftOutCaption}"><table><caption>${texts.leftOutCaption}</caption>
<thead><tr><th scope="col">${texts.system}</th><th scope="col">${texts.what}</th><th scope="col">${texts.count}</th><th scope="col">${texts.why}</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
  return html`<section id="left-out"><h2>${texts.leftOutTitle}</h2>
${leftOut.length > 0 ? table : html`<p>${texts.leftOutNothing}</p>`}
</section>`
}

const filesSection = ({ texts }: Writing): Html =>
  html`<section id="files"><h2>${texts.filesTitle}</h2><ul>${texts.filesHelp.map((line) => html`<li>${line}</li>`)}</ul></section>`
