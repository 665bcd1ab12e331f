import { randomInt } from 'node:crypto'
import { and, desc, eq, gt } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import { newId, newSecret } from '../base/ids.ts'
import { epochMs, plusMs } from '../base/instant.ts'
import type { Ctx, Reader } from '../ops/db/database.ts'
import { type ChallengePurpose, tables } from './tables.ts'

export const codeLivesMs = 30 * 60_000
export const linkLivesMs = 24 * 3_600_000
export const maxTries = 5
const resendAfterMs = 60_000
const sendsPerDay = 5
const sendsPerAddress = 15
const dayMs = 24 * 3_600_000

export type Challenge = Awaited<ReturnType<typeof challengesOf>>[number]

/** What goes into the mail; nothing of it is kept but keyed hashes. */
export interface Secrets {
  /** Six digits. */
  readonly code: string
  /** 256 bits. */
  readonly token: string
}

/**
 * A fresh code and link for one address. The code replaces every earlier one of that address and purpose; earlier links stay
 * good until they end, so that a mail that was only late still works. Throws `too_many` within 60 s of the
 * last one, after 5 a day, and after 15 a day to one address whatever they were for.
 */
export async function newChallenge(
  ctx: Pick<Ctx, 'tx'>,
  input: {
    readonly requestId: string
    readonly identityId: string
    readonly purpose: ChallengePurpose
    readonly linkLivesMs?: number
    /** The desk's own letters are not counted against the person. */
    readonly unlimited?: boolean
  },
): Promise<Secrets> {
  const { tx } = ctx
  const { challenge } = tables(tx)
  if (!input.unlimited) await checkLimits(tx, input)
  const id = newId(epochMs(tx.now))
  const secrets = { code: String(randomInt(1_000_000)).padStart(6, '0'), token: newSecret() }
  await tx.q.insert(challenge).values({
    id,
    requestId: input.requestId,
    identityId: input.identityId,
    purpose: input.purpose,
    codeHash: codeHash(tx, id, secrets.code),
    codeExpiresAt: plusMs(tx.now, codeLivesMs),
    linkHash: linkHash(tx, secrets.token),
    linkExpiresAt: plusMs(tx.now, input.linkLivesMs ?? linkLivesMs),
    tries: 0,
    at: tx.now,
  })
  return secrets
}

async function checkLimits(
  tx: Reader,
  { identityId, purpose }: { identityId: string; purpose: ChallengePurpose },
): Promise<void> {
  const { challenge, identity } = tables(tx)
  const [asked] = await tx.q.select({ hash: identity.hash }).from(identity).where(eq(identity.id, identityId))
  // Of every request that names this address: nobody's mailbox is filled by filing requests for her.
  const sent = await tx.q
    .select({ at: challenge.at, identityId: challenge.identityId, purpose: challenge.purpose })
    .from(challenge)
    .innerJoin(identity, eq(identity.id, challenge.identityId))
    .where(and(eq(identity.hash, asked?.hash ?? ''), gt(challenge.at, plusMs(tx.now, -dayMs))))
    .orderBy(desc(challenge.at))
  const recent = sent.filter((row) => row.identityId === identityId && row.purpose === purpose)
  const [last] = recent
  const waitMs = last ? epochMs(last.at) + resendAfterMs - epochMs(tx.now) : 0
  if (waitMs > 0)
    throw new LetheError('too_many', 'a mail was sent less than a minute ago', {
      hint: `Try again in ${Math.ceil(waitMs / 1000)} s; look in the junk folder meanwhile.`,
    })
  if (recent.length >= sendsPerDay || sent.length >= sendsPerAddress)
    throw new LetheError('too_many', 'too many mails were sent within a day', {
      hint: 'Try again tomorrow, or call us.',
    })
}

/** Those of a case, newest first. */
export async function challengesOf(reader: Reader, requestId: string) {
  const { challenge } = tables(reader)
  return reader.q
    .select()
    .from(challenge)
    .where(eq(challenge.requestId, requestId))
    .orderBy(desc(challenge.at), desc(challenge.id))
}

/** Bound to its challenge, so that no two codes share a hash. */
export const codeHash = (reader: Reader, challengeId: string, code: string): string =>
  reader.keys.hash('request-code', `${challengeId}:${code}`)

export const linkHash = (reader: Reader, token: string): string => reader.keys.hash('request-link', token)
