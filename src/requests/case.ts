import { isLetheError } from '../base/errors.ts'
import { asc, eq, inArray, type SQL } from 'drizzle-orm'
import { holdOrder } from '../engine/order/hold.ts'
import { type Ctx, one, type Reader } from '../ops/db/database.ts'
import { readReference } from './reference.ts'
import { type Tables, tables } from './tables.ts'

type Row<K extends keyof Tables> = Tables[K]['$inferSelect']

/** A case and all rows that say how it stands, each list in the order of time. */
export interface Case {
  readonly request: Row<'request'>
  readonly clock: Row<'clock'>
  readonly identities: readonly Row<'identity'>[]
  readonly verifications: readonly Row<'verification'>[]
  readonly decisions: readonly Row<'decision'>[]
  readonly approvals: readonly Row<'approval'>[]
  readonly voids: readonly Row<'void'>[]
  readonly extensions: readonly Row<'extension'>[]
  readonly pauses: readonly Row<'pause'>[]
  readonly resumptions: readonly Row<'resumption'>[]
  readonly events: readonly Row<'event'>[]
  readonly answers: readonly Row<'answer'>[]
  readonly endings: readonly Row<'ending'>[]
}

/** Reads a case; throws `not_found`. */
export async function readCase(reader: Reader, reference: string): Promise<Case> {
  const { request } = tables(reader)
  return one(await casesWhere(reader, eq(request.reference, readReference(reference))), 'request')
}

/** Reads a case to change it, its order held with it: whoever else would waits until this transaction ends. Throws `not_found`. */
export async function holdCase(ctx: Pick<Ctx, 'tx'>, reference: string): Promise<Case> {
  const { tx } = ctx
  await tx.lock(`request:${readReference(reference)}`)
  const file = await readCase(tx, reference)
  await holdOrder(ctx, { orderId: file.request.orderId })
  return file
}

/** As `holdCase`, by what other rows keep. */
export async function holdCaseById(ctx: Pick<Ctx, 'tx'>, id: string): Promise<Case> {
  const { request } = tables(ctx.tx)
  const rows = ctx.tx.q.select({ reference: request.reference }).from(request).where(eq(request.id, id))
  return holdCase(ctx, one(await rows, 'request').reference)
}

/** As `holdCase`, by the engine's order; undefined when no request placed it. */
export async function holdCaseOfOrder(ctx: Pick<Ctx, 'tx'>, orderId: string): Promise<Case | undefined> {
  const { request } = tables(ctx.tx)
  const rows = ctx.tx.q.select({ reference: request.reference }).from(request)
  const [found] = await rows.where(eq(request.orderId, orderId))
  return found && holdCase(ctx, found.reference)
}

/** Cases by a condition on `request`, in the order of receipt; a dozen queries however many they are. */
export async function casesWhere(reader: Reader, where: SQL | undefined): Promise<Case[]> {
  const { request } = tables(reader)
  const requests = await reader.q
    .select()
    .from(request)
    .where(where)
    .orderBy(asc(request.receivedAt), asc(request.id))
  return withRows(reader, requests)
}

/** Adds to requests, in their order, the rows that say how they stand. */
export async function withRows(reader: Reader, requests: readonly Row<'request'>[]): Promise<Case[]> {
  if (requests.length === 0) return []
  const ids = requests.map((row) => row.id)
  const t = tables(reader)
  const q = reader.q
  const rows = {
    clock: group(await q.select().from(t.clock).where(inArray(t.clock.requestId, ids))),
    identities: group(
      await q.select().from(t.identity).where(inArray(t.identity.requestId, ids)).orderBy(t.identity.seq),
    ),
    verifications: group(
      await q
        .select()
        .from(t.verification)
        .where(inArray(t.verification.requestId, ids))
        .orderBy(t.verification.at),
    ),
    decisions: group(
      await q.select().from(t.decision).where(inArray(t.decision.requestId, ids)).orderBy(t.decision.seq),
    ),
    approvals: group(
      await q.select().from(t.approval).where(inArray(t.approval.requestId, ids)).orderBy(t.approval.at),
    ),
    voids: group(await q.select().from(t.void).where(inArray(t.void.requestId, ids)).orderBy(t.void.at)),
    extensions: group(await q.select().from(t.extension).where(inArray(t.extension.requestId, ids))),
    pauses: group(await q.select().from(t.pause).where(inArray(t.pause.requestId, ids)).orderBy(t.pause.at)),
    resumptions: group(
      await q
        .select()
        .from(t.resumption)
        .where(inArray(t.resumption.requestId, ids))
        .orderBy(t.resumption.at),
    ),
    events: group(await q.select().from(t.event).where(inArray(t.event.requestId, ids)).orderBy(t.event.seq)),
    answers: group(await q.select().from(t.answer).where(inArray(t.answer.requestId, ids))),
    endings: group(await q.select().from(t.ending).where(inArray(t.ending.requestId, ids))),
  }
  return requests.map((request) => {
    const of = <T>(grouped: ReadonlyMap<string, readonly T[]>): readonly T[] => grouped.get(request.id) ?? []
    return {
      request,
      clock: one(of(rows.clock), 'clock of the request'),
      identities: of(rows.identities),
      verifications: of(rows.verifications),
      decisions: of(rows.decisions),
      approvals: of(rows.approvals),
      voids: of(rows.voids),
      extensions: of(rows.extensions),
      pauses: of(rows.pauses),
      resumptions: of(rows.resumptions),
      events: of(rows.events),
      answers: of(rows.answers),
      endings: of(rows.endings),
    }
  })
}

function group<T extends { readonly requestId: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, (row) => row.requestId)
}

/** For a caller to whom a case that does not exist is an answer. */
export function unlessMissing(error: unknown): undefined {
  if (isLetheError(error, 'not_found')) return undefined
  throw error
}
