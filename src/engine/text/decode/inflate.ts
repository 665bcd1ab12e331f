import * as zlib from 'node:zlib'

export type Stream = 'gzip' | 'zlib' | 'deflate' | 'zstd'

export interface Unpacked {
  readonly bytes: Buffer
  /** There was more than the limit: the rest was not read. */
  readonly cut: boolean
  /** How many of the packed bytes it took. */
  readonly used: number
}

/** What most streams fit in; more is read chunk by chunk. */
const atOnce = 4 * 2 ** 20

interface WithInfo {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}
const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH, info: true, maxOutputLength: atOnce }
const openers: Readonly<Record<Stream, (bytes: Uint8Array) => unknown>> = {
  gzip: (bytes) => zlib.gunzipSync(bytes, options),
  zlib: (bytes) => zlib.inflateSync(bytes, options),
  deflate: (bytes) => zlib.inflateRawSync(bytes, options),
  zstd: (bytes) =>
    zlib.zstdDecompressSync(bytes, { info: true, maxOutputLength: atOnce } as zlib.ZstdOptions),
}
const streams: Readonly<Record<Stream, () => zlib.Gunzip | zlib.ZstdDecompress>> = {
  gzip: () => zlib.createGunzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  zlib: () => zlib.createInflate({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  deflate: () => zlib.createInflateRaw({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  zstd: () => zlib.createZstdDecompress(),
}

/** Opens a stream as far as the limit; undefined where there is none. What follows the stream is left alone. */
export async function unpack(stream: Stream, bytes: Uint8Array, most: number): Promise<Unpacked | undefined> {
  try {
    const { buffer, engine } = openers[stream](bytes) as WithInfo
    return buffer.length > most
      ? { bytes: buffer.subarray(0, most), cut: true, used: engine.bytesWritten }
      : { bytes: buffer, cut: false, used: engine.bytesWritten }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') return undefined
  }
  return inChunks(stream, bytes, most)
}

async function inChunks(stream: Stream, bytes: Uint8Array, most: number): Promise<Unpacked | undefined> {
  const opening = streams[stream]()
  const chunks: Buffer[] = []
  let length = 0
  let cut = false
  opening.end(bytes)
  try {
    for await (const chunk of opening as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      if (length <= most) continue
      cut = true
      break
    }
  } catch {
    // Broken behind what was read so far: that much is searched.
  } finally {
    opening.destroy()
  }
  return chunks.length === 0 ? undefined : { bytes: Buffer.concat(chunks), cut, used: opening.bytesWritten }
}
