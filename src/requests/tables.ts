import type { Identity } from '../base/identity.ts'
import type { LocalDate, TimeZone } from '../base/instant.ts'
import { type Kit, room } from '../ops/db/kit.ts'
import type { Deadline, Step } from './clock/types.ts'
import type { Channel, OrderEvent, Outcome, PauseKind, Proof, RequestRight } from './types.ts'

/*
 * State is rows with who and when; what a case's status is, `statusOf` computes from them. A row that no longer counts has
 * a row in `request_void` beside it, never an update. All of a case's writers hold its lock (see case.ts).
 */
const who = (k: Kit) => ({
  byKind: k.text().notNull(),
  byId: k.text().notNull(),
  at: k.instant().notNull(),
})
const ofRequest = (k: Kit) => ({ id: k.text().primaryKey(), requestId: k.text().notNull() })

const caseTables = (k: Kit) => ({
  request: k.table(
    'request',
    {
      id: k.text().primaryKey(),
      /** What a person quotes; no secret. */
      reference: k.text().notNull(),
      right: k.text().$type<RequestRight>().notNull(),
      regime: k.text().notNull(),
      channel: k.text().$type<Channel>().notNull(),
      language: k.text().notNull(),
      receivedAt: k.instant().notNull(),
      orderId: k.text().notNull(),
      /** What she wrote, or the officer noted. */
      note: k.sealed<string>(),
      ...who(k),
    },
    (t) => [k.uniqueIndex('request_reference').on(t.reference), k.index('request_received').on(t.receivedAt)],
  ),
  identity: k.table(
    'request_identity',
    {
      ...ofRequest(k),
      kind: k.text().notNull(),
      /** As given, and in the spelling that is compared. */
      identity: k.sealed<Identity & { readonly normal: string }>().notNull(),
      /** Of kind and normal spelling: finds an officer's search without keeping an address readable. */
      hash: k.text().notNull(),
      seq: k.int().notNull(),
    },
    (t) => [
      k.uniqueIndex('request_identity_hash').on(t.requestId, t.hash),
      k.index('request_identity_search').on(t.hash),
    ],
  ),
  verification: k.table(
    'request_verification',
    {
      ...ofRequest(k),
      identityId: k.text().notNull(),
      how: k.text().$type<Proof>().notNull(),
      /** By call-back to the number on file, at the desk with a passport seen … never the document itself. */
      note: k.sealed<string>(),
      ...who(k),
    },
    (t) => [k.uniqueIndex('request_verification_identity').on(t.identityId)],
  ),
  /** The dates as last computed, with the pack that decided and the arithmetic. Every computation is in the ledger. */
  clock: k.table(
    'request_clock',
    {
      requestId: k.text().primaryKey(),
      dueDate: k.text().$type<LocalDate>().notNull(),
      hardDate: k.text().$type<LocalDate>().notNull(),
      targetDate: k.text().$type<LocalDate>().notNull(),
      extensionNoticeBy: k.text().$type<LocalDate>(),
      extensionNoticeEnds: k.instant(),
      overdueAt: k.instant().notNull(),
      timezone: k.text().$type<TimeZone>().notNull(),
      /** Which rule pack decided, and the digest of its text. */
      packVersion: k.text().notNull(),
      packDigest: k.text().notNull(),
      steps: k.json<readonly Step[]>().notNull(),
      waitingFor: k.json<Deadline['waitingFor']>().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.index('request_clock_due').on(t.overdueAt)],
  ),
  message: k.table(
    'request_message',
    {
      ...ofRequest(k),
      letter: k.text().notNull(),
      seq: k.int().notNull(),
      /** Null where the mail carries a code or link. */
      content: k.sealed<{ readonly subject: string; readonly text: string }>(),
      /** Its row in the outbox; null for a letter to be posted. */
      mailId: k.text(),
      at: k.instant().notNull(),
    },
    (t) => [k.index('request_message_of').on(t.requestId)],
  ),
})

const decisionTables = (k: Kit) => ({
  decision: k.table(
    'request_decision',
    {
      ...ofRequest(k),
      seq: k.int().notNull(),
      outcome: k.text().$type<Outcome>().notNull(),
      ground: k.text(),
      article: k.text(),
      reason: k.sealed<string>(),
      /** Access in part: `dataset.collection` that the package does not hold. */
      leaveOut: k.json<readonly string[]>().notNull(),
      /** The plan it was made on; null for a refusal before there was one. */
      planDigest: k.text(),
      ...who(k),
    },
    (t) => [k.uniqueIndex('request_decision_seq').on(t.requestId, t.seq)],
  ),
  approval: k.table(
    'request_approval',
    {
      ...ofRequest(k),
      decisionId: k.text().notNull(),
      /** Exactly this plan was approved, and none other may run. */
      digest: k.text().notNull(),
      ...who(k),
    },
    (t) => [k.index('request_approval_of').on(t.requestId)],
  ),
  /** What no longer counts, and why. */
  void: k.table(
    'request_void',
    {
      targetId: k.text().primaryKey(),
      requestId: k.text().notNull(),
      what: k.text().$type<'decision' | 'approval'>().notNull(),
      why: k.text().$type<'drift' | 'returned' | 'another plan' | 'another decision'>().notNull(),
      reason: k.sealed<string>(),
      ...who(k),
    },
    (t) => [k.index('request_void_of').on(t.requestId)],
  ),
  extension: k.table(
    'request_extension',
    {
      ...ofRequest(k),
      reason: k.sealed<string>().notNull(),
      ...who(k),
    },
    (t) => [k.uniqueIndex('request_extension_once').on(t.requestId)],
  ),
  pause: k.table(
    'request_pause',
    {
      ...ofRequest(k),
      kind: k.text().$type<PauseKind>().notNull(),
      question: k.sealed<string>().notNull(),
      ...who(k),
    },
    (t) => [k.index('request_pause_of').on(t.requestId)],
  ),
  resumption: k.table(
    'request_resumption',
    {
      pauseId: k.text().primaryKey(),
      requestId: k.text().notNull(),
      ...who(k),
    },
    (t) => [k.index('request_resumption_of').on(t.requestId)],
  ),
  /** What the engine told; the id is the telling job's, so that a second run of it changes nothing. */
  event: k.table(
    'request_event',
    {
      ...ofRequest(k),
      seq: k.int().notNull(),
      event: k.text().$type<OrderEvent | 'run' | 'replan'>().notNull(),
      planDigest: k.text(),
      at: k.instant().notNull(),
    },
    (t) => [k.uniqueIndex('request_event_seq').on(t.requestId, t.seq)],
  ),
  answer: k.table(
    'request_answer',
    {
      ...ofRequest(k),
      /** Access: the package of the export room. */
      packageId: k.text(),
      at: k.instant().notNull(),
    },
    (t) => [k.uniqueIndex('request_answer_once').on(t.requestId)],
  ),
  ending: k.table('request_ending', {
    requestId: k.text().primaryKey(),
    how: k.text().$type<'refused' | 'withdrawn' | 'closed'>().notNull(),
    reason: k.sealed<string>(),
    ...who(k),
  }),
})

const accessTables = (k: Kit) => ({
  /** A code and a link that prove one address; only keyed hashes. */
  challenge: k.table(
    'request_challenge',
    {
      ...ofRequest(k),
      identityId: k.text().notNull(),
      purpose: k.text().$type<ChallengePurpose>().notNull(),
      codeHash: k.text().notNull(),
      codeExpiresAt: k.instant().notNull(),
      linkHash: k.text().notNull(),
      linkExpiresAt: k.instant().notNull(),
      /** Wrong codes so far. */
      tries: k.int().notNull(),
      usedAt: k.instant(),
      /** A newer code was sent: this one's code no longer counts, its link does. */
      at: k.instant().notNull(),
    },
    (t) => [
      k.uniqueIndex('request_challenge_link').on(t.linkHash),
      k.index('request_challenge_of').on(t.requestId),
    ],
  ),
  /** A person's way back to her status page, or, for a few minutes, to her package. */
  session: k.table(
    'request_session',
    {
      hash: k.text().primaryKey(),
      requestId: k.text().notNull(),
      scope: k.text().$type<SessionScope>().notNull(),
      expiresAt: k.instant().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.index('request_session_of').on(t.requestId)],
  ),
})

export type ChallengePurpose = 'verify' | 'status' | 'download'
export type SessionScope = 'status' | 'download'

export const tables = room((k) => ({ ...caseTables(k), ...decisionTables(k), ...accessTables(k) }))
export type Tables = ReturnType<typeof tables>
