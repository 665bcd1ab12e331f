import { eq, sql } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import type { Ctx } from '../ops/db/database.ts'
import { type Case, holdCase, holdCaseById, unlessMissing } from './case.ts'
import { type Challenge, challengesOf, codeHash, linkHash, maxTries } from './challenge.ts'
import type { RequestDeps } from './deps.ts'
import { prove } from './prove.ts'
import { openSession } from './session.ts'
import { statusOf } from './status.ts'
import { type ChallengePurpose, type SessionScope, tables } from './tables.ts'

/**
 * `used`: this link or code did its work before. `too_many`: five wrong codes, a new one must be sent. `late`: the request was
 * decided or ended meanwhile.
 */
export type Refusal = 'wrong' | 'expired' | 'used' | 'too_many' | 'late'

export type Confirmed =
  | {
      readonly ok: true
      readonly reference: string
      readonly purpose: ChallengePurpose
      /** Secret of a fresh session: put it in a cookie. */
      readonly session: string
      readonly scope: SessionScope
    }
  | { readonly ok: false; readonly why: Refusal; readonly triesLeft?: number }

/**
 * Takes the six digits of a mail. A wrong code is an answer, not an error: the count of tries has to outlive the transaction,
 * so nothing is thrown; `refusalError` makes the error of it after the commit. An unknown reference answers as a wrong code.
 */
export async function confirmCode(
  ctx: Ctx,
  input: { readonly reference: string; readonly code: string; readonly purpose?: ChallengePurpose },
  deps: RequestDeps,
): Promise<Confirmed> {
  const { tx } = ctx
  const file = await holdCase(ctx, input.reference).catch(unlessMissing)
  if (!file) return { ok: false, why: 'wrong' }
  const code = input.code.replace(/\D/g, '')
  const asked = newestOf(await challengesOf(tx, file.request.id), input.purpose ?? 'verify')
  const open = asked.filter(
    (row) => row.usedAt === null && row.codeExpiresAt > tx.now && row.tries < maxTries,
  )
  const hit = open.find((row) => row.codeHash === codeHash(tx, row.id, code))
  if (hit) return accept(ctx, file, hit, 'code', deps)
  const { challenge } = tables(tx)
  for (const row of open)
    await tx.q
      .update(challenge)
      .set({ tries: sql`${challenge.tries} + 1` })
      .where(eq(challenge.id, row.id))
  return { ok: false, ...whyNot(tx.now, asked, open) }
}

/**
 * Takes the token of a link, once the button of its page was pressed. A link that was used says so, whoever holds it; nothing
 * is thrown, as with `confirmCode`.
 */
export async function confirmLink(
  ctx: Ctx,
  input: { readonly token: string },
  deps: RequestDeps,
): Promise<Confirmed> {
  const { tx } = ctx
  const { challenge } = tables(tx)
  const byToken = () =>
    tx.q
      .select()
      .from(challenge)
      .where(eq(challenge.linkHash, linkHash(tx, input.token)))
  const [found] = await byToken()
  if (!found) return { ok: false, why: 'wrong' }
  const file = await holdCaseById(ctx, found.requestId)
  // Read again under the lock: of two clicks one is the first.
  const [row] = await byToken()
  if (!row) return { ok: false, why: 'wrong' }
  if (row.usedAt !== null) return { ok: false, why: 'used' }
  if (row.linkExpiresAt <= tx.now) return { ok: false, why: 'expired' }
  return accept(ctx, file, row, 'link', deps)
}

async function accept(
  ctx: Ctx,
  file: Case,
  row: Challenge,
  how: 'code' | 'link',
  deps: RequestDeps,
): Promise<Confirmed> {
  const { tx } = ctx
  const { request } = file
  const proved = file.verifications.some((v) => v.identityId === row.identityId)
  if (row.purpose === 'verify') {
    if (proved) return { ok: false, why: 'used' }
    if (!['unverified', 'searching', 'to-decide'].includes(statusOf(file))) return { ok: false, why: 'late' }
  }
  const { challenge } = tables(tx)
  await tx.q.update(challenge).set({ usedAt: tx.now }).where(eq(challenge.id, row.id))
  const person: Ctx = { ...ctx, actor: { kind: 'person', id: request.reference } }
  if (row.purpose === 'verify') await prove(person, file, { identityIds: [row.identityId], how }, deps)
  const scope = row.purpose === 'download' ? 'download' : 'status'
  const session = await openSession(ctx, { requestId: request.id, scope })
  return { ok: true, reference: request.reference, purpose: row.purpose, session, scope }
}

/** Per address only the newest code counts. */
function newestOf(challenges: readonly Challenge[], purpose: ChallengePurpose): Challenge[] {
  const newest = new Map<string, Challenge>()
  for (const row of challenges)
    if (row.purpose === purpose && !newest.has(row.identityId)) newest.set(row.identityId, row)
  return [...newest.values()]
}

function whyNot(
  now: string,
  asked: readonly Challenge[],
  open: readonly Challenge[],
): { why: Refusal; triesLeft?: number } {
  if (open.length > 0) {
    const triesLeft = maxTries - 1 - Math.min(...open.map((row) => row.tries))
    return triesLeft > 0 ? { why: 'wrong', triesLeft } : { why: 'too_many', triesLeft: 0 }
  }
  if (asked.some((row) => row.usedAt === null && row.tries >= maxTries))
    return { why: 'too_many', triesLeft: 0 }
  if (asked.some((row) => row.usedAt === null && row.codeExpiresAt <= now)) return { why: 'expired' }
  return asked.length > 0 ? { why: 'used' } : { why: 'wrong' }
}

/** What a caller throws, after the commit, when a proof was refused. */
export function refusalError({
  why,
  triesLeft,
}: {
  readonly why: Refusal
  readonly triesLeft?: number
}): LetheError {
  const again = 'Have a new mail sent.'
  switch (why) {
    case 'wrong':
      return new LetheError('unauthenticated', 'this code or link is not right', {
        hint:
          triesLeft === undefined
            ? 'Copy it from the newest mail.'
            : `Copy it from the newest mail; ${triesLeft} tries are left.`,
      })
    case 'expired':
      return new LetheError('expired', 'this code or link is past its time', { hint: again })
    case 'used':
      return new LetheError('conflict', 'this code or link was used before', {
        hint: 'Nothing more is needed; open the status page.',
      })
    case 'too_many':
      return new LetheError('too_many', 'the code was entered wrongly five times', { hint: again })
    case 'late':
      return new LetheError('conflict', 'the request was decided or has ended', {
        hint: 'File a new request for this address.',
      })
  }
}
