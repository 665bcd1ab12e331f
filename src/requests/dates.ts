import { daysBetween, endOfDay, laterOf, localDateAt } from '../base/calendar.ts'
import type { Instant, LocalDate } from '../base/instant.ts'
import type { Ctx } from '../ops/db/database.ts'
import type { Case } from './case.ts'
import { computeDeadline, isOverdue } from './clock/deadline.ts'
import type { Regime } from './clock/pack.ts'
import type { Asked, Deadline } from './clock/types.ts'
import type { RequestDeps } from './deps.ts'
import { tables } from './tables.ts'
import type { PauseKind, RequestRight } from './types.ts'

/** What moves the clock: everything else about a case does not. */
export interface ClockEvents {
  readonly request: { readonly receivedAt: Instant; readonly right: RequestRight; readonly regime: string }
  readonly verifications: readonly { readonly at: Instant }[]
  readonly extensions: readonly { readonly at: Instant }[]
  readonly pauses: readonly { readonly id: string; readonly kind: PauseKind; readonly at: Instant }[]
  readonly resumptions: readonly { readonly pauseId: string; readonly at: Instant }[]
}

/**
 * The statutory dates by the rows of the case (Art. 12(3)), days in the regime's zone. Proof of identity counts as asked at
 * receipt and as received at the first proof. Throws `refused` for an extension that comes too late.
 */
export function deadlineOf(regime: Regime, file: ClockEvents): Deadline {
  const day = (at: Instant): LocalDate => localDateAt(at, regime.timezone)
  const spans = (kind: PauseKind): Asked[] =>
    file.pauses
      .filter((pause) => pause.kind === kind)
      .map((pause) => {
        const end = file.resumptions.find((row) => row.pauseId === pause.id)
        return { asked: day(pause.at), answered: end && day(end.at) }
      })
  const [extension] = file.extensions
  return computeDeadline(regime, {
    received: file.request.receivedAt,
    right: file.request.right,
    extended: extension && { on: day(extension.at) },
    identity: identitySpan(
      day(file.request.receivedAt),
      file.verifications[0] && day(file.verifications[0].at),
      spans('identity'),
    ),
    fee: spans('fee').at(-1),
    clarification: spans('clarification'),
  })
}

/** From receipt to the last piece of proof that was asked for. */
function identitySpan(asked: LocalDate, proved: LocalDate | undefined, questions: readonly Asked[]): Asked {
  const answers = questions.map((question) => question.answered)
  if (proved === undefined || answers.includes(undefined)) return { asked }
  return { asked, answered: laterOf(proved, ...answers.filter((answer) => answer !== undefined)) }
}

/** Computes and keeps the dates; called in the transaction of every row that moves them. */
export async function keepDates(
  { tx }: Pick<Ctx, 'tx'>,
  requestId: string,
  file: ClockEvents,
  deps: RequestDeps,
): Promise<Deadline> {
  const regime = deps.regimes.regime(file.request.regime)
  const deadline = deadlineOf(regime, file)
  const { clock } = tables(tx)
  const { dueDate, hardDate, targetDate, extensionNoticeBy, dueAt, packVersion, packDigest } = deadline
  const row = {
    dueDate,
    hardDate,
    targetDate,
    extensionNoticeBy,
    packVersion,
    packDigest,
    extensionNoticeEnds: extensionNoticeBy && endOfDay(extensionNoticeBy, regime.timezone),
    overdueAt: dueAt,
    timezone: regime.timezone,
    steps: deadline.steps,
    waitingFor: deadline.waitingFor,
    at: tx.now,
  }
  await tx.q
    .insert(clock)
    .values({ requestId, ...row })
    .onConflictDoUpdate({ target: clock.requestId, set: row })
  return deadline
}

/** The ledger's part of a computed date (law.md rule 0: which pack decided it). */
export const datesBody = (deadline: Deadline) => ({
  dueDate: deadline.dueDate,
  hardDate: deadline.hardDate,
  pack: deadline.packVersion,
  packDigest: deadline.packDigest,
})

/** The dates beside today, as the day is in the regime's zone: 0 days left is the last day, below 0 it is late. */
export function clockOf(row: Case['clock'], now: Instant) {
  return {
    dueDate: row.dueDate,
    hardDate: row.hardDate,
    targetDate: row.targetDate,
    extensionNoticeBy: row.extensionNoticeBy,
    timezone: row.timezone,
    pack: row.packVersion,
    steps: row.steps,
    waitingFor: row.waitingFor,
    daysLeft: daysBetween(localDateAt(now, row.timezone), row.dueDate),
    overdue: isOverdue({ dueAt: row.overdueAt }, now),
  }
}
export type RequestClock = ReturnType<typeof clockOf>
