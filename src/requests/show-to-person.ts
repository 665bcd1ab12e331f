import type { Instant, LocalDate } from '../base/instant.ts'
import type { ReadCtx } from '../ops/db/database.ts'
import { withdrawable } from './close.ts'
import { type RequestFile, showRequest } from './show.ts'
import type { RequestRight, Status } from './types.ts'

/** Her own steps: what was done is `done`, what is being done is `now`. */
export const personSteps = ['received', 'identity', 'collecting', 'review', 'answer', 'closed'] as const
export type PersonStep = (typeof personSteps)[number]

/** What the status page shows: nothing that an officer noted, nothing of the plan. */
export interface PersonFile {
  readonly reference: string
  readonly right: RequestRight
  readonly regime: string
  readonly language: string
  readonly receivedAt: Instant
  readonly dueDate: LocalDate
  readonly status: Status
  /** Where she is; after it everything waits, before it everything is done. */
  readonly step: PersonStep
  readonly identities: readonly {
    readonly id: string
    readonly kind: string
    readonly masked: string
    readonly proved: boolean
  }[]
  /** An open question of ours. */
  readonly question: string | undefined
  /** The letters we sent her, oldest first; those with codes have no text. */
  readonly messages: readonly { readonly at: Instant; readonly subject: string; readonly text: string }[]
  readonly package: RequestFile['package']
  readonly canWithdraw: boolean
}

/** A request as the person may see it. The caller made sure that it is hers: `personSession`. Throws `not_found`. */
export async function showToPerson(
  ctx: Pick<ReadCtx, 'reader'>,
  input: { readonly reference: string },
): Promise<PersonFile> {
  const file = await showRequest(ctx, input)
  return {
    reference: file.reference,
    right: file.right,
    regime: file.regime,
    language: file.language,
    receivedAt: file.receivedAt,
    dueDate: file.clock.dueDate,
    status: file.status,
    step: stepOf(file.status),
    identities: file.identities.map(({ id, kind, masked, verifiedAt }) => ({
      id,
      kind,
      masked,
      proved: verifiedAt !== null,
    })),
    question: file.pauses.find((pause) => pause.endedAt === null)?.question,
    messages: file.messages.flatMap(({ at, subject, text }) =>
      subject === null || text === null ? [] : [{ at, subject, text }],
    ),
    package: file.package,
    canWithdraw: withdrawable.includes(file.status),
  }
}

function stepOf(status: Status): PersonStep {
  switch (status) {
    case 'unverified':
      return 'identity'
    case 'searching':
      return 'collecting'
    // She need not know which of us looks at it, nor that something broke: it is our turn either way.
    case 'to-decide':
    case 'to-approve':
    case 'fulfilling':
    case 'attention':
      return 'review'
    case 'ready':
      return 'answer'
    case 'closed':
    case 'refused':
    case 'withdrawn':
      return 'closed'
  }
}
