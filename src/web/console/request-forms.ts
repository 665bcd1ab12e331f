import type { PlanStep } from '../../engine/order/show.ts'
import { groundsFor, lawFamily } from '../../requests/grounds.ts'
import type { RequestFile } from '../../requests/show.ts'
import { type Form, tokenField } from '../forms.ts'
import { choices, type Content, field, type Html, html, notice, select, textarea } from '../html.ts'
import { can, type ConsoleContext } from './env.ts'

/** What was typed into which form before a verb refused it, so that nothing is typed twice. */
export interface Typed {
  readonly verb: string
  readonly form: Form
  /** The letters that this would send. */
  readonly letters?: readonly { readonly subject: string; readonly text: string }[] | undefined
}

const kept = (typed: Typed | undefined, verb: string, name: string, fallback = ''): string =>
  typed?.verb === verb ? typed.form.text(name) : fallback

function verbForm(c: ConsoleContext, file: RequestFile, verb: string, inside: Content): Html {
  return html`<form method="post" action="/console/requests/${file.reference}/${verb}">${tokenField(c.var.signedIn.formToken)}${inside}</form>`
}

/** Grant, grant in part, refuse; with the ground and the words she will read. */
export function decideForm(
  c: ConsoleContext,
  file: RequestFile,
  pack: string,
  typed: Typed | undefined,
): Html {
  const early = ['unverified', 'searching', 'attention'].includes(file.status)
  if (!can(c, 'request.decide') || (file.status !== 'to-decide' && !early) || file.decision) return html``
  const value = (name: string, fallback = '') => kept(typed, 'decide', name, fallback)
  const outcomes = [
    {
      value: 'grant',
      label: 'Grant',
      hint:
        file.right === 'erasure'
          ? 'A second officer approves the plan before anything is erased.'
          : 'The package is made and the answer goes out.',
    },
    {
      value: 'part',
      label: 'Grant in part',
      hint: 'Some of it is left out of the copy, or kept by the data map, on a ground.',
    },
    {
      value: 'refuse',
      label: 'Refuse',
      hint: 'The letter names the reason, the authority and the way to a court (Art. 12(4)).',
    },
  ].filter((one) => !early || one.value === 'refuse')
  const grounds = new Map(
    (['part', 'refuse'] as const)
      .flatMap((outcome) => groundsFor({ right: file.right, outcome, pack }))
      .map((ground) => [ground.id, ground]),
  )
  const form = verbForm(
    c,
    file,
    'decide',
    html`
    ${choices('radio', { name: 'outcome', label: 'Outcome' }, outcomes, [value('outcome', early ? 'refuse' : 'grant')])}
    ${select({ name: 'ground', label: 'Ground', hint: 'For a refusal or a part.', value: value('ground') }, [['', 'none'], ...[...grounds.values()].map((g) => [g.id, `${g.title.en} (${g.articles[lawFamily(pack)] ?? ''})`] as const)])}
    ${textarea({ name: 'reason', label: 'Reason, as the person reads it', hint: `In the person’s language (${file.language}). A refusal and a part need one.`, value: value('reason') })}
    ${file.right === 'access' && !early ? leaveOut(file, typed) : ''}
    <div class="actions"><button name="do" value="decide">Decide</button><button class="button-quiet" name="do" value="preview">Show the letter first</button></div>`,
  )
  const title = early
    ? html`<details><summary>Refuse now</summary>${form}</details>`
    : html`<h2>Decide</h2>${form}`
  return html`<section class="card" id="decide">${letterPreview(typed, 'decide')}${title}</section>`
}

function leaveOut(file: RequestFile, typed: Typed | undefined): Html {
  const found = new Map(
    (file.plan?.steps ?? [])
      .filter((s: PlanStep) => s.found > 0 && s.action === 'collect')
      .map((s) => [s.collectionId, s]),
  )
  if (found.size === 0) return html``
  const chosen = typed?.verb === 'decide' ? typed.form.all('leaveOut') : []
  const list = [...found.values()].map((s) => ({
    value: s.collectionId,
    label: s.collectionId,
    hint: `${s.found} rows, ${s.link}`,
  }))
  return html`<details><summary>Leave out (in part only)</summary>${choices('checkbox', { name: 'leaveOut', label: 'The package leaves out' }, list, chosen)}</details>`
}

function letterPreview(typed: Typed | undefined, verb: string): Content {
  if (typed?.verb !== verb || typed.letters === undefined) return ''
  if (typed.letters.length === 0)
    return notice(
      'quiet',
      html`<p>This sends no letter now. The letter goes out with the answer, when the work is done.</p>`,
      'Nothing was done',
    )
  return html`${typed.letters.map((letter) => notice('river', html`<p><strong>${letter.subject}</strong></p><div class="letter">${letter.text}</div>`, 'This letter would go out; nothing was done yet'))}`
}

/** The second pair of eyes: exactly the plan above, by its digest. */
export function approveForm(c: ConsoleContext, file: RequestFile, typed: Typed | undefined): Html {
  const digest = file.plan?.digest
  if (file.status !== 'to-approve' || digest === undefined) return html``
  if (!can(c, 'request.approve')) return notice('quiet', html`<p>An approver looks at the plan next.</p>`)
  if (file.decision?.by === c.var.signedIn.officer.id)
    return notice(
      'quiet',
      html`<p>You decided this request; somebody else approves its plan.</p>`,
      'A second officer is needed',
    )
  return html`<section class="card" id="approve"><h2>Approve the plan</h2>
    <p>You approve exactly the plan shown above, nothing else. If a store changes before it runs, the approval is void and you are asked again.</p>
    <p class="digest">${digest}</p>
    ${verbForm(c, file, 'approve', html`<input type="hidden" name="digest" value="${digest}"><div class="actions"><button>Approve and erase</button></div>`)}
    <details><summary>Send it back</summary>${verbForm(c, file, 'return', html`${textarea({ name: 'reason', label: 'What should be looked at again', value: kept(typed, 'return', 'reason') })}<div class="actions"><button class="button-quiet">Send back</button></div>`)}</details></section>`
}

/** A call back, a visit to the desk; never a copy of a document. */
export const verifyForm =
  (c: ConsoleContext, file: RequestFile, typed: Typed | undefined) =>
  (identityId: string): Content => {
    if (!can(c, 'request.verify') || !['unverified', 'searching', 'to-decide'].includes(file.status))
      return ''
    const identity = file.identities.find((one) => one.id === identityId)
    const mine = typed?.verb === 'verify' && typed.form.text('identity') === identityId
    return html`<details${mine ? html` open` : ''}><summary>Verify</summary>${verbForm(
      c,
      file,
      'verify',
      html`<input type="hidden" name="identity" value="${identityId}">
      <div class="field"><label for="how-${identityId}">How, and with what result</label><p class="hint" id="hint-${identityId}">Such as: called back on the number on file, knew two ticket numbers. Never a document or its number.</p>
      <input id="how-${identityId}" name="how" aria-describedby="hint-${identityId}" maxlength="1000" value="${mine ? kept(typed, 'verify', 'how') : ''}"></div>
      <div class="actions"><button class="button-quiet">Note as proved</button></div>`,
    )}
    ${identity?.kind === 'email' ? verbForm(c, file, 'code', html`<input type="hidden" name="identity" value="${identityId}"><div class="actions"><button class="button-quiet">Mail a code again</button></div>`) : ''}</details>`
  }

/** Extend, ask back, withdraw, close, try again: what the state allows and the role may. */
export function workForms(c: ConsoleContext, file: RequestFile, typed: Typed | undefined): Html {
  if (!can(c, 'request.work')) return html``
  const { status } = file
  const open = ['unverified', 'searching', 'to-decide', 'to-approve', 'attention'].includes(status)
  const question = file.pauses.find((pause) => pause.endedAt === null)
  const fold = (verb: string, title: string, inside: Html) =>
    html`<details${typed?.verb === verb ? html` open` : ''}><summary>${title}</summary>${letterPreview(typed, verb)}${verbForm(c, file, verb, inside)}</details>`
  const buttons = (name: string, preview: boolean, grave = false) =>
    html`<div class="actions"><button${grave ? html` class="button-grave"` : ''} name="do" value="do">${name}</button>${preview ? html`<button class="button-quiet" name="do" value="preview">Show the letter first</button>` : ''}</div>`
  const parts = [
    status === 'attention'
      ? fold(
          'retry',
          'Try again',
          html`<p>The plan is drawn anew; an erasure is approved anew too.</p>${buttons('Try again', false)}`,
        )
      : '',
    question
      ? fold(
          'resume',
          'Note the answer',
          html`<p>${question.question}</p>${buttons('The answer is there', false)}`,
        )
      : '',
    open && !question
      ? fold(
          'pause',
          'Ask the person',
          html`${select({ name: 'kind', label: 'About', value: kept(typed, 'pause', 'kind') }, [
            ['clarification', 'which data are meant'],
            ['identity', 'proof of identity'],
            ['fee', 'a fee'],
          ])}
      ${textarea({ name: 'question', label: 'Question', hint: 'The person reads it. Whether the clock stands meanwhile, the law says.', value: kept(typed, 'pause', 'question') })}${buttons('Send the question', true)}`,
        )
      : '',
    (open || status === 'fulfilling') && !file.extension && file.clock.extensionNoticeBy !== null
      ? fold(
          'extend',
          'Extend the period',
          html`${textarea({ name: 'reason', label: 'Why it is complex', hint: 'The person reads it (Art. 12(3)). Once only, and before the notice date.', value: kept(typed, 'extend', 'reason') })}${buttons('Extend', true)}`,
        )
      : '',
    open
      ? fold(
          'withdraw',
          'The person withdraws it',
          html`${field({ name: 'reason', label: 'How we were told', value: kept(typed, 'withdraw', 'reason'), maxlength: 1000 })}${buttons('Withdraw', true, true)}`,
        )
      : '',
    status === 'ready'
      ? fold(
          'close',
          'Close',
          html`<p>The package’s key is destroyed, and the engine forgets whose data it was. It happens by itself later.</p>${buttons('Close now', false, true)}`,
        )
      : '',
    status === 'ready' && file.package && file.package.destroyedAt === null
      ? html`<details><summary>Hand the package over</summary>
      <p class="small">For mail, a transfer service or a stick: sealed with a passphrase that goes another way.</p>${verbForm(c, file, 'package', html`${field({ name: 'passphrase', label: 'Passphrase', hint: 'At least 8 characters; four random words are good.', maxlength: 200, autocomplete: 'off' })}<div class="actions"><button class="button-quiet">Download sealed</button></div>`)}</details>`
      : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? html`` : html`<section class="card"><h2>Work on it</h2>${parts}</section>`
}
