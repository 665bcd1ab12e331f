import { LetheError } from '../../base/errors.ts'
import { handOver } from '../../export/open-package.ts'
import { sealWithPassphrase } from '../../export/seal-with-passphrase.ts'
import type { Action } from '../../officers/roles.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { approve, returnDecision } from '../../requests/approve.ts'
import { close, withdraw } from '../../requests/close.ts'
import { decide } from '../../requests/decide.ts'
import { extend } from '../../requests/extend.ts'
import { pause, resume } from '../../requests/pause.ts'
import { retryRequest } from '../../requests/retry.ts'
import { sendCode } from '../../requests/send-code.ts'
import { showRequest } from '../../requests/show.ts'
import { verifyByOfficer } from '../../requests/verify-by-officer.ts'
import type { Form } from '../forms.ts'
import { html } from '../html.ts'
import { problemOf } from '../problem.ts'
import { zip } from '../zip.ts'
import { actAs, type ConsoleContext, type ConsoleKit, can, demand, lookAs, officerForm } from './env.ts'
import { consolePage } from './frame.ts'
import { officerNames } from './people.ts'
import { othersPart } from './others.ts'
import { approveForm, decideForm, type Typed, verifyForm, workForms } from './request-forms.ts'
import * as part from './request-parts.ts'
import { settlePart } from './settle.ts'
import { statusBadge } from './words.ts'

const referenceOf = (c: ConsoleContext): string => c.req.param('reference') ?? ''

/** The whole file of one request, and what may be done with it now. */
export const requestPage = (kit: ConsoleKit) => async (c: ConsoleContext, typed?: Typed, error?: unknown) => {
  const { file, nameOf } = await lookAs(kit, c, async (ctx) => ({
    file: await showRequest(ctx, { reference: referenceOf(c) }),
    nameOf: await officerNames(ctx.reader),
  }))
  const main = html`<div class="two"><div>
      ${part.headFacts(file)}${part.questionsPart(file)}${part.decisionPart(file, nameOf)}
      <section><h2>${file.right === 'access' ? 'What was found' : 'The plan'}</h2>${part.planPart(kit, file.plan)}${file.right === 'erasure' ? part.keptPart(kit, file.plan) : ''}</section>
      ${settlePart(c, file)}${othersPart(c, file)}
      ${decideForm(c, file, kit.deps.requests.regimes.regime(file.regime).pack, typed)}${approveForm(c, file, typed)}
      <section><h2>Letters</h2>${part.messagesPart(file)}</section></div>
    <div>${part.clockCard(file)}${part.identityList(file, verifyForm(c, file, typed))}${workForms(c, file, typed)}${part.packagePart(file)}${can(c, 'ledger.read') ? part.evidencePart(file) : ''}${part.timelinePart(file, nameOf)}</div></div>`
  const title = `Request ${file.reference}`
  return c.html(
    consolePage(kit, c, { title, aside: statusBadge(file.status), main, error }),
    error === undefined ? 200 : problemOf(error).status,
  )
}

interface Verb {
  readonly action: Action
  readonly done: string
  /** Whether it can be shown before it is done. */
  readonly sends?: true
  run(ctx: Ctx, form: Form, reference: string, kit: ConsoleKit): Promise<unknown>
}

const optional = (text: string): string | undefined => text || undefined

const verbs: Readonly<Record<string, Verb>> = {
  verify: {
    action: 'request.verify',
    done: 'verified',
    run: (ctx, form, reference, kit) =>
      verifyByOfficer(
        ctx,
        { reference, identityId: form.text('identity'), how: form.text('how') },
        kit.deps.requests,
      ),
  },
  code: {
    action: 'request.verify',
    done: 'sent',
    run: (ctx, form, reference, kit) =>
      sendCode(ctx, { reference, identityId: form.text('identity') }, kit.deps.requests),
  },
  decide: {
    action: 'request.decide',
    done: 'decided',
    sends: true,
    run: (ctx, form, reference, kit) => {
      const outcome = (['grant', 'part', 'refuse'] as const).find((one) => one === form.text('outcome'))
      if (!outcome)
        throw new LetheError('invalid', 'there is no outcome', {
          hint: 'Choose grant, grant in part or refuse.',
        })
      const isGrant = outcome === 'grant'
      const more = {
        ground: isGrant ? undefined : optional(form.text('ground')),
        reason: optional(form.text('reason')),
        leaveOut: outcome === 'part' ? form.all('leaveOut') : [],
      }
      return decide(ctx, { reference, outcome, ...more }, kit.deps.requests)
    },
  },
  approve: {
    action: 'request.approve',
    done: 'approved',
    run: (ctx, form, reference) => approve(ctx, { reference, digest: form.text('digest') }),
  },
  return: {
    action: 'request.approve',
    done: 'returned',
    run: (ctx, form, reference) => returnDecision(ctx, { reference, reason: form.text('reason') }),
  },
  extend: {
    action: 'request.work',
    done: 'extended',
    sends: true,
    run: (ctx, form, reference, kit) =>
      extend(ctx, { reference, reason: form.text('reason') }, kit.deps.requests),
  },
  pause: {
    action: 'request.work',
    done: 'paused',
    sends: true,
    run: (ctx, form, reference, kit) =>
      pause(ctx, { reference, kind: kindOf(form), question: form.text('question') }, kit.deps.requests),
  },
  resume: {
    action: 'request.work',
    done: 'resumed',
    run: (ctx, _form, reference, kit) => resume(ctx, { reference }, kit.deps.requests),
  },
  withdraw: {
    action: 'request.work',
    done: 'withdrawn',
    sends: true,
    run: (ctx, form, reference, kit) =>
      withdraw(ctx, { reference, reason: form.text('reason') }, kit.deps.requests),
  },
  close: {
    action: 'request.work',
    done: 'closed',
    run: (ctx, _form, reference) => close(ctx, { reference }),
  },
  retry: {
    action: 'request.work',
    done: 'retried',
    run: (ctx, _form, reference) => retryRequest(ctx, { reference }),
  },
}

const kindOf = (form: Form) =>
  (['identity', 'clarification', 'fee'] as const).find((one) => one === form.text('kind')) ?? 'clarification'

/** One of the officer's verbs; what it refuses is said above the form that keeps what was typed. */
export const requestVerb = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  const name = c.req.param('verb') ?? ''
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb) throw new LetheError('not_found', 'there is no page at this address')
  demand(c, verb.action)
  const form = await officerForm(c)
  const reference = referenceOf(c)
  try {
    if (verb.sends && form.text('do') === 'preview') {
      const letters = await rehearse(kit, c, reference, (ctx) => verb.run(ctx, form, reference, kit))
      return await requestPage(kit)(c, { verb: name, form, letters })
    }
    await actAs(kit, c, (ctx) => verb.run(ctx, form, reference, kit))
    return c.redirect(`/console/requests/${reference}?done=${verb.done}`, 303)
  } catch (error) {
    if (!(error instanceof LetheError) || error.code === 'not_found') throw error
    return requestPage(kit)(c, { verb: name, form }, error)
  }
}

class Undone extends Error {
  readonly letters: readonly { readonly subject: string; readonly text: string }[]
  constructor(letters: Undone['letters']) {
    super('undone')
    this.letters = letters
  }
}

/** Does the verb, reads the letters it wrote, and takes everything back: the preview is the letter itself, not a likeness. */
async function rehearse(
  kit: ConsoleKit,
  c: ConsoleContext,
  reference: string,
  run: (ctx: Ctx) => Promise<unknown>,
): Promise<Undone['letters']> {
  try {
    return await actAs(kit, c, async (ctx) => {
      const before = new Set((await showRequest({ reader: ctx.tx }, { reference })).messages.map((m) => m.id))
      await run(ctx)
      const { messages } = await showRequest({ reader: ctx.tx }, { reference })
      throw new Undone(
        messages
          .filter((m) => !before.has(m.id) && m.text !== null)
          .map((m) => ({ subject: m.subject ?? '', text: m.text ?? '' })),
      )
    })
  } catch (thrown) {
    if (thrown instanceof Undone) return thrown.letters
    throw thrown
  }
}

/** The package for another way than the portal: an AES-256 ZIP. Its passphrase goes another way, and is kept nowhere. */
export const sealedPackage = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'request.work')
  const form = await officerForm(c)
  const reference = referenceOf(c)
  try {
    const passphrase = form.secret('passphrase')
    if (passphrase.length < 8)
      throw new LetheError('invalid', 'the passphrase is too short', { hint: 'Take four random words.' })
    const opened = await actAs(kit, c, async (ctx) => {
      const { package: pack } = await showRequest({ reader: ctx.tx }, { reference })
      if (!pack) throw new LetheError('conflict', 'this request has no package')
      return handOver(ctx, { folder: kit.deps.packages, id: pack.id, how: 'passphrase' })
    })
    return zip(c, await sealWithPassphrase(opened, passphrase), { fileName: opened.fileName })
  } catch (error) {
    if (!(error instanceof LetheError)) throw error
    return requestPage(kit)(c, { verb: 'package', form }, error)
  }
}
