import { LetheError } from '../../base/errors.ts'
import { createToken, listTokens, revokeToken } from '../../officers/api-tokens.ts'
import { setPassword } from '../../officers/links.ts'
import { hashPassword } from '../../officers/password.ts'
import { isScope, may, scopes } from '../../officers/roles.ts'
import { openSession, signOutEverywhere } from '../../officers/sessions.ts'
import { absoluteMs } from '../../officers/sessions.ts'
import { signIn } from '../../officers/sign-in.ts'
import { shortMoment } from '../format.ts'
import { tokenField } from '../forms.ts'
import { badge, choices, type Content, field, html, notice, table } from '../html.ts'
import { addressOf } from '../limits.ts'
import { problemOf } from '../problem.ts'
import {
  actAs,
  can,
  type ConsoleContext,
  type ConsoleKit,
  cookieName,
  demand,
  lookAs,
  officerForm,
} from './env.ts'
import { consolePage } from './frame.ts'

interface Shown {
  readonly error?: unknown
  readonly token?: string
}

/** One's own: password, sessions, tokens for programs. */
export const accountPage =
  (kit: ConsoleKit) =>
  async (c: ConsoleContext, shown: Shown = {}) => {
    const { officer, formToken } = c.var.signedIn
    const token = tokenField(formToken)
    const main = html`${shown.token === undefined ? '' : notice('good', html`<p>Copy it now; it is not shown again.</p><p class="digest">${shown.token}</p>`, 'Your new token')}
    <section class="card"><h2>Password</h2><form method="post" action="/console/account/password" class="column">${token}
      <input type="hidden" name="username" autocomplete="username" value="${officer.name}">
      ${field({ name: 'current', label: 'Current password', type: 'password', autocomplete: 'current-password', maxlength: 256 })}
      ${field({ name: 'password', label: 'New password', hint: 'At least 12 characters. It ends your other sessions.', type: 'password', autocomplete: 'new-password', maxlength: 256 })}
      <div class="actions"><button>Change the password</button></div></form></section>
    <section class="card"><h2>Sessions</h2><p>On a lost or shared computer: end them all. You stay signed in here.</p>
      <form method="post" action="/console/account/everywhere">${token}<button class="button-quiet">Sign out everywhere else</button></form></section>
    ${can(c, 'token.manage') ? await tokensPart(kit, c, token) : ''}`
    return c.html(
      consolePage(kit, c, { title: 'Your account', main, error: shown.error }),
      shown.error === undefined ? 200 : problemOf(shown.error).status,
    )
  }

async function tokensPart(kit: ConsoleKit, c: ConsoleContext, token: Content): Promise<Content> {
  const { officer } = c.var.signedIn
  const tokens = await lookAs(kit, c, ({ reader }) => listTokens(reader, { officerId: officer.id }))
  const zone = kit.deps.company.timezone
  const rows = tokens.map((one) => [
    one.title,
    one.scopes.join(', '),
    shortMoment(one.createdAt, zone),
    one.usedAt ? shortMoment(one.usedAt, zone) : 'never',
    one.revokedAt
      ? badge('quiet', 'revoked')
      : html`<form method="post" action="/console/account/tokens/${one.id}/revoke">${token}<button class="button-grave" aria-label="Revoke ${one.title}">Revoke</button></form>`,
  ])
  const mine = scopes
    .filter((scope) => may(officer.role, scope))
    .map((scope) => ({ value: scope, label: scope }))
  return html`<section class="card"><h2>Tokens for programs</h2>${table('Tokens', ['Title', 'May', 'Made', 'Last used', 'End'], rows, html`<p>No token. A program that uses the API needs one.</p>`)}
    <details><summary>Make a token</summary><form method="post" action="/console/account/tokens" class="column">${token}
      ${field({ name: 'title', label: 'What it is for', maxlength: 120 })}${choices('checkbox', { name: 'scopes', label: 'It may', hint: 'It acts in your name and never reaches further than your role.' }, mine, [])}
      <div class="actions"><button>Make the token</button></div></form></details></section>`
}

const attempt = async (
  kit: ConsoleKit,
  c: ConsoleContext,
  work: () => Promise<Response>,
): Promise<Response> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LetheError)) throw error
    return accountPage(kit)(c, { error })
  }
}

export const changePassword = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  const form = await officerForm(c)
  const { officer } = c.var.signedIn
  return attempt(kit, c, async () => {
    // Through the front door, so that guesses at it are counted like any other.
    await signIn(kit.deps.db, { name: officer.name, password: form.secret('current'), address: addressOf(c) })
    const password = await hashPassword(form.secret('password'), officer.name)
    await actAs(kit, c, (ctx) => setPassword(ctx, { officerId: officer.id, password }))
    kit.jar.drop(c, cookieName)
    return c.redirect('/console/sign-in?done=password', 303)
  })
}

export const endOthers = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  await officerForm(c)
  const { officer } = c.var.signedIn
  const secret = await actAs(kit, c, async (ctx) => {
    await signOutEverywhere(ctx, { officerId: officer.id })
    return openSession(ctx, officer.id)
  })
  kit.jar.set(c, cookieName, secret, absoluteMs / 1000)
  return c.redirect('/console/account?done=everywhere', 303)
}

export const takeToken = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'token.manage')
  const form = await officerForm(c)
  return attempt(kit, c, async () => {
    const input = {
      officerId: c.var.signedIn.officer.id,
      title: form.text('title'),
      scopes: form.all('scopes').filter(isScope),
    }
    const { token } = await actAs(kit, c, (ctx) => createToken(ctx, input))
    return accountPage(kit)(c, { token })
  })
}

export const endToken = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'token.manage')
  await officerForm(c)
  const id = c.req.param('id') ?? ''
  await actAs(kit, c, async (ctx) => {
    const own = await listTokens(ctx.tx, { officerId: c.var.signedIn.officer.id })
    if (!own.some((one) => one.id === id))
      throw new LetheError('not_found', 'there is no such token of yours')
    await revokeToken(ctx, { id })
  })
  return c.redirect('/console/account?done=changed', 303)
}
