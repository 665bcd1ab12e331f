import type { Context } from 'hono'
import { isLetheError } from '../../base/errors.ts'
import { sendStatusLink } from '../../requests/send-code.ts'
import { act } from '../deps.ts'
import { tokenField } from '../forms.ts'
import { field, html } from '../html.ts'
import { type PortalKit, speechOf, visitForm, visitor } from './env.ts'
import { back, page } from './frame.ts'

/** The way back to a request: by its reference, to the address it knows. */
export const returnPage = (kit: PortalKit) => (c: Context, error?: string) => {
  const speech = speechOf(c)
  const w = speech.words.return
  const input = { name: 'reference', label: w.label, hint: w.hint, maxlength: 20, autocomplete: 'off' }
  const main = html`<div class="column">${back(speech, '/')}<h1>${w.title}</h1><p class="lead">${w.text}</p>
    <form method="post" novalidate>${tokenField(kit.visits.formToken(kit.visits.read(c)))}${field({ ...input, error })}
      <div class="actions"><button>${w.send}</button></div></form></div>`
  return c.html(page(kit, speech, { title: w.title, main, error }), error === undefined ? 200 : 400)
}

/** Says the same for every reference: known, unknown, mailed a moment ago. */
export const askLink = (kit: PortalKit) => async (c: Context) => {
  const { form } = await visitForm(kit, c)
  const speech = speechOf(c)
  const reference = form.text('reference')
  if (reference === '') return returnPage(kit)(c, speech.words.return.missing)
  await kit.limiter.take(c, 'mail')
  await act(kit.deps, visitor, (ctx) => sendStatusLink(ctx, { reference }, kit.deps.requests)).catch(
    (error: unknown) => {
      if (!isLetheError(error, 'too_many') && !isLetheError(error, 'conflict')) throw error
    },
  )
  return c.redirect(`${speech.base}/return/sent`, 303)
}

export const linkSent = (kit: PortalKit) => (c: Context) => {
  const speech = speechOf(c)
  const w = speech.words.return
  const main = html`<div class="column"><h1>${w.done}</h1><p class="lead">${w.doneText}</p><div class="actions"><a href="${speech.base || '/'}">${speech.words.frame.home}</a></div></div>`
  return c.html(page(kit, speech, { title: w.done, main }))
}
