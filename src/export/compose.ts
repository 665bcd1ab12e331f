import type { Readable } from 'node:stream'
import { addCollection } from './files/collection.ts'
import { type AddText, openBook } from './files/book.ts'
import { type Manifest, type ManifestFile, schemaVersion } from './files/manifest.ts'
import { measured } from './files/measure.ts'
import type { PackageContent, PackageCounts } from './model.ts'
import { page } from './page/page.ts'
import { type PageCollection, writingFor } from './page/writing.ts'
import { type AddFile, zipStream } from './zip/archive.ts'

export interface Composed {
  /** The plain ZIP; fails with whatever a source failed with. */
  readonly stream: Readable
  /** Known once the stream has ended. */
  readonly counts: () => PackageCounts
}

/**
 * The package a person gets, written as it is read: data, schemas and media of one collection after the other, then the
 * page, then the manifest. Memory holds one batch of rows, the page's first rows and the list of files.
 */
export function composePackage(content: PackageContent): Composed {
  const files: ManifestFile[] = []
  const done: PageCollection[] = []
  const stream = zipStream(async (addFile) => {
    const book = openBook(recording(addFile, files))
    for await (const collection of content.collections)
      done.push(await addCollection(book, collection, content.head.language))
    await book.add('index.html', page({ head: content.head, collections: done, leftOut: content.leftOut }))
    // Not listed in itself.
    await addFile('manifest.json', [Buffer.from(manifest(content, done, files))])
  }, new Date(content.head.createdAt))
  return {
    stream,
    counts: () => ({
      files: files.length + 1,
      collections: done.length,
      rows: done.reduce((sum, c) => sum + c.entry.rows, 0),
      media: done.reduce((sum, c) => sum + c.entry.media.length, 0),
      leftOut: content.leftOut.reduce((sum, item) => sum + item.count, 0),
    }),
  }
}

/** Adds files and notes the hash and size of each for the manifest. */
const recording =
  (addFile: AddFile, files: ManifestFile[]): AddText =>
  (path, content) =>
    addFile(
      path,
      measured(content, (measure) => files.push({ path, ...measure })),
    )

function manifest(
  { head, leftOut }: PackageContent,
  done: readonly PageCollection[],
  files: readonly ManifestFile[],
): string {
  const { texts, words } = writingFor(head)
  const value: Manifest = {
    format: 'lethe-package',
    schemaVersion,
    reference: head.reference,
    right: head.right,
    language: texts.language,
    receivedAt: head.receivedAt,
    createdAt: head.createdAt,
    controller: head.controller.name,
    collections: done.map((c) => c.entry),
    leftOut: leftOut.map(({ store, collection, count, ground, because }) => ({
      store,
      collection: collection ?? null,
      count,
      ground,
      because: words(because),
    })),
    files: [...files],
  }
  return `${JSON.stringify(value, null, 2)}\n`
}
