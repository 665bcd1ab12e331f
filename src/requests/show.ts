import { asc, eq } from 'drizzle-orm'
import type { Instant } from '../base/instant.ts'
import { type Plan, planOf } from '../engine/order/show.ts'
import { type PackageRecord, showPackage } from '../export/show-package.ts'
import { entries } from '../ledger/list.ts'
import { type MailState, mailsOf } from '../notify/queue.ts'
import type { ReadCtx, Reader } from '../ops/db/database.ts'
import { type Case, readCase } from './case.ts'
import { masked } from './claims.ts'
import { clockOf, type RequestClock } from './dates.ts'
import { approvalOf, decisionOf, openPauseOf, statusOf } from './status.ts'
import { tables } from './tables.ts'
import type {
  Channel,
  PauseKind,
  RequestApproval,
  RequestDecision,
  RequestIdentity,
  RequestMessage,
  RequestRight,
  Status,
  TimelineEntry,
} from './types.ts'

/** The whole file of a request. */
export interface RequestFile {
  readonly reference: string
  readonly right: RequestRight
  readonly regime: string
  readonly channel: Channel
  readonly language: string
  readonly receivedAt: Instant
  readonly status: Status
  readonly note: string | null
  readonly clock: RequestClock
  readonly identities: readonly RequestIdentity[]
  /** In force. */
  readonly decision: RequestDecision | undefined
  /** In force. */
  readonly approval: RequestApproval | undefined
  /** Why an earlier decision or approval counts no more, newest last. */
  readonly voided: readonly {
    readonly what: string
    readonly why: string
    readonly reason: string | null
    readonly by: string
    readonly at: Instant
  }[]
  readonly extension: { readonly reason: string; readonly by: string; readonly at: Instant } | undefined
  readonly pauses: readonly {
    readonly kind: PauseKind
    readonly question: string
    readonly at: Instant
    readonly endedAt: Instant | null
  }[]
  /** Undefined until somebody proved something. */
  readonly plan: Plan | undefined
  readonly messages: readonly RequestMessage[]
  readonly package: PackageRecord | undefined
  readonly answeredAt: Instant | null
  readonly endedAt: Instant | null
  readonly timeline: readonly TimelineEntry[]
}

/**
 * Everything about one request, for the officer; what a person may see of it, the portal chooses. Moments in UTC, days of the clock
 * in its zone. Throws `not_found`.
 */
export async function showRequest(
  { reader }: Pick<ReadCtx, 'reader'>,
  input: { readonly reference: string },
): Promise<RequestFile> {
  const file = await readCase(reader, input.reference)
  const { request } = file
  const [answer] = file.answers
  const proved = file.verifications.length > 0
  return {
    reference: request.reference,
    right: request.right,
    regime: request.regime,
    channel: request.channel,
    language: request.language,
    receivedAt: request.receivedAt,
    note: request.note,
    status: statusOf(file),
    clock: clockOf(file.clock, reader.now),
    identities: file.identities.map((row) => identityOf(file, row)),
    decision: shownDecision(file),
    approval: shownApproval(file),
    voided: file.voids.map(({ what, why, reason, byId, at }) => ({ what, why, reason, by: byId, at })),
    extension: file.extensions.map(({ reason, byId, at }) => ({ reason, by: byId, at }))[0],
    pauses: file.pauses.map((row) => ({ ...pauseOf(row), endedAt: endOf(file, row.id) })),
    plan: proved ? await planOf(reader, request.orderId) : undefined,
    messages: await messagesOf(reader, file),
    package: answer?.packageId ? await showPackage(reader, answer.packageId) : undefined,
    answeredAt: answer?.at ?? null,
    endedAt: file.endings[0]?.at ?? null,
    timeline: await timelineOf(reader, request.reference),
  }
}

function identityOf(file: Case, { id, kind, identity }: Case['identities'][number]): RequestIdentity {
  const proof = file.verifications.find((row) => row.identityId === id)
  return {
    id,
    kind,
    masked: masked(kind, identity.normal),
    verifiedAt: proof?.at ?? null,
    how: proof?.how ?? null,
    note: proof?.note ?? null,
  }
}

function shownDecision(file: Case): RequestDecision | undefined {
  const row = decisionOf(file)
  if (!row) return undefined
  const { id, outcome, ground, article, reason, leaveOut, at } = row
  return { id, outcome, ground, article, reason, leaveOut, by: row.byId, at }
}

function shownApproval(file: Case): RequestApproval | undefined {
  const row = approvalOf(file)
  return row && { digest: row.digest, by: row.byId, at: row.at }
}

const pauseOf = ({ kind, question, at }: Case['pauses'][number]) => ({ kind, question, at })
const endOf = (file: Case, pauseId: string): Instant | null =>
  file.resumptions.find((row) => row.pauseId === pauseId)?.at ?? null

async function messagesOf(reader: Reader, { request }: Case): Promise<RequestMessage[]> {
  const { message } = tables(reader)
  const rows = await reader.q
    .select()
    .from(message)
    .where(eq(message.requestId, request.id))
    .orderBy(asc(message.seq))
  const mails = new Map((await mailsOf(reader, request.reference)).map((mail) => [mail.id, mail]))
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    letter: row.letter,
    mailId: row.mailId,
    subject: row.content?.subject ?? null,
    text: withoutLinks(row.content?.text ?? null),
    delivery: deliveryOf(row.mailId === null ? undefined : mails.get(row.mailId)),
  }))
}

/** The file keeps what was said, not the key: a link in a letter opens her pages for as long as it lives. */
const withoutLinks = (text: string | null): string | null =>
  text?.replace(/\/(link|confirm)\/[\w-]{20,}/g, '/$1/…') ?? null

function deliveryOf(mail: MailState | undefined): RequestMessage['delivery'] {
  if (!mail) return 'post'
  if (mail.sentAt !== null) return 'sent'
  return mail.failedAt === null ? 'queued' : 'failed'
}

async function timelineOf(reader: Reader, reference: string): Promise<TimelineEntry[]> {
  const timeline: TimelineEntry[] = []
  for await (const entry of entries(reader, { subject: `request:${reference}` }))
    timeline.push({
      at: entry.at,
      by: { kind: entry.actorKind, id: entry.actorId },
      type: entry.type,
      body: entry.body,
    })
  return timeline
}

/** Whether somebody waits for the person: a question is open, or nothing is proved. */
export const waitsForPerson = (file: Case): boolean =>
  statusOf(file) === 'unverified' || openPauseOf(file) !== undefined
