import { PassThrough, type Readable } from 'node:stream'
import { type FileEntry, ZipWriter } from '@zip.js/zip.js'
import { LetheError } from '../base/errors.ts'
import type { OpenedPackage } from './open-package.ts'
import type { RandomFile } from './seal/sealed-file.ts'
import { zipEntries } from './zip/reading.ts'

const minLength = 8

/**
 * The package as an AES-256 ZIP (WinZip AE-2), for a hand-over by mail or stick; the passphrase goes another way
 * (Art. 32). Opens in 7-Zip, WinZip, Keka and the like, not in the explorers of Windows and macOS. Contents are secret, the
 * names of the files inside are not. Streams without unpacking. Throws `invalid` for a passphrase under 8 characters;
 * the stream fails with `unavailable` when the file at rest is missing or was changed.
 */
export async function sealWithPassphrase(opened: OpenedPackage, passphrase: string): Promise<Readable> {
  if (passphrase.length < minLength)
    throw new LetheError('invalid', 'the passphrase is too short', {
      hint: `Take one of ${minLength} characters or more; four random words are good and easily spelt over the phone.`,
    })
  const file = await opened.file()
  const out = new PassThrough()
  void recrypt(file, passphrase, out)
  return out
}

async function recrypt(file: RandomFile, password: string, out: PassThrough): Promise<void> {
  const writer = new ZipWriter(sinkInto(out), {
    useWebWorkers: false,
    password,
    encryptionStrength: 3,
    keepOrder: true,
  })
  try {
    for await (const entry of zipEntries(file)) await copyEntry(writer, entry)
    await writer.close()
    out.end()
  } catch (error) {
    out.destroy(
      error instanceof Error ? error : new Error('the archive could not be sealed', { cause: error }),
    )
  } finally {
    await file.close()
  }
}

/** Encrypts what is compressed already, as it is. */
async function copyEntry(writer: ZipWriter<unknown>, entry: FileEntry): Promise<void> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  await Promise.all([
    entry.getData(writable, { passThrough: 'compressed' }),
    writer.add(entry.filename, { readable }, { entry, passThrough: 'compressed' }),
  ])
}

/** Waits for the reader, and fails when he goes, so that the file at rest is closed. */
const sinkInto = (out: PassThrough): WritableStream<Uint8Array> =>
  new WritableStream<Uint8Array>({
    write: (piece) =>
      new Promise((resolve, reject) => {
        const gone = () => reject(new Error('the reader of the archive is gone'))
        if (out.destroyed) return gone()
        out.once('close', gone)
        out.write(piece, (error) => {
          out.off('close', gone)
          if (error) reject(error)
          else resolve()
        })
      }),
  })
