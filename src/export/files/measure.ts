import { createHash } from 'node:crypto'

export interface Measure {
  readonly sha256: string
  readonly bytes: number
}

/** Passes everything on as bytes and tells at the end what went through. */
export async function* measured(
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  tell: (measure: Measure) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of chunks) {
    const raw = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk
    hash.update(raw)
    bytes += raw.length
    yield raw
  }
  tell({ sha256: hash.digest('hex'), bytes })
}
