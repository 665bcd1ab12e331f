import type { Cell, ForeignKey, Row, Table } from '../world.ts'
import { placeOf } from '../world.ts'

/** A table's rows as they were and as they are before anything is deleted. */
export interface Sheet {
  readonly table: Table
  readonly rows: readonly { readonly before: Row; readonly now: Row }[]
}

export interface Gone {
  readonly left: ReadonlyMap<Table, readonly Row[]>
  readonly impossible: readonly string[]
}

/**
 * What a database does when these rows are deleted: takes along what cascades, empties what is set null, refuses what restricts.
 * A row that goes along and was not found to be hers is somebody else's loss: then nothing may be deleted at all.
 */
export function deleteRows(sheets: readonly Sheet[], goes: ReadonlySet<Row>, hers: ReadonlySet<Row>): Gone {
  const impossible: string[] = []
  const now = new Map(
    sheets.flatMap(({ rows }) => rows.map(({ before, now: is }) => [before, { ...is }] as const)),
  )
  const gone = new Set(goes)
  // Rows that join the set on the way are looked at in their turn.
  for (const row of gone)
    for (const { child, fk, table } of pointingAt(sheets, row, now)) {
      if (gone.has(child)) continue
      if (fk.onDelete === 'cascade') {
        gone.add(child)
        if (!hers.has(child)) impossible.push(`${placeOf(table, child)} would go along and is not hers`)
      } else if (fk.onDelete === 'set null') {
        for (const column of fk.columns) (now.get(child) as Record<string, Cell>)[column] = null
      }
    }
  for (const row of gone)
    for (const { child, fk, table } of pointingAt(sheets, row, now))
      if (!gone.has(child))
        impossible.push(`${placeOf(table, child)} stays and points there (${fk.onDelete})`)
  const left = sheets.map(
    ({ table, rows }) =>
      [
        table,
        rows.filter(({ before }) => !gone.has(before)).map(({ before }) => now.get(before) as Row),
      ] as const,
  )
  return { left: new Map(left), impossible }
}

interface Pointing {
  readonly table: Table
  readonly fk: ForeignKey
  readonly child: Row
}

/** Rows whose foreign key holds this row's key, by the values as they are now. */
function pointingAt(sheets: readonly Sheet[], row: Row, now: ReadonlyMap<Row, Row>): Pointing[] {
  const parent = sheets.find((sheet) => sheet.rows.some(({ before }) => before === row))?.table
  if (!parent) return []
  return sheets
    .filter(({ table }) => table.store === parent.store)
    .flatMap(({ table, rows }) =>
      table.foreignKeys
        .filter((fk) => fk.table === parent.name)
        .flatMap((fk) =>
          rows
            .filter(({ before }) =>
              fk.columns.every((column, i) => {
                const value = now.get(before)?.[column] ?? null
                return value !== null && value === row[fk.references[i] as string]
              }),
            )
            .map(({ before }) => ({ table, fk, child: before })),
        ),
    )
}
