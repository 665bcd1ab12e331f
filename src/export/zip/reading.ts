import { type FileEntry, Reader, ZipReader } from '@zip.js/zip.js'
import type { RandomFile } from '../seal/sealed-file.ts'

/** Lets zip.js read from wherever the bytes are. */
class RandomReader extends Reader<RandomFile> {
  readonly #file: RandomFile
  constructor(file: RandomFile) {
    super(file)
    this.#file = file
    this.size = file.size
  }
  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return this.#file.read(offset, length)
  }
}

/** The files of a ZIP in the order of its directory; memory is one entry's name. Nothing is extracted until asked for. */
export async function* zipEntries(file: RandomFile): AsyncGenerator<FileEntry> {
  const reader = new ZipReader(new RandomReader(file), { useWebWorkers: false, checkCrc32: true })
  try {
    for await (const entry of reader.getEntriesGenerator()) if (!entry.directory) yield entry
  } finally {
    await reader.close()
  }
}
