import { count, eq } from 'drizzle-orm'
import { newId } from '../base/ids.ts'
import { epochMs } from '../base/instant.ts'
import { type LetterName, type LetterValues, renderLetter } from '../notify/letters.ts'
import { queueMail } from '../notify/queue.ts'
import type { Ctx } from '../ops/db/database.ts'
import type { Case } from './case.ts'
import type { Regime } from './clock/pack.ts'
import type { RequestDeps } from './deps.ts'
import { tables } from './tables.ts'
import { inLanguage } from '../base/words.ts'
import { momentWords } from './words.ts'

interface Sending {
  readonly letter: LetterName
  /** Makes it one mail however often it is asked for: `decision:01J…`. */
  readonly key: string
  readonly values: LetterValues
  /** To this identity; without it to the first proved e-mail address, or as a letter by post. */
  readonly to?: string | undefined
  /** It carries a code or link, so the case keeps no copy. */
  readonly secret?: boolean
}

type Addressed = Pick<Case, 'request' | 'identities' | 'verifications' | 'clock'>

/**
 * Renders a letter in the person's language and puts it in the outbox and in the case, in the caller's transaction. Where no
 * address was proved there is nothing to mail to: the letter waits in the case for an officer to post it.
 */
export async function sendLetter(
  ctx: Pick<Ctx, 'tx'>,
  file: Addressed,
  sending: Sending,
  deps: RequestDeps,
): Promise<void> {
  const { tx } = ctx
  const { message } = tables(tx)
  const { request } = file
  const values = { ...commonValues(file, deps), ...sending.values }
  const letter = renderLetter(deps.letters, { language: request.language, letter: sending.letter, values })
  const to = sending.to ?? provedEmail(file)?.identity.normal
  const key = `${request.reference}:${sending.letter}:${sending.key}`
  const mail = to && (await queueMail(ctx, { to, ...letter, key, reference: request.reference }))
  const [before] = await tx.q.select({ n: count() }).from(message).where(eq(message.requestId, request.id))
  await tx.q.insert(message).values({
    seq: Number(before?.n ?? 0) + 1,
    id: newId(epochMs(tx.now)),
    requestId: request.id,
    letter: sending.letter,
    content: sending.secret ? null : { subject: letter.subject, text: letter.text },
    mailId: mail ? mail.id : null,
    at: tx.now,
  })
}

/** The first e-mail address that somebody showed to be hers; nothing about her is sent anywhere else. */
export function provedEmail(
  file: Pick<Addressed, 'identities' | 'verifications'>,
): Case['identities'][number] | undefined {
  const proved = new Set(file.verifications.map((row) => row.identityId))
  return file.identities.find((row) => row.kind === 'email' && proved.has(row.id))
}

/** For what tells nothing about her but that she asked: the proved address, or the one she gave. */
export const givenAddress = (file: Pick<Addressed, 'identities' | 'verifications'>): string | undefined =>
  (provedEmail(file) ?? file.identities.find((row) => row.kind === 'email'))?.identity.normal

function commonValues({ request, clock }: Addressed, deps: RequestDeps): LetterValues {
  const { language } = request
  const regime = deps.regimes.regime(request.regime)
  return {
    reference: request.reference,
    right: request.right,
    received: momentWords(request.receivedAt, regime.timezone, language),
    due: clock.dueDate,
    url: `${deps.url}/${language}`,
    law: inLanguage(regime.law, language),
    company: deps.company,
    contact: deps.contact,
    ...remedies(regime, language),
  }
}

/** Art. 12(4): where she can complain, and which way leads to a court. */
const remedies = ({ authority, court }: Regime, language: string): LetterValues => ({
  authority: authority.name,
  authorityAddress: authority.address,
  authorityUrl: authority.url,
  authorityPhone: authority.phone,
  authorityEmail: authority.email,
  court: inLanguage(court, language),
})
