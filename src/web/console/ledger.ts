import { listEntries } from '../../ledger/list.ts'
import { verifyLedger, type Verified } from '../../ledger/verify.ts'
import { number, shortMoment } from '../format.ts'
import { tokenField } from '../forms.ts'
import { type Content, field, html, notice, table } from '../html.ts'
import { type ConsoleContext, type ConsoleKit, demand, lookAs, officerForm } from './env.ts'
import { consolePage } from './frame.ts'
import { actorWords, officerNames } from './people.ts'
import { eventWords } from './words.ts'

const pageSize = 50

/** Who did what, when; newest first. The chain is checked on demand. */
export const ledgerPage = (kit: ConsoleKit) => async (c: ConsoleContext, verified?: Verified) => {
  demand(c, 'ledger.read')
  const subject = c.req.query('subject')?.trim() || undefined
  const before = Number(c.req.query('before') ?? Number.NaN)
  const filter = {
    ...(subject === undefined ? {} : { subject }),
    ...(Number.isSafeInteger(before) ? { before } : {}),
  }
  const { entries, nameOf } = await lookAs(kit, c, async ({ reader }) => ({
    entries: await listEntries(reader, { ...filter, limit: pageSize }),
    nameOf: await officerNames(reader),
  }))
  const rows = entries.map((entry) => [
    html`<span class="num">${entry.seq}</span>`,
    html`<span class="nowrap">${shortMoment(entry.at, kit.deps.company.timezone)}</span>`,
    html`<a href="/console/ledger?subject=${encodeURIComponent(entry.subject)}">${entry.subject}</a>`,
    html`${eventWords(entry)}<br><small><code>${entry.type}</code></small>`,
    actorWords({ kind: entry.actorKind, id: entry.actorId }, nameOf),
    html`<span class="digest" title="${entry.hash}">${entry.hash.slice(0, 12)}…</span>`,
  ])
  const last = entries.at(-1)
  const main = html`${verdict(verified)}
    <form class="filters" method="get" action="/console/ledger">${field({ name: 'subject', label: 'About', hint: 'Such as request:R-7K3M-9QTX, rule:calls or officer:…', value: subject ?? '' })}<button class="button-quiet">Filter</button></form>
    ${table('Ledger', ['No.', 'When', 'About', 'What', 'Who', 'Hash'], rows, html`<p>No entry.</p>`)}
    ${entries.length === pageSize && last ? html`<p class="pager"><a class="button button-quiet" href="/console/ledger?${new URLSearchParams({ ...(subject ? { subject } : {}), before: String(last.seq) }).toString()}">Older</a></p>` : ''}`
  const aside = html`<form method="post" action="/console/ledger/verify">${tokenField(c.var.signedIn.formToken)}<button class="button-quiet">Verify the chain</button></form>`
  return c.html(consolePage(kit, c, { title: 'Ledger', aside, main }))
}

function verdict(verified: Verified | undefined): Content {
  if (!verified) return ''
  if (verified.faults.length === 0)
    return notice(
      'good',
      html`<p role="status">${number(verified.entries)} entries, each follows the one before, and the end is where the service put it. Head <span class="digest">${verified.head}</span>. Whoever holds the key and the database could write another chain; outside anchors bound that.</p>`,
      'The chain is whole',
    )
  return notice(
    'late',
    html`<ul>${verified.faults.slice(0, 50).map((fault) => html`<li>${fault.message}</li>`)}</ul>`,
    `${verified.faults.length} faults`,
  )
}

export const verifyChain = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'ledger.read')
  await officerForm(c)
  return ledgerPage(kit)(c, await lookAs(kit, c, ({ reader }) => verifyLedger(reader)))
}
