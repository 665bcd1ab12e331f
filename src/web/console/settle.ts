import { LetheError } from '../../base/errors.ts'
import { inLanguage } from '../../base/words.ts'
import type { RowInDoubt } from '../../engine/order/doubt.ts'
import type { Candidate, Verdict } from '../../engine/tables.ts'
import { acceptAlso, finishTask, settleRows, type Unsettled, unsettledOf } from '../../requests/settle.ts'
import { type RequestFile, showRequest } from '../../requests/show.ts'
import { shortMoment } from '../format.ts'
import { type Form, tokenField } from '../forms.ts'
import { badge, type Content, choices, facts, field, type Html, html, notice, textarea } from '../html.ts'
import { problemOf } from '../problem.ts'
import { actAs, type ConsoleContext, type ConsoleKit, can, demand, lookAs, officerForm } from './env.ts'
import { consolePage } from './frame.ts'

const referenceOf = (c: ConsoleContext): string => c.req.param('reference') ?? ''

/** Rows in doubt and records that may be the same person's, read live: an officer says whose they are. */
export const settlePage = (kit: ConsoleKit) => async (c: ConsoleContext, typed?: Form, error?: unknown) => {
  demand(c, 'request.decide')
  const reference = referenceOf(c)
  const file = await lookAs(kit, c, (ctx) => showRequest(ctx, { reference }))
  const found = await unsettledOf(kit.deps.purge, kit.deps.db, { reference })
  const main = html`<p><a href="/console/requests/${reference}">Back to the request</a></p>
    <section class="card"><h2>Whose are these?</h2>${rowsForm(c, file, found.rows)}</section>
    <section class="card"><h2>The same person?</h2>${candidatesPart(c, file, found.candidates, typed)}</section>`
  return c.html(
    consolePage(kit, c, { title: `Whose, in ${reference}`, main, error }),
    error === undefined ? 200 : problemOf(error).status,
  )
}

const verdicts: readonly (readonly [Verdict | '', string])[] = [
  ['', 'not decided'],
  ['owned', 'the person’s'],
  ['shared', 'the person’s and others’'],
  ['none', 'somebody else’s'],
]

function rowsForm(c: ConsoleContext, file: RequestFile, rows: Unsettled['rows']): Html {
  if (rows.length === 0) return html`<div class="empty"><p>No row waits for a decision.</p></div>`
  return form(
    c,
    file,
    'rows',
    html`<p>They were reached only by an address or number that several people use, or hold a third party. Nothing is done with a row before somebody decides.</p>
    ${rows.map((row, i) => rowPart(row, i))}
    <div class="actions"><button>Save, and search again</button></div>`,
  )
}

const rowPart = (row: RowInDoubt, i: number): Html => html`<fieldset class="doubt">
    <legend>${inLanguage(row.title, 'en')} <small>${row.store} · ${row.key.map((part) => part ?? 'NULL').join(' / ')}</small></legend>
    ${facts(Object.entries(row.values).flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, short(value)] as const])))}
    <input type="hidden" name="row${i}" value="${row.collectionId} ${row.row}">
    ${choices(
      'radio',
      { name: `verdict${i}`, label: 'Whose' },
      verdicts.map(([value, label]) => ({ value, label })),
      [''],
    )}</fieldset>`

const short = (value: string | Uint8Array): string => {
  if (typeof value !== 'string') return `${value.length} bytes`
  return value.length > 400 ? `${value.slice(0, 400)}…` : value
}

const whyWords: Readonly<Record<Candidate['why'], string>> = {
  'own record': 'stands in a record of the person’s',
  tag: 'the same address but for its tag',
  dots: 'the same address but for dots',
  name: 'a record under the same name',
}

function candidatesPart(
  c: ConsoleContext,
  file: RequestFile,
  candidates: readonly Candidate[],
  typed: Form | undefined,
): Html {
  if (candidates.length === 0)
    return html`<div class="empty"><p>The search met nothing that may be the same person’s.</p></div>`
  return html`<p>None of these is searched for. Accept what you know to be the same person’s: it then counts like a proved identity.</p>
    ${candidates.map((one) =>
      form(
        c,
        file,
        'accept',
        html`<p><strong>${one.value}</strong> <span class="muted">${one.kind}</span> ${badge('quiet', whyWords[one.why])}<br><small>${one.store} · ${one.collection}</small></p>
      <input type="hidden" name="kind" value="${one.kind}"><input type="hidden" name="value" value="${one.value}">
      ${field({ name: 'because', label: 'How you know', value: typed?.text('value') === one.value ? typed.text('because') : '' })}
      <div class="actions"><button class="button-quiet">Accept</button></div>`,
      ),
    )}`
}

const form = (c: ConsoleContext, { reference }: RequestFile, what: string, inside: Content): Html =>
  html`<form method="post" action="/console/requests/${reference}/settle/${what}">${tokenField(c.var.signedIn.formToken)}${inside}</form>`

/** Notices on the request's page: what waits for a word, and what people have to do. */
export function settlePart(c: ConsoleContext, file: RequestFile): Html {
  const { plan } = file
  if (!plan || file.endedAt !== null) return html``
  const doubt = plan.steps
    .filter((step) => step.action === 'decide')
    .reduce((sum, step) => sum + step.found, 0)
  const alike = plan.findings.find((finding) => finding.kind === 'candidate')?.rows ?? 0
  const isOpen = ['planning', 'planned', 'stopped'].includes(plan.status)
  const link = html`<a href="/console/requests/${file.reference}/settle">Look, and say whose they are</a>`
  return html`${isOpen && (doubt > 0 || alike > 0) && can(c, 'request.decide') ? notice(doubt > 0 ? 'soon' : 'quiet', html`<p>${[doubt > 0 ? `${doubt} ${doubt === 1 ? 'row waits' : 'rows wait'} for a decision` : '', alike > 0 ? `${alike} ${alike === 1 ? 'address, number or record' : 'addresses, numbers or records'} may be the same person’s` : ''].filter(Boolean).join('; ')}. ${link}</p>`) : ''}
    ${tasksPart(c, file)}`
}

function tasksPart(c: ConsoleContext, file: RequestFile): Html {
  const tasks = file.plan?.tasks ?? []
  if (tasks.length === 0) return html``
  const canDo =
    can(c, 'request.work') && ['planned', 'running', 'tasks', 'stopped'].includes(file.plan?.status ?? '')
  return html`<section class="card" id="tasks"><h2>Tasks for people</h2><p class="small">The request is not done before these are.</p>
    ${tasks.map(
      (
        task,
      ) => html`<div class="identity"><p>${inLanguage(task.what, 'en')} <span class="muted">${task.store}</span>
      ${task.doneAt === null ? badge('soon', 'to do') : badge('good', `done ${shortMoment(task.doneAt, file.clock.timezone)}`)}
      ${task.note === null ? '' : html`<br><small>${task.note}</small>`}</p>
      ${task.doneAt === null && canDo ? form(c, file, 'task', html`<input type="hidden" name="task" value="${task.id}">${textarea({ name: 'note', label: 'What you did, and where the proof is', value: '' })}<div class="actions"><button class="button-quiet">Done</button></div>`) : ''}</div>`,
    )}</section>`
}

/** Takes what an officer said; what a verb refuses is told above the page. */
export const takeSettling = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  const what = c.req.param('what') ?? ''
  const reference = referenceOf(c)
  if (!['rows', 'accept', 'task'].includes(what))
    throw new LetheError('not_found', 'there is no page at this address')
  demand(c, what === 'task' ? 'request.work' : 'request.decide')
  const said = await officerForm(c)
  try {
    if (what === 'rows') await actAs(kit, c, (ctx) => settleRows(ctx, { reference, rows: rowsIn(said) }))
    if (what === 'accept')
      await actAs(kit, c, (ctx) =>
        acceptAlso(ctx, {
          reference,
          identity: { kind: said.text('kind'), value: said.text('value') },
          because: said.text('because'),
        }),
      )
    if (what === 'task')
      await actAs(kit, c, (ctx) =>
        finishTask(ctx, { reference, taskId: said.text('task'), note: said.text('note') }),
      )
    return c.redirect(`/console/requests/${reference}?done=${what === 'task' ? 'task' : 'settled'}`, 303)
  } catch (error) {
    if (!(error instanceof LetheError) || error.code === 'not_found') throw error
    return settlePage(kit)(c, said, error)
  }
}

function rowsIn(said: Form): { collectionId: string; row: string; verdict: Verdict }[] {
  const rows = []
  for (let i = 0; said.text(`row${i}`) !== ''; i++) {
    const [collectionId = '', row = ''] = said.text(`row${i}`).split(' ')
    const verdict = (['owned', 'shared', 'none'] as const).find((one) => one === said.text(`verdict${i}`))
    if (verdict) rows.push({ collectionId, row, verdict })
  }
  return rows
}
