import type { LetheError } from '../base/errors.ts'
import type { ColumnLike, ForeignKeyLike, ServerLike, TableLike } from '../datamap/catalogue.ts'

/**
 * A value as a store holds it, made safe to carry: numbers, big integers and dates as the store spells them in text,
 * booleans as `true`/`false` text, bytes as bytes. Ids stay text end to end, so no digit is ever lost.
 */
export type Value = string | Uint8Array | null
export type Row = Readonly<Record<string, Value>>

export type StoreKind = 'sqlite' | 'postgres' | 'mysql'

/** One condition on a column. `is` lists the values that match; null stands for NULL. All conditions must hold. */
export interface Filter {
  readonly column: string
  readonly is: readonly Value[]
  /** True turns it round: none of the values. */
  readonly not?: boolean
  /** The values are those of a column of another table, `is` none: a number by the name it stands for. */
  readonly standsIn?: { readonly table: string; readonly column: string; readonly where: readonly Filter[] }
}

/**
 * How a column is asked for values. `exact` is `=` in the column's own type. `email` finds every letter case, `phone`
 * every usual spelling (the last seven digits decide): both return candidates, which the caller confirms by code point.
 * `contains` finds the text anywhere in the column, whatever its letter case (candidates too).
 */
export type MatchHow = 'exact' | 'email' | 'phone' | 'contains'
export interface Match {
  readonly column: string
  readonly how: MatchHow
  readonly values: readonly string[]
}

/** A half-open stretch of time on a column that holds moments or days, as the store spells them. */
export interface Before {
  readonly column: string
  /** The first moment that is no longer "before", in the column's own spelling. */
  readonly cutoff: string
}

export interface RowQuery {
  readonly table: string
  readonly columns: readonly string[]
  /** Columns that tell rows apart; pages are read in their order. Empty for a table without a key. */
  readonly key: readonly string[]
  readonly where?: readonly Filter[]
  readonly match?: Match
  readonly before?: Before
  /** Only these rows, by key (values in the order of `key`). */
  readonly keys?: readonly (readonly Value[])[]
  /** Go on after this key. */
  readonly after?: readonly Value[]
  /** Stop after so many rows; without it all of them come, page by page. */
  readonly limit?: number
  readonly pageSize?: number
}

/** All rows of a table from end to end, for who reads everything. */
export interface SweepQuery {
  readonly table: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
  /** Only rows in which one of these columns of numbers or moments holds text or bytes all the same; its other values are null. */
  readonly stray?: readonly string[]
}

export interface SweptPage {
  /** Values in the order of the columns asked for, then of the stray ones. */
  readonly rows: readonly (readonly Value[])[]
  /** `[row, column]`: too long for the page, or NULL beside one that is; null here, to be asked for by `long`. */
  readonly long: readonly (readonly [number, number])[]
}

/** One value of the row with this key, up to about so many characters or bytes. */
export interface LongQuery {
  readonly table: string
  readonly key: readonly string[]
  readonly of: readonly Value[]
  readonly column: string
  readonly most: number
}

export interface LongValue {
  readonly value: Value
  /** There may be more than was asked for. */
  readonly cut: boolean
}

/** Sees one snapshot of the store where the store has such a thing; cannot write (refused by the driver, not by promise). */
export interface StoreReader {
  /** Pages of rows in key order; memory is one page. */
  rows(query: RowQuery): AsyncIterable<readonly Row[]>
  count(query: Omit<RowQuery, 'columns' | 'after' | 'limit' | 'pageSize'>): Promise<number>
  /** Every row once, in pages of a few megabytes whatever the rows hold. */
  sweep(query: SweepQuery): AsyncIterable<SweptPage>
  long(query: LongQuery): Promise<LongValue>
  /**
   * Would a rule of the table (one of its `checks`, by name) take these values? They must be all that the rule looks at;
   * null where the rule leaves it open.
   */
  allows(asked: {
    readonly table: string
    readonly check: string
    readonly values: Readonly<Record<string, Value>>
  }): Promise<boolean | null>
}

export interface RowChange {
  readonly key: readonly Value[]
  readonly set: Readonly<Record<string, Value>>
}

/** One transaction: all of it is kept, or nothing. Every statement is set-based over the keys given. */
export interface StoreWriter extends StoreReader {
  /** As `rows` by key, and holds the rows until the end of the transaction. */
  lockRows(query: RowQuery & { readonly keys: readonly (readonly Value[])[] }): Promise<readonly Row[]>
  /** Deletes rows by key that (still) fulfil the conditions; answers how many went. */
  remove(
    target: Pick<RowQuery, 'table' | 'key' | 'where' | 'before'> & {
      readonly keys: readonly (readonly Value[])[]
    },
  ): Promise<number>
  /** Sets the same values in all rows given by key. */
  overwrite(
    target: Pick<RowQuery, 'table' | 'key' | 'where'> & {
      readonly keys: readonly (readonly Value[])[]
      readonly set: Readonly<Record<string, Value>>
    },
  ): Promise<number>
  /** Sets values that differ from row to row. */
  rewrite(target: {
    readonly table: string
    readonly key: readonly string[]
    readonly changes: readonly RowChange[]
  }): Promise<number>
  /** Adds a row unless one with this key is there already; answers whether it was added. */
  insertOnce(target: {
    readonly table: string
    readonly key: readonly string[]
    readonly row: Row
  }): Promise<boolean>
}

export type ColumnKind = ColumnLike['kind']

export interface ColumnInfo extends ColumnLike {
  /** As the catalogue spells it: `character varying(120)`. */
  readonly type: string
  readonly hasDefault: boolean
  /**
   * On columns of moments. True: the store keeps a point in time (PostgreSQL `timestamptz`, MariaDB `timestamp`) and it is
   * read and compared in UTC, whatever zone the application's own sessions use. False: a wall clock's reading.
   */
  readonly zoned?: boolean
}

export type ForeignKey = ForeignKeyLike

/** What a run must know of a table; `TableLike` of the data map says what each part means. */
export interface TableInfo extends TableLike {
  readonly columns: readonly ColumnInfo[]
  /** First columns of indexes that serve `email`: PostgreSQL's `lower(…)`, SQLite's COLLATE NOCASE, MariaDB's `_ci`. */
  readonly indexedBlind?: readonly string[]
}

export interface Catalogue {
  readonly tables: readonly TableInfo[]
  readonly server: ServerLike
  /** SHA-256 over tables, columns, types, keys, rules and triggers: changes when the schema does. */
  readonly digest: string
}

/** What a store can do; the planner turns what is missing into a task for a person. Positive words only. */
export interface Capabilities {
  readonly canFindBy: readonly ('email' | 'phone' | 'id' | 'text')[]
  readonly canExport: boolean
  readonly canErase: boolean
  readonly canAnonymise: boolean
  readonly canRedact: boolean
  /** All of a step is kept, or nothing. */
  readonly canTransact: boolean
  /** A row that changed since it was looked at is left alone. */
  readonly canCompareAndSet: boolean
  readonly canRehearse: boolean
  /** A search sees one moment of it. */
  readonly canSnapshot: boolean
  /** Every text in it can be read for what is left of somebody. */
  readonly canScan: boolean
  /** Nobody has to sit by. */
  readonly canRunUnattended: boolean
}

/** Whether Lethe may write to a store at all. */
export type Access = 'read' | 'write'

/** A record known to be there: made for this, about nobody. */
export interface Canary {
  readonly table: string
  readonly column: string
  readonly value: string
}

/** What is left of deleted bytes in the store's own files after `settle`, in words for the report. */
export interface Settled {
  readonly done: readonly string[]
  readonly remains: readonly string[]
}

export interface StoreOptions {
  readonly signal?: AbortSignal
  /** Give up on a statement after this long. */
  readonly timeoutMs?: number
}

/**
 * Somebody else's system. Failures leave as `StoreError` (see errors.ts of this room), whose `permanent` alone decides
 * whether a job tries again; messages carry no values.
 */
export interface Store {
  readonly name: string
  readonly kind: StoreKind
  readonly capabilities: Capabilities
  /** Where media of this store lie, when its rows point at files. */
  readonly files: string | undefined
  /** A row that must always be seen, or "nothing found" means nothing. */
  readonly canary: Canary | undefined
  describe(options?: StoreOptions): Promise<Catalogue>
  reading<T>(work: (reader: StoreReader) => Promise<T>, options?: StoreOptions): Promise<T>
  /** On SQLite holds the store's write lock until `work` ends: keep it to a chunk. */
  writing<T>(work: (writer: StoreWriter) => Promise<T>, options?: StoreOptions): Promise<T>
  /**
   * As `writing`, and nothing of it is kept: constraints that wait for the end are asked, then all is rolled back. Holds the same
   * locks meanwhile. Tables whose changes no rollback takes back are refused (see lasting.ts).
   */
  rehearse<T>(work: (writer: StoreWriter) => Promise<T>, options?: StoreOptions): Promise<T>
  /** Ends an erasure with what the store allows: checkpoint and truncate the log, vacuum the touched tables, make materialised views anew. */
  settle(tables: readonly string[]): Promise<Settled>
  close(): Promise<void>
}

/** The closed list of what a store answers when it fails. */
export type StoreFailure =
  | 'unreachable'
  | 'denied'
  | 'timeout'
  | 'busy'
  | 'constraint'
  | 'schema'
  | 'aborted'
  | 'other'

export interface StoreErrorShape extends LetheError {
  readonly failure: StoreFailure
  readonly store: string
  /** True when trying again cannot help. */
  readonly permanent: boolean
}
