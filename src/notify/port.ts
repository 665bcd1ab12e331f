import { LetheError } from '../base/errors.ts'

/** The closed list of what a mail server answers when it fails. */
export type MailFailure = 'unreachable' | 'denied' | 'rejected' | 'busy' | 'timeout' | 'other'

/** Why a mail did not leave; `permanent` alone decides whether it is tried again. No address in its text. */
export class MailError extends LetheError {
  readonly failure: MailFailure
  readonly permanent: boolean
  constructor(failure: MailFailure, permanent: boolean, cause?: unknown) {
    super('unavailable', `the mail did not leave: ${failure}`, {
      cause,
      hint: permanent
        ? 'The mail server refuses this mail; check the address, then try again.'
        : 'It is tried again by itself; check LETHE_MAIL_URL if it goes on.',
    })
    this.failure = failure
    this.permanent = permanent
  }
}

export interface OutgoingMail {
  /** The same at every try, so that a receiver can tell a second copy. */
  readonly id: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly date: Date
}

/** Something that delivers a mail. Throws `MailError`. */
export interface Transport {
  send(mail: OutgoingMail, signal: AbortSignal): Promise<void>
  close(): void
}
