import type { Encoding } from '../../datamap/model.ts'

/**
 * A value is not what the map says it is packed in, is too large when unpacked, or holds a text that cannot be taken out without
 * breaking it. It is left as it is and shown to a person. Says nothing of the value.
 */
export class Unreadable extends Error {
  readonly encoding: Encoding | 'text'
  /** `broken`: it cannot be read. `stuck`: it was read, and a text that should change cannot. */
  readonly kind: 'broken' | 'stuck'
  constructor(encoding: Encoding | 'text', why: string, kind: 'broken' | 'stuck' = 'broken') {
    super(`${encoding}: ${why}`)
    this.name = 'Unreadable'
    this.encoding = encoding
    this.kind = kind
  }
}

export const isUnreadable = (error: unknown, kind?: Unreadable['kind']): error is Unreadable =>
  error instanceof Unreadable && (kind === undefined || error.kind === kind)
