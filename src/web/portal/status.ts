import type { Context } from 'hono'
import { withdraw } from '../../requests/close.ts'
import { endSession } from '../../requests/session.ts'
import type { RequestFile } from '../../requests/show.ts'
import type { Status } from '../../requests/types.ts'
import { act } from '../deps.ts'
import { day, moment, withoutTokens } from '../format.ts'
import { tokenField } from '../forms.ts'
import { badge, facts, type Html, html, notice } from '../html.ts'
import { type PortalKit, type Speech, speechOf, visitForm, visitor } from './env.ts'
import { back, page } from './frame.ts'
import { ownFile, overPage } from './person.ts'

/** Where her request stands: steps, dates and how they came about, what we wrote, and the ways out. */
export const statusPage = (kit: PortalKit) => async (c: Context) => {
  const file = await ownFile(kit, c)
  if (!file) return overPage(kit, c)
  const speech = speechOf(c)
  const w = speech.words.status
  const token = tokenField(kit.visits.formToken(kit.visits.read(c)))
  const main = html`<div class="column"><h1>${w.title}</h1>
    ${facts([
      [w.reference, html`<span class="reference">${file.reference}</span>`],
      [w.asked, speech.words.review[file.right]],
      [w.received, moment(file.receivedAt, file.clock.timezone, speech.language)],
      ...(isOver(file.status) || file.answeredAt ? [] : [[w.due, dueOf(file, speech)] as const]),
    ])}
    ${stepsOf(file, speech)}
    ${file.answeredAt && !['closed', 'withdrawn'].includes(file.status) ? html`<div class="actions"><a class="button" href="${speech.base}/answer">${w.answer}</a></div>` : ''}
    <section><h2>${w.identities}</h2>${identitiesOf(file, kit, c, speech)}</section>
    <section><h2>${w.messages}</h2>${messagesOf(file, speech)}</section>
    ${receiptPart(file, speech)}
    ${authorityOf(kit, file, speech)}
    <div class="actions">${isWithdrawable(file.status) ? html`<a class="button button-quiet" href="${speech.base}/status/withdraw">${w.withdraw}</a>` : ''}
    <form method="post" action="${speech.base}/status/leave">${token}<button class="button-quiet">${w.signOut}</button></form></div>
    <p class="small">${w.signOutHint}</p></div>`
  return c.html(page(kit, speech, { title: w.title, main }))
}

const isOver = (status: Status): boolean =>
  status === 'closed' || status === 'refused' || status === 'withdrawn'
const isWithdrawable = (status: Status): boolean =>
  ['unverified', 'searching', 'to-decide', 'to-approve', 'attention'].includes(status)

function dueOf(file: RequestFile, { words, language }: Speech): Html {
  const { clock } = file
  const steps = clock.steps.filter((step) => step.rule !== 'target' && step.rule !== 'hard')
  return html`<div class="due"><strong>${day(clock.dueDate, language)}</strong></div>
    ${clock.overdue ? notice('soon', html`<p>${words.status.overdue}</p>`) : ''}
    <details><summary>${words.status.dueWhy}</summary><ol class="arithmetic">${steps.map(
      (step) => html`<li>${words.clock[step.rule]}: ${day(step.date, language)}</li>`,
    )}</ol></details>`
}

/** How far along each status is. */
const reached: Readonly<Record<Status, number>> = {
  unverified: 1,
  searching: 2,
  'to-decide': 3,
  'to-approve': 3,
  attention: 3,
  fulfilling: 4,
  ready: 5,
  closed: 6,
  refused: 5,
  withdrawn: 0,
}

function stepsOf(file: RequestFile, { words }: Speech): Html {
  const w = words.status
  if (file.status === 'withdrawn' || file.status === 'refused')
    return notice('quiet', html`<p>${w.nowText[file.status]}</p>`)
  const { steps } = w
  const names = [
    steps.received,
    steps.confirmed,
    steps.searching,
    steps.review,
    steps.doing[file.right],
    steps.ready,
  ]
  const now = reached[file.status]
  return html`<ol class="steps">${names.map((name, i) => {
    const state = i < now ? 'done' : i === now ? 'now' : 'later'
    return html`<li class="step-${state}"${state === 'now' ? html` aria-current="step"` : ''}><span class="step-name">${name}</span>
      <span class="sr-only">(${w.states[state]})</span>${state === 'now' ? html`<small>${w.nowText[file.status]}</small>` : ''}</li>`
  })}</ol>`
}

function identitiesOf(file: RequestFile, kit: PortalKit, c: Context, { words, base }: Speech): Html {
  const w = words.status
  const isFresh = kit.visits.read(c).reference === file.reference
  return html`<ul>${file.identities.map((identity) => {
    const proved = identity.verifiedAt !== null
    const hint =
      identity.kind === 'email' ? (isFresh ? html`<a href="${base}/inbox">${w.provide}</a>` : '') : w.callBack
    return html`<li>${identity.masked} ${badge(proved ? 'good' : 'quiet', proved ? w.proved : w.unproved)} ${proved ? '' : hint}</li>`
  })}</ul>`
}

function messagesOf(file: RequestFile, { words, language }: Speech): Html {
  const w = words.status
  if (file.messages.length === 0) return html`<p class="muted">${w.noMessages}</p>`
  return html`${file.messages.map((message) =>
    message.text === null
      ? html`<p>${moment(message.at, file.clock.timezone, language)}<br><small>${w.carriesCode}</small></p>`
      : html`<details><summary>${message.subject ?? ''} · ${moment(message.at, file.clock.timezone, language)}</summary><div class="card letter">${withoutTokens(message.text)}</div></details>`,
  )}`
}

/** Once it is over or answered: proof of that, for her to keep and check. */
function receiptPart(file: RequestFile, { words, base }: Speech): Html {
  if (!isOver(file.status) && !file.answeredAt) return html``
  const w = words.status
  return html`<section><h2>${w.receipt}</h2><p>${w.receiptText}</p>
    <div class="actions"><a class="button button-quiet" href="${base}/receipt">${w.receiptButton}</a>
    <a class="button button-quiet" href="${base}/verify">${w.verifyButton}</a></div></section>`
}

function authorityOf(kit: PortalKit, file: RequestFile, { words }: Speech): Html {
  const { authority } = kit.deps.requests.regimes.regime(file.regime)
  return html`<section><h2>${words.status.complain}</h2><p>${words.status.complainText}</p>
    <p><a href="${authority.url}" rel="noreferrer">${authority.name}</a><br>${authority.address.join(', ')}<br>${authority.phone}</p></section>`
}

export const withdrawPage = (kit: PortalKit) => async (c: Context) => {
  const file = await ownFile(kit, c)
  if (!file) return overPage(kit, c)
  const speech = speechOf(c)
  const w = speech.words.withdraw
  const token = tokenField(kit.visits.formToken(kit.visits.read(c)))
  const main = html`<div class="column">${back(speech, '/status')}<h1>${w.title}</h1><p class="lead">${w.text(file.reference)}</p>
    <div class="actions"><form method="post">${token}<button class="button-grave">${w.yes}</button></form>
    <a class="button" href="${speech.base}/status">${w.no}</a></div></div>`
  return c.html(page(kit, speech, { title: w.title, main }))
}

export const takeWithdrawal = (kit: PortalKit) => async (c: Context) => {
  await visitForm(kit, c)
  const file = await ownFile(kit, c)
  if (!file) return overPage(kit, c)
  const { reference } = file
  await act(kit.deps, { kind: 'person', id: reference }, (ctx) =>
    withdraw(ctx, { reference }, kit.deps.requests),
  )
  return c.redirect(`${speechOf(c).base}/status`, 303)
}

/** Leaves for good: on a shared computer the next person finds nothing. */
export const leave = (kit: PortalKit) => async (c: Context) => {
  await visitForm(kit, c)
  for (const name of ['status', 'download']) {
    const session = kit.jar.get(c, name)
    if (session !== undefined) await act(kit.deps, visitor, (ctx) => endSession(ctx, { session }))
    kit.jar.drop(c, name)
  }
  kit.jar.drop(c, 'visit')
  return c.redirect(speechOf(c).base || '/', 303)
}
