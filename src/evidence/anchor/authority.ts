import { LetheError } from '../../base/errors.ts'
import { readStampResponse, type Stamp, stampRequest } from './stamp.ts'

const timeoutMs = 30_000
const maxBytes = 64 * 1024

/** Has a text stamped over HTTP (RFC 3161, 3.4). Throws `unavailable`, or `invalid` when the answer is not for it. */
export async function askStamp(url: string, text: string, signal: AbortSignal): Promise<Stamp> {
  const asked = stampRequest(text)
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/timestamp-query', Accept: 'application/timestamp-reply' },
    body: new Uint8Array(asked.bytes),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  }).catch((cause: unknown) => unavailable('does not answer', cause))
  if (!response.ok) return unavailable(`answers ${response.status}`)
  return readStampResponse(await bodyOf(response), asked)
}

async function bodyOf(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > maxBytes) return unavailable('answers with more than a time stamp')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function unavailable(what: string, cause?: unknown): never {
  throw new LetheError('unavailable', `the time-stamping authority ${what}`, {
    cause,
    hint: 'It is asked again by itself; check LETHE_ANCHOR if it goes on.',
  })
}
