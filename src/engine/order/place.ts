import { newId } from '../../base/ids.ts'
import { epochMs } from '../../base/instant.ts'
import type { Identity } from '../../base/identity.ts'
import { LetheError } from '../../base/errors.ts'
import { covers } from '../../datamap/taxonomy.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { type Change, type Correction, type OrderKind, tables } from '../tables.ts'

export interface NewOrder {
  readonly kind: Exclude<OrderKind, 'purge'>
  /** Who asks, unique: `request:R-7K3M-9QTX`. */
  readonly origin: string
  /** Claimed, not yet proved. */
  readonly identities: readonly Identity[]
  /** What a rectification sets right, or which restriction is lifted. */
  readonly change?: Change
  /** Job that is told `{orderId, event}`: planned, drifted, done, stopped. */
  readonly callback: string
}

/**
 * Places an order at the moment a request arrives. An access order freezes the purge of what it matches from now on
 * (law.md A5 R6), proved or not; nothing is read or written in a store before `confirmIdentities`. Corrections that undo each other
 * throw `invalid`.
 */
export async function placeOrder(ctx: Ctx, input: NewOrder): Promise<{ orderId: string }> {
  const { tx } = ctx
  if (input.change && 'corrections' in input.change) refuseChains(input.change.corrections)
  const { order } = tables(tx)
  const orderId = newId(epochMs(tx.now))
  await tx.q.insert(order).values({
    id: orderId,
    kind: input.kind,
    origin: input.origin,
    status: 'waiting',
    identities: input.identities,
    proved: false,
    change: input.change ?? null,
    callback: input.callback,
    findings: [],
    createdAt: tx.now,
  })
  await append(ctx, {
    type: 'engine.ordered',
    subject: input.origin,
    body: { order: orderId, kind: input.kind, identities: identityHashes(ctx, input.identities) },
  })
  return { orderId }
}

/**
 * Right for one may not be wrong for another of the same category: a second try after a crash could not tell what is set right
 * already from what is still wrong. Names that changed places are two requests by their own categories, or a person's work.
 */
function refuseChains(corrections: readonly Correction[]): void {
  const same = (a: string | null, b: string) =>
    a !== null && a.trim().toLowerCase() === b.trim().toLowerCase()
  const isChained = corrections.some((one) =>
    corrections.some(
      (other) =>
        one !== other &&
        (covers(one.category, other.category) || covers(other.category, one.category)) &&
        same(other.from, one.to),
    ),
  )
  if (isChained)
    throw new LetheError('invalid', 'what is right in one correction is wrong in another', {
      hint: 'Name the narrowest category of each (user.name.first, user.name.last), or set it right by hand.',
    })
}

/** How a person is told apart in the ledger without naming her. */
export const identityHashes = ({ tx }: Pick<Ctx, 'tx'>, identities: readonly Identity[]): string[] =>
  identities.map(({ kind, value }) => tx.keys.hash('identity', `${kind}:${value}`)).sort()
