import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { LetheError } from '../base/errors.ts'

/** Encrypts short values (AES-256-GCM, fresh nonce) as `v1.<base64url>`. */
export interface Sealer {
  seal(plain: string): string
  /** Throws `internal` when the value was changed or sealed with another key. */
  open(sealed: string): string
}

/** Everything derived from the master key; no key leaves this object. */
export interface Keys extends Sealer {
  /**
   * A keyed hash (HMAC-SHA-256, hex) that stands for personal data where it must not be written: in the ledger,
   * in indexes, in suppression. `purpose` separates uses, so that hashes of one cannot be matched with another's.
   */
  hash(purpose: string, value: string): string
}

/** A secret of 256 bits as hex, for keyed hashes that must be untied one day: destroy it, and nothing leads back. */
export const newSalt = (): string => randomBytes(32).toString('hex')

export const sha256 = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex')

/** Derives the service's keys from a master key of at least 32 bytes (HKDF-SHA-256, one key per use). */
export function keysFrom(master: Uint8Array): Keys {
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', master, 'lethe', info, 32))
  const sealing = derive('seal')
  const hashing = new Map<string, Buffer>()
  const hashKey = (purpose: string) => {
    let key = hashing.get(purpose)
    if (!key) hashing.set(purpose, (key = derive(`hash:${purpose}`)))
    return key
  }
  return {
    seal(plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(sealed) {
      const raw = Buffer.from(sealed.replace(/^v1\./, ''), 'base64url')
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealing, raw.subarray(0, 12))
        decipher.setAuthTag(raw.subarray(12, 28))
        return Buffer.concat([decipher.update(raw.subarray(28)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new LetheError('internal', 'a sealed value does not open with this key', {
          cause,
          hint: 'Start with the LETHE_KEY that this database was made with.',
        })
      }
    },
    hash: (purpose, value) => createHmac('sha256', hashKey(purpose)).update(value).digest('hex'),
  }
}

/**
 * Reads the master key: base64 or hex of 32 bytes given as it is, or `file:PATH`. A missing file is made with mode 0600
 * when `mayCreate`; otherwise, and for a short key, throws `invalid`.
 */
export function readMasterKey(setting: string, mayCreate: boolean): Uint8Array {
  if (!setting.startsWith('file:')) return decode(setting, 'LETHE_KEY')
  const path = setting.slice(5)
  if (!existsSync(path)) {
    if (!mayCreate)
      throw new LetheError('invalid', `there is no key file ${path}`, {
        hint: 'Restore the key file, or set LETHE_KEY to the key this database was made with.',
      })
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(path, 0o600)
  }
  return decode(readFileSync(path, 'utf8').trim(), path)
}

function decode(text: string, where: string): Uint8Array {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (bytes.length >= 32) return bytes
  throw new LetheError('invalid', `the key has ${bytes.length} bytes, expected 32 or more`, {
    where,
    hint: 'Make one with: openssl rand -base64 32',
  })
}
