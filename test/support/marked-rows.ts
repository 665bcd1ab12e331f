import type { Sql, TextRow } from './live-dump.ts'
import { erased, isMarked, plain } from './marks.ts'
import type { Dump } from './store-dump.ts'

export type MarkedValue = string | number | null
export type MarkedRow = Readonly<Record<string, MarkedValue>>

/** Rows as they are written down for a test, with their marks (marks.ts), before they go into a database without them. */
export class MarkedRows {
  readonly #rows = new Map<string, { readonly table: string; readonly row: MarkedRow }>()
  readonly #keyOf: (table: string) => readonly string[]

  /** `keyOf` tells the primary key of a table, by which a dump names its rows. */
  constructor(keyOf: (table: string) => readonly string[]) {
    this.#keyOf = keyOf
  }

  add(table: string, row: MarkedRow): void {
    const place = `${table}/${this.#keyOf(table)
      .map((column) => row[column])
      .join('/')}`
    if (this.#rows.has(place)) throw new Error(`${place} is written down twice`)
    this.#rows.set(place, { table, row })
  }

  row(place: string): MarkedRow | undefined {
    return this.#rows.get(place)?.row
  }

  /** Places in which something is marked as hers. */
  marked(): string[] {
    return [...this.#rows].flatMap(([place, { row }]) =>
      Object.values(row).some((value) => typeof value === 'string' && isMarked(value)) ? [place] : [],
    )
  }

  async store(sql: Sql): Promise<void> {
    for (const { table, row } of this.#rows.values()) {
      const names = Object.keys(row)
      await sql.rows(
        `INSERT INTO ${table} (${names.map((name) => `\`${name}\``).join()}) VALUES (${names.map(() => '?').join()})`,
        Object.values(row).map((value) => (typeof value === 'string' ? plain(value) : value)),
      )
    }
  }

  /** A dump without what is marked in it, except the rows that `own` turns into something else or into nothing. */
  erased(before: Dump, own: (table: string, key: string, row: TextRow) => TextRow | null | undefined): Dump {
    return Object.fromEntries(
      Object.entries(before).map(([table, rows]) => [
        table,
        new Map(
          [...rows].flatMap(([key, text]): [string, string][] => {
            const row = JSON.parse(text) as TextRow
            const hers = own(table, key, row)
            if (hers === null) return []
            return [[key, JSON.stringify(hers ?? this.#withoutMarked(`${table}/${key}`, row))]]
          }),
        ),
      ]),
    )
  }

  #withoutMarked(place: string, row: TextRow): TextRow {
    const written = this.row(place)
    return Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        const text = written?.[column]
        return [column, typeof text === 'string' && isMarked(text) ? erased(text) : value]
      }),
    )
  }
}
