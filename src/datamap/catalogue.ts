import type { MaskColumn } from './masks.ts'

/** What the checks need of a live schema; `Catalogue` of the stores' port fulfils it. */
export interface ColumnLike extends MaskColumn {
  readonly type: string
  readonly generated: boolean
}

export interface ForeignKeyLike {
  readonly columns: readonly string[]
  readonly table: string
  readonly references: readonly string[]
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
}

export interface TableLike {
  readonly name: string
  readonly kind: 'table' | 'view'
  readonly columns: readonly ColumnLike[]
  readonly primaryKey: readonly string[]
  readonly uniqueKeys: readonly (readonly string[])[]
  readonly indexed: readonly string[]
  readonly foreignKeys: readonly ForeignKeyLike[]
  readonly triggers: readonly string[]
  readonly transactional: boolean
  readonly estimatedRows: number
}

export interface CatalogueLike {
  readonly tables: readonly TableLike[]
}

/** Live schemas by store name. */
export type Catalogues = ReadonlyMap<string, CatalogueLike>

export const columnOf = (table: TableLike, name: string): ColumnLike | undefined =>
  table.columns.find((column) => column.name === name)

/** Does the column name of itself look like it points at a person? A guard for what nobody declared, not a proof. */
export const looksPersonal = (column: string): boolean =>
  /(^|[^a-z])(e?mail|phone|mobile|msisdn|tel|fax|name|first_?name|last_?name|surname|address|street|zip|postcode|birth|dob|ssn|bsn|cpr|iban|ip)([^a-z]|$)|e_?mail|phone|ip_?addr/i.test(
    column,
  ) && !/^(table|file|type|column|host|class|queue|list)_?name$/i.test(column)
