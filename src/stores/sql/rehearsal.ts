import { StoreError } from '../errors.ts'
import { whyLasting } from '../lasting.ts'
import type { StoreWriter } from '../port.ts'
import { type Shapes, tableOf } from './tables.ts'

/** A writer whose every change can be taken back: others are refused before they happen. */
export function takenBack(shapes: Shapes, writer: StoreWriter): StoreWriter {
  const infos = shapes.tables.map((t) => t.info)
  const guard = (table: string) => {
    const why = whyLasting(infos, tableOf(shapes, table).info.name)
    if (why === undefined) return
    throw new StoreError('other', shapes.store, `${table} cannot be rehearsed: ${why}`, {
      permanent: true,
      hint: 'Leave this table out of the rehearsal, and say so.',
    })
  }
  return {
    ...writer,
    remove: async (target) => {
      guard(target.table)
      return writer.remove(target)
    },
    overwrite: async (target) => {
      guard(target.table)
      return writer.overwrite(target)
    },
    rewrite: async (target) => {
      guard(target.table)
      return writer.rewrite(target)
    },
    insertOnce: async (target) => {
      guard(target.table)
      return writer.insertOnce(target)
    },
  }
}
