import { durationWords } from '../../base/duration.ts'
import { LetheError } from '../../base/errors.ts'
import { parseLocalDate } from '../../base/calendar.ts'
import type { PurgeCounts } from '../../engine/purge/tables.ts'
import { nextSlot } from '../../ops/schedules.ts'
import { approveRule, isApproved } from '../../retention/approve.ts'
import { listRuns, type RunRow } from '../../retention/list.ts'
import { type Preview, previewRule } from '../../retention/preview.ts'
import { type RetentionRule, ruleNamed } from '../../retention/rules.ts'
import { runRule } from '../../retention/run.ts'
import { number, shortDay, shortMoment } from '../format.ts'
import { tokenField } from '../forms.ts'
import { badge, facts, field, type Html, html, notice, table } from '../html.ts'
import { problemOf } from '../problem.ts'
import { actAs, can, type ConsoleContext, type ConsoleKit, demand, lookAs, officerForm } from './env.ts'
import { consolePage } from './frame.ts'
import { keptWords } from './words.ts'

const thenWords = { delete: 'deleted', anonymise: 'made anonymous', review: 'shown to a person' } as const

/** A rule as one sentence: "Recorded calls are deleted 3 months after “End of the call”." */
export function ruleSentence(rule: RetentionRule): string {
  const field = rule.collection.fields.find(({ name }) => name === rule.from)
  const start = field?.title?.en ?? rule.from.replaceAll('_', ' ')
  return `${rule.title.en} are ${thenWords[rule.then]} ${durationWords(rule.keep, 'en')} after “${start}”.`
}

/** Rules as sentences, each with its standing, and the runs there were. */
export const retentionPage = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'retention.read')
  const { rules, clock, company } = kit.deps
  const { runs, approved } = await lookAs(kit, c, async ({ reader }) => ({
    runs: await listRuns(reader, { limit: 20 }),
    approved: new Set(await approvedOf(kit, reader)),
  }))
  const main = html`${rules.length === 0 ? html`<div class="empty"><p>There is no rule yet. Write one in policies/retention and restart; it previews before it may run.</p></div>` : ''}
    ${rules.map(
      (
        rule,
      ) => html`<section class="card"><p class="sentence"><a href="/console/retention/${rule.id}">${ruleSentence(rule)}</a></p>
      <p>${approved.has(rule.id) ? badge('good', 'may run') : badge('soon', 'wants approval')} <span class="muted">next ${shortMoment(nextSlot(rule.schedule, rule.timezone, clock.now()), company.timezone)} · ${rule.collection.store} · ${rule.owner}</span></p>
      <p class="small">${rule.because.en}</p></section>`,
    )}
    <h2>Runs</h2>${runTable(kit, runs)}`
  return c.html(consolePage(kit, c, { title: 'Retention', main }))
}

async function approvedOf(kit: ConsoleKit, reader: Parameters<typeof isApproved>[0]): Promise<string[]> {
  const ids: string[] = []
  for (const rule of kit.deps.rules) if (await isApproved(reader, rule.id, rule.version)) ids.push(rule.id)
  return ids
}

function runTable(kit: ConsoleKit, runs: readonly RunRow[]): Html {
  const tone = { running: 'river', done: 'good', stopped: 'late' } as const
  const rows = runs.map((run) => [
    html`<a href="/console/retention/runs/${run.id}">${shortMoment(run.startedAt, kit.deps.company.timezone)}</a>`,
    run.rule.title.en,
    badge(tone[run.status], run.status),
    number(run.counts.due),
    number(run.counts.done),
    keptList(run.counts.kept),
  ])
  return table(
    'Runs',
    ['Began', 'Rule', 'State', 'Due', 'Gone', 'Kept, because'],
    rows,
    html`<p>No run yet. Each rule runs at its time once it is approved.</p>`,
  )
}

const keptList = (kept: PurgeCounts['kept']): Html => {
  const entries = Object.entries(kept).filter(([, n]) => n > 0)
  return entries.length === 0
    ? html`<span class="muted">none</span>`
    : html`${entries.map(([why, n]) => html`<span class="kept">${number(n)} ${keptWords[why] ?? why}</span><br>`)}`
}

const previewMs = 60_000

/** One rule: what it would do now or on a day given. The stores are read over connections that cannot write. */
export const rulePage = (kit: ConsoleKit) => async (c: ConsoleContext, error?: unknown) => {
  demand(c, 'retention.read')
  const rule = ruleNamed(kit.deps.rules, c.req.param('id') ?? '')
  const on = c.req.query('on')
  let preview: Preview | undefined
  let failed = error
  try {
    const day = on ? { on: parseLocalDate(on) } : {}
    preview = await previewRule(
      kit.deps.purge,
      kit.deps.db,
      { ruleId: rule.id, ...day },
      kit.deps.rules,
      AbortSignal.timeout(previewMs),
    )
  } catch (thrown) {
    if (!(thrown instanceof LetheError)) throw thrown
    failed ??= thrown
  }
  const runs = await lookAs(kit, c, ({ reader }) => listRuns(reader, { ruleId: rule.id, limit: 10 }))
  const main = html`<p class="sentence">${ruleSentence(rule)}</p><div class="two"><div>
    <section class="card"><h2>What would go</h2><form class="filters" method="get">${field({ name: 'on', label: 'On', type: 'date', value: on ?? preview?.on ?? '' })}<button class="button-quiet">Show</button></form>${preview ? previewPart(rule, preview) : ''}</section>
    <h2>Runs</h2>${runTable(kit, runs)}</div>
    <div>${preview ? runForms(kit, c, rule, preview) : ''}<section class="card"><h2>The rule</h2>${facts([
      ['Data', `${rule.collection.store}.${rule.collection.name}`],
      [
        'Only',
        rule.where.length === 0
          ? 'all of it'
          : rule.where
              .map(
                (w) => `${w.column} ${w.not ? 'is not' : 'is'} ${w.is.map((v) => v ?? 'empty').join(' or ')}`,
              )
              .join('; '),
      ],
      ['Purpose', rule.purpose.en],
      ['Basis', rule.basis.replaceAll('_', ' ')],
      ['Because', rule.because.en],
      ['At the least', rule.minimum ? durationWords(rule.minimum, 'en') : 'no law demands a minimum'],
      ['Runs', html`<code>${rule.schedule}</code> in ${rule.timezone}`],
      ['Owner', rule.owner],
      ['Stands in', html`<code>${rule.at}</code>`],
      ['Version', html`<span class="digest">${rule.version.slice(0, 16)}</span>`],
    ])}</section></div></div>`
  return c.html(
    consolePage(kit, c, { title: rule.title.en, main, error: failed }),
    failed === undefined ? 200 : problemOf(failed).status,
  )
}

function previewPart(rule: RetentionRule, p: Preview): Html {
  const rows = p.perMonth.map(({ month, rows }) => [month, html`<span class="num">${number(rows)}</span>`])
  return html`<div class="figures"><div class="figure figure-late"><span>would go</span><b>${number(p.go)}</b></div>
      <div class="figure figure-quiet"><span>are due</span><b>${number(p.due)}</b></div>
      <div class="figure figure-good"><span>stay</span><b>${number(p.due - p.go - p.already)}</b></div></div>
    ${facts([
      ['Due are records from', `${shortDay(p.lastStart)} and before`],
      ['Stay, because', keptList(p.kept)],
      ['Anonymous already', number(p.already)],
      ['Not begun to count', number(p.withoutStart)],
      ...(p.exceptions.rows > 0
        ? [
            [
              'No date, never purged',
              html`${number(p.exceptions.rows)} ${badge('soon', 'look at them')}`,
            ] as const,
          ]
        : []),
    ])}
    ${p.startIsKnown ? '' : notice('soon', html`<p>No value of ${rule.from} could be read as a date, so nothing is ever due.</p>`)}
    ${rows.length > 0 ? html`<details><summary>By month they began in</summary>${table('Due by month', ['Month', 'Records'], rows, '')}</details>` : ''}
    ${p.sample.length > 0 ? html`<details><summary>Keys of some that would go</summary><p class="digest">${p.sample.map((key) => key.join('/')).join(', ')}</p></details>` : ''}`
}

function runForms(kit: ConsoleKit, c: ConsoleContext, rule: RetentionRule, preview: Preview): Html {
  if (!can(c, 'retention.run')) return html``
  const token = tokenField(c.var.signedIn.formToken)
  const hidden = html`<input type="hidden" name="version" value="${rule.version}"><input type="hidden" name="due" value="${preview.due}">`
  return html`<section class="card"><h2>${preview.approved ? 'Run now' : 'Approve this version'}</h2>
    ${
      preview.approved
        ? html`<p>As the schedule would: everything that is due today in ${rule.timezone}.</p><form method="post" action="/console/retention/${rule.id}/run">${token}<div class="actions"><button class="button-grave">Run now</button></div></form>`
        : html`<p>A new or changed rule runs only after somebody looked at what it would take. You see it here.</p><form method="post" action="/console/retention/${rule.id}/approve">${token}${hidden}<div class="actions"><button>Approve this version</button></div></form>`
    }</section>`
}

export const approveVersion = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'retention.run')
  const form = await officerForm(c)
  const ruleId = c.req.param('id') ?? ''
  const due = Number(form.text('due'))
  const seen = Number.isSafeInteger(due) && due >= 0 ? { seen: { due } } : {}
  try {
    await actAs(kit, c, (ctx) =>
      approveRule(ctx, { ruleId, version: form.text('version'), ...seen }, kit.deps.rules),
    )
  } catch (error) {
    if (!(error instanceof LetheError) || error.code === 'not_found') throw error
    return rulePage(kit)(c, error)
  }
  return c.redirect(`/console/retention/${ruleId}?done=rule-approved`, 303)
}

export const runNow = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'retention.run')
  await officerForm(c)
  const ruleId = c.req.param('id') ?? ''
  try {
    const { runId } = await actAs(kit, c, (ctx) => runRule(ctx, { ruleId, slot: ctx.tx.now }, kit.deps.rules))
    return c.redirect(`/console/retention/runs/${runId}?done=ran`, 303)
  } catch (error) {
    if (!(error instanceof LetheError) || error.code === 'not_found') throw error
    return rulePage(kit)(c, error)
  }
}
