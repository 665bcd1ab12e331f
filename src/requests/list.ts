import { and, asc, eq, gt, inArray, lte, or, type SQL } from 'drizzle-orm'
import type { CountryCode } from 'libphonenumber-js/max'
import { LetheError } from '../base/errors.ts'
import { normalise } from '../base/identity.ts'
import { type Instant, parseInstant } from '../base/instant.ts'
import type { ReadCtx, Reader } from '../ops/db/database.ts'
import { type Case, withRows } from './case.ts'
import { claimHash, masked } from './claims.ts'
import { clockOf, type RequestClock } from './dates.ts'
import { readReference } from './reference.ts'
import { waitsForPerson } from './show.ts'
import { statusOf } from './status.ts'
import { tables } from './tables.ts'
import type { Channel, RequestRight, Status } from './types.ts'

/** One line of the inbox. */
export interface RequestRow {
  readonly reference: string
  readonly right: RequestRight
  readonly regime: string
  readonly channel: Channel
  readonly receivedAt: Instant
  readonly status: Status
  /** The first identity, masked. */
  readonly person: string
  readonly clock: Pick<RequestClock, 'dueDate' | 'daysLeft' | 'overdue' | 'timezone'>
  readonly waitsForPerson: boolean
}

export interface RequestFilter {
  readonly status?: Status | readonly Status[] | undefined
  readonly right?: RequestRight | undefined
  /** Only what is past its date and not answered. */
  readonly overdue?: boolean | undefined
  /** A reference, or one whole identity in any spelling; parts of addresses are not searched, they are not kept readable. */
  readonly q?: string | undefined
  readonly cursor?: string | undefined
  /** Up to 200; 50 when absent. */
  readonly limit?: number | undefined
}

const unanswered: readonly Status[] = [
  'unverified',
  'searching',
  'to-decide',
  'to-approve',
  'fulfilling',
  'attention',
]
const chunk = 200

/**
 * Requests by due date, the soonest first, a page at a time: `next` is the cursor of the page after. Throws `invalid` for a cursor
 * or limit that is none.
 */
export async function listRequests(
  { reader }: Pick<ReadCtx, 'reader'>,
  input: RequestFilter = {},
): Promise<{ readonly items: readonly RequestRow[]; readonly next?: string }> {
  const limit = input.limit ?? 50
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    throw new LetheError('invalid', 'the limit is out of range', { hint: 'Write a number from 1 to 200.' })
  const wanted = wantedStatuses(input)
  const where = await conditions(reader, input)
  const items: Case[] = []
  // Status is computed, so pages of the table are read until a page of the answer is full.
  for (let after = input.cursor === undefined ? undefined : readCursor(input.cursor); ; ) {
    const page = await pageOf(reader, and(where, afterCursor(reader, after)))
    for (const file of page) {
      if (wanted && !wanted.includes(statusOf(file))) continue
      items.push(file)
      if (items.length > limit) {
        const shown = items.slice(0, limit)
        return { items: shown.map((item) => rowOf(item, reader.now)), next: cursorOf(shown.at(-1) as Case) }
      }
    }
    const last = page.at(-1)
    if (!last || page.length < chunk) return { items: items.map((item) => rowOf(item, reader.now)) }
    after = { overdueAt: last.clock.overdueAt, id: last.request.id }
  }
}

function wantedStatuses({ status, overdue }: RequestFilter): readonly Status[] | undefined {
  const asked = typeof status === 'string' ? [status] : status
  if (!overdue) return asked
  return asked ? asked.filter((one) => unanswered.includes(one)) : unanswered
}

async function pageOf(reader: Reader, where: SQL | undefined): Promise<Case[]> {
  const { request, clock } = tables(reader)
  const rows = await reader.q
    .select({ request })
    .from(request)
    .innerJoin(clock, eq(clock.requestId, request.id))
    .where(where)
    .orderBy(asc(clock.overdueAt), asc(request.id))
    .limit(chunk)
  return withRows(
    reader,
    rows.map((row) => row.request),
  )
}

async function conditions(reader: Reader, { right, overdue, q }: RequestFilter): Promise<SQL | undefined> {
  const { request, clock, identity } = tables(reader)
  const found = q?.trim()
    ? or(
        eq(request.reference, readReference(q)),
        inArray(
          request.id,
          reader.q
            .select({ id: identity.requestId })
            .from(identity)
            .where(inArray(identity.hash, await hashesOf(reader, q.trim()))),
        ),
      )
    : undefined
  return and(
    right === undefined ? undefined : eq(request.right, right),
    overdue ? lte(clock.overdueAt, reader.now) : undefined,
    found,
  )
}

/** What the officer typed may be an address, or a number of any country we take requests from, or any other identity. */
async function hashesOf(reader: Reader, q: string): Promise<string[]> {
  const { request, identity } = tables(reader)
  const kinds = await reader.q.selectDistinct({ kind: identity.kind }).from(identity)
  const regimes = await reader.q.selectDistinct({ regime: request.regime }).from(request)
  const countries = [...new Set(regimes.map((row) => row.regime.slice(0, 2) as CountryCode))]
  const hashes = kinds.flatMap(({ kind }) =>
    [undefined, ...countries].flatMap((country) => {
      const normal = normalise(kind, q, { country })
      return normal === undefined ? [] : [claimHash(reader.keys, kind, normal)]
    }),
  )
  return [...new Set(hashes)]
}

interface Cursor {
  readonly overdueAt: Instant
  readonly id: string
}

function afterCursor(reader: Reader, after: Cursor | undefined): SQL | undefined {
  if (!after) return undefined
  const { request, clock } = tables(reader)
  return or(
    gt(clock.overdueAt, after.overdueAt),
    and(eq(clock.overdueAt, after.overdueAt), gt(request.id, after.id)),
  )
}

const cursorOf = ({ clock, request }: Case): string =>
  Buffer.from(`${clock.overdueAt} ${request.id}`).toString('base64url')

function readCursor(text: string): Cursor {
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString('utf8').split(' ')
  try {
    return { overdueAt: parseInstant(at), id }
  } catch {
    throw new LetheError('invalid', 'this is no cursor of this list', { hint: 'Start without one.' })
  }
}

function rowOf(file: Case, now: Instant): RequestRow {
  const { request } = file
  const [first] = file.identities
  const { dueDate, daysLeft, overdue, timezone } = clockOf(file.clock, now)
  const status = statusOf(file)
  return {
    reference: request.reference,
    right: request.right,
    regime: request.regime,
    channel: request.channel,
    receivedAt: request.receivedAt,
    status,
    waitsForPerson: waitsForPerson(file),
    person: first ? masked(first.kind, first.identity.normal) : '',
    // What is answered is not late any more.
    clock: { dueDate, daysLeft, overdue: overdue && unanswered.includes(status), timezone },
  }
}
