import type { Bound, Dialect } from './dialect.ts'

/** A statement while it is written: text goes in by templates, every value through `bind`. */
export interface Statement {
  readonly params: readonly unknown[]
  bind(bound: Bound): string
}

export function statement(dialect: Dialect): Statement {
  const params: unknown[] = []
  return {
    params,
    bind({ value, wrap }) {
      params.push(value)
      const placeholder = dialect.placeholder(params.length)
      return wrap ? wrap(placeholder) : placeholder
    },
  }
}

/** How one kind runs what was written. Failures leave as `StoreError`. */
export interface Session {
  /** Rows as lists, in the order selected. */
  select(sql: string, params: readonly unknown[]): Promise<readonly (readonly unknown[])[]>
  /** How many rows it touched. */
  change(sql: string, params: readonly unknown[]): Promise<number>
  /**
   * All rows of a statement that has no key to page by, never more than a page in memory. Where statements block, a page ends
   * also when its texts and bytes are so long.
   */
  scan(
    sql: string,
    params: readonly unknown[],
    pageSize: number,
    pageBytes?: number,
  ): AsyncIterable<readonly (readonly unknown[])[]>
  /** Statements block this process (SQLite): look at a bounded stretch of a table in each. */
  readonly blocks: boolean
}
