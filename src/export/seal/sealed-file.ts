import { createDecipheriv, hkdfSync } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Decrypter } from 'age-encryption'
import { LetheError } from '../../base/errors.ts'

/** Bytes that can be read from anywhere, as a ZIP's directory at its end wants it. */
export interface RandomFile {
  readonly size: number
  /** Exactly these bytes, or fewer where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

const chunk = 64 * 1024
const tag = 16
const sealedChunk = chunk + tag
const nonceLength = 16
const maxHeader = 64 * 1024

/**
 * Reads anywhere in an age file without decrypting the rest (age v1: chunks of 64 KiB, ChaCha20-Poly1305, the counter as
 * nonce, the last one marked). The library reads from front to back only; the header is left to it. Every byte answered
 * is authentic, and a cut-off end is seen when the end is read. Throws `unavailable` when the file is missing or changed.
 */
export async function openSealedFile(path: string, identity: string): Promise<RandomFile> {
  const file = await openPlainFile(path)
  try {
    const { key, start } = await readHeader(file, identity)
    return sealedReader(file, key, start)
  } catch (error) {
    await file.close()
    throw error
  }
}

/** A file as it is, with the same reading. */
export async function openPlainFile(path: string): Promise<RandomFile> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw broken('a package file is missing', cause)
  })
  const { size } = await handle.stat()
  return {
    size,
    read: (offset, length) => readAll(handle, offset, Math.max(0, Math.min(length, size - offset))),
    close: () => handle.close(),
  }
}

async function readAll(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  for (let got = 0; got < length; ) {
    const { bytesRead } = await handle.read(bytes, got, length - got, offset + got)
    if (bytesRead === 0) throw broken('a package file became shorter while it was read')
    got += bytesRead
  }
  return bytes
}

async function readHeader(file: RandomFile, identity: string): Promise<{ key: Buffer; start: number }> {
  const beginning = Buffer.from(await file.read(0, maxHeader))
  const mac = beginning.indexOf('\n--- ')
  const end = mac < 0 ? -1 : beginning.indexOf('\n', mac + 1)
  if (end < 0) throw broken('a package file has no age header')
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const fileKey = await decrypter.decryptHeader(beginning.subarray(0, end + 1)).catch((cause: unknown) => {
    throw broken('a package file does not open with its key', cause)
  })
  const nonce = await file.read(end + 1, nonceLength)
  return { key: Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32)), start: end + 1 + nonceLength }
}

function sealedReader(file: RandomFile, key: Buffer, start: number): RandomFile {
  const sealedSize = file.size - start
  const chunks = Math.max(1, Math.ceil(sealedSize / sealedChunk))
  const size = sealedSize - chunks * tag
  if (size < 0) throw broken('a package file is cut off')
  let latest: { readonly index: number; readonly plain: Buffer } | undefined
  const plainOf = async (index: number): Promise<Buffer> => {
    if (latest?.index === index) return latest.plain
    const sealed = await file.read(start + index * sealedChunk, sealedChunk)
    const plain = openChunk(key, index, index === chunks - 1, sealed)
    latest = { index, plain }
    return plain
  }
  return {
    size,
    close: () => file.close(),
    async read(offset, length) {
      const end = Math.min(offset + length, size)
      const parts: Buffer[] = []
      for (let at = offset; at < end; ) {
        const index = Math.floor(at / chunk)
        const from = at - index * chunk
        const part = (await plainOf(index)).subarray(from, from + end - at)
        parts.push(part)
        at += part.length
      }
      return Buffer.concat(parts)
    },
  }
}

function openChunk(key: Buffer, index: number, isLast: boolean, sealed: Uint8Array): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(index, 5, 6)
  nonce[11] = isLast ? 1 : 0
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: tag })
  const body = sealed.subarray(0, sealed.length - tag)
  cipher.setAuthTag(sealed.subarray(sealed.length - tag))
  try {
    return Buffer.concat([cipher.update(body), cipher.final()])
  } catch (cause) {
    throw broken('a package file was changed or cut off', cause)
  }
}

export const broken = (message: string, cause?: unknown): LetheError =>
  new LetheError('unavailable', message, {
    ...(cause !== undefined && { cause }),
    hint: 'Build the package again; look after the disk that holds the packages folder.',
  })
