import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { newId } from '../../base/ids.ts'
import { Encrypter, identityToRecipient } from 'age-encryption'

export const spoolFile = (folder: string, orderId: string, seq: number): string =>
  join(folder, orderId, `${String(seq).padStart(4, '0')}.jsonl.age`)

/** Writes rows as JSON lines, encrypted as they come (age); nothing readable ever lies on the disk. */
export async function spoolWriter(folder: string, orderId: string, seq: number, key: string) {
  const path = spoolFile(folder, orderId, seq)
  await mkdir(join(folder, orderId), { recursive: true, mode: 0o700 })
  // Of its own: a worker whose lease ran out may still be writing when the next one begins.
  const half = `${path}.${newId()}.half`
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(key))
  const lines = new TransformStream<Uint8Array, Uint8Array>()
  const pen = lines.writable.getWriter()
  const sealed = await encrypter.encrypt(lines.readable)
  const written = pipeline(Readable.fromWeb(sealed as never), createWriteStream(half, { mode: 0o600 }))
  written.catch(() => undefined)
  const encoder = new TextEncoder()
  return {
    write: (row: unknown) => pen.write(encoder.encode(`${JSON.stringify(row)}\n`)),
    async finish() {
      await pen.close()
      await written
      const handle = await open(half, 'r+')
      await handle.sync()
      await handle.close()
      await rename(half, path)
    },
    async abandon() {
      await pen.abort().catch(() => undefined)
      await written.catch(() => undefined)
      await rm(half, { force: true })
    },
  }
}
