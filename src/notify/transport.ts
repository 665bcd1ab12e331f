import { LetheError } from '../base/errors.ts'
import type { Transport } from './port.ts'
import { fileTransport } from './transports/file.ts'
import { smtpTransport } from './transports/smtp.ts'

/** Opens `smtp://…`, `smtps://…` or `file:DIR` (one .eml a message); throws `invalid` for anything else. */
export function openTransport(mailUrl: string): Transport {
  if (mailUrl.startsWith('file:')) return fileTransport(mailUrl.slice('file:'.length))
  if (/^smtps?:\/\//.test(mailUrl) && URL.canParse(mailUrl)) return smtpTransport(mailUrl)
  throw new LetheError('invalid', 'is no mail server and no folder', {
    where: 'LETHE_MAIL_URL',
    hint: 'Write smtp://user:password@host:587, smtps://… or file:DIR.',
  })
}
