import type { Context } from 'hono'
import { type Html, html } from '../html.ts'
import { type PortalKit, speechOf } from './env.ts'
import { contact, page } from './frame.ts'

const copyIcon = html`<svg width="40" height="40" viewBox="0 0 40 40" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M9 5h14l8 8v22H9z"/><path d="M23 5v8h8"/><path d="M20 18v10m-4.500-4.500L20 28l4.500-4.500"/></svg>`
const eraseIcon = html`<svg width="40" height="40" viewBox="0 0 40 40" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 14c3.500-3 7-3 10.500 0s7 3 10.500 0 7-3 10.500 0"/><path d="M4 22c3.500-3 7-3 10.500 0s7 3 10.500 0"/><path d="M4 30c3.500-3 7-3 10.500 0"/><path d="M31 23.500h.01M21 31h.01M27 30h.01M33 30h.01"/></svg>`

/** The start: two rights that this desk carries out, the others in words, and how it goes. */
export const home = (kit: PortalKit) => (c: Context) => {
  const speech = speechOf(c)
  const { words, base } = speech
  const w = words.home
  const card = (right: 'access' | 'erasure', title: string, text: string, icon: Html) =>
    html`<section class="card-link">${icon}<h2>${title}</h2><p>${text}</p>
      <a class="button go" href="${base}/ask/${right}"><span aria-hidden="true">${w.startShort}</span><span class="sr-only">${w.start(title)}</span></a></section>`
  const main = html`<div class="hero"><h1>${w.title}</h1><p class="lead">${w.lead(kit.deps.company.name)}</p></div>
    <div class="cards">${card('access', w.access, w.accessText, copyIcon)}${card('erasure', w.erasure, w.erasureText, eraseIcon)}</div>
    <section><h2>${w.how}</h2><ol class="how">${w.howSteps.map(([head, text]) => html`<li><strong>${head}</strong><br>${text}</li>`)}</ol></section>
    <section><h2>${w.time}</h2><p class="column">${w.timeText}</p></section>
    <section><h2>${w.return}</h2><p>${w.returnText} <a href="${base}/return">${words.frame.follow}</a></p></section>
    <section><h2>${w.others}</h2><p>${w.othersText} ${contact(kit.deps)}</p>
      <ul class="rights-list">${w.rights.map(([head, text]) => html`<li><strong>${head}</strong>${text}</li>`)}</ul></section>`
  return c.html(page(kit, speech, { title: words.frame.title, main, className: 'portal-home' }))
}
