import { LetheError } from '../../base/errors.ts'
import { type Instant, instantOf, parseTimeZone } from '../../base/instant.ts'
import { Temporal } from 'temporal-polyfill'
import { receiveRequest } from '../../requests/receive.ts'
import { channels } from '../../requests/types.ts'
import { type Form, tokenField } from '../forms.ts'
import { choices, field, html, select, textarea } from '../html.ts'
import { languages } from '../language.ts'
import { problemOf } from '../problem.ts'
import { actAs, type ConsoleContext, type ConsoleKit, demand, officerForm } from './env.ts'
import { consolePage } from './frame.ts'
import { channelWords, rightWords } from './words.ts'

const languageNames = { en: 'English', nl: 'Dutch', da: 'Danish' } as const

/** What came by telephone, letter, at the desk or to another mailbox. The clock runs from receipt, not from entry. */
export const newRequestPage = (kit: ConsoleKit) => (c: ConsoleContext, form?: Form, error?: unknown) => {
  demand(c, 'request.add')
  const value = (name: string, fallback = '') => form?.text(name) ?? fallback
  const { company, requests } = kit.deps
  const main = html`<form method="post" class="column">${tokenField(c.var.signedIn.formToken)}
    ${choices(
      'radio',
      { name: 'right', label: 'Right' },
      [
        { value: 'access', label: rightWords.access },
        { value: 'erasure', label: rightWords.erasure },
      ],
      [value('right', 'access')],
    )}
    ${select(
      { name: 'channel', label: 'Came by', value: value('channel', 'phone') },
      channels.filter((one) => one !== 'portal').map((one) => [one, channelWords[one]]),
    )}
    ${field({ name: 'received', label: 'Reached us', hint: `In ${company.timezone}. Leave it empty for now.`, type: 'datetime-local', value: value('received') })}
    ${select(
      { name: 'regime', label: 'Law', value: value('regime', company.regime) },
      requests.regimes.regimes.map((one) => [one, one]),
    )}
    ${select(
      { name: 'language', label: 'Language of our letters', value: value('language', 'en') },
      languages.map((one) => [one, languageNames[one]]),
    )}
    ${field({ name: 'email', label: 'E-mail address', hint: 'A code goes there, unless you verified already.', type: 'email', value: value('email'), autocomplete: 'off' })}
    ${field({ name: 'phone', label: 'Telephone number', type: 'tel', value: value('phone'), autocomplete: 'off' })}
    ${field({ name: 'other', label: 'Another identity', hint: 'A kind of the data map and its value: customer_number=4711', value: value('other'), autocomplete: 'off' })}
    ${textarea({ name: 'note', label: 'Note', hint: 'The person’s words, or what you noted. Kept sealed.', value: value('note') })}
    ${field({ name: 'verified', label: 'Verified already? How', hint: 'Method and result, never a document or its number. Empty: not yet.', value: value('verified'), maxlength: 1000 })}
    <div class="actions"><button>Enter the request</button><a href="/console/requests">Cancel</a></div></form>`
  return c.html(
    consolePage(kit, c, { title: 'Enter a request', main, error }),
    error === undefined ? 200 : problemOf(error).status,
  )
}

export const takeNewRequest = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'request.add')
  const form = await officerForm(c)
  try {
    const { reference } = await actAs(kit, c, (ctx) =>
      receiveRequest(ctx, inputOf(kit, form), kit.deps.requests),
    )
    return c.redirect(`/console/requests/${reference}?done=received`, 303)
  } catch (error) {
    if (!(error instanceof LetheError)) throw error
    return newRequestPage(kit)(c, form, error)
  }
}

function inputOf(kit: ConsoleKit, form: Form) {
  const other = /^([a-z][a-z0-9_]*)\s*=\s*(.+)$/.exec(form.text('other'))
  if (form.text('other') !== '' && !other)
    throw new LetheError('invalid', 'the other identity is not of the form kind=value', {
      hint: 'Write customer_number=4711.',
    })
  const pairs = [
    ['email', form.text('email')],
    ['phone', form.text('phone')],
    [other?.[1] ?? '', other?.[2] ?? ''],
  ] as const
  const channel = channels.find((one) => one === form.text('channel')) ?? 'phone'
  return {
    right: form.text('right') === 'erasure' ? ('erasure' as const) : ('access' as const),
    regime: form.text('regime'),
    channel,
    language: form.text('language'),
    identities: pairs.filter(([, value]) => value !== '').map(([kind, value]) => ({ kind, value })),
    receivedAt: localMoment(form.text('received'), kit.deps.company.timezone),
    note: form.text('note') || undefined,
    verified: form.text('verified') || undefined,
  }
}

/** What a browser's date and time field sends, in the company's zone; undefined when empty. */
function localMoment(text: string, zone: string): Instant | undefined {
  if (text === '') return undefined
  try {
    const at = Temporal.PlainDateTime.from(text).toZonedDateTime(parseTimeZone(zone))
    return instantOf(at.epochMilliseconds)
  } catch {
    throw new LetheError('invalid', 'the moment of receipt is not a date and time', {
      hint: 'Write it as 2026-03-05T10:00.',
    })
  }
}
