import type { Context } from 'hono'
import { LetheError } from '../../base/errors.ts'
import { newSecret } from '../../base/ids.ts'
import { system } from '../../base/actor.ts'
import { readLink, useFirstLink, usePasswordLink } from '../../officers/links.ts'
import { hashPassword, minLength } from '../../officers/password.ts'
import { absoluteMs, signOut } from '../../officers/sessions.ts'
import { signIn } from '../../officers/sign-in.ts'
import { act, look } from '../deps.ts'
import { readForm, tokenField } from '../forms.ts'
import { type Content, field, html } from '../html.ts'
import { addressOf } from '../limits.ts'
import { problemOf } from '../problem.ts'
import { actAs, type ConsoleContext, type ConsoleKit, cookieName, officerForm, whoIs } from './env.ts'
import { doneNotice, doorPage } from './frame.ts'

/** Before there is a session, a form belongs to this browser by a cookie of its own. */
function doorToken(kit: ConsoleKit, c: Context): string {
  let id = kit.jar.get(c, 'door')
  if (id === undefined) {
    id = newSecret()
    kit.jar.set(c, 'door', id, 3600)
  }
  return kit.deps.db.keys.hash('form', `door:${id}`)
}

const doorForm = (kit: ConsoleKit, c: Context) => {
  const id = kit.jar.get(c, 'door')
  return readForm(c, id === undefined ? '' : kit.deps.db.keys.hash('form', `door:${id}`))
}

/** Only a path of the console itself is gone back to. */
const pathAfter = (text: string | undefined): string =>
  text !== undefined && /^\/console(\/[\w-]+)*$/.test(text) ? text : '/console'

export const signInPage =
  (kit: ConsoleKit) =>
  async (c: Context, error?: unknown, name = '') => {
    if (error === undefined && (await whoIs(kit, c))) return c.redirect('/console', 303)
    const to = pathAfter(c.req.query('to'))
    const main = html`${error === undefined ? doneNotice(c.req.query('done')) : ''}<form method="post" action="/console/sign-in?to=${to}">${tokenField(doorToken(kit, c))}
    ${field({ name: 'name', label: 'Name', autocomplete: 'username', value: name, required: true, maxlength: 120 })}
    ${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', required: true, maxlength: 256 })}
    <div class="actions"><button>Sign in</button></div></form>
    <p class="small">Forgotten? An admin sends you a link to set a new one. Sessions end after an hour at rest.</p>`
    return c.html(doorPage(kit, 'Sign in', main, error), error === undefined ? 200 : problemOf(error).status)
  }

export const takeSignIn = (kit: ConsoleKit) => async (c: Context) => {
  const form = await doorForm(kit, c)
  await kit.limiter.take(c, 'try')
  const name = form.text('name')
  try {
    const { secret } = await signIn(kit.deps.db, {
      name,
      password: form.secret('password'),
      address: addressOf(c),
    })
    kit.jar.set(c, cookieName, secret, absoluteMs / 1000)
    return c.redirect(pathAfter(c.req.query('to')), 303)
  } catch (error) {
    if (!(error instanceof LetheError)) throw error
    return signInPage(kit)(c, error, name)
  }
}

export const takeSignOut = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  await officerForm(c)
  await actAs(kit, c, (ctx) => signOut(ctx, { sessionId: c.var.signedIn.sessionId }))
  kit.jar.drop(c, cookieName)
  return c.redirect('/console/sign-in?done=signed-out', 303)
}

/** A one-time link: the first admin, or a password. Looking at it uses nothing up. */
export const linkPage =
  (kit: ConsoleKit) =>
  async (c: Context, error?: unknown, name = '') => {
    const token = c.req.param('token') ?? ''
    const link = await look(kit.deps, system('link'), ({ reader }) => readLink(reader, token))
    const isFirst = link.purpose === 'first'
    const who: Content = isFirst
      ? html`<p class="lead">This link makes the first officer, with the role admin. It works once.</p>
        ${field({ name: 'name', label: 'Your name or e-mail address', hint: 'You sign in with it.', autocomplete: 'username', value: name, required: true, maxlength: 120 })}`
      : html`<p class="lead">You sign in as <strong>${link.officer?.name ?? ''}</strong>.</p>`
    const main = html`<form method="post">${tokenField(doorToken(kit, c))}${who}
    ${field({ name: 'password', label: 'Password', hint: `At least ${minLength} characters. Four or five words that do not belong together are good.`, type: 'password', autocomplete: 'new-password', required: true, maxlength: 256 })}
    ${field({ name: 'again', label: 'The same again', type: 'password', autocomplete: 'new-password', required: true, maxlength: 256 })}
    <div class="actions"><button>${isFirst ? 'Make the first officer' : 'Set the password'}</button></div></form>`
    const title = isFirst ? 'Welcome to Lethe' : 'Set your password'
    return c.html(doorPage(kit, title, main, error), error === undefined ? 200 : problemOf(error).status)
  }

export const takeLink = (kit: ConsoleKit) => async (c: Context) => {
  const form = await doorForm(kit, c)
  await kit.limiter.take(c, 'try')
  const token = c.req.param('token') ?? ''
  const name = form.text('name')
  try {
    const link = await look(kit.deps, system('link'), ({ reader }) => readLink(reader, token))
    if (form.secret('password') !== form.secret('again'))
      throw new LetheError('invalid', 'the two passwords are not the same', {
        hint: 'Enter the password twice.',
      })
    const password = await hashPassword(form.secret('password'), link.officer?.name ?? name)
    await act(kit.deps, system('link'), async (ctx) => {
      if (link.purpose === 'first') await useFirstLink(ctx, { token, name, password })
      else await usePasswordLink(ctx, { token, password })
    })
    return c.redirect('/console/sign-in?done=password', 303)
  } catch (error) {
    if (!(error instanceof LetheError) || error.code === 'expired') throw error
    return linkPage(kit)(c, error, name)
  }
}
