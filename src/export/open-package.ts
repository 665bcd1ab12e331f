import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Decrypter } from 'age-encryption'
import { eq } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import { append } from '../ledger/append.ts'
import { type Ctx, one, type Reader } from '../ops/db/database.ts'
import { broken, openSealedFile, type RandomFile } from './seal/sealed-file.ts'
import { type PackageRecord, recordOf } from './show-package.ts'
import { tables } from './tables.ts'

/** A package that may be read now. The key stays inside. */
export interface OpenedPackage extends PackageRecord {
  /** What the download is called: `R-7K3M-9QTX.zip`. */
  readonly fileName: string
  /** The plain ZIP, `bytes` long; fails with `unavailable` when the file at rest is missing, changed or cut off. */
  stream(): Promise<Readable>
  /** The plain ZIP to read anywhere in; close it. */
  file(): Promise<RandomFile>
}

/**
 * Opens a package for reading without noting it: for checks and previews by the service itself; what leaves the house goes
 * through `handOver`. Throws `not_found`, and `expired` once it was destroyed or its time (UTC) is reached.
 */
export async function openPackage(
  reader: Reader,
  input: { readonly folder: string; readonly id: string },
): Promise<OpenedPackage> {
  const { package: table } = tables(reader)
  const row = one(await reader.q.select().from(table).where(eq(table.id, input.id)), 'package')
  const { identity } = row
  if (identity === null || row.destroyedAt !== null || row.expiresAt <= reader.now)
    throw new LetheError('expired', 'this package is past its time', {
      hint: 'Ask for a new copy; the data of this one are no longer kept here.',
    })
  const path = join(input.folder, row.file)
  return {
    ...recordOf(row),
    fileName: `${row.reference.replace(/[^\w.-]/g, '_')}.zip`,
    stream: () => plainStream(path, identity),
    file: () => openSealedFile(path, identity),
  }
}

/** How a package leaves: to the person over TLS, or sealed once more by an officer. */
export type HandOver = 'download' | 'passphrase' | 'recipient'

/**
 * As `openPackage`, and notes that it left the house (Art. 5(2)): ledger `package.opened`, and `openedAt` the first time.
 * Call it in the transaction; read the stream after it.
 */
export async function handOver(
  ctx: Ctx,
  input: { readonly folder: string; readonly id: string; readonly how: HandOver },
): Promise<OpenedPackage> {
  const { tx } = ctx
  const opened = await openPackage(tx, input)
  const { package: table } = tables(tx)
  if (opened.openedAt === null)
    await tx.q.update(table).set({ openedAt: tx.now }).where(eq(table.id, input.id))
  await append(ctx, {
    type: 'package.opened',
    subject: `request:${opened.reference}`,
    body: { package: opened.id, how: input.how, sha256: opened.sha256 },
  })
  return { ...opened, openedAt: opened.openedAt ?? tx.now }
}

async function plainStream(path: string, identity: string): Promise<Readable> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const sealed = createReadStream(path)
  try {
    const plain = await decrypter.decrypt(ReadableStream.from(sealed) as ReadableStream<Uint8Array>)
    return Readable.from(authentic(plain), { objectMode: false, highWaterMark: 64 * 1024 })
  } catch (cause) {
    sealed.destroy()
    throw broken('a package file is missing or does not open with its key', cause)
  }
}

async function* authentic(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* plain
  } catch (cause) {
    throw broken('a package file was changed or cut off', cause)
  }
}
