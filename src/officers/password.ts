import { hash, verify } from '@node-rs/argon2'
import { LetheError } from '../base/errors.ts'
import { newSecret } from '../base/ids.ts'

declare const brand: unique symbol
/** An argon2id hash in its text form. Only `hashPassword` makes one. */
export type PasswordHash = string & { readonly [brand]: 'PasswordHash' }

export const minLength = 12
/** Longer input is refused unread, so that nobody makes us hash a megabyte. */
export const maxLength = 256

/** 19 MiB, two passes, one lane: OWASP's figures for argon2id. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/**
 * Checks and hashes a password; slow on purpose (some 50 ms), so it stands outside every transaction. Throws `invalid` for one
 * that is shorter than 12 or longer than 256 characters, is one character again and again, or holds the officer's name.
 */
export async function hashPassword(plain: string, name = ''): Promise<PasswordHash> {
  const text = plain.normalize('NFKC')
  const weak = weakness(text, name)
  if (weak)
    throw new LetheError('invalid', weak, { hint: 'Take four or five words that do not belong together.' })
  return (await hash(text, cost)) as PasswordHash
}

function weakness(text: string, name: string): string | undefined {
  if (text.length < minLength) return `the password has fewer than ${minLength} characters`
  if (text.length > maxLength) return `the password has more than ${maxLength} characters`
  if (new Set(text).size < 5) return 'the password repeats the same few characters'
  const short = name.split('@')[0] ?? ''
  if (short.length > 2 && text.toLowerCase().includes(short.toLowerCase()))
    return 'the password holds the name it belongs to'
  return undefined
}

let decoy: Promise<PasswordHash> | undefined

/** Compares; without a hash (unknown name, not set yet) takes as long over a decoy and answers false. */
export async function passwordFits(plain: string, stored: PasswordHash | undefined): Promise<boolean> {
  decoy ??= hash(newSecret(), cost).then((text) => text as PasswordHash)
  const against = stored ?? (await decoy)
  const fits = await verify(against, plain.slice(0, maxLength + 1).normalize('NFKC'))
  return stored !== undefined && fits
}
