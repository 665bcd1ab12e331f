import { LetheError } from '../../base/errors.ts'

/*
 * As much of DER (X.690) as a time stamp needs: writing a request, walking into an answer. Lengths up to 4 bytes; tags of one byte.
 */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  first: 0xa0,
} as const

export function der(tagByte: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tagByte, body.length]), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const short = length.subarray(length.findIndex((byte) => byte > 0))
  return Buffer.concat([Buffer.from([tagByte, 0x80 + short.length]), short, body])
}

export interface Node {
  readonly tag: number
  readonly body: Buffer
  /** With its tag and length. */
  readonly whole: Buffer
}

/** The values that stand one after the other; throws `invalid` when the bytes are no DER. */
export function nodesOf(bytes: Buffer): Node[] {
  const nodes: Node[] = []
  for (let at = 0; at < bytes.length; ) {
    const node = nodeAt(bytes, at)
    nodes.push(node)
    at += node.whole.length
  }
  return nodes
}

function nodeAt(bytes: Buffer, at: number): Node {
  const [tagByte, first] = [bytes[at], bytes[at + 1]]
  if (tagByte === undefined || first === undefined) return bad()
  const wide = first < 0x80 ? 0 : first - 0x80
  if (wide > 4 || first === 0x80 || at + 2 + wide > bytes.length) return bad()
  const length = wide === 0 ? first : bytes.readUIntBE(at + 2, wide)
  const start = at + 2 + wide
  if (start + length > bytes.length) return bad()
  return {
    tag: tagByte,
    body: bytes.subarray(start, start + length),
    whole: bytes.subarray(at, start + length),
  }
}

/** The child at a place; throws `invalid` when there is none of this kind. */
export function child(parent: Buffer, place: number, expected: number): Buffer {
  const found = nodesOf(parent)[place]
  return found?.tag === expected ? found.body : bad()
}

export function bad(): never {
  throw new LetheError('invalid', 'this is no time stamp as RFC 3161 writes it')
}
