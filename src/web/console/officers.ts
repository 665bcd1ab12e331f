import { LetheError } from '../../base/errors.ts'
import { addOfficer } from '../../officers/add.ts'
import { newPasswordLink } from '../../officers/links.ts'
import { listOfficers, type Officer } from '../../officers/officer.ts'
import { isRole, roles } from '../../officers/roles.ts'
import { disableOfficer, enableOfficer, setRole } from '../../officers/standing.ts'
import { type Form, tokenField } from '../forms.ts'
import { attribute, badge, type Content, field, type Html, html, notice, select, table } from '../html.ts'
import { problemOf } from '../problem.ts'
import { actAs, type ConsoleContext, type ConsoleKit, demand, lookAs, officerForm } from './env.ts'
import { consolePage } from './frame.ts'

const roleHints = {
  officer: 'works on requests and holds',
  approver: 'also approves erasures, lets retention rules run, lifts holds',
  auditor: 'reads everything, changes nothing',
  admin: 'everything, and the officers themselves',
} as const

interface Shown {
  readonly form?: Form
  readonly error?: unknown
  readonly link?: { readonly name: string; readonly url: string }
}

export const officersPage =
  (kit: ConsoleKit) =>
  async (c: ConsoleContext, shown: Shown = {}) => {
    demand(c, 'officer.manage')
    const officers = await lookAs(kit, c, ({ reader }) => listOfficers(reader))
    const token = tokenField(c.var.signedIn.formToken)
    const main = html`${linkNotice(shown.link)}
    ${table(
      'Officers',
      ['Name', 'Role', 'Standing', 'Change'],
      officers.map((one) => rowOf(c, one, token)),
      '',
    )}
    <section class="card"><h2>Add an officer</h2><form method="post" class="column">${token}
      ${field({ name: 'name', label: 'Name or e-mail address', hint: 'To sign in with.', value: shown.form?.text('name') ?? '', maxlength: 120, autocomplete: 'off' })}
      ${select(
        { name: 'role', label: 'Role', value: shown.form?.text('role') ?? 'officer' },
        roles.map((role) => [role, `${role}: ${roleHints[role]}`]),
      )}
      <div class="actions"><button>Add and make a link</button></div></form>
      <p class="small">You get a one-time link to pass on; with it the officer sets a password.</p></section>`
    const { error } = shown
    return c.html(
      consolePage(kit, c, { title: 'Officers', main, error }),
      error === undefined ? 200 : problemOf(error).status,
    )
  }

const linkNotice = (link: Shown['link']): Content =>
  link === undefined
    ? ''
    : notice(
        'good',
        html`<p>Pass this link on to ${link.name}, by a way that only they read. It works once, for 24 hours, and is not shown again.</p><p class="digest">${link.url}</p>`,
        'A link to set a password',
      )

function rowOf(c: ConsoleContext, one: Officer, token: Html): Html[] {
  const standing = one.disabledAt
    ? badge('late', 'shut out')
    : one.hasPassword
      ? badge('good', 'may sign in')
      : badge('soon', 'invited')
  const change = (what: string, inside: Html) =>
    html`<form method="post" action="/console/officers/${one.id}/${what}" class="inline-form">${token}${inside}</form>`
  const isSelf = one.id === c.var.signedIn.officer.id
  return [
    html`${one.name}${isSelf ? html` <span class="muted">(you)</span>` : ''}`,
    change(
      'role',
      html`<label class="sr-only" for="role-${one.id}">Role of ${one.name}</label><select id="role-${one.id}" name="role">${roles.map((role) => html`<option${attribute('selected', role === one.role)}>${role}</option>`)}</select> <button class="button-quiet">Set</button>`,
    ),
    standing,
    html`<div class="actions">${change('link', html`<button class="button-quiet" aria-label="Make a password link for ${one.name}">Password link</button>`)}${one.disabledAt ? change('enable', html`<button class="button-quiet" aria-label="Let ${one.name} in again">Let in again</button>`) : change('disable', html`<button class="button-grave" aria-label="Shut ${one.name} out">Shut out</button>`)}</div>`,
  ]
}

export const takeOfficer = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'officer.manage')
  const form = await officerForm(c)
  try {
    const role = roleOf(form)
    const link = await actAs(kit, c, async (ctx) => {
      const officer = await addOfficer(ctx, { name: form.text('name'), role })
      return { name: officer.name, url: linkUrl(kit, await newPasswordLink(ctx, { officerId: officer.id })) }
    })
    // Shown, not redirected to: a secret stands in no URL of ours but its own.
    return officersPage(kit)(c, { link })
  } catch (error) {
    if (!(error instanceof LetheError)) throw error
    return officersPage(kit)(c, { form, error })
  }
}

export const changeOfficer = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'officer.manage')
  const form = await officerForm(c)
  const officerId = c.req.param('id') ?? ''
  try {
    const what = c.req.param('what') ?? ''
    switch (what) {
      case 'role':
        await actAs(kit, c, (ctx) => setRole(ctx, { officerId, role: roleOf(form) }))
        break
      case 'disable':
        await actAs(kit, c, (ctx) => disableOfficer(ctx, { officerId }))
        break
      case 'enable':
        await actAs(kit, c, (ctx) => enableOfficer(ctx, { officerId }))
        break
      case 'link': {
        const url = linkUrl(kit, await actAs(kit, c, (ctx) => newPasswordLink(ctx, { officerId })))
        const officer = (await lookAs(kit, c, ({ reader }) => listOfficers(reader))).find(
          (one) => one.id === officerId,
        )
        return await officersPage(kit)(c, { link: { name: officer?.name ?? '', url } })
      }
      default:
        throw new LetheError('not_found', 'there is no page at this address')
    }
  } catch (error) {
    if (!(error instanceof LetheError) || error.code === 'not_found') throw error
    return officersPage(kit)(c, { error })
  }
  return c.redirect('/console/officers?done=changed', 303)
}

const linkUrl = (kit: ConsoleKit, token: string): string => `${kit.deps.config.url}/console/link/${token}`

function roleOf(form: Form) {
  const role = form.text('role')
  if (isRole(role)) return role
  throw new LetheError('invalid', 'this is no role', { hint: `Choose one of ${roles.join(', ')}.` })
}
