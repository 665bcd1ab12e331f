import { LetheError } from '../../base/errors.ts'
import { inLanguage } from '../../base/words.ts'
import type { ExportCollection, ExportField, ExportMedium, ExportRow } from '../model.ts'
import type { PageCollection } from '../page/writing.ts'
import type { AddText, Book } from './book.ts'
import { csvRows } from './csv.ts'
import { jsonRows } from './json.ts'
import type { ManifestCollection } from './manifest.ts'
import { extraNames, type RowCheck, rowCheck } from './rows.ts'
import { collectionSchema } from './schema.ts'

/** Adds a collection's schema, its rows as JSON and as CSV, and its media; answers what the page and manifest say of it. */
export async function addCollection(
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
