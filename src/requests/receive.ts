import { isLetheError, LetheError } from '../base/errors.ts'
import type { Identity } from '../base/identity.ts'
import { newId, newReference } from '../base/ids.ts'
import { epochMs, type Instant, type LocalDate } from '../base/instant.ts'
import { placeOrder } from '../engine/order/place.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { holdCase, readCase } from './case.ts'
import { type Claim, readClaims } from './claims.ts'
import { datesBody, keepDates } from './dates.ts'
import type { Deadline } from './clock/types.ts'
import type { RequestDeps } from './deps.ts'
import { sendLetter } from './mailing.ts'
import { mailChallenge } from './send-code.ts'
import { tables } from './tables.ts'
import { type Channel, channels, type RequestRight } from './types.ts'
import { verifyByOfficer } from './verify-by-officer.ts'
import { readLanguage } from './words.ts'

export interface NewRequest {
  readonly right: RequestRight
  /** `NL`, `DK`, `GB`, `ZA` …: whose clock and authority. Throws `invalid` for one no rule pack knows. */
  readonly regime: string
  readonly channel: Channel
  /** Of letters and pages; one we have no letters in becomes English. */
  readonly language: string
  /** What she says is hers; nothing is searched for before it is proved. */
  readonly identities: readonly Identity[]
  /** When it reached us, if not now: the clock runs from receipt, whoever opened the letter. */
  readonly receivedAt?: Instant | undefined
  /** Her words, or what the officer noted. */
  readonly note?: string | undefined
  /** How the officer made sure who she is, if it is done already: covers every identity given. */
  readonly verified?: string | undefined
}

/**
 * Takes a request down (Art. 15, 17): starts the clock at receipt, places the engine's order at once (an open access request
 * freezes the purge of what it may concern) and mails each e-mail address a code and a link. The answer is the same whether
 * or not we know the person. Throws `invalid` for a right, regime, identity or moment that is none.
 */
export async function receiveRequest(
  ctx: Ctx,
  input: NewRequest,
  deps: RequestDeps,
): Promise<{
  readonly reference: string
  readonly dueDate: LocalDate
  readonly identities: readonly { readonly id: string; readonly kind: string }[]
}> {
  const { tx } = ctx
  const regime = deps.regimes.regime(input.regime)
  const claims = readClaims(tx.keys, regime, input.identities)
  const receivedAt = checkReceipt(input, tx.now)
  const reference = newReference()
  const origin = `request:${reference}`
  const order = { kind: input.right, origin, identities: claims.map(asIdentity), callback: 'request.order' }
  const { orderId } = await placeOrder(ctx, order)
  const request = requestRow(ctx, input, { reference, regime: regime.name, receivedAt, orderId })
  const t = tables(tx)
  await tx.q.insert(t.request).values(request)
  const identities = claims.map((claim, seq) => identityRow(request.id, claim, seq, epochMs(tx.now)))
  await tx.q.insert(t.identity).values(identities)
  const none = { verifications: [], extensions: [], pauses: [], resumptions: [] }
  const deadline = await keepDates(ctx, request.id, { request, ...none }, deps)
  const hashes = claims.map(({ kind, hash }) => ({ kind, hash }))
  await append(ctx, {
    type: 'request.received',
    subject: origin,
    body: receivedBody(request, hashes, deadline),
  })
  await acknowledge(ctx, reference, input.verified, deps)
  const dueDate = deadline.dueDate
  return { reference, dueDate, identities: identities.map(({ id, kind }) => ({ id, kind })) }
}

async function acknowledge(
  ctx: Ctx,
  reference: string,
  how: string | undefined,
  deps: RequestDeps,
): Promise<void> {
  const file = await holdCase(ctx, reference)
  if (how !== undefined) {
    await verifyByOfficer(ctx, { reference, how }, deps)
    const proved = await readCase(ctx.tx, reference)
    return sendLetter(ctx, proved, { letter: 'received', key: 'received', values: {} }, deps)
  }
  for (const identity of file.identities)
    if (identity.kind === 'email')
      // An address that got too many mails today gets none more; the request stands, and an officer can still verify.
      await mailChallenge(ctx, file, { identity, purpose: 'verify', letter: 'confirm' }, deps).catch(
        unlessTooMany,
      )
}

function unlessTooMany(error: unknown): void {
  if (!isLetheError(error, 'too_many')) throw error
}

const requestRow = (
  { tx, actor }: Ctx,
  input: NewRequest,
  made: {
    readonly reference: string
    readonly regime: string
    readonly receivedAt: Instant
    readonly orderId: string
  },
) => ({
  id: newId(epochMs(tx.now)),
  right: input.right,
  channel: input.channel,
  language: readLanguage(input.language),
  note: input.note?.trim() || null,
  ...made,
  byKind: actor.kind,
  byId: actor.kind === 'person' ? made.reference : actor.id,
  at: tx.now,
})

const receivedBody = (
  request: ReturnType<typeof requestRow>,
  identities: readonly { readonly kind: string; readonly hash: string }[],
  deadline: Deadline,
) => ({
  right: request.right,
  regime: request.regime,
  channel: request.channel,
  language: request.language,
  receivedAt: request.receivedAt,
  order: request.orderId,
  identities,
  ...datesBody(deadline),
})

/** A form sent by a machine may hold anything; and nothing was received tomorrow. */
function checkReceipt({ right, channel, receivedAt, note }: NewRequest, now: Instant): Instant {
  if (right !== 'access' && right !== 'erasure')
    throw new LetheError('invalid', 'this desk does not take requests of that right', {
      hint: 'Write access or erasure.',
    })
  if (!channels.includes(channel))
    throw new LetheError('invalid', 'this is no channel', { hint: `Write one of ${channels.join(', ')}.` })
  if (note !== undefined && note.length > 4000)
    throw new LetheError('too_large', 'the note is longer than 4000 characters', { hint: 'Shorten it.' })
  if (receivedAt !== undefined && receivedAt > now)
    throw new LetheError('invalid', 'the moment of receipt lies in the future', {
      hint: 'Write when it reached us.',
    })
  return receivedAt ?? now
}

const asIdentity = ({ kind, normal }: Pick<Claim, 'kind' | 'normal'>): Identity => ({
  kind,
  value: normal,
})

const identityRow = (requestId: string, { kind, value, normal, hash }: Claim, seq: number, atMs: number) => ({
  id: newId(atMs),
  requestId,
  kind,
  hash,
  seq,
  identity: { kind, value, normal },
})
