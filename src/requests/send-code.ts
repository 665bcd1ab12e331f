import type { Ctx } from '../ops/db/database.ts'
import { type Case, holdCase, unlessMissing } from './case.ts'
import { codeLivesMs, linkLivesMs, newChallenge } from './challenge.ts'
import type { RequestDeps } from './deps.ts'
import { masked } from './claims.ts'
import type { LetterName } from '../notify/letters.ts'
import { plusMs } from '../base/instant.ts'
import { momentWords } from './words.ts'
import { provedEmail, sendLetter } from './mailing.ts'
import { LetheError } from '../base/errors.ts'
import { expectStatus, statusOf } from './status.ts'
import type { ChallengePurpose } from './tables.ts'

/**
 * Mails a code (30 minutes) and a link (24 hours) that prove an e-mail address of the request; also again, when a mail was
 * lost. Whether the address stands in any store is not looked at, so the answer cannot tell. Without `identityId`: the first
 * address not yet proved. Throws `too_many` within 60 s of the last mail and after 5 a day, `conflict` when all is proved,
 * `not_found`, `invalid` for an identity that is no e-mail address (an officer verifies those, by call-back).
 */
export async function sendCode(
  ctx: Ctx,
  input: { readonly reference: string; readonly identityId?: string },
  deps: RequestDeps,
): Promise<{ readonly sentTo: string }> {
  const file = await holdCase(ctx, input.reference)
  expectStatus(file, ['unverified', 'searching', 'to-decide'])
  const proved = new Set(file.verifications.map((row) => row.identityId))
  const open = file.identities.filter((row) => row.kind === 'email' && !proved.has(row.id))
  const identity = input.identityId ? file.identities.find((row) => row.id === input.identityId) : open[0]
  if (input.identityId && !identity)
    throw new LetheError('not_found', 'there is no such identity in this request')
  if (identity && identity.kind !== 'email')
    throw new LetheError('invalid', `a ${identity.kind} is not proved by mail`, {
      hint: 'We call back, or ask at the desk.',
    })
  if (!identity || proved.has(identity.id))
    throw new LetheError('conflict', 'there is no e-mail address left to prove', {
      hint: 'Go on to the status page.',
    })
  await mailChallenge(ctx, file, { identity, purpose: 'verify', letter: 'confirm' }, deps)
  return { sentTo: masked(identity.kind, identity.identity.normal) }
}

/**
 * Mails a way back to the status page to the address that was proved; where none is, the proof itself again. An unknown
 * reference does nothing and looks the same. Throws `too_many` as `sendCode` does.
 */
export async function sendStatusLink(
  ctx: Ctx,
  input: { readonly reference: string },
  deps: RequestDeps,
): Promise<void> {
  const file = await holdCase(ctx, input.reference).catch(unlessMissing)
  if (!file) return
  const identity = provedEmail(file)
  if (identity) return mailChallenge(ctx, file, { identity, purpose: 'status', letter: 'status-link' }, deps)
  if (statusOf(file) === 'unverified' && file.identities.some((row) => row.kind === 'email'))
    await sendCode(ctx, { reference: file.request.reference }, deps)
}

/**
 * Mails the code that opens the package: she confirms once more before she downloads (contract.md). Throws `conflict` while
 * there is no package.
 */
export async function sendDownloadCode(
  ctx: Ctx,
  input: { readonly reference: string },
  deps: RequestDeps,
): Promise<{ readonly sentTo: string }> {
  const file = await holdCase(ctx, input.reference)
  expectStatus(file, ['ready'])
  const identity = provedEmail(file)
  if (!identity)
    throw new LetheError('conflict', 'no e-mail address of this request was proved', {
      hint: 'An officer hands the package over: request package.',
    })
  await mailChallenge(ctx, file, { identity, purpose: 'download', letter: 'download-code' }, deps)
  return { sentTo: masked('email', identity.identity.normal) }
}

interface Mailing {
  readonly identity: Case['identities'][number]
  readonly purpose: ChallengePurpose
  readonly letter: LetterName
}

/** The mail itself, in the caller's transaction. */
export async function mailChallenge(
  ctx: Pick<Ctx, 'tx'>,
  file: Pick<Case, 'request' | 'identities' | 'verifications' | 'clock'>,
  { identity, purpose, letter }: Mailing,
  deps: RequestDeps,
): Promise<void> {
  const secrets = await newChallenge(ctx, { requestId: file.request.id, identityId: identity.id, purpose })
  const { language } = file.request
  const ends = (ms: number) => momentWords(plusMs(ctx.tx.now, ms), file.clock.timezone, language)
  const values = {
    code: secrets.code,
    codeExpires: ends(codeLivesMs),
    link: linkTo(deps, language, secrets.token),
    linkExpires: ends(linkLivesMs),
  }
  // Every challenge is a mail of its own: its secrets exist nowhere else.
  const key = `challenge:${ctx.tx.keys.hash('mail-key', secrets.token)}`
  await sendLetter(ctx, file, { letter, key, values, to: identity.identity.normal, secret: true }, deps)
}

/** A page with a button: mail scanners open links, people press buttons. */
export const linkTo = (deps: Pick<RequestDeps, 'url'>, language: string, token: string): string =>
  `${deps.url}/${language}/link/${token}`
