import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { MailError, type Transport } from '../port.ts'
import { composed } from './compose.ts'

/**
 * One .eml a message, named by its id: a second try overwrites the first. Written aside, flushed and renamed, so that
 * whoever reads the folder never sees half a mail. For the demo and for tests; readable by its owner only.
 */
export function fileTransport(folder: string): Transport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    async send(mail) {
      const { message } = await composer.sendMail(composed(mail))
      const path = join(folder, `${mail.id}.eml`)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const file = await open(`${path}.part`, 'w', 0o600)
        try {
          await file.writeFile(message as Buffer)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(`${path}.part`, path)
      } catch (cause) {
        throw new MailError('unreachable', false, cause)
      }
    },
    close: () => composer.close(),
  }
}
