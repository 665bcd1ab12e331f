import { createTransport } from 'nodemailer'
import { MailError, type MailFailure, type Transport } from '../port.ts'
import { composed } from './compose.ts'

const deadlineMs = 60_000

/**
 * A mail server by `smtp://user:password@host:587` (STARTTLS when offered) or `smtps://…`. One connection a mail: a broken one
 * cannot take the next mail with it, and an abort ends this mail only.
 */
export function smtpTransport(url: string): Transport {
  return {
    async send(mail, signal) {
      const mailer = createTransport({
        url,
        connectionTimeout: 10_000,
        greetingTimeout: 10_000,
        socketTimeout: 30_000,
        dnsTimeout: 10_000,
      })
      const ends = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
      try {
        const sending = mailer.sendMail(composed(mail))
        // The loser of the race must not end the process when it fails later.
        sending.catch(() => undefined)
        await Promise.race([sending, aborted(ends)])
      } catch (error) {
        throw asMailError(error, ends)
      } finally {
        mailer.close()
      }
    },
    close: () => undefined,
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = () => reject(signal.reason as Error)
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })

const failures: Readonly<Record<string, MailFailure>> = {
  EAUTH: 'denied',
  ENOAUTH: 'denied',
  EOAUTH2: 'denied',
  ETIMEDOUT: 'timeout',
  ECONNECTION: 'unreachable',
  ESOCKET: 'unreachable',
  EDNS: 'unreachable',
  ETLS: 'unreachable',
  EENVELOPE: 'rejected',
  EMESSAGE: 'rejected',
}

/** A 5xx is final, a 4xx and everything about the connection is not; a wrong password is for a person to correct, and then works. */
function asMailError(error: unknown, signal: AbortSignal): MailError {
  if (signal.aborted) return new MailError('timeout', false, error)
  const { code, responseCode } = error as { code?: string; responseCode?: number }
  const known = failures[code ?? ''] ?? 'other'
  if (known === 'denied') return new MailError(known, false, error)
  if (responseCode !== undefined && responseCode >= 500) return new MailError('rejected', true, error)
  if (responseCode !== undefined && responseCode >= 400) return new MailError('busy', false, error)
  // Without an answer of the server, the envelope was refused by nodemailer itself: no address that could ever work.
  return new MailError(known, known === 'rejected', error)
}
