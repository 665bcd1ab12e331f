import type { Context } from 'hono'
import { isLetheError } from '../../base/errors.ts'
import { withdraw } from '../../requests/close.ts'
import { confirmCode, type Confirmed, refusalError } from '../../requests/confirm.ts'
import { sendCode } from '../../requests/send-code.ts'
import { sessionLivesMs } from '../../requests/session.ts'
import { act } from '../deps.ts'
import { tokenField } from '../forms.ts'
import { field, html, notice } from '../html.ts'
import { type ProblemStatus, problemOf } from '../problem.ts'
import { type PortalKit, type Speech, speechOf, visitForm, visitor } from './env.ts'
import { page } from './frame.ts'
import { unsaid } from './visit.ts'

interface Wrong {
  readonly text: string
  readonly status: ProblemStatus
}

/** After sending: the masked address, the code, another mail, another address. */
export const inbox = (kit: PortalKit) => (c: Context, wrong?: Wrong) => {
  const speech = speechOf(c)
  const { words, base } = speech
  const w = words.inbox
  const visit = kit.visits.read(c)
  const { reference, sentTo } = visit
  if (!reference || !sentTo) {
    const main = html`<div class="column"><h1>${w.none}</h1><p class="lead">${w.noneText}</p><div class="actions"><a class="button" href="${base}/return">${words.frame.follow}</a></div></div>`
    return c.html(page(kit, speech, { title: w.none, main }), 404)
  }
  const token = tokenField(kit.visits.formToken(visit))
  const said = visit.said === 'again' ? notice('good', html`<p role="status">${w.againDone}</p>`) : ''
  if (visit.said) kit.visits.write(c, unsaid(visit))
  const input = {
    name: 'code',
    label: w.label,
    hint: w.hint,
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
  } as const
  const main = html`<div class="column"><h1>${w.title}</h1><p class="lead">${w.sent(sentTo)}</p>${said}
    <form method="post" action="${base}/inbox/code" novalidate>${token}${field({ ...input, maxlength: 12, error: wrong?.text })}
      <div class="actions"><button>${w.confirm}</button></div></form>
    <section class="card"><h2>${w.nothing}</h2><p>${w.nothingText}</p>
      <div class="actions"><form method="post" action="${base}/inbox/again">${token}<button class="button-quiet" data-wait="60">${w.again}</button></form>
      <form method="post" action="${base}/inbox/change">${token}<button class="button-quiet">${w.change}</button></form></div></section>
    <p class="small">${w.reference}: <span class="reference">${reference}</span></p></div>`
  return c.html(page(kit, speech, { title: w.title, main, error: wrong?.text }), wrong?.status ?? 200)
}

export const takeCode = (kit: PortalKit) => async (c: Context) => {
  const { form, visit } = await visitForm(kit, c)
  const { base, words } = speechOf(c)
  const { reference } = visit
  if (!reference) return c.redirect(`${base}/inbox`, 303)
  await kit.limiter.take(c, 'try')
  const code = form.text('code')
  if (code === '') return inbox(kit)(c, { text: words.inbox.missing, status: 400 })
  const confirmed = await act(kit.deps, visitor, (ctx) =>
    confirmCode(ctx, { reference, code }, kit.deps.requests),
  )
  if (!confirmed.ok) return inbox(kit)(c, refusal(speechOf(c), confirmed))
  keepSession(kit, c, confirmed)
  return c.redirect(`${base}/status`, 303)
}

export const sendAgain = (kit: PortalKit) => async (c: Context) => {
  const { visit } = await visitForm(kit, c)
  const { base, words } = speechOf(c)
  const { reference } = visit
  if (!reference) return c.redirect(`${base}/inbox`, 303)
  await kit.limiter.take(c, 'mail')
  try {
    await act(kit.deps, visitor, (ctx) => sendCode(ctx, { reference }, kit.deps.requests))
  } catch (error) {
    if (isLetheError(error, 'conflict')) return c.redirect(`${base}/status`, 303)
    if (!isLetheError(error, 'too_many')) throw error
    return inbox(kit)(c, { text: words.refusals.wait, status: 429 })
  }
  kit.visits.write(c, { ...visit, said: 'again' })
  return c.redirect(`${base}/inbox`, 303)
}

/** A mistyped address: what was filed for it is taken back, so that nobody else's inbox decides anything. */
export const changeAddress = (kit: PortalKit) => async (c: Context) => {
  const { visit } = await visitForm(kit, c)
  const { base } = speechOf(c)
  const { reference, right } = visit
  if (reference)
    await act(kit.deps, { kind: 'person', id: reference }, (ctx) =>
      withdraw(ctx, { reference }, kit.deps.requests),
    ).catch((error: unknown) => {
      if (!isLetheError(error, 'conflict')) throw error
    })
  kit.visits.write(c, { id: visit.id, sinceMs: visit.sinceMs })
  return c.redirect(`${base}/ask/${right ?? 'access'}`, 303)
}

/** Why a code or link was not taken, in the visitor's words. */
export function refusal(
  { words }: Speech,
  { why, triesLeft }: Extract<Confirmed, { ok: false }>,
  isLink = false,
): Wrong {
  const w = words.refusals
  const text = isLink && why === 'wrong' ? w.wrongLink : w[why]
  const { status } = problemOf(refusalError({ why }))
  return {
    text: triesLeft === undefined || triesLeft === 0 ? text : `${text} ${w.triesLeft(triesLeft)}`,
    status,
  }
}

/** A session of hers: its secret is in her cookie and nowhere else. */
export function keepSession(
  kit: PortalKit,
  c: Context,
  { session, scope }: Extract<Confirmed, { ok: true }>,
): void {
  kit.jar.set(c, scope, session, sessionLivesMs[scope] / 1000)
}
