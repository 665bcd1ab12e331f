import type { Context } from 'hono'
import { isLetheError } from '../../base/errors.ts'
import { inLanguage } from '../../base/words.ts'
import { article15 } from '../../datamap/article15.ts'
import type { PlanStep } from '../../engine/order/show.ts'
import { handOver } from '../../export/open-package.ts'
import { confirmCode } from '../../requests/confirm.ts'
import { sendDownloadCode } from '../../requests/send-code.ts'
import type { RequestFile } from '../../requests/show.ts'
import { act } from '../deps.ts'
import { moment, number, size, withoutTokens } from '../format.ts'
import { tokenField } from '../forms.ts'
import { facts, field, type Html, html, notice, table } from '../html.ts'
import type { ProblemStatus } from '../problem.ts'
import { type PortalKit, type Speech, speechOf, visitForm, visitor } from './env.ts'
import { back, page } from './frame.ts'
import { keepSession, refusal } from './inbox.ts'
import { downloadFile, ownFile, overPage } from './person.ts'
import { unsaid } from './visit.ts'
import { zip } from '../zip.ts'

interface Wrong {
  readonly text: string
  readonly status: ProblemStatus
}

/** The answer: what was found and the download, or what was erased and what stays. */
export const answerPage = (kit: PortalKit) => async (c: Context, wrong?: Wrong) => {
  const file = await ownFile(kit, c)
  if (!file) return overPage(kit, c)
  const speech = speechOf(c)
  if (!file.answeredAt) return c.redirect(`${speech.base}/status`, 303)
  const w = speech.words.answer
  const title = w[file.right]
  const main = html`<div class="column">${back(speech, '/status')}<h1>${title}</h1>
    ${file.right === 'access' ? await copyPart(kit, c, file, speech, wrong) : erasedPart(kit, file, speech)}
    ${letterPart(file, speech)}</div>`
  return c.html(page(kit, speech, { title, main, error: wrong?.text }), wrong?.status ?? 200)
}

async function copyPart(
  kit: PortalKit,
  c: Context,
  file: RequestFile,
  speech: Speech,
  wrong?: Wrong,
): Promise<Html> {
  const w = speech.words.answer
  const pack = file.package
  if (!pack || pack.destroyedAt !== null || pack.expiresAt <= kit.deps.clock.now())
    return notice('quiet', html`<p>${w.goneText}</p>`, w.gone)
  return html`<p class="lead">${w.accessText}</p>
    ${facts([
      [w.size, size(pack.bytes, speech.language)],
      [w.until, moment(pack.expiresAt, file.clock.timezone, speech.language)],
      [w.hash, html`<code>${pack.sha256}</code><br><small>${w.hashHint}</small>`],
    ])}
    ${await downloadPart(kit, c, file, speech, wrong)}
    <section><h2>${w.inside}</h2>${insidePart(kit, file, speech)}</section>`
}

/** She confirms once more: a code that opens the download for a quarter of an hour. */
async function downloadPart(
  kit: PortalKit,
  c: Context,
  file: RequestFile,
  { words, base }: Speech,
  wrong?: Wrong,
): Promise<Html> {
  const w = words.answer
  const open = await downloadFile(kit, c)
  if (open?.reference === file.reference)
    return html`<div class="actions"><a class="button" href="${base}/answer/download">${w.download}</a></div><p class="small">${w.openFor}</p>`
  const visit = kit.visits.read(c)
  const token = tokenField(kit.visits.formToken(visit))
  const to =
    file.identities.find((identity) => identity.kind === 'email' && identity.verifiedAt)?.masked ?? ''
  if (visit.said !== 'download-code' && wrong === undefined)
    return html`<section class="card"><h2>${w.once}</h2><p>${w.onceText(to)}</p>
      <form method="post" action="${base}/answer/code">${token}<div class="actions"><button>${w.onceButton}</button></div></form></section>`
  const input = {
    name: 'code',
    label: w.codeLabel,
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: 12,
  } as const
  return html`<section class="card"><h2>${w.once}</h2><p role="status">${w.codeSent(to)}</p>
    <form method="post" action="${base}/answer/open" novalidate>${token}${field({ ...input, error: wrong?.text })}<div class="actions"><button>${w.codeButton}</button></div></form>
    <form method="post" action="${base}/answer/code">${token}<button class="button-quiet" data-wait="60">${words.inbox.again}</button></form></section>`
}

/** Article 15(1) in short, for the systems in which something was found; the package says all of it. */
function insidePart(kit: PortalKit, file: RequestFile, { words, language }: Speech): Html {
  const w = words.answer
  const steps = (file.plan?.steps ?? []).filter((step) => step.action !== 'decide' && step.found > 0)
  const collections = new Set(
    steps.map((step) => collectionOf(kit, step)?.id).filter((id) => id !== undefined),
  )
  return html`${article15(kit.deps.map, { collections, periods: kit.deps.periods }).map((system) => {
    const found = steps
      .filter((step) => step.store === system.store)
      .reduce((sum, step) => sum + step.found, 0)
    const list = (all: readonly Parameters<typeof inLanguage>[0][]) =>
      all.map((one) => inLanguage(one, language)).join('; ')
    const rows: [string, string][] = [
      [w.purpose, list(system.purposes)],
      [w.basis, list(system.bases)],
      [w.recipients, list(system.recipients)],
      [w.source, list(system.sources)],
    ]
    return html`<details open><summary>${inLanguage(system.title, language)} · ${w.records(number(found, language))}</summary>
      <p>${list(system.categories)}</p>${facts(rows.filter(([, text]) => text !== ''))}</details>`
  })}`
}

function erasedPart(kit: PortalKit, file: RequestFile, { words, language }: Speech): Html {
  const w = words.answer
  const rows = (file.plan?.steps ?? [])
    .filter((step) => step.found > 0)
    .map((step) => {
      const collection = collectionOf(kit, step)
      const why =
        step.kept > 0
          ? collection?.keep
            ? inLanguage(collection.keep.because, language)
            : (step.ground ?? '')
          : ''
      const done = step.action === 'delete' ? step.done : 0
      return [
        collection ? inLanguage(collection.title, language) : step.collection,
        number(done, language),
        number(step.action === 'delete' ? 0 : step.done, language),
        number(step.kept, language),
        why,
      ]
    })
  return table(w.erasure, [w.what, w.erased, w.anonymised, w.keptCount, w.ground], rows, w.keptNone)
}

const collectionOf = (kit: PortalKit, step: Pick<PlanStep, 'collectionId'>) =>
  kit.deps.map.collections.get(step.collectionId)

function letterPart(file: RequestFile, { words }: Speech): Html {
  const letter = file.messages.findLast((message) => message.text !== null)
  if (!letter) return html``
  return html`<section><h2>${words.answer.letter}</h2><div class="card letter">${withoutTokens(letter.text ?? '')}</div></section>`
}

export const askDownloadCode = (kit: PortalKit) => async (c: Context) => {
  const { visit } = await visitForm(kit, c)
  const file = await ownFile(kit, c)
  if (!file) return overPage(kit, c)
  const { base, words } = speechOf(c)
  await kit.limiter.take(c, 'mail')
  try {
    await act(kit.deps, visitor, (ctx) =>
      sendDownloadCode(ctx, { reference: file.reference }, kit.deps.requests),
    )
  } catch (error) {
    if (!isLetheError(error, 'too_many')) throw error
    return answerPage(kit)(c, { text: words.refusals.wait, status: 429 })
  }
  kit.visits.write(c, { ...visit, said: 'download-code' })
  return c.redirect(`${base}/answer`, 303)
}

export const openDownload = (kit: PortalKit) => async (c: Context) => {
  const { form, visit } = await visitForm(kit, c)
  const file = await ownFile(kit, c)
  if (!file) return overPage(kit, c)
  const speech = speechOf(c)
  await kit.limiter.take(c, 'try')
  const input = { reference: file.reference, code: form.text('code'), purpose: 'download' } as const
  const confirmed = await act(kit.deps, visitor, (ctx) => confirmCode(ctx, input, kit.deps.requests))
  if (!confirmed.ok) return answerPage(kit)(c, refusal(speech, confirmed))
  keepSession(kit, c, confirmed)
  kit.visits.write(c, unsaid(visit))
  return c.redirect(`${speech.base}/answer`, 303)
}

/** The plain ZIP, streamed over TLS; noted in the ledger before the first byte. */
export const download = (kit: PortalKit) => async (c: Context) => {
  const file = await downloadFile(kit, c)
  if (!file) return overPage(kit, c)
  const { package: pack, reference } = file
  if (!pack) return c.redirect(`${speechOf(c).base}/answer`, 303)
  const opened = await act(kit.deps, { kind: 'person', id: reference }, (ctx) =>
    handOver(ctx, { folder: kit.deps.packages, id: pack.id, how: 'download' }),
  ).catch((error: unknown) => {
    if (isLetheError(error, 'expired')) return undefined
    throw error
  })
  if (!opened) return answerPage(kit)(c, { text: speechOf(c).words.answer.goneText, status: 410 })
  return zip(c, await opened.stream(), opened)
}
