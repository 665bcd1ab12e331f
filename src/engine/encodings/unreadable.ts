import type { Encoding } from '../../datamap/model.ts'

/**
 * A value is not what the map says it is packed in, is too large when unpacked, or holds a text that cannot be taken out without
 * breaking it. It is left as it is and shown to a person. Says nothing of the value.
 */
export class Unreadable extends Error {
  readonly encoding: Encoding | 'text'
  constructor(encoding: Encoding | 'text', why: string) {
    super(`${encoding}: ${why}`)
    this.name = 'Unreadable'
    this.encoding = encoding
  }
}

export const isUnreadable = (error: unknown): error is Unreadable => error instanceof Unreadable
