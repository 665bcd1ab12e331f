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

const personalWords =
  /(^|_)(e_?mail|mail|phone|tel|telephone|mobile|msisdn|fax|surname|address|street|zip|postcode|birth|birthday|birthdate|dob|ssn|bsn|cpr|iban|ip)(_|$)/
const personalParts =
  /e_?mail|phone|ip_?addr|(first|last|full|real|nick|user|given|family|middle|maiden|display|contact|customer|person)_?name/

/** Does the column's name of itself look as if it pointed at a person? A guard for what nobody declared, not a proof. */
export const looksPersonal = (column: string): boolean => {
  const words = column.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return !words.endsWith('_id') && (personalWords.test(words) || personalParts.test(words))
}
