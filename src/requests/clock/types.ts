import type { Instant, LocalDate, TimeZone } from '../../base/instant.ts'
import type { Right } from '../../base/right.ts'

/** A question to the person and its answer, as local days; without `answered` it is still open. */
export interface Asked {
  readonly asked: LocalDate
  readonly answered?: LocalDate | undefined
}

export interface DeadlineInput {
  /** The moment of receipt, or its local day where only that is known. */
  readonly received: Instant | LocalDate
  readonly right: Right
  /** The controller's zone; the regime's where it has none of its own. */
  readonly timeZone?: TimeZone | undefined
  /** `on`: the local day of the notice; one after `extensionNoticeBy` is refused. `true`: the notice was in time. */
  readonly extended?: boolean | { readonly on: LocalDate } | undefined
  /** Proof of identity asked and received (Art. 12(6)). */
  readonly identity?: Asked | undefined
  /** Proof that someone may act for the person asked and received. */
  readonly authority?: Asked | undefined
  /** A fee asked and paid (Art. 12(5)). */
  readonly fee?: Asked | undefined
  readonly clarification?: readonly Asked[] | undefined
  /** Whether the EU clock is suspended as EDPB 01/2022 s. 5.3 allows; `none` unless the policy says otherwise. */
  readonly euSuspension?: 'none' | 'edpb' | undefined
  /** How `dueDate` counts the day of an answer in the UK; `targetDate` always takes the shorter reading. */
  readonly ukPauseCounting?: PauseCounting | undefined
}

/** Does the day of the answer still belong to a pause? The literal text says yes, a second reading says no. */
export type PauseCounting = 'inclusive' | 'conservative'

/** One line of the arithmetic: a stable word for programs, a sentence for people, the date it arrives at. */
export interface Step {
  readonly rule: StepRule
  readonly text: string
  readonly date: LocalDate
}
export type StepRule =
  | 'received'
  | 'start'
  | 'period'
  | 'extension'
  | 'pause'
  | 'suspension'
  | 'rest-day'
  | 'calendar-unknown'
  | 'waiting'
  | 'note'
  | 'due'
  | 'hard'
  | 'target'
  | 'extension-notice'

export interface Deadline {
  readonly regime: string
  /** Last day for the answer, as computed with every pause and policy. */
  readonly dueDate: LocalDate
  /** The same without the EU suspension, which no statute knows. */
  readonly hardDate: LocalDate
  /** The house's own date: five working days before the hard date, pauses in their shorter reading. */
  readonly targetDate: LocalDate
  /** Last day for the notice of an extension; null where the law has none for this right. */
  readonly extensionNoticeBy: LocalDate | null
  /** 24:00 of the due date in the controller's zone: overdue from this moment on. */
  readonly dueAt: Instant
  /** `uk-gdpr@2026-02-05`, and the digest of its text. */
  readonly packVersion: string
  readonly packDigest: string
  /** False: a date lies in a year whose holidays are not known; only its weekdays were taken into account. */
  readonly calendarKnown: boolean
  /** Questions still open that the period waits for; the dates then stand as if nothing had been asked. */
  readonly waitingFor: readonly ('identity' | 'authority' | 'fee' | 'clarification')[]
  readonly steps: readonly Step[]
}
