import { type Collection, isInCollection, type World } from '../world.ts'
import { holds, type Located, text } from './locate.ts'

export interface Left {
  readonly store: string
  readonly table: string
  readonly column: string
  readonly rows: number
  readonly ground: string | null
}

/**
 * Where an identifier of hers still stands, in any text column of any table, mapped or not: with a ground where a collection that is
 * kept reads the row, else with none.
 */
export function residue(after: World, located: Located): Left[] {
  const hers = new Set(located.identifiers.map((known) => text(known)))
  const left: Left[] = []
  for (const table of after.tables) {
    const kept = after.collections.filter(
      (c) => c.store === table.store && c.table === table.name && c.erase === 'keep',
    )
    for (const column of table.columns.filter((c) => c.type === 'text')) {
      const rows = table.rows.filter((row) => holds(after, row[column.name], hers))
      const isKept = (row: World['tables'][number]['rows'][number]) =>
        kept.some((c: Collection) => isInCollection(c, row))
      for (const [ground, some] of [
        ['legal_obligation', rows.filter(isKept)],
        [null, rows.filter((row) => !isKept(row))],
      ] as const)
        if (some.length > 0)
          left.push({ store: table.store, table: table.name, column: column.name, rows: some.length, ground })
    }
  }
  return left
}
