import type { ColumnInfo, StoreKind, TableInfo, Value } from '../port.ts'

/** A column as the SQL of its kind needs it. */
export interface ColumnShape extends ColumnInfo {
  /** What parameters are cast to: PostgreSQL's base type, MariaDB's data type, SQLite's affinity. */
  readonly cast: string
  /** `=` already ignores letter case: a `_ci` collation, citext. */
  readonly caseBlind: boolean
  /** MariaDB: the character set text is kept in. */
  readonly charset?: string | undefined
  /** MariaDB's ON UPDATE CURRENT_TIMESTAMP: changes by itself unless it is set to what it was. */
  readonly selfUpdating: boolean
}

export interface TableShape {
  readonly info: TableInfo
  /** Quoted, with its schema. */
  readonly sql: string
  readonly columns: readonly ColumnShape[]
  /** SQLite: the name its hidden row number goes by, where it has one. */
  readonly rowid?: ColumnShape | undefined
}

/** What is bound, and how its place in the statement is spelled: `CAST(? AS SIGNED)`. */
export interface Bound {
  readonly value: unknown
  readonly wrap?: (placeholder: string) => string
}

export interface Identical {
  readonly left: string
  readonly bound: (value: string | Uint8Array) => Bound
}

export interface CaseBlind {
  readonly left: string
  readonly right: (placeholder: string) => string
}

/** What differs between the SQL of the three kinds. `sql` is always a column's quoted name. */
export interface Dialect {
  readonly kind: StoreKind
  readonly quote: (name: string) => string
  readonly placeholder: (n: number) => string
  /** Between the columns and the values of an INSERT: lets an identity column take the value given. */
  readonly overriding: string
  /** What a SELECT of values without a table reads from. */
  readonly fromNothing: string
  /** A foreign key is looked at row by row, not when the statement ends: rows of one table go in an order. */
  readonly checksEachRow: boolean
  /** Holds selected rows until the transaction ends. */
  readonly forUpdate: string
  /** Table and column names are told apart by case. */
  readonly caseOfTables: boolean
  readonly caseOfColumns: boolean
  /** Parameters of one statement. */
  readonly maxParameters: number
  /** What is selected, so that the driver hands over exact text or bytes. */
  readonly read: (column: ColumnShape, sql: string) => string
  readonly decode: (column: ColumnShape, raw: unknown) => Value
  /** Whether text or bytes stand where the column's type says neither (SQLite lets them). */
  readonly stray?: (column: ColumnShape, sql: string) => string
  /** About how many bytes the value has, told without reading all of it where the store can. */
  readonly bytes: (column: ColumnShape, sql: string) => string
  /** A stretch of the value as `read` gives it: characters of a text, bytes of bytes; counted from 1. */
  readonly piece: (column: ColumnShape, sql: string, from: number, length: number) => string
  /** What is compared and ordered by, in the type `comparable` casts to. */
  readonly compared: (column: ColumnShape, sql: string) => string
  /** The value in the column's type, or undefined where no row can hold it (`abc` in a column of numbers). */
  readonly comparable: (column: ColumnShape, value: string | Uint8Array) => Bound | undefined
  /**
   * How a column is compared with exactly what was read of it, where `compared` is more lenient: a collation, floating point. The
   * value is bound as it is, or as its text.
   */
  readonly identical: (column: ColumnShape, sql: string) => Identical | undefined
  readonly writable: (column: ColumnShape, value: Value) => Bound
  /** The whole row tuple among those given; every value is not null. */
  readonly tuplesIn: (left: readonly string[], tuples: readonly (readonly string[])[]) => string
  /** NULLs come before or after all values where rows are ordered. */
  readonly nullsFirst: boolean
  /** Lexicographic comparison of row tuples that hold no NULL; `right` binds a value anew each time it is called. */
  readonly compareTuples: (
    left: readonly string[],
    operator: '>' | '<=',
    right: (at: number) => string,
  ) => string
  /**
   * The column as text whose `=` or LIKE ignores the case of ASCII letters, and the parameter made to fit it. `ascii`: no
   * parameter holds anything else.
   */
  readonly caseBlind: (column: ColumnShape, sql: string, operator: '=' | 'LIKE', ascii: boolean) => CaseBlind
  /** Holds a moment that can be compared with a cut-off: not the zero date, not infinity, not another type's value. */
  readonly isMoment: (column: ColumnShape, sql: string, cutoff: string) => string | undefined
}

/** A column as the catalogue shows it. */
export const plainColumn = (column: ColumnShape): ColumnInfo => {
  const { cast: _cast, caseBlind: _caseBlind, selfUpdating, charset: _charset, ...plain } = column
  return selfUpdating ? { ...plain, selfUpdating } : plain
}
