import type { Readable } from 'node:stream'
import { LetheError } from '../base/errors.ts'
import type { OpenedPackage } from './open-package.ts'
import { sealStream } from './seal/write-sealed.ts'

/**
 * The package as an age file that only the holder of the recipient's key opens (`age1…`), for another officer or a
 * processor. Throws `invalid` when the recipient is none.
 */
export async function sealForRecipient(opened: OpenedPackage, recipient: string): Promise<Readable> {
  const plain = await opened.stream()
  try {
    return await sealStream(plain, recipient.trim())
  } catch (cause) {
    plain.destroy()
    throw new LetheError('invalid', 'this is no age recipient', {
      cause,
      hint: 'Paste the public key that age-keygen printed; it begins with age1.',
    })
  }
}
