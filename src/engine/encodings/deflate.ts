import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { Unreadable } from './unreadable.ts'
import type { Opened } from './whole.ts'

/** What is larger when unpacked is not opened: a few kilobytes may claim to be a terabyte. */
export const mostUnpackedBytes = 128 * 1024 * 1024

/** Opens a zlib stream, or what MySQL's COMPRESS() makes of one: its length in four bytes, then the stream. */
export function openZlib(bytes: Uint8Array, mostBytes = mostUnpackedBytes): Opened {
  const isMysql = !isZlib(bytes) && isZlib(bytes.subarray(4))
  const stream = isMysql ? bytes.subarray(4) : bytes
  const inner = unpacked('zlib', stream, mostBytes)
  const level = [1, 5, 6, 9][(stream[1] ?? 0) >> 6] ?? 6
  return {
    inner,
    close(changed) {
      const packed = deflateSync(changed, { level })
      if (!isMysql) return packed
      const length = Buffer.alloc(4)
      length.writeUInt32LE(changed.length)
      return Buffer.concat([length, packed])
    },
  }
}

/** Opens a gzip file. Its header may name a file and a time: neither is written again. */
export const openGzip = (bytes: Uint8Array, mostBytes = mostUnpackedBytes): Opened => ({
  inner: unpacked('gzip', bytes, mostBytes),
  close: (changed) => gzipSync(changed),
})

const isZlib = (bytes: Uint8Array): boolean =>
  ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0

function unpacked(encoding: 'zlib' | 'gzip', bytes: Uint8Array, mostBytes: number): Uint8Array {
  const open = encoding === 'zlib' ? inflateSync : gunzipSync
  try {
    // @ts-expect-error With `info` an object comes back, which the types do not tell.
    const { buffer, engine } = open(bytes, { maxOutputLength: mostBytes, info: true }) as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    if (engine.bytesWritten !== bytes.length)
      throw new Unreadable(encoding, 'something stands behind its end')
    return buffer
  } catch (error) {
    if (error instanceof Unreadable) throw error
    const isTooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
    throw new Unreadable(
      encoding,
      isTooLarge ? `larger than ${mostBytes} bytes when unpacked` : 'the bytes are damaged or cut off',
    )
  }
}
