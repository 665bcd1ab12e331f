import type { SendMailOptions } from 'nodemailer'
import type { OutgoingMail } from '../port.ts'

/** The id that receivers see: `<01J…@privacy.example.org>`. */
export const messageId = (mail: OutgoingMail): string => `<${mail.id.toLowerCase()}@${domainOf(mail.from)}>`

/**
 * As nodemailer takes it. The recipient is given as an object, so that no text in it is read as a second address. Machine
 * mail says so (RFC 3834), so that absence notices stay away; nothing is ever fetched or read from disk for a mail.
 */
export const composed = (mail: OutgoingMail): SendMailOptions => ({
  messageId: messageId(mail),
  date: mail.date,
  from: mail.from,
  to: { name: '', address: mail.to },
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
})

const domainOf = (from: string): string => /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
