import type { Words } from '../../base/words.ts'
import type { SystemInformation } from '../model.ts'
import { type Html, html } from './html.ts'
import { contactLines, type PageContent, type Writing } from './writing.ts'

/** Art. 15(1)(a) to (h) and 15(2), before the data themselves. */
export function informationSection(w: Writing, { head, collections }: PageContent): Html {
  const { texts } = w
  const { article15 } = head
  const found = collections.some((c) => c.entry.rows > 0)
  const provision = article15.provision ? w.words(article15.provision) : texts.provision
  const rights = article15.rights?.map(w.words) ?? texts.rights
  return html`<section id="information"><h2>${texts.informationTitle}</h2>
<p>${texts.informationIntro(provision)}</p>
<p>${found ? texts.confirmed : texts.nothingFound}</p>
${article15.systems.map((system) => systemInformation(w, system))}
<h3>${texts.rightsTitle}</h3>
<ul>${rights.map((right) => html`<li>${right}</li>`)}</ul>
${
  article15.authority &&
  html`<dl><div><dt>${texts.complaint}</dt><dd>${article15.authority.name}
${contactLines(article15.authority)}</dd></div></dl>`
}
<h3>${texts.decisionsTitle}</h3>
<p>${article15.automatedDecisions ? w.words(article15.automatedDecisions) : texts.notRecorded}</p>
</section>`
}

function systemInformation(w: Writing, system: SystemInformation): Html {
  const { texts } = w
  return html`<h3>${w.words(system.title)}</h3>
<dl>
${system.onBehalfOf !== undefined ? row(texts.onBehalfOf, html`${system.onBehalfOf}`) : undefined}
${row(texts.purposes, listed(w, system.purposes))}
${row(texts.categories, listed(w, system.categories))}
${row(texts.recipients, listed(w, system.recipients))}
${row(texts.storage, listed(w, system.storage))}
${system.source && row(texts.source, listed(w, [system.source]))}
${system.transfers && row(texts.transfers, listed(w, [system.transfers]))}
</dl>`
}

const row = (title: string, content: Html): Html => html`<div><dt>${title}</dt><dd>${content}</dd></div>`

function listed(w: Writing, all: readonly Words[]): Html {
  const different = [...new Set(all.map(w.words))]
  if (different.length > 1) return html`<ul>${different.map((words) => html`<li>${words}</li>`)}</ul>`
  return html`${different[0] ?? w.texts.notRecorded}`
}
