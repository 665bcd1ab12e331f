import { addMonths, localDateAt, parseLocalDate } from '../base/calendar.ts'
import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { epochMs, type LocalDate, parseTimeZone } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { scopeHashes } from './hashes.ts'
import { type Blocks, type HoldKind, type HoldScope, tables } from './tables.ts'

export interface NewHold {
  readonly kind?: HoldKind
  readonly scope: HoldScope
  /** Why, in a person's words; kept sealed. */
  readonly reason: string
  /** Who or what demands it: a court, a case number, an article; kept sealed. */
  readonly authority: string
  /** A day after today and at most 6 calendar months after it, in `timezone`. */
  readonly reviewOn: LocalDate
  /** Whose "today" counts; UTC unless given. */
  readonly timezone?: string
  readonly blocks: readonly Blocks[]
}

/**
 * Suspends purge, erasure or both for a person or a record, from now until it is lifted (Art. 17(3)(e), 18(1) and (2)).
 * The review date does not end it: a hold that nobody reviewed stays in force and is shown as overdue. A purge that runs
 * keeps to it from its next batch on. Throws `invalid` for a missing reason or authority, an empty scope, nothing to
 * block, and a review date that is not within 6 months. Writes the ledger entry `hold.placed`.
 */
export async function placeHold(ctx: Ctx, input: NewHold): Promise<{ id: string }> {
  const { tx, actor } = ctx
  const zone = parseTimeZone(input.timezone ?? 'UTC')
  const startOn = localDateAt(tx.now, zone)
  const reviewOn = checkedReview(input.reviewOn, startOn)
  const reason = said(input.reason, 'reason', 'Say why it is held.')
  const authority = said(input.authority, 'authority', 'Name who demands it: a court, a case, an article.')
  const scope = checkedScope(input.scope)
  const blocks = [...new Set(input.blocks)].sort()
  if (blocks.length === 0)
    throw new LetheError('invalid', 'the hold blocks nothing', { hint: 'Block purge, erasure, or both.' })

  const id = newId(epochMs(tx.now))
  const kind = input.kind ?? 'legal'
  const hashes = scopeHashes(tx.keys, scope)
  const { hold } = tables(tx)
  await tx.q.insert(hold).values({
    id,
    kind,
    scope,
    reason,
    authority,
    hashes,
    blocks,
    startOn,
    reviewOn,
    placedBy: actor.id,
    placedAt: tx.now,
  })
  await append(ctx, {
    type: 'hold.placed',
    subject: `hold:${id}`,
    body: { kind, scope: scope.kind, hashes, blocks, startOn, reviewOn },
  })
  return { id }
}

function checkedReview(text: string, startOn: LocalDate): LocalDate {
  const reviewOn = parseLocalDate(text)
  const latest = addMonths(startOn, 6)
  if (reviewOn > startOn && reviewOn <= latest) return reviewOn
  throw new LetheError(
    'invalid',
    `the review date ${reviewOn} is not within 6 months of the start, ${startOn}`,
    {
      hint: `Choose a day after ${startOn} and not after ${latest}; a hold can be reviewed and placed again.`,
    },
  )
}

function said(text: string, what: string, hint: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw new LetheError('invalid', `the hold has no ${what}`, { hint })
  return trimmed
}

function checkedScope(scope: HoldScope): HoldScope {
  switch (scope.kind) {
    case 'person': {
      const identities = scope.identities
        .map(({ kind, value }) => ({ kind, value: value.trim() }))
        .filter(({ kind, value }) => kind !== '' && value !== '')
      if (identities.length > 0) return { kind: 'person', identities }
      throw new LetheError('invalid', 'the hold names nobody', {
        hint: 'Give at least one identity, such as an e-mail address.',
      })
    }
    case 'record':
      if (scope.store && scope.collection && scope.key.length > 0 && scope.key.every((part) => part !== ''))
        return scope
      throw new LetheError('invalid', 'the hold names no record', {
        hint: 'Give its store, its collection and its whole key.',
      })
  }
}
