import { createHash } from 'node:crypto'
import type { FileEntry } from '@zip.js/zip.js'
import { LetheError } from '../base/errors.ts'
import { type Manifest, manifestShape } from './files/manifest.ts'
import { openPlainFile, type RandomFile } from './seal/sealed-file.ts'
import { zipEntries } from './zip/reading.ts'

export interface PackageFault {
  readonly path: string
  readonly fault: 'missing' | 'changed' | 'not listed' | 'twice' | 'unsafe name'
}
export interface CheckedPackage {
  readonly manifest: Manifest
  /** Empty: every file is as the manifest says, and nothing else is in it. */
  readonly faults: readonly PackageFault[]
}

const maxManifest = 256 * 1024 * 1024

/**
 * Checks a plain ZIP (a path, or an opened package's `file()`) against its own manifest: every file's SHA-256 and size,
 * none missing, none added, no name that leaves the folder. A guard against damage and mix-ups; who can write the ZIP can
 * write a manifest: the ledger's `package.built` holds the hash of the whole. Throws `invalid` when it is no package.
 */
export async function readPackage(source: string | RandomFile): Promise<CheckedPackage> {
  const file = typeof source === 'string' ? await openPlainFile(source) : source
  try {
    return await check(file)
  } finally {
    await file.close()
  }
}

async function check(file: RandomFile): Promise<CheckedPackage> {
  const manifest = await readManifest(file)
  const expected = new Map(manifest.files.map((f) => [f.path, f]))
  const seen = new Set<string>()
  const faults: PackageFault[] = []
  for await (const entry of entriesOf(file)) {
    const path = entry.filename
    if (seen.has(path)) faults.push({ path, fault: 'twice' })
    seen.add(path)
    if (!isSafe(path)) faults.push({ path, fault: 'unsafe name' })
    const listed = expected.get(path)
    if (path === 'manifest.json') continue
    if (!listed) faults.push({ path, fault: 'not listed' })
    else if (!(await matches(entry, listed))) faults.push({ path, fault: 'changed' })
  }
  for (const path of expected.keys()) if (!seen.has(path)) faults.push({ path, fault: 'missing' })
  return { manifest, faults }
}

const noPackage = (cause?: unknown): LetheError =>
  new LetheError('invalid', 'this file is no package of this service', {
    ...(cause !== undefined && { cause }),
    hint: 'Give the ZIP as it was downloaded; one with a passphrase must be unpacked and packed again first.',
  })

async function* entriesOf(file: RandomFile): AsyncGenerator<FileEntry> {
  const entries = zipEntries(file)
  for (;;) {
    const next = await entries.next().catch((cause: unknown) => {
      throw noPackage(cause)
    })
    if (next.done) return
    yield next.value
  }
}

async function readManifest(file: RandomFile): Promise<Manifest> {
  for await (const entry of entriesOf(file)) {
    if (entry.filename !== 'manifest.json') continue
    if (entry.uncompressedSize > maxManifest) throw noPackage()
    const parts: Uint8Array[] = []
    try {
      await drain(entry, maxManifest, (piece) => parts.push(piece))
      return manifestShape.parse(JSON.parse(Buffer.concat(parts).toString('utf8')))
    } catch (cause) {
      throw noPackage(cause)
    }
  }
  throw noPackage()
}

async function matches(
  entry: FileEntry,
  listed: { readonly bytes: number; readonly sha256: string },
): Promise<boolean> {
  const hash = createHash('sha256')
  try {
    const bytes = await drain(entry, listed.bytes, (piece) => hash.update(piece))
    return bytes === listed.bytes && hash.digest('hex') === listed.sha256
  } catch {
    return false
  }
}

/** Unpacks at most so many bytes, so that a forged size does not fill anything. */
async function drain(
  entry: FileEntry,
  maxBytes: number,
  take: (piece: Uint8Array) => unknown,
): Promise<number> {
  let bytes = 0
  await entry.getData(
    new WritableStream<Uint8Array>({
      write(piece) {
        bytes += piece.length
        if (bytes > maxBytes) throw new Error('an entry is longer than it should be')
        take(piece)
      },
    }),
  )
  return bytes
}

const isSafe = (path: string): boolean =>
  !/^[/\\]|^[A-Za-z]:|\\/.test(path) &&
  !/\p{Cc}/u.test(path) &&
  path.split('/').every((part) => part !== '..' && part !== '.' && part !== '')
