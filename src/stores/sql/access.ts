import type { StoreReader, StoreWriter } from '../port.ts'
import { allowedBy } from './allowed.ts'
import { insertRow, overwriteRows, removeRows, rewriteRows } from './change.ts'
import { countRows, lockedRows, pagesOf } from './select.ts'
import { longValue, sweepPages } from './sweep.ts'
import type { Session } from './statement.ts'
import type { Shapes } from './tables.ts'

export const readerOn = (shapes: Shapes, session: Session): StoreReader => ({
  rows: (query) => pagesOf(shapes, session, query),
  count: (query) => countRows(shapes, session, query),
  allows: (asked) => allowedBy(shapes, session, asked),
  sweep: (query) => sweepPages(shapes, session, query),
  long: (query) => longValue(shapes, session, query),
})

export const writerOn = (shapes: Shapes, session: Session): StoreWriter => ({
  ...readerOn(shapes, session),
  lockRows: (query) => lockedRows(shapes, session, query),
  remove: (target) => removeRows(shapes, session, target),
  overwrite: (target) => overwriteRows(shapes, session, target),
  rewrite: (target) => rewriteRows(shapes, session, target),
  insertOnce: (target) => insertRow(shapes, session, target),
})
