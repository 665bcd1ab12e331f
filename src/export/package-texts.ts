import { zipEntries } from './zip/reading.ts'
import type { RandomFile } from './seal/sealed-file.ts'

/** A file of a package that people and programs read: data, tables, schemas and the page. */
export interface PackageText {
  readonly path: string
  readonly pieces: AsyncIterable<string>
}

/** The texts of a plain ZIP, one after the other and each in pieces; media are not among them. Read each to its end. */
export async function* packageTexts(file: RandomFile): AsyncGenerator<PackageText> {
  for await (const entry of zipEntries(file)) {
    if (!/\.(?:json|csv|html)$/.test(entry.filename) || entry.filename.startsWith('media/')) continue
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const read = entry.getData(writable)
    read.catch(() => undefined)
    yield { path: entry.filename, pieces: decoded(readable) }
    await read
  }
}

async function* decoded(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}
