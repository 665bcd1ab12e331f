import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Encrypter } from 'age-encryption'
import { type Measure, measured } from '../files/measure.ts'

/** What partly written files are called; a sweep may remove them. */
export const partSuffix = '.part'

/**
 * Seals a stream for one age recipient while it is written. 1. to a temporary name, 2. fsync, 3. rename, 4. fsync of the
 * folder: a crash before 3 leaves a `.part` that the next build overwrites, after it the whole file. On any failure, the
 * reader's or the disk's, the temporary file is removed and the source destroyed. Answers hash and size of what went in.
 */
export async function writeSealed(
  plain: Readable,
  path: string,
  recipient: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Measure> {
  const temporary = path + partSuffix
  let measure: Measure | undefined
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const sealed = await sealStream(
      measured(plain, (m) => (measure = m)),
      recipient,
    )
    const file = createWriteStream(temporary, { mode: 0o600, flush: true })
    await pipeline(sealed, file, options.signal ? { signal: options.signal } : {})
    if (!measure) throw new Error(`nothing was measured for ${basename(path)}`)
    await rename(temporary, path)
    await syncFolder(dirname(path))
    return measure
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    plain.destroy()
  }
}

/** Encrypts to an age recipient as it is read. */
export async function sealStream(plain: AsyncIterable<Uint8Array>, recipient: string): Promise<Readable> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return Readable.from(await encrypter.encrypt(ReadableStream.from(plain)), {
    objectMode: false,
    highWaterMark: 64 * 1024,
  })
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Windows cannot sync a folder; the rename is durable there without it.
    if (process.platform !== 'win32') throw error
  } finally {
    await handle.close()
  }
}
