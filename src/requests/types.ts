import type { IdentityKind } from '../base/identity.ts'
import type { Instant } from '../base/instant.ts'

/** The rights this desk carries out by itself. */
export type RequestRight = 'access' | 'erasure'

export const channels = ['portal', 'phone', 'letter', 'desk', 'email'] as const
export type Channel = (typeof channels)[number]

/** Computed from a case's rows by `statusOf`; stored nowhere. */
export const statuses = [
  'unverified', // nobody has proved anything; nothing is searched
  'searching', // the engine locates
  'to-decide', // the plan stands, an officer decides
  'to-approve', // an erasure was granted, a second officer approves its plan
  'fulfilling', // the engine works
  'ready', // answered, the package waits
  'closed',
  'refused',
  'withdrawn',
  'attention', // stopped: a person must look
] as const
export type Status = (typeof statuses)[number]

export type Outcome = 'grant' | 'part' | 'refuse'

/** How a person proved an identity: control of the address (code, link), or to an officer who noted how. */
export type Proof = 'code' | 'link' | 'officer'

/** Why the clock stands, where the law lets it: see the regime packs. */
export type PauseKind = 'identity' | 'clarification' | 'fee'

/** What the engine told about the order of a case. */
export type OrderEvent = 'planned' | 'done' | 'stopped' | 'drifted'

export interface RequestIdentity {
  readonly id: string
  readonly kind: IdentityKind
  /** `a•••@example.org`, `+31 •••• 5678`: enough for its owner to know it. */
  readonly masked: string
  readonly verifiedAt: Instant | null
  readonly how: Proof | null
  /** What the officer noted; null for codes and links. */
  readonly note: string | null
}

export interface RequestDecision {
  readonly id: string
  readonly outcome: Outcome
  readonly ground: string | null
  /** `Art. 17(3)(e) GDPR`. */
  readonly article: string | null
  readonly reason: string | null
  /** Access in part: `dataset.collection` that the package does not hold. */
  readonly leaveOut: readonly string[]
  readonly by: string
  readonly at: Instant
}

export interface RequestApproval {
  readonly digest: string
  readonly by: string
  readonly at: Instant
}

export interface RequestMessage {
  readonly id: string
  readonly at: Instant
  /** Which letter: `answer-erasure`. */
  readonly letter: string
  readonly subject: string | null
  /** Null for mails that carry a code or link: those are nobody's file. */
  readonly text: string | null
  /** `post`: there is no proved e-mail address, the officer prints and sends it. */
  readonly delivery: 'queued' | 'sent' | 'failed' | 'post'
  readonly mailId: string | null
}

export interface TimelineEntry {
  readonly at: Instant
  readonly by: { readonly kind: string; readonly id: string }
  /** The ledger's word: `request.decided`. */
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}
