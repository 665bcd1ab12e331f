import type { MaskColumn } from './masks.ts'

/** What the checks need of a live schema; `Catalogue` of the stores' port fulfils it. */
export interface ColumnLike extends MaskColumn {
  readonly type: string
  readonly generated: boolean
  /** The store numbers new rows here by itself. */
  readonly numbered?: boolean
  /** The only values the type allows: an enum's, a set's. */
  readonly values?: readonly string[]
  readonly collation?: CollationLike
  /** Changes by itself when its row does (`ON UPDATE CURRENT_TIMESTAMP`). */
  readonly selfUpdating?: boolean
  /** Of moments: false for a wall clock's reading, which means nothing without a zone. */
  readonly zoned?: boolean
}

/** What the column's own `=` takes for the same text. */
export interface CollationLike {
  readonly name: string
  readonly ignoresCase: boolean
  readonly ignoresAccents: boolean
  readonly ignoresTrailingBlanks: boolean
}

export type KeyAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'

export interface ForeignKeyLike {
  readonly columns: readonly string[]
  readonly table: string
  readonly references: readonly string[]
  readonly onDelete: KeyAction
  readonly onUpdate?: KeyAction
  /** May be broken until the transaction ends. */
  readonly deferrable?: boolean
}

/** A rule over columns of one row; `sql` as the store spells it. */
export interface CheckLike {
  readonly name: string
  readonly columns: readonly string[]
  readonly sql: string
}

/** A unique index over expressions, or over some of the rows: a key that no column list tells. */
export interface RuleKeyLike {
  readonly name: string
  readonly columns: readonly string[]
  readonly sql: string
}

/** A trigger or rule, as far as its text says what it does. */
export interface TriggerLike {
  readonly name: string
  readonly timing: 'before' | 'after' | 'instead of'
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[]
  /** Tables it writes to. */
  readonly writes: readonly string[]
  /** Columns of its own row that it sets. */
  readonly sets: readonly string[]
  /** It calls what could not be read: what it writes is not known. */
  readonly isOpaque: boolean
}

export interface RowSecurityLike {
  readonly policies: readonly string[]
  /** Rows are hidden from this very account. */
  readonly applies: boolean
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
  readonly checks?: readonly CheckLike[]
  readonly ruleKeys?: readonly RuleKeyLike[]
  /** The triggers by name in `triggers`, and what they do. */
  readonly fires?: readonly TriggerLike[]
  /** Columns that say in which partition a row lies. */
  readonly partitionedBy?: readonly string[]
  /** Tables that inherit from this one: read and written with it, and listed by themselves too. */
  readonly inheritedBy?: readonly string[]
  /** A view that keeps a copy of its rows until it is refreshed. */
  readonly materialised?: boolean
  /** Tables and views that a view reads. */
  readonly reads?: readonly string[]
  readonly rowSecurity?: RowSecurityLike
  /** MariaDB's storage engine. */
  readonly engine?: string
}

/** The server as this account finds it; what our own sessions set is left out. */
export interface ServerLike {
  /** False: other sessions cut values that are too long, and turn NULL into ''. Ours do not. */
  readonly isStrict: boolean
  /** Why nothing can be written here, in words; null where it can. */
  readonly readOnly: string | null
  /** The zone that wall clocks of the server's own sessions read. */
  readonly zone: string
  /** False: what triggers do is hidden from this account. */
  readonly canSeeTriggers: boolean
}

export interface CatalogueLike {
  readonly tables: readonly TableLike[]
  readonly server?: ServerLike
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
