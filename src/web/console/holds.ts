import { LetheError } from '../../base/errors.ts'
import { addMonths, localDateAt } from '../../base/calendar.ts'
import { canonicalJson } from '../../base/json.ts'
import { liftHold } from '../../holds/lift.ts'
import { type Hold, listHolds } from '../../holds/list.ts'
import { placeHold } from '../../holds/place.ts'
import type { LocalDate } from '../../base/instant.ts'
import { masked } from '../../requests/claims.ts'
import { shortDay, shortMoment } from '../format.ts'
import { type Form, tokenField } from '../forms.ts'
import { badge, choices, facts, field, type Html, html, textarea } from '../html.ts'
import { problemOf } from '../problem.ts'
import { actAs, can, type ConsoleContext, type ConsoleKit, demand, lookAs, officerForm } from './env.ts'
import { consolePage } from './frame.ts'
import { officerNames } from './people.ts'

/** What must stay although its time is over or its person wants it gone: who said so, why, and when it is looked at again. */
export const holdsPage = (kit: ConsoleKit) => async (c: ConsoleContext, form?: Form, error?: unknown) => {
  demand(c, 'hold.read')
  const { holds, nameOf } = await lookAs(kit, c, async ({ reader }) => ({
    holds: await listHolds(reader),
    nameOf: await officerNames(reader),
  }))
  const inForce = holds.filter((hold) => hold.lifted === null)
  const over = holds.filter((hold) => hold.lifted !== null)
  const main = html`${inForce.length === 0 ? html`<div class="empty"><p>No hold is in force. Purges and erasures are free to go on.</p></div>` : inForce.map((hold) => card(kit, c, hold, nameOf))}
    ${can(c, 'hold.place') ? placeForm(kit, c, form) : ''}
    ${over.length > 0 ? html`<details><summary>Lifted (${over.length})</summary>${over.toReversed().map((hold) => card(kit, c, hold, nameOf))}</details>` : ''}`
  return c.html(
    consolePage(kit, c, { title: 'Holds', main, error }),
    error === undefined ? 200 : problemOf(error).status,
  )
}

function card(kit: ConsoleKit, c: ConsoleContext, hold: Hold, nameOf: (id: string) => string): Html {
  const kinds = {
    legal: 'Legal hold',
    request: 'While a request is open',
    restriction: 'Restriction (Art. 18)',
  } as const
  const { lifted } = hold
  return html`<section class="card"><h2>${kinds[hold.kind]} ${lifted ? badge('quiet', 'lifted') : hold.reviewOverdue ? badge('late', 'review is overdue') : badge('river', 'in force')}</h2>
    ${facts([
      ['Covers', scopeWords(hold)],
      ['Blocks', hold.blocks.join(' and ')],
      ['Reason', html`<span class="letter">${hold.reason}</span>`],
      ['Authority', hold.authority],
      ['Placed', `${nameOf(hold.placedBy)}, ${shortMoment(hold.placedAt, kit.deps.company.timezone)}`],
      lifted
        ? [
            'Lifted',
            `${nameOf(lifted.by)}, ${shortMoment(lifted.at, kit.deps.company.timezone)}: ${lifted.reason}`,
          ]
        : ['Review by', shortDay(hold.reviewOn)],
    ])}
    ${
      lifted === null && can(c, 'hold.lift')
        ? html`<details><summary>Lift</summary><p>What it kept may go at the next run. A hold cannot be un-lifted; it can be placed again.</p>
      <form method="post" action="/console/holds/${hold.id}/lift">${tokenField(c.var.signedIn.formToken)}
      <div class="field"><label for="reason-${hold.id}">Why it is no longer needed</label><input id="reason-${hold.id}" name="reason" maxlength="1000"></div>
      <div class="actions"><button class="button-grave">Lift the hold</button></div></form></details>`
        : ''
    }</section>`
}

function scopeWords({ scope }: Hold): string {
  if (scope.kind === 'record') return `${scope.collection}, record ${scope.key.join('/')} in ${scope.store}`
  return `everything of ${scope.identities.map(({ kind, value }) => masked(kind, value)).join(', ')}`
}

function placeForm(kit: ConsoleKit, c: ConsoleContext, form: Form | undefined): Html {
  const value = (name: string, fallback = '') => form?.text(name) ?? fallback
  const today = localDateAt(kit.deps.clock.now(), kit.deps.company.timezone)
  return html`<section class="card"><h2>Place a hold</h2><form method="post" class="column">${tokenField(c.var.signedIn.formToken)}
    ${choices(
      'radio',
      { name: 'kind', label: 'Kind' },
      [
        { value: 'legal', label: 'Legal hold', hint: 'For claims (Art. 17(3)(e)).' },
        { value: 'restriction', label: 'Restriction', hint: 'Stored and nothing else (Art. 18).' },
      ],
      [value('kind', 'legal')],
    )}
    ${field({ name: 'email', label: 'E-mail address of the person', hint: 'Everything of a person: give an address, a number, or both.', value: value('email'), autocomplete: 'off' })}
    ${field({ name: 'phone', label: 'Telephone number', value: value('phone'), autocomplete: 'off' })}
    ${field({ name: 'record', label: 'Or one record', hint: 'Collection of the data map and key: tickets.tickets 4711', value: value('record'), autocomplete: 'off' })}
    ${choices(
      'checkbox',
      { name: 'blocks', label: 'Blocks' },
      [
        { value: 'purge', label: 'Purges' },
        { value: 'erasure', label: 'Erasures that a person asks for' },
      ],
      form?.all('blocks') ?? ['purge', 'erasure'],
    )}
    ${textarea({ name: 'reason', label: 'Reason', value: value('reason') })}
    ${field({ name: 'authority', label: 'Who demands it', hint: 'A court, a case number, an article.', value: value('authority'), maxlength: 500 })}
    ${field({ name: 'reviewOn', label: 'Review by', hint: 'Within six months. It stays in force until somebody lifts it.', type: 'date', value: value('reviewOn', addMonths(today, 3)) })}
    <div class="actions"><button>Place the hold</button></div></form></section>`
}

export const takeHold = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'hold.place')
  const form = await officerForm(c)
  try {
    await actAs(kit, c, (ctx) =>
      placeHold(ctx, {
        kind: form.text('kind') === 'restriction' ? 'restriction' : 'legal',
        scope: scopeOf(kit, form),
        reason: form.text('reason'),
        authority: form.text('authority'),
        // Read by the verb, which says what is wrong with it.
        reviewOn: form.text('reviewOn') as LocalDate,
        timezone: kit.deps.company.timezone,
        blocks: (['purge', 'erasure'] as const).filter((one) => form.all('blocks').includes(one)),
      }),
    )
  } catch (error) {
    if (!(error instanceof LetheError)) throw error
    return holdsPage(kit)(c, form, error)
  }
  return c.redirect('/console/holds?done=placed', 303)
}

function scopeOf(kit: ConsoleKit, form: Form) {
  const record = form.text('record')
  const identities = (['email', 'phone'] as const)
    .map((kind) => ({ kind, value: form.text(kind) }))
    .filter(({ value }) => value !== '')
  if (record === '') return { kind: 'person' as const, identities }
  if (identities.length > 0)
    throw new LetheError('invalid', 'a hold covers a person or one record, not both', {
      hint: 'Place two holds.',
    })
  const [id = '', ...key] = record.split(/\s+/)
  const collection = kit.deps.map.collections.get(id)
  if (!collection)
    throw new LetheError('invalid', 'the data map has no collection of this name', {
      hint: `Known are ${[...kit.deps.map.collections.keys()].join(', ')}.`,
    })
  if (key.length !== collection.key.length)
    throw new LetheError('invalid', `the key of ${id} is ${canonicalJson(collection.key)}`, {
      hint: 'Write the collection, then each part of the key.',
    })
  return { kind: 'record' as const, store: collection.store, collection: id, key }
}

export const takeLift = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'hold.lift')
  const form = await officerForm(c)
  const id = c.req.param('id') ?? ''
  try {
    await actAs(kit, c, (ctx) => liftHold(ctx, { id, reason: form.text('reason') }))
  } catch (error) {
    if (!(error instanceof LetheError) || error.code === 'not_found') throw error
    return holdsPage(kit)(c, undefined, error)
  }
  return c.redirect('/console/holds?done=lifted', 303)
}
