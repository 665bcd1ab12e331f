import type { Action } from '../../officers/roles.ts'
import { tokenField } from '../forms.ts'
import { type Content, type Html, html, notice } from '../html.ts'
import { problemOf } from '../problem.ts'
import { document, mark } from '../shell.ts'
import { type ConsoleContext, type ConsoleKit, can } from './env.ts'

const rooms: readonly (readonly [path: string, title: string, action: Action])[] = [
  ['', 'Home', 'request.read'],
  ['/requests', 'Requests', 'request.read'],
  ['/retention', 'Retention', 'retention.read'],
  ['/holds', 'Holds', 'hold.read'],
  ['/map', 'Data map', 'map.read'],
  ['/ledger', 'Ledger', 'ledger.read'],
  ['/officers', 'Officers', 'officer.manage'],
]

export interface ConsolePage {
  readonly title: string
  /** Beside the title: what is done most. */
  readonly aside?: Content
  readonly main: Content
  /** What a verb refused, in its own words. */
  readonly error?: unknown
}

/** A page of the console: rooms above, a title, what was just done, then the page. */
export function consolePage(kit: ConsoleKit, c: ConsoleContext, p: ConsolePage): Html {
  const { officer, formToken } = c.var.signedIn
  const room = `/${c.req.path.split('/')[2] ?? ''}`.replace(/^\/$/, '')
  const failed = p.error === undefined ? undefined : problemOf(p.error)
  return document({
    language: 'en',
    title: `${failed ? 'Not done: ' : ''}${p.title} · ${kit.deps.company.name} · Lethe`,
    assets: kit.assets,
    className: 'console',
    skip: 'Skip to the content',
    header: html`<header><div class="bar"><a class="brand" href="/console">${mark}<span>Lethe</span></a>
      <div class="who"><a href="/console/account">${officer.name} <span class="sr-only">(your account)</span></a><span>${officer.role}</span>
      <form method="post" action="/console/sign-out">${tokenField(formToken)}<button>Sign out</button></form></div></div></header>
      <nav class="rooms" aria-label="Rooms"><ul>${rooms
        .filter(([, , action]) => can(c, action))
        .map(
          ([path, title]) =>
            html`<li><a href="/console${path}"${path === room ? html` aria-current="${c.req.path === `/console${path}` ? 'page' : 'true'}"` : ''}>${title}</a></li>`,
        )}</ul></nav>`,
    main: html`${failed ? notice('late', html`<p>${sentence(failed.detail)} ${failed.hint ?? ''}</p>`, 'This was not done') : said(c)}
      <div class="head"><h1>${p.title}</h1>${p.aside ?? ''}</div>${p.main}`,
    footer: html`<footer>${kit.deps.company.name} · times in ${kit.deps.company.timezone}</footer>`,
  })
}

/** A page before anybody is signed in. */
export const doorPage = (kit: ConsoleKit, title: string, main: Content, error?: unknown): Html => {
  const failed = error === undefined ? undefined : problemOf(error)
  return document({
    language: 'en',
    title: `${failed ? 'Not done: ' : ''}${title} · Lethe`,
    assets: kit.assets,
    className: 'console console-door',
    skip: 'Skip to the content',
    header: html`<header><div class="bar"><a class="brand" href="/console">${mark}<span>Lethe</span></a></div></header>`,
    main: html`${failed ? notice('late', html`<p>${sentence(failed.detail)} ${failed.hint ?? ''}</p>`, 'This did not work') : ''}<h1>${title}</h1>${main}`,
    footer: html`<footer>${kit.deps.company.name}</footer>`,
  })
}

/** What the page after a redirect says was done: a closed list, so that nothing of a request stands in a URL. */
const doneWords: Readonly<Record<string, string>> = {
  received: 'The request is entered, and its clock runs.',
  verified: 'The identity is noted as proved; the search begins.',
  sent: 'A mail with a code is on its way.',
  decided: 'The decision is made.',
  approved: 'The plan is approved, and its work begins.',
  returned: 'The decision went back to be made again.',
  extended: 'The period is extended, and the person is told.',
  paused: 'The question is on its way to the person.',
  resumed: 'The answer is noted; the clock goes on.',
  withdrawn: 'The request is withdrawn.',
  closed: 'The request is closed; its package is destroyed.',
  retried: 'It is tried again.',
  settled: 'It is noted, and the search runs again.',
  task: 'The task is done.',
  placed: 'The hold is in force.',
  lifted: 'The hold is lifted.',
  added: 'The officer is added.',
  changed: 'The change is made.',
  ran: 'The run is on its way.',
  'rule-approved': 'This version of the rule may run.',
  password: 'The password is set. Sign in with it.',
  'signed-out': 'You are signed out.',
  everywhere: 'You are signed out everywhere else.',
}

export const doneNotice = (done: string | undefined): Content => {
  const words = done === undefined ? undefined : doneWords[done]
  return words === undefined ? '' : notice('good', html`<p role="status">${words}</p>`)
}

const said = (c: ConsoleContext): Content => doneNotice(c.req.query('done'))

/** Messages of errors begin small, as parts of a sentence. */
export const sentence = (text: string): string => {
  const big = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(big) ? big : `${big}.`
}
