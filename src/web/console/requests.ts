import { listRequests, type RequestFilter, type RequestRow } from '../../requests/list.ts'
import { openStatuses } from '../../requests/status.ts'
import { type Status, statuses } from '../../requests/types.ts'
import { shortDay } from '../format.ts'
import { attribute, type Html, html, select, table } from '../html.ts'
import { tokenField } from '../forms.ts'
import { can, type ConsoleContext, type ConsoleKit, lookAs, officerForm } from './env.ts'
import { consolePage } from './frame.ts'
import { channelWords, daysBadge, rightWords, statusBadge, statusWords } from './words.ts'

/** The inbox. Filters stand in the URL; a search does not, for it may hold somebody's address. */
export const requestsPage = (kit: ConsoleKit) => (c: ConsoleContext) => show(kit, c, filterOf(c), '')

export const searchRequests = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  const q = (await officerForm(c)).text('q')
  return show(kit, c, q === '' ? filterOf(c) : { q }, q)
}

const words = (c: ConsoleContext) => ({
  status: c.req.query('status') ?? 'open',
  right: c.req.query('right') ?? '',
  overdue: c.req.query('overdue') === 'yes',
})

function filterOf(c: ConsoleContext): RequestFilter {
  const { status, right, overdue } = words(c)
  const known = statuses.find((one) => one === status)
  return {
    status: known ?? (status === 'all' ? undefined : openStatuses),
    right: right === 'access' || right === 'erasure' ? right : undefined,
    overdue,
    cursor: c.req.query('cursor'),
  }
}

async function show(kit: ConsoleKit, c: ConsoleContext, filter: RequestFilter, q: string) {
  const { items, next } = await lookAs(kit, c, (ctx) => listRequests(ctx, filter))
  const empty =
    q === ''
      ? html`<p>Nothing here. Requests from the portal appear by themselves.</p>`
      : html`<p>No request has this reference, and none names this whole address or number. Parts of addresses cannot be searched: they are not kept readable.</p>`
  const heads = ['Reference', 'Person', 'Right', 'Law', 'Came by', 'State', 'Due', 'Time']
  const main = html`${filters(c, q)}${table('Requests', heads, items.map(rowOf), empty)}
    ${next === undefined ? '' : html`<p class="pager"><a class="button button-quiet" href="/console/requests?${moreQuery(c, next)}">More</a></p>`}`
  const aside = can(c, 'request.add')
    ? html`<a class="button" href="/console/requests/new">Enter a request</a>`
    : ''
  return c.html(consolePage(kit, c, { title: 'Requests', aside, main }))
}

const rowOf = (row: RequestRow): Html[] => [
  html`<a href="/console/requests/${row.reference}" class="reference">${row.reference}</a>`,
  html`${row.person}`,
  html`${rightWords[row.right]}`,
  html`${row.regime}`,
  html`${channelWords[row.channel]}`,
  html`${statusBadge(row.status)}`,
  html`<span class="nowrap">${shortDay(row.clock.dueDate)}</span>`,
  isOpen(row.status) ? daysBadge(row.clock) : html`<span class="muted">over</span>`,
]

const isOpen = (status: Status): boolean => openStatuses.includes(status) && status !== 'ready'

function filters(c: ConsoleContext, q: string): Html {
  const { status, right, overdue } = words(c)
  return html`<form class="filters" method="get" action="/console/requests">
      ${select({ name: 'status', label: 'State', value: status }, [['open', 'all open'], ['all', 'all'], ...statuses.map((one) => [one, statusWords[one][1]] as const)])}
      ${select({ name: 'right', label: 'Right', value: right }, [
        ['', 'any'],
        ['access', rightWords.access],
        ['erasure', rightWords.erasure],
      ])}
      <label class="inline"><input type="checkbox" name="overdue" value="yes"${attribute('checked', overdue)}> overdue only</label>
      <button class="button-quiet">Filter</button></form>
    <form class="filters" method="post" action="/console/requests/search">${tokenField(c.var.signedIn.formToken)}
      <div class="field"><label for="q">Reference, or a whole address or number</label><input id="q" name="q" value="${q}" maxlength="320" autocomplete="off"></div>
      <button class="button-quiet">Search</button></form>`
}

function moreQuery(c: ConsoleContext, cursor: string): string {
  const { status, right, overdue } = words(c)
  return new URLSearchParams({ status, right, ...(overdue ? { overdue: 'yes' } : {}), cursor }).toString()
}
