import type { Readable } from 'node:stream'
import { LetheError } from '../base/errors.ts'
import { inLanguage } from '../base/words.ts'
import { csvRows } from './files/csv.ts'
import { jsonRows } from './files/json.ts'
import { type Manifest, type ManifestCollection, type ManifestFile, schemaVersion } from './files/manifest.ts'
import { measured } from './files/measure.ts'
import { nameBook } from './files/names.ts'
import { type RowCheck, extraNames, rowCheck } from './files/rows.ts'
import { collectionSchema } from './files/schema.ts'
import type {
  ExportCollection,
  ExportField,
  ExportMedium,
  ExportRow,
  PackageContent,
  PackageCounts,
} from './model.ts'
import { page } from './page/page.ts'
import { type PageCollection, writingFor } from './page/writing.ts'
import { openPreview } from './page/preview.ts'
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

type AddText = (
  path: string,
  content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
) => Promise<void>

/** Adds files and notes the hash and size of each for the manifest. */
const recording =
  (addFile: AddFile, files: ManifestFile[]): AddText =>
  (path, content) =>
    addFile(
      path,
      measured(content, (measure) => files.push({ path, ...measure })),
    )

/** The package's names so far, one book per folder. */
interface Book {
  readonly add: AddText
  readonly preview: ReturnType<typeof openPreview>
  readonly schema: (name: string) => string
  folder(store: string): {
    readonly path: string
    readonly data: (name: string) => string
    readonly media: (name: string) => string
  }
}

function openBook(add: AddText): Book {
  const stores = nameBook()
  const folders = new Map<string, ReturnType<Book['folder']>>()
  return {
    add,
    preview: openPreview(),
    schema: nameBook(),
    folder(store) {
      const known = folders.get(store)
      if (known) return known
      const fresh = { path: stores(store), data: nameBook(), media: nameBook() }
      folders.set(store, fresh)
      return fresh
    },
  }
}

async function addCollection(
  book: Book,
  collection: ExportCollection,
  language: string,
): Promise<PageCollection> {
  const { fields } = collection
  const folder = book.folder(collection.store)
  const stem = folder.data(collection.name)
  const extra = extraNames(fields)
  const paths = {
    json: `data/${folder.path}/${stem}.json`,
    csv: `data/${folder.path}/${stem}.csv`,
    schema: `schema/${book.schema(`${folder.path}.${stem}.json`)}`,
  }
  await book.add(paths.schema, [collectionSchema(collection, extra, language)])
  const preview = book.preview.begin(fields)
  const links = { owned: 0, shared: 0, mentioned: 0 }
  let redactedRows = 0
  const first = await addRows(
    book.add,
    paths.json,
    fields,
    collection.rows(),
    (rows) => jsonRows(fields, extra, rows),
    (row) => {
      preview.see(row)
      links[row.link]++
      if (row.redacted.length > 0) redactedRows++
    },
  )
  const second = await addRows(book.add, paths.csv, fields, collection.rows(), (rows) =>
    csvRows(fields, extra, rows),
  )
  if (first.rows !== second.rows || first.sum !== second.sum) throw changed(collection)
  const media = await addMedia(book.add, folder, collection.media ?? [])
  const { store, name } = collection
  const entry = {
    store,
    name,
    title: inLanguage(collection.title, language),
    rows: first.rows,
    links,
    redactedRows,
    ...paths,
    media,
  }
  return { collection, entry, rows: preview.rows }
}

const changed = ({ store, name }: ExportCollection): LetheError =>
  new LetheError('conflict', `${store}.${name} gave other rows when it was read a second time`, {
    hint: 'Build the package again; read the rows from a snapshot or a spool.',
  })

async function addRows(
  add: AddText,
  path: string,
  fields: readonly ExportField[],
  rows: AsyncIterable<ExportRow>,
  write: (rows: AsyncIterable<ExportRow>) => AsyncIterable<string>,
  see: (row: ExportRow) => void = () => undefined,
): Promise<RowCheck> {
  const check = rowCheck(fields)
  async function* seen(): AsyncGenerator<ExportRow> {
    for await (const row of rows) {
      check.add(row)
      see(row)
      yield row
    }
  }
  await add(path, write(seen()))
  return check
}

async function addMedia(
  add: AddText,
  folder: ReturnType<Book['folder']>,
  media: AsyncIterable<ExportMedium> | Iterable<ExportMedium>,
): Promise<ManifestCollection['media']> {
  const added: ManifestCollection['media'] = []
  for await (const medium of media) {
    const path = `media/${folder.path}/${folder.media(medium.name)}`
    const source = medium.open()
    // It may fail before anybody reads it; whoever reads it then is told all the same.
    source.on('error', () => undefined)
    try {
      await add(path, source as AsyncIterable<Uint8Array>)
    } finally {
      source.destroy()
    }
    added.push({ name: medium.name, path })
  }
  return added
}

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
