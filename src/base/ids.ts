import { randomBytes } from 'node:crypto'

/** Crockford base 32 without I, L, O, U: nothing that a person reads aloud wrongly. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 26 characters, sortable by the time given, then random: a ULID. */
export function newId(atMs: number = Date.now()): string {
  let time = ''
  for (let rest = atMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time
  let random = ''
  for (const byte of randomBytes(16)) random += alphabet[byte & 31]
  return time + random
}

/** What a person quotes on the phone: `R-7K3M-9QTX`. Not a secret. */
export function newReference(prefix = 'R'): string {
  const c = [...randomBytes(8)].map((b) => alphabet[b & 31]).join('')
  return `${prefix}-${c.slice(0, 4)}-${c.slice(4)}`
}

/** 256 bits for links and sessions, URL-safe. Store only its hash. */
export const newSecret = (): string => randomBytes(32).toString('base64url')
