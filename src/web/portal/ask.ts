import type { Context } from 'hono'
import { normalise } from '../../base/identity.ts'
import { masked } from '../../requests/claims.ts'
import { receiveRequest } from '../../requests/receive.ts'
import type { RequestRight } from '../../requests/types.ts'
import { act } from '../deps.ts'
import { tokenField } from '../forms.ts'
import { choices, facts, field, type Html, html } from '../html.ts'
import { type PortalKit, type Speech, speechOf, visitForm, visitor } from './env.ts'
import { countriesOf, countryName, homeCountry } from './countries.ts'
import { back, page } from './frame.ts'
import type { Visit } from './visit.ts'

/*
 * One question a page: e-mail, telephone, country, review. Each page is reached with what came before it, or leads back to
 * the start.
 */

const steps = 4

interface Question {
  readonly now: number
  readonly backTo: string
  readonly title: string
  readonly intro?: string
  readonly fields: Html
  readonly after?: string
  readonly error?: string | undefined
  readonly button?: string
}

function question(kit: PortalKit, c: Context, speech: Speech, visit: Visit, q: Question) {
  const { frame } = speech.words
  const main = html`<div class="column">${back(speech, q.backTo)}
    <p class="where">${frame.step(q.now, steps)}</p><h1>${q.title}</h1>${q.intro === undefined ? '' : html`<p class="lead">${q.intro}</p>`}
    <form method="post" novalidate>${tokenField(kit.visits.formToken(visit))}${q.fields}
      ${q.after === undefined ? '' : html`<p class="small">${q.after}</p>`}
      <div class="actions"><button>${q.button ?? frame.continue}</button></div></form></div>`
  return c.html(
    page(kit, speech, { title: q.title, main, error: q.error }),
    q.error === undefined ? 200 : 400,
  )
}

export const rightOf = (c: Context): RequestRight =>
  c.req.param('right') === 'erasure' ? 'erasure' : 'access'

export const askEmail =
  (kit: PortalKit) =>
  (c: Context, value?: string, isWrong = false) => {
    const speech = speechOf(c)
    const right = rightOf(c)
    const w = speech.words.email
    const visit = kit.visits.read(c)
    const error = isWrong ? w.missing : undefined
    const input = {
      name: 'email',
      label: w.label,
      hint: w.hint,
      type: 'email',
      autocomplete: 'email',
    } as const
    return question(kit, c, speech, visit, {
      now: 1,
      backTo: '/',
      title: w[right],
      intro: right === 'access' ? w.accessText : w.erasureText,
      fields: field({ ...input, error, value: value ?? visit.email ?? '' }),
      after: w.privacy,
      error,
    })
  }

export const takeEmail = (kit: PortalKit) => async (c: Context) => {
  const { form, visit } = await visitForm(kit, c)
  const email = form.text('email')
  if (normalise('email', email) === undefined || email.length > 254) return askEmail(kit)(c, email, true)
  kit.visits.write(c, { ...begun(visit), right: rightOf(c), email })
  return c.redirect(`${speechOf(c).base}/ask/phone`, 303)
}

export const askPhone =
  (kit: PortalKit) =>
  (c: Context, value?: string, isWrong = false) => {
    const speech = speechOf(c)
    const visit = kit.visits.read(c)
    if (!visit.right || !visit.email) return c.redirect(speech.base || '/', 303)
    const w = speech.words.phone
    const error = isWrong ? w.wrong : undefined
    const input = { name: 'phone', label: w.label, hint: w.hint, type: 'tel', autocomplete: 'tel' } as const
    return question(kit, c, speech, visit, {
      now: 2,
      backTo: `/ask/${visit.right}`,
      title: w.title,
      intro: w.text,
      fields: field({ ...input, error, value: value ?? visit.phone ?? '' }),
      after: w.note,
      error,
    })
  }

export const takePhone = (kit: PortalKit) => async (c: Context) => {
  const { form, visit } = await visitForm(kit, c)
  const speech = speechOf(c)
  if (!visit.right || !visit.email) return c.redirect(speech.base || '/', 303)
  const text = form.text('phone')
  const phone = normalise('phone', text, { country: homeCountry(speech.language) })
  if (text !== '' && phone === undefined) return askPhone(kit)(c, text, true)
  const { phone: _before, ...rest } = visit
  kit.visits.write(c, phone === undefined ? rest : { ...rest, phone })
  return c.redirect(`${speech.base}/ask/country`, 303)
}

export const askCountry =
  (kit: PortalKit) =>
  (c: Context, isWrong = false) => {
    const speech = speechOf(c)
    const visit = kit.visits.read(c)
    if (!visit.right || !visit.email) return c.redirect(speech.base || '/', 303)
    const w = speech.words.country
    const error = isWrong ? w.missing : undefined
    const known = countriesOf(kit.deps)
    const guess = visit.country ?? known.find((name) => name === homeCountry(speech.language))
    const list = known.map((name) => ({ value: name, label: countryName(name, speech.language) }))
    return question(kit, c, speech, visit, {
      now: 3,
      backTo: '/ask/phone',
      title: w.title,
      intro: w.text,
      fields: choices(
        'radio',
        { name: 'country', label: w.label, error },
        list,
        guess === undefined ? [] : [guess],
      ),
      error,
    })
  }

export const takeCountry = (kit: PortalKit) => async (c: Context) => {
  const { form, visit } = await visitForm(kit, c)
  const country = form.text('country')
  if (!countriesOf(kit.deps).includes(country)) return askCountry(kit)(c, true)
  kit.visits.write(c, { ...visit, country })
  return c.redirect(`${speechOf(c).base}/ask/review`, 303)
}

export const review = (kit: PortalKit) => (c: Context) => {
  const speech = speechOf(c)
  const visit = kit.visits.read(c)
  if (!visit.right || !visit.email || !visit.country) return c.redirect(speech.base || '/', 303)
  const w = speech.words.review
  const row = (label: string, value: string, to: string): [string, Html] => [
    label,
    html`${value} <a class="small" href="${speech.base}${to}" aria-label="${w.changeWhat(label)}">${w.change}</a>`,
  ]
  return question(kit, c, speech, visit, {
    now: 4,
    backTo: '/ask/country',
    title: w.title,
    fields: facts([
      row(w.what, w[visit.right], '/'),
      row(w.email, visit.email, `/ask/${visit.right}`),
      row(w.phone, visit.phone ?? w.none, '/ask/phone'),
      row(w.country, countryName(visit.country, speech.language), '/ask/country'),
    ]),
    after: w.next,
    button: w.send,
  })
}

/** Files the request. The answer is the same whether or not we know the person: nothing is looked up here. */
export const send = (kit: PortalKit) => async (c: Context) => {
  const { visit } = await visitForm(kit, c)
  const { base, language } = speechOf(c)
  const { right, email, phone, country } = visit
  if (!right || !email || !country) return c.redirect(base || '/', 303)
  await kit.limiter.take(c, 'mail')
  const identities = [
    { kind: 'email', value: email },
    ...(phone === undefined ? [] : [{ kind: 'phone', value: phone }]),
  ]
  const { reference } = await act(kit.deps, visitor, (ctx) =>
    receiveRequest(
      ctx,
      { right, regime: country, channel: 'portal', language, identities },
      kit.deps.requests,
    ),
  )
  const sentTo = masked('email', email)
  kit.visits.write(c, { id: visit.id, sinceMs: visit.sinceMs, right, reference, sentTo })
  return c.redirect(`${base}/inbox`, 303)
}

/** A new question after a sent one begins afresh. */
function begun({ id, sinceMs, email, phone, country }: Visit): Visit {
  const entered = { email, phone, country }
  const given = Object.entries(entered).filter(([, value]) => value !== undefined)
  return { id, sinceMs, ...(Object.fromEntries(given) as Pick<Visit, 'email' | 'phone' | 'country'>) }
}
