import { openPreview } from '../page/preview.ts'
import { nameBook } from './names.ts'

export type AddText = (
  path: string,
  content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
) => Promise<void>

/** The package's names so far, one book per folder. */
export interface Book {
  readonly add: AddText
  readonly preview: ReturnType<typeof openPreview>
  readonly schema: (name: string) => string
  folder(store: string): {
    readonly path: string
    readonly data: (name: string) => string
    readonly media: (name: string) => string
  }
}

export function openBook(add: AddText): Book {
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
