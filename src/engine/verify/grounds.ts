import type { Row } from '../../stores/port.ts'
import type { EngineDeps } from '../deps.ts'

/** Why a row of a table may still hold an identifier after an erasure. */
export interface Ground {
  readonly ground: string
  readonly columns: readonly string[]
  covers(row: Row): boolean
}

/** The grounds of the map's `keep` collections over one table; the row filter tells which rows they are. */
export function groundsFor(deps: EngineDeps, store: string, table: string): Ground[] {
  const kept = [...deps.map.collections.values()].filter(
    (c) => c.store === store && c.table === table && c.erase === 'keep' && c.keep !== undefined,
  )
  // Which rows a lookup means is not known without asking the store: then nothing is excused.
  const told = kept.filter((c) => c.lookups === undefined)
  return told.map((collection) => ({
    ground: collection.keep?.ground ?? '',
    columns: Object.keys(collection.rows),
    covers: (row) =>
      Object.entries(collection.rows).every(([column, values]) =>
        values.includes((row[column] ?? null) as string | null),
      ),
  }))
}
