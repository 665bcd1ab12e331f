import type { Context } from 'hono'
import { confirmLink } from '../../requests/confirm.ts'
import { act } from '../deps.ts'
import { tokenField } from '../forms.ts'
import { html } from '../html.ts'
import { type PortalKit, speechOf, visitForm, visitor } from './env.ts'
import { page } from './frame.ts'
import { keepSession, refusal } from './inbox.ts'

/** What a link in a mail opens. It looks at nothing and changes nothing: mail scanners open links, people press buttons. */
export const linkPage = (kit: PortalKit) => (c: Context) => {
  const speech = speechOf(c)
  const w = speech.words.link
  const main = html`<div class="column"><h1>${w.title}</h1><p class="lead">${w.text}</p>
    <form method="post">${tokenField(kit.visits.formToken(kit.visits.read(c)))}<div class="actions"><button>${w.button}</button></div></form>
    <p class="small">${w.not}</p></div>`
  return c.html(page(kit, speech, { title: w.title, main }))
}

export const followLink = (kit: PortalKit) => async (c: Context) => {
  await visitForm(kit, c)
  const speech = speechOf(c)
  await kit.limiter.take(c, 'try')
  const token = c.req.param('token') ?? ''
  const confirmed = await act(kit.deps, visitor, (ctx) => confirmLink(ctx, { token }, kit.deps.requests))
  if (confirmed.ok) {
    keepSession(kit, c, confirmed)
    return c.redirect(`${speech.base}/${confirmed.scope === 'download' ? 'answer' : 'status'}`, 303)
  }
  const { text, status } = refusal(speech, confirmed, true)
  const { words } = speech
  const main = html`<div class="column"><h1>${words.link.title}</h1><div class="actions">
    <a class="button" href="${speech.base}/return">${words.frame.follow}</a><a href="${speech.base || '/'}">${words.frame.home}</a></div></div>`
  return c.html(page(kit, speech, { title: words.link.title, main, error: text }), status)
}
