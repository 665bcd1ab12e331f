import { newId } from '../base/ids.ts'
import { epochMs } from '../base/instant.ts'
import { queueMail } from '../notify/queue.ts'
import type { Ctx } from '../ops/db/database.ts'
import type { Case } from './case.ts'
import type { Regime } from './clock/pack.ts'
import type { LetterValues, RequestDeps } from './deps.ts'
import { tables } from './tables.ts'
import { dayWords, momentWords } from './words.ts'

export type Letter =
  | 'confirm' // a code and a link that prove an address; also acknowledges receipt
  | 'received' // acknowledges what an officer entered
  | 'status-link' // a way back to the status page
  | 'download-code' // the second confirmation before the package
  | 'question' // asks for what the request needs, and says what that does to the clock
  | 'extension' // Art. 12(3): the new date and why
  | 'answer-access' // the package waits
  | 'answer-erasure' // what was erased, what is kept and why, backups, suppression
  | 'refusal' // Art. 12(4)
  | 'withdrawn'

interface Sending {
  readonly letter: Letter
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
export async function sendLetter(ctx: Pick<Ctx, 'tx'>, file: Addressed, sending: Sending, deps: RequestDeps): Promise<void> {
  const { tx } = ctx
  const { message } = tables(tx)
  const { request } = file
  const values = { ...commonValues(file, deps.regimes.regime(request.regime), deps.url), ...sending.values }
  const letter = deps.render({ language: request.language, letter: sending.letter, values })
  const to = sending.to ?? provedAddress(file)
  const key = `${request.reference}:${sending.letter}:${sending.key}`
  const mail = to && (await queueMail(ctx, { to, ...letter, key, reference: request.reference }))
  await tx.q.insert(message).values({
    id: newId(epochMs(tx.now)),
    requestId: request.id,
    letter: sending.letter,
    content: sending.secret ? null : { subject: letter.subject, text: letter.text },
    mailId: mail ? mail.id : null,
    at: tx.now,
  })
}

/** The first e-mail address that somebody showed to be hers; nothing about her is sent anywhere else. */
export function provedAddress(file: Pick<Addressed, 'identities' | 'verifications'>): string | undefined {
  const proved = new Set(file.verifications.map((row) => row.identityId))
  return file.identities.find((row) => row.kind === 'email' && proved.has(row.id))?.identity.normal
}

function commonValues({ request, clock }: Addressed, regime: Regime, url: string): LetterValues {
  const { language } = request
  return {
    reference: request.reference,
    right: request.right,
    received: momentWords(request.receivedAt, regime.timezone, language),
    due: dayWords(clock.dueDate, language),
    url: `${url}/${language}`,
    law: inWords(regime.law, language),
    ...authorityValues(regime, language),
  }
}

/** Art. 12(4): where she can complain, and which way leads to a court. */
function authorityValues({ authority, court }: Regime, language: string): LetterValues {
  return {
    authority: authority.name,
    authorityAddress: authority.address.join(', '),
    authorityUrl: authority.url,
    authorityPhone: authority.phone,
    authorityEmail: authority.email,
    court: inWords(court, language),
  }
}

const inWords = (words: { readonly en: string } & Readonly<Record<string, string>>, language: string): string =>
  words[language] ?? words.en
