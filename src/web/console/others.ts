import { LetheError } from '../../base/errors.ts'
import { inLanguage } from '../../base/words.ts'
import type { OthersChoice } from '../../engine/others/choices.ts'
import type { Rule } from '../../engine/others/rule.ts'
import type { Passage } from '../../engine/others/survey.ts'
import { othersIn, settleOthers, withheldFor } from '../../requests/others.ts'
import { type RequestFile, showRequest } from '../../requests/show.ts'
import { number } from '../format.ts'
import { type Form, tokenField } from '../forms.ts'
import { badge, choices, type Html, html, notice, table } from '../html.ts'
import { problemOf } from '../problem.ts'
import { actAs, type ConsoleContext, type ConsoleKit, can, demand, lookAs, officerForm } from './env.ts'
import { consolePage } from './frame.ts'

const referenceOf = (c: ConsoleContext): string => c.req.param('reference') ?? ''
const kinds = { email: 'e-mail address', phone: 'phone number', name: 'name' } as const

const ruleWords: Readonly<Record<Rule, string>> = {
  hidden: 'withheld: somebody else wrote it, or it is not the person’s alone',
  left: 'left: the person wrote it',
  open: 'left: nobody can tell who wrote it',
}

/** Every passage that names somebody else in what would be copied, read live, with what becomes of it. */
export const othersPage = (kit: ConsoleKit) => async (c: ConsoleContext, error?: unknown) => {
  demand(c, 'request.decide')
  const reference = referenceOf(c)
  const file = await lookAs(kit, c, (ctx) => showRequest(ctx, { reference }))
  const passages = await othersIn(kit.deps.purge, kit.deps.db, { reference })
  const isOpen = ['planning', 'planned', 'stopped'].includes(file.plan?.status ?? '')
  const main = html`<p><a href="/console/requests/${reference}">Back to the request</a></p>
    <section class="card"><h2>Other people in the copy</h2>
    <p>The copy may not do harm to others (Art. 15(4)). What the person wrote is given back as it was written; in what others wrote, other people’s addresses, numbers and known names are withheld. The stores keep every word.</p>
    ${passages.length === 0 ? html`<div class="empty"><p>Nobody else is named in what would be copied.</p></div>` : passagesForm(c, file, passages, isOpen)}</section>`
  return c.html(
    consolePage(kit, c, { title: `Others, in ${reference}`, main, error }),
    error === undefined ? 200 : problemOf(error).status,
  )
}

function passagesForm(
  c: ConsoleContext,
  file: RequestFile,
  passages: readonly Passage[],
  isOpen: boolean,
): Html {
  const collections = [...Map.groupBy(passages, ({ collectionId }) => collectionId).values()]
  return html`<form method="post" action="/console/requests/${file.reference}/others">${tokenField(c.var.signedIn.formToken)}
    ${collections.map((of, i) => collectionPart(of, i))}
    ${isOpen ? html`<div class="actions"><button>Save</button></div>` : notice('quiet', html`<p>The copy is made or being made: nothing can be changed any more.</p>`)}</form>`
}

function collectionPart(passages: readonly Passage[], i: number): Html {
  const [first] = passages
  if (!first) return html``
  return html`<section><h3>${inLanguage(first.title, 'en')} <small>${first.store}</small></h3>
    <input type="hidden" name="in${i}" value="${first.collectionId}">
    ${choices('radio', { name: `all${i}`, label: 'All of them, unless said below' }, options('as it is'), [''])}
    ${passages.map((one, n) => passagePart(one, `${i}.${n}`))}</section>`
}

const options = (unsaid: string): { value: string; label: string }[] => [
  { value: '', label: unsaid },
  { value: 'rule', label: 'by the rule' },
  { value: 'hide', label: 'withhold' },
  { value: 'leave', label: 'leave' },
]

const passagePart = (one: Passage, at: string): Html => html`<fieldset class="doubt">
    <legend>${kinds[one.kind]} <small>${one.field} · ${one.key.join(' / ')}</small></legend>
    <p class="letter">${one.around.text.slice(0, one.around.start)}<mark>${one.around.text.slice(one.around.start, one.around.end)}</mark>${one.around.text.slice(one.around.end)}</p>
    <p>${stateOf(one)}</p>
    <input type="hidden" name="passage${at}" value="${one.passage}">
    ${choices('radio', { name: `choice${at}`, label: 'In the copy' }, options('as it is'), [''])}</fieldset>`

function stateOf({ rule, chosen }: Passage): Html {
  if (chosen === 'hide') return badge('good', 'withheld: an officer said so')
  if (chosen === 'leave') return badge('quiet', 'left: an officer said so')
  return badge(rule === 'open' ? 'soon' : rule === 'hidden' ? 'good' : 'quiet', ruleWords[rule])
}

/** On the request's page: how often others stand in the copy, and what was withheld of it. */
export function othersPart(c: ConsoleContext, file: RequestFile): Html {
  const { plan } = file
  if (!plan || plan.others.length === 0) return html``
  const open = plan.others.reduce((sum, one) => sum + one.open, 0)
  const rows = plan.others.map((one) => [
    html`${one.collection}<br><small>${one.store} · ${one.field}</small>`,
    kinds[one.kind],
    number(one.hidden),
    number(one.left + one.open),
  ])
  const link = can(c, 'request.decide')
    ? html`<p><a href="/console/requests/${file.reference}/others">Look at each passage, and say what becomes of it</a></p>`
    : ''
  const waits = open > 0 && file.answeredAt === null && file.endedAt === null
  return html`<section class="card" id="others"><h2>Other people in the copy</h2>
    ${waits ? notice('soon', html`<p>${number(open)} ${open === 1 ? 'passage names' : 'passages name'} somebody else in rows of which nobody can tell who wrote them. They stay in the copy unless you withhold them.</p>`) : ''}
    ${table('Other people in the copy', ['Where', 'What', 'Withheld', 'Left'], rows, '')}${link}
    ${plan.withheld.length > 0 ? html`<p class="small">Withheld of the copy that was made: ${number(plan.withheld.reduce((sum, one) => sum + one.count, 0))} passages. <a href="/console/requests/${file.reference}/withheld.json">Redaction log</a></p>` : ''}</section>`
}

/** The redaction log as a file: where, what kind, by which rule; never what. */
export const withheldFile = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'request.decide')
  const reference = referenceOf(c)
  const log = await lookAs(kit, c, (ctx) => withheldFor(ctx, { reference }))
  c.header('content-type', 'application/json; charset=utf-8')
  c.header('content-disposition', `attachment; filename="withheld-${reference}.json"`)
  return c.body(`${JSON.stringify({ reference, withheld: log }, null, 2)}\n`)
}

/** Takes what an officer said; what the verb refuses is told above the page. */
export const takeOthers = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'request.decide')
  const reference = referenceOf(c)
  const said = await officerForm(c)
  try {
    await actAs(kit, c, (ctx) => settleOthers(ctx, { reference, choices: choicesIn(said) }))
    return c.redirect(`/console/requests/${reference}/others`, 303)
  } catch (error) {
    if (!(error instanceof LetheError) || error.code === 'not_found') throw error
    return othersPage(kit)(c, error)
  }
}

function choicesIn(said: Form): OthersChoice[] {
  const found: OthersChoice[] = []
  for (let i = 0; said.text(`in${i}`) !== ''; i++) {
    const collectionId = said.text(`in${i}`)
    const all = choiceOf(said.text(`all${i}`))
    if (all) found.push({ collectionId, choice: all })
    for (let n = 0; said.text(`passage${i}.${n}`) !== ''; n++) {
      const choice = choiceOf(said.text(`choice${i}.${n}`))
      if (choice) found.push({ collectionId, passage: said.text(`passage${i}.${n}`), choice })
    }
  }
  return found
}

const choiceOf = (text: string): OthersChoice['choice'] | undefined =>
  (['rule', 'hide', 'leave'] as const).find((one) => one === text)
