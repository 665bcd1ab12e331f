import type { Actor } from '../../base/actor.ts'
import type { Identity } from '../../base/identity.ts'
import { plusMs } from '../../base/instant.ts'
import { cast, type CastMember } from '../../demo/cast.ts'
import { planOf } from '../../engine/order/show.ts'
import { openWorker } from '../../ops/jobs/worker.ts'
import { approve } from '../../requests/approve.ts'
import { withdraw } from '../../requests/close.ts'
import { decide, type NewDecision } from '../../requests/decide.ts'
import { receiveRequest } from '../../requests/receive.ts'
import { showRequest } from '../../requests/show.ts'
import type { RequestRight } from '../../requests/types.ts'
import type { App } from '../app.ts'
import { act, type DemoOfficers } from './people.ts'

const dayMs = 86_400_000

interface Filed {
  readonly person: CastMember
  readonly right: RequestRight
  readonly daysAgo: number
  /** Undefined: nobody proved anything yet, and the mail with the code waits in the outbox. */
  readonly verified?: string
  readonly more?: readonly Identity[]
}

const atTheDesk = 'came to the desk, knew the customer number and the last ticket'

/** Files a request as its person would, some days ago; answers its reference. */
export async function file(app: App, actor: Actor, filed: Filed): Promise<string> {
  const { person, right, verified } = filed
  const { reference } = await act(app, actor, (ctx) =>
    receiveRequest(
      ctx,
      {
        right,
        regime: person.country,
        channel: verified === undefined ? 'portal' : 'desk',
        language: person.language,
        identities: [...person.emails.map((value) => ({ kind: 'email', value })), ...(filed.more ?? [])],
        receivedAt: plusMs(app.clock.now(), -filed.daysAgo * dayMs),
        ...(verified === undefined ? {} : { verified }),
      },
      app.requests,
    ),
  )
  return reference
}

/** Runs what is due, here and now. */
export const work = (app: App): Promise<number> => openWorker(app.db, app.jobs, app.log).drain()

export const decideAs = (app: App, actor: Actor, decision: NewDecision) =>
  act(app, actor, (ctx) => decide(ctx, decision, app.requests))

/** The second officer looks at the plan and approves exactly that. */
export async function approveAs(app: App, actor: Actor, reference: string): Promise<void> {
  const digest = await app.db.read(async (reader) => {
    const { plan } = await showRequest({ reader }, { reference })
    return plan && (await planOf(reader, plan.orderId))?.digest
  })
  await act(app, actor, (ctx) => approve(ctx, { reference, digest: digest ?? '' }))
}

/** A desk in the middle of its week: requests in every state. Answers a reference for each, by what it shows. */
export async function fileRequests(
  app: App,
  { officer, approver }: DemoOfficers,
): Promise<Record<string, string>> {
  const verified = atTheDesk
  const shown = {
    'a copy, waiting for a decision': await file(app, officer, {
      person: cast.alice,
      right: 'access',
      daysAgo: 3,
      verified,
    }),
    'an erasure, waiting for the second officer': await file(app, officer, {
      person: cast.bob,
      right: 'erasure',
      daysAgo: 9,
      verified,
    }),
    'a copy, answered in Danish': await file(app, officer, {
      person: cast.soren,
      right: 'access',
      daysAgo: 12,
      verified,
    }),
    'an erasure, answered under UK law': await file(app, officer, {
      person: cast.annLee,
      right: 'erasure',
      daysAgo: 20,
      verified,
    }),
    'a copy, due soon': await file(app, officer, {
      person: cast.fatima,
      right: 'access',
      daysAgo: 28,
      verified,
    }),
    'an erasure, overdue: the mail was never opened': await file(
      app,
      { kind: 'person', id: 'demo' },
      { person: cast.lars, right: 'erasure', daysAgo: 45 },
    ),
    'a copy over a mailbox that two people share': await file(app, officer, {
      person: cast.karin,
      right: 'access',
      daysAgo: 5,
      verified,
    }),
    'refused, with reasons, authority and court': await file(app, officer, {
      person: cast.peterAtHome,
      right: 'access',
      daysAgo: 7,
      verified,
    }),
    'withdrawn by the person': await file(app, officer, {
      person: cast.tom,
      right: 'access',
      daysAgo: 2,
      verified,
    }),
  }
  await work(app)
  const reference = Object.values(shown)
  await decideAs(app, officer, { reference: reference[1] as string, outcome: 'grant' })
  await decideAs(app, officer, { reference: reference[2] as string, outcome: 'grant' })
  await decideAs(app, officer, { reference: reference[3] as string, outcome: 'grant' })
  await decideAs(app, officer, {
    reference: reference[7] as string,
    outcome: 'refuse',
    ground: 'excessive',
    reason:
      'This is the ninth request for the same copy in two months, and nothing was added since the last one.',
  })
  await act(app, officer, (ctx) => withdraw(ctx, { reference: reference[8] as string }, app.requests))
  await work(app)
  await approveAs(app, approver, reference[3] as string)
  await work(app)
  return shown
}
