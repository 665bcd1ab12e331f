import { hash, randomBytes } from 'node:crypto'
import { LetheError } from '../../base/errors.ts'
import { type Instant, instantOf } from '../../base/instant.ts'
import { bad, child, der, nodesOf, tag } from './der.ts'

const sha256Oid = Buffer.from('608648016503040201', 'hex')
const signedDataOid = Buffer.from('2a864886f70d010702', 'hex')
const tstInfoOid = Buffer.from('2a864886f70d0109100104', 'hex')

export interface StampRequest {
  /** TimeStampReq, DER: SHA-256 of the text, a nonce, and the wish for the authority's certificate. */
  readonly bytes: Buffer
  readonly imprint: Buffer
  readonly nonce: Buffer
}

/** Asks for a time stamp over a text (RFC 3161, 2.4.1). */
export function stampRequest(text: string): StampRequest {
  const imprint = imprintOf(text)
  // Positive, and without a leading zero byte that DER would not write.
  const nonce = randomBytes(8)
  nonce[0] = ((nonce[0] as number) & 0x3f) | 0x40
  const algorithm = der(tag.sequence, der(tag.oid, sha256Oid), der(tag.null))
  const bytes = der(
    tag.sequence,
    der(tag.integer, Buffer.from([1])),
    der(tag.sequence, algorithm, der(tag.octets, imprint)),
    der(tag.integer, nonce),
    der(tag.boolean, Buffer.from([0xff])),
  )
  return { bytes, imprint, nonce }
}

const imprintOf = (text: string): Buffer => hash('sha256', text, 'buffer')

export interface Stamp {
  readonly stampedAt: Instant
  /** ContentInfo, DER: what `openssl ts -verify -token_in` reads. */
  readonly token: Buffer
}

/**
 * Reads an authority's answer (2.4.2). Throws `unavailable` when it was not granted, `invalid` when it stamps something else or another
 * question. The authority's own signature is not checked here: `openssl ts -verify` does, with the certificate one trusts.
 */
export function readStampResponse(response: Buffer, asked: StampRequest): Stamp {
  const [status, token] = nodesOf(child(response, 0, tag.sequence))
  if (!status) return bad()
  const code = child(status.body, 0, tag.integer).readUIntBE(0, 1)
  if (code > 1 || !token)
    throw new LetheError('unavailable', `the time-stamping authority refused (status ${code})`)
  const info = readToken(token.whole)
  if (!info.imprint.equals(asked.imprint) || !info.nonce?.equals(asked.nonce))
    throw new LetheError('invalid', 'the time stamp is not for this checkpoint')
  return { stampedAt: info.stampedAt, token: Buffer.from(token.whole) }
}

/** Whether a token stamps this text, and when; throws `invalid` when it is none. */
export function readStamp(
  token: Buffer,
  text: string,
): { readonly isOf: boolean; readonly stampedAt: Instant } {
  const info = readToken(token)
  return { isOf: info.imprint.equals(imprintOf(text)), stampedAt: info.stampedAt }
}

/** ContentInfo → SignedData → TSTInfo. */
function readToken(token: Buffer) {
  const content = child(token, 0, tag.sequence)
  if (!child(content, 0, tag.oid).equals(signedDataOid)) return bad()
  const signed = child(child(content, 1, tag.first), 0, tag.sequence)
  const encapsulated = child(signed, 2, tag.sequence)
  if (!child(encapsulated, 0, tag.oid).equals(tstInfoOid)) return bad()
  const info = child(child(child(encapsulated, 1, tag.first), 0, tag.octets), 0, tag.sequence)
  const imprint = child(info, 2, tag.sequence)
  const algorithm = child(child(imprint, 0, tag.sequence), 0, tag.oid)
  if (!algorithm.equals(sha256Oid)) return bad()
  // After the time stand accuracy, ordering and nonce, each where it is there; an integer among them is the nonce.
  const nonce = nodesOf(info)
    .slice(5)
    .find((node) => node.tag === tag.integer)?.body
  return { imprint: child(imprint, 1, tag.octets), nonce, stampedAt: timeOf(child(info, 4, tag.time)) }
}

function timeOf(body: Buffer): Instant {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(body.toString('latin1'))
  if (!match) return bad()
  const [, year, month, day, hour, minute, second, part = ''] = match
  return instantOf(new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${part.slice(0, 4)}Z`))
}
