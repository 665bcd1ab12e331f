import { Readable } from 'node:stream'
import { ZipArchive } from 'archiver'

/** Adds one file and answers when it is in; rejects when its source fails or the reader of the archive is gone. */
export type AddFile = (
  path: string,
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
) => Promise<void>

/**
 * A ZIP as it is read: `fill` adds one file after the other, and nothing is read ahead of the reader. Whatever fails
 * fails the stream. archiver alone would end the process on a failing source, never settle `finalize()` after an error,
 * and leave sources open when the reader goes; hence this.
 */
export function zipStream(fill: (add: AddFile) => Promise<void>, modifiedAt: Date): Readable {
  const zip = new ZipArchive({ zlib: { level: 1 } })
  zip.on('error', ignore)
  let source: Readable | undefined
  const gone = new Promise<never>((_, reject) => {
    zip.once('close', () => {
      source?.destroy()
      reject(new Error('the archive was closed'))
    })
  })
  gone.catch(ignore)
  const add: AddFile = (path, content) => {
    const added = new Promise<void>((resolve, reject) => {
      source = Readable.from(content, { objectMode: false, highWaterMark: 64 * 1024 })
      source.once('error', (error) => {
        reject(error)
        zip.destroy(error)
      })
      zip.once('entry', () => resolve())
      zip.append(source, { name: path, date: modifiedAt })
    })
    // Once closed, an archive never tells of an entry.
    return Promise.race([added, gone])
  }
  void fillThenFinish(zip, add, fill)
  return zip
}

async function fillThenFinish(
  zip: ZipArchive,
  add: AddFile,
  fill: (add: AddFile) => Promise<void>,
): Promise<void> {
  try {
    await fill(add)
    zip.finalize().catch(ignore)
  } catch (error) {
    zip.destroy(
      error instanceof Error ? error : new Error('the archive could not be filled', { cause: error }),
    )
  }
}

const ignore = (): void => undefined
