import { durationWords, parseDuration } from '../../base/duration.ts'
import { inLanguage } from '../../base/words.ts'
import type { Plan, PlanStep } from '../../engine/order/show.ts'
import type { RequestFile } from '../../requests/show.ts'
import { number, shortDay, shortMoment, size, withoutTokens } from '../format.ts'
import { badge, type Content, facts, type Html, html, notice, table, type Tone } from '../html.ts'
import type { ConsoleKit } from './env.ts'
import { actorWords } from './people.ts'
import { channelWords, days, eventWords, proofWords, rightWords } from './words.ts'

/** What the request page is made of; each part reads the file and changes nothing. */

export function headFacts(file: RequestFile): Html {
  return facts([
    ['Right', rightWords[file.right]],
    ['Law', file.regime],
    [
      'Received',
      html`${shortMoment(file.receivedAt, file.clock.timezone)}, by ${channelWords[file.channel]}`,
    ],
    ['Language of letters', file.language],
    ...(file.note ? [['Note', html`<span class="letter">${file.note}</span>`] as const] : []),
  ])
}

/** The clock with its arithmetic: every step, its date, and the law it follows. */
export function clockCard(file: RequestFile): Html {
  const { clock } = file
  const isOver = file.answeredAt !== null || file.endedAt !== null
  const n = Math.abs(clock.daysLeft)
  return html`<section class="card"><h2>Clock</h2>
    ${isOver ? html`<p class="muted">Stopped: answered or ended.</p>` : html`<p class="countdown"><b>${n}</b><span>${days(n)} ${clock.overdue ? 'late' : 'left'}</span></p>`}
    ${clock.waitingFor.length > 0 ? notice('quiet', html`<p>Waits for ${clock.waitingFor.join(' and ')}.</p>`) : ''}
    ${facts([
      ['Due', html`<strong>${shortDay(clock.dueDate)}</strong>`],
      ...(clock.hardDate === clock.dueDate
        ? []
        : [['Without suspension', shortDay(clock.hardDate)] as const]),
      ['Own target', shortDay(clock.targetDate)],
      [
        'Extension to be told by',
        clock.extensionNoticeBy === null ? 'not foreseen' : shortDay(clock.extensionNoticeBy),
      ],
      ...(file.extension ? [['Extended', html`${file.extension.reason}`] as const] : []),
    ])}
    <details><summary>How it is reckoned</summary><ol class="arithmetic">${clock.steps.map(
      (step) => html`<li>${shortDay(step.date)}: ${step.text}</li>`,
    )}</ol><p class="small">Rule pack ${clock.pack}, days in ${clock.timezone}.</p></details></section>`
}

export function identityList(file: RequestFile, verify: (id: string) => Content): Html {
  return html`<section class="card"><h2>Identities</h2>${file.identities.map(
    (
      identity,
    ) => html`<div class="identity"><p><strong>${identity.masked}</strong> <span class="muted">${identity.kind}</span>
      ${identity.verifiedAt === null || identity.how === null ? badge('quiet', 'not proved') : badge('good', `proved: ${proofWords[identity.how]}`)}
      ${identity.verifiedAt === null ? '' : html`<br><small>${shortMoment(identity.verifiedAt, file.clock.timezone)}${identity.note ? html`: ${identity.note}` : ''}</small>`}</p>
      ${identity.verifiedAt === null ? verify(identity.id) : ''}</div>`,
  )}<p class="small">Only what is proved is searched for.</p></section>`
}

const actionWords: Readonly<Record<string, string>> = {
  collect: 'copy',
  delete: 'delete',
  anonymise: 'make anonymous',
  keep: 'keep',
  redact: 'take the person out',
  decide: 'untouched: somebody must say whose it is',
}

/** The plan, store by store: what was found and what becomes of it. Counts only. */
export function planPart(kit: ConsoleKit, plan: Plan | undefined): Html {
  if (!plan) return html`<div class="empty"><p>Nothing is searched before an identity is proved.</p></div>`
  if (plan.digest === undefined && plan.steps.length === 0)
    return html`<div class="empty"><p>The search is at work. Look again in a moment.</p></div>`
  const rows = plan.steps.map((step) => [
    html`${titleOf(kit, step)}<br><small>${step.store} · ${step.link}</small>`,
    actionWords[step.action] ?? step.action,
    num(step.found),
    num(step.done),
    num(step.kept),
    stepState(step),
  ])
  const heads = ['What', 'Becomes', 'Found', 'Done', 'Kept', 'State']
  return html`${table('Plan by store', heads, rows, html`<p>Nothing was found in any store.</p>`)}
    ${findingsPart(plan)}${residuePart(plan)}
    ${plan.digest === undefined ? '' : html`<p class="small">Digest of this plan: <span class="digest">${plan.digest}</span></p>`}`
}

/** What needs a look stands open; how the search went is folded away. */
function findingsPart({ findings }: Plan): Html {
  const how = findings.filter((finding) => finding.kind === 'unindexed-scan')
  const grave = new Set(['residue', 'hold', 'drift', 'shared-line', 'store', 'packed'])
  // What waits for a person has a notice of its own.
  const elsewhere = new Set(['candidate', 'task'])
  const words = (finding: Plan['findings'][number]) =>
    `${[finding.store, finding.collection].filter(Boolean).join(' · ')}${finding.store ? ': ' : ''}${finding.message}`
  return html`${findings
    .filter((finding) => !how.includes(finding) && !elsewhere.has(finding.kind))
    .map((finding) => notice(grave.has(finding.kind) ? 'soon' : 'quiet', html`<p>${words(finding)}</p>`))}
    ${how.length > 0 ? html`<details><summary>${how.length} tables were read from end to end</summary><ul>${how.map((finding) => html`<li>${words(finding)}</li>`)}</ul></details>` : ''}`
}

function stepState(step: PlanStep): Html {
  const why = step.lastError ?? step.ground
  const tone = { planned: 'quiet', running: 'river', done: 'good', failed: 'late' } as const
  return html`${badge(tone[step.status], step.status)}${why === null ? '' : html`<br><small>${why.replaceAll('_', ' ')}</small>`}${step.skipped > 0 ? html`<br><small>${step.skipped} changed meanwhile</small>` : ''}`
}

/** After an erasure every store was read again: the answer is nothing left, or what is left and why it may. */
function residuePart({ residue }: Plan): Html {
  if (residue === undefined) return html``
  if (residue.length === 0)
    return notice(
      'good',
      html`<p>Every column and file of all stores was read again for each identifier, in every encoding.</p>`,
      '0 left',
    )
  const rows = residue.map((r) => [
    r.store,
    `${r.table}.${r.column}${r.path === undefined ? '' : ` (${r.path})`}`,
    num(r.rows),
    r.ground === null ? badge('late', 'no ground') : badge('quiet', r.ground.replaceAll('_', ' ')),
  ])
  return html`<h3>Left after the work</h3>${table('Left after the work', ['Store', 'Column', 'Rows', 'May stay because'], rows, '')}`
}

function titleOf(kit: ConsoleKit, step: Pick<PlanStep, 'collectionId' | 'collection'>): string {
  const collection = kit.deps.map.collections.get(step.collectionId)
  return collection ? inLanguage(collection.title, 'en') : step.collection
}

/** What is kept although erasure was asked for, and until when. */
export function keptPart(kit: ConsoleKit, plan: Plan | undefined): Html {
  const kept = (plan?.steps ?? []).filter((step) => step.action === 'keep' && step.found > 0)
  const rows = kept.map((step) => {
    const keep = kit.deps.map.collections.get(step.collectionId)?.keep
    const until =
      keep?.keep === undefined
        ? 'as long as the ground lasts'
        : `${durationWords(parseDuration(keep.keep), 'en')} from ${keep.from ?? 'the record'}`
    return [
      titleOf(kit, step),
      num(step.found),
      keep?.ground.replaceAll('_', ' ') ?? '',
      keep ? keep.because.en : '',
      until,
    ]
  })
  return rows.length === 0
    ? html``
    : html`<h3>Kept on a ground</h3>${table('Kept on a ground', ['What', 'Rows', 'Ground', 'Because', 'Until'], rows, '')}`
}

const num = (n: number): Html => html`<span class="num">${number(n)}</span>`

export function packagePart(file: RequestFile): Html {
  const pack = file.package
  if (!pack) return html``
  return html`<section class="card"><h2>Package</h2>${facts([
    ['Size', `${size(pack.bytes)}, ${number(pack.counts.rows)} records, ${number(pack.counts.media)} media`],
    ['SHA-256', html`<span class="digest">${pack.sha256}</span>`],
    ['Until', shortMoment(pack.expiresAt, file.clock.timezone)],
    ['First opened', pack.openedAt === null ? 'not yet' : shortMoment(pack.openedAt, file.clock.timezone)],
    ...(pack.destroyedAt === null
      ? []
      : [['Destroyed', shortMoment(pack.destroyedAt, file.clock.timezone)] as const]),
  ])}</section>`
}

/** What the ledger says of it, to hand to an authority or a court. */
export const evidencePart = (file: RequestFile): Html =>
  html`<section class="card"><h2>Evidence</h2><p>Every entry of the ledger about this request, with signatures and proofs, and a page that verifies them offline and says what they cannot prove.</p>
    <div class="actions"><a class="button button-quiet" href="/console/requests/${file.reference}/evidence.zip">Download the evidence</a></div></section>`

const deliveryWords: Readonly<Record<'queued' | 'sent' | 'failed' | 'post', readonly [Tone, string]>> = {
  queued: ['river', 'on its way'],
  sent: ['good', 'sent'],
  failed: ['late', 'failed'],
  post: ['soon', 'print and post'],
}

export function messagesPart(file: RequestFile): Html {
  if (file.messages.length === 0) return html`<div class="empty"><p>No letter yet.</p></div>`
  return html`${file.messages.map((message) => {
    const head = html`${message.subject ?? `${message.letter} (with a code or link)`} · ${shortMoment(message.at, file.clock.timezone)} ${badge(...deliveryWords[message.delivery])}`
    return message.text === null
      ? html`<p>${head}</p>`
      : html`<details><summary>${head}</summary><div class="card letter">${withoutTokens(message.text)}</div></details>`
  })}`
}

export function timelinePart(file: RequestFile, nameOf: (id: string) => string): Html {
  const zone = file.clock.timezone
  return html`<section class="card"><h2>Timeline</h2><ol class="timeline">${runsOf(file.timeline)
    .toReversed()
    .map(({ first, count }) => {
      const times = count > 1 ? ` (${count} times)` : ''
      return html`<li>${eventWords(first)}${times}<small>${shortMoment(first.at, zone)} · ${actorWords(first.by, nameOf)}</small></li>`
    })}</ol><p class="small">From the ledger; times in ${zone}.</p></section>`
}

/** The same thing many times in a row is told once. */
function runsOf(timeline: RequestFile['timeline']) {
  const runs: { first: RequestFile['timeline'][number]; count: number }[] = []
  for (const entry of timeline) {
    const last = runs.at(-1)
    if (last?.first.type === entry.type && entry.type.startsWith('engine.')) last.count++
    else runs.push({ first: entry, count: 1 })
  }
  return runs
}

export function decisionPart(file: RequestFile, nameOf: (id: string) => string): Html {
  const { decision, approval } = file
  const outcome = { grant: 'Granted', part: 'Granted in part', refuse: 'Refused' } as const
  return html`${file.voided.map((v) => notice('soon', html`<p>${v.what === 'decision' ? 'The decision' : 'The approval'} counts no more: ${v.why}.${v.reason ? html` ${v.reason}` : ''} <small>${nameOf(v.by)}, ${shortMoment(v.at, file.clock.timezone)}</small></p>`))}
    ${
      decision
        ? facts([
            [
              'Decision',
              html`<strong>${outcome[decision.outcome]}</strong> by ${nameOf(decision.by)}, ${shortMoment(decision.at, file.clock.timezone)}`,
            ],
            ...(decision.ground
              ? [['Ground', `${decision.ground.replaceAll('_', ' ')} (${decision.article ?? ''})`] as const]
              : []),
            ...(decision.reason
              ? [['Reason', html`<span class="letter">${decision.reason}</span>`] as const]
              : []),
            ...(decision.leaveOut.length > 0 ? [['Left out', decision.leaveOut.join(', ')] as const] : []),
            ...(approval
              ? [
                  [
                    'Approved',
                    html`by ${nameOf(approval.by)}, ${shortMoment(approval.at, file.clock.timezone)}`,
                  ] as const,
                ]
              : []),
          ])
        : ''
    }`
}

export const questionsPart = (file: RequestFile): Html =>
  html`${file.pauses.map((pause) => notice(pause.endedAt === null ? 'soon' : 'quiet', html`<p>${pause.question}</p><p><small>Asked ${shortMoment(pause.at, file.clock.timezone)} (${pause.kind})${pause.endedAt === null ? ', not answered yet' : `, answered ${shortMoment(pause.endedAt, file.clock.timezone)}`}</small></p>`, 'Question to the person'))}`
