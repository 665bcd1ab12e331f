import { wentBack } from '../../engine/replay/canary.ts'
import { listHolds } from '../../holds/list.ts'
import { failedJobs } from '../../ops/jobs/worker.ts'
import { nextSlot } from '../../ops/schedules.ts'
import { type RequestFigures, requestFigures } from '../../requests/figures.ts'
import { shortMoment } from '../format.ts'
import { type Content, facts, type Html, html, notice, type Tone } from '../html.ts'
import { can, type ConsoleContext, type ConsoleKit, lookAs } from './env.ts'
import { consolePage } from './frame.ts'

/** Numbers first: what is late, what will be, who waits for whom, what goes next. */
export const home = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  const { figures, holds } = await lookAs(kit, c, async (ctx) => ({
    figures: await requestFigures(ctx),
    holds: await listHolds(ctx.reader, { inForce: true }),
  }))
  const failed = await failedJobs(kit.deps.db)
  const back = await lookAs(kit, c, async ({ reader }) => wentBack(reader))
  const { byStatus } = figures
  const main = html`${failed.length > 0 ? notice('late', html`<p>${failed.length} ${failed.length === 1 ? 'job' : 'jobs'} gave up after all tries: ${[...new Set(failed.map((job) => job.name))].join(', ')}. The log says why.</p>`, 'Needs a person') : ''}
    ${back.map(({ store, before, rows }) => notice('late', html`<p>${rows} rows that were erased stand in ${store} again: it seems restored from a backup of before ${shortMoment(before, kit.deps.company.timezone)}. Run <code>lethe replay --store ${store} --since ${before}</code>, or give the time of the backup where it is known.</p>`, 'Erased data is back'))}
    <div class="figures">
      ${figure(figures.overdue, 'overdue', 'late', '/console/requests?overdue=yes')}
      ${figure(figures.dueSoon, 'due within 5 days', 'soon', '/console/requests?status=open')}
      ${figure(figures.onTime, 'on time', 'good', '/console/requests?status=open')}
      ${figure(byStatus['to-decide'], 'to decide', 'soon', '/console/requests?status=to-decide')}
      ${figure(byStatus['to-approve'], 'to approve', 'soon', '/console/requests?status=to-approve')}
      ${figure(byStatus.attention, 'need a look', 'late', '/console/requests?status=attention')}
      ${figure(figures.waitingForPerson, 'wait for the person', 'quiet', '/console/requests?status=unverified')}
      ${figure(holds.length, 'holds in force', 'river', '/console/holds')}
    </div>
    <div class="two"><section class="card"><h2>Received and closed</h2>${chart(figures.months)}</section>
    <div><section class="card"><h2>How long it takes</h2>${facts([
      ['Median', inDays(figures.medianDays)],
      ['95th percentile', inDays(figures.p95Days)],
    ])}<p class="small">From receipt to answer, last twelve months.</p></section>
    <section class="card"><h2>What goes next</h2>${nextPurges(kit, c)}</section></div></div>`
  const aside = can(c, 'request.add')
    ? html`<a class="button" href="/console/requests/new">Enter a request</a>`
    : ''
  return c.html(consolePage(kit, c, { title: 'Home', aside, main }))
}

const figure = (n: number, words: string, tone: Tone, to: string): Html =>
  html`<a class="figure figure-${n === 0 && tone !== 'river' ? 'quiet' : tone}" href="${to}"><span>${words}</span><b>${n}</b></a>`

const inDays = (n: number | null): string => (n === null ? 'nothing answered yet' : `${n} days`)

function nextPurges(kit: ConsoleKit, c: ConsoleContext): Content {
  const { rules, clock, company } = kit.deps
  if (rules.length === 0)
    return html`<p class="muted">There is no retention rule. Write one in policies/retention.</p>`
  const next = rules
    .map((rule) => ({ rule, at: nextSlot(rule.schedule, rule.timezone, clock.now()) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, 4)
  const link = (id: string, title: string) =>
    can(c, 'retention.read') ? html`<a href="/console/retention/${id}">${title}</a>` : title
  return facts(next.map(({ rule, at }) => [shortMoment(at, company.timezone), link(rule.id, rule.title.en)]))
}

/** Two bars a month, drawn here: no script, no picture from elsewhere. The table below it is the same for a screen reader. */
function chart(months: RequestFigures['months']): Html {
  const top = Math.max(4, ...months.flatMap((m) => [m.received, m.closed]))
  const [width, height, base] = [600, 180, 150]
  const slot = width / Math.max(1, months.length)
  const bar = (n: number, x: number, name: string) => {
    const h = Math.round((n / top) * (base - 16))
    return html`<rect class="${name}" x="${x.toFixed(1)}" y="${base - h}" width="${(slot * 0.34).toFixed(1)}" height="${h}" rx="2"/>`
  }
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
    <line x1="0" y1="${base}" x2="${width}" y2="${base}"/><text x="0" y="11">${top}</text>
    ${months.map(({ month, received, closed }, i) => {
      const x = i * slot + slot * 0.13
      return html`${bar(received, x, 'bar-a')}${bar(closed, x + slot * 0.37, 'bar-b')}<text x="${(i * slot + slot / 2).toFixed(1)}" y="${base + 18}" text-anchor="middle">${monthName(month)}</text>`
    })}</svg>
    <p class="legend" aria-hidden="true"><span><span class="swatch swatch-a"></span>received</span><span><span class="swatch swatch-b"></span>closed</span></p>
    <table class="sr-only"><caption>Received and closed by month</caption><tr><th scope="col">Month</th><th scope="col">Received</th><th scope="col">Closed</th></tr>
    ${months.map((m) => html`<tr><td>${m.month}</td><td>${m.received}</td><td>${m.closed}</td></tr>`)}</table>`
}

const monthName = (month: string): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' }).format(
    new Date(`${month}-15T00:00:00Z`),
  )
