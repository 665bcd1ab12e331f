/**
 * A made-up company: its stores with their rows, the data map over them, and the person who asks. Plain data, so that it can be
 * cut down to the part that shows a failure, and printed.
 */
export interface World {
  readonly seed: number
  readonly stores: readonly string[]
  readonly tables: readonly Table[]
  readonly collections: readonly Collection[]
  /** What the person proves. */
  readonly identities: readonly Known[]
  /** What a spelling in a cell means, for every e-mail address and phone number that was written into one. */
  readonly meanings: Readonly<Record<string, Known>>
  /** Texts by what they are made of. */
  readonly texts: Readonly<Record<string, readonly Piece[]>>
}

/** An identity in one fixed spelling, by which two are compared. */
export interface Known {
  readonly kind: 'email' | 'phone' | 'customer_number'
  readonly value: string
}

/** A stretch of a text: filler, somebody's identifier as it is spelled there, or somebody's name or a part of one. */
export type Piece =
  | { readonly is: 'filler'; readonly text: string }
  | { readonly is: 'identifier'; readonly text: string; readonly of: Known }
  | { readonly is: 'name' | 'part of a name'; readonly text: string; readonly of: string }

export type Cell = string | null
export type Row = Readonly<Record<string, Cell>>

export interface Column {
  readonly name: string
  readonly type: 'integer' | 'text'
  readonly nullable: boolean
}

export interface ForeignKey {
  readonly columns: readonly string[]
  readonly table: string
  readonly references: readonly string[]
  readonly onDelete: 'cascade' | 'set null' | 'restrict' | 'no action'
}

export interface Table {
  readonly store: string
  readonly name: string
  readonly columns: readonly Column[]
  /** Empty where nothing tells the rows apart: then all of a row does. */
  readonly key: readonly string[]
  readonly unique: readonly (readonly string[])[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly rows: readonly Row[]
}

export type Link = 'owned' | 'shared' | 'mentioned'
export type Format = 'email' | 'phone' | 'exact'

export interface Field {
  readonly name: string
  readonly categories: readonly string[]
  readonly identity?: Known['kind']
  /** Where it does not follow from the identity. */
  readonly format?: 'email' | 'phone'
  readonly normalised?: boolean
  readonly link?: Link
  readonly freeText?: boolean
  readonly secret?: boolean
  /** `null`, `redact`, `keep` or a value that may hold {column}. */
  readonly erase?: string
  readonly references: readonly Reference[]
}

export interface Reference {
  /** `store.collection`: a dataset is called as its store. */
  readonly collection: string
  readonly field: string
  readonly direction: 'from' | 'to' | 'both'
}

export interface Collection {
  readonly id: string
  readonly store: string
  readonly name: string
  readonly table: string
  readonly rows: Readonly<Record<string, readonly Cell[]>>
  readonly person: boolean
  /** Shared by many, and hers only when every row that points at it is. */
  readonly counted?: boolean
  /** The field that says who wrote the row, and rows in which it is not looked at. */
  readonly author?: { readonly field: string; readonly unless?: Readonly<Record<string, readonly Cell[]>> }
  readonly erase: 'delete' | 'anonymise' | 'keep'
  readonly key: readonly string[]
  readonly fields: readonly Field[]
}

export const tableOf = (world: World, collection: Collection): Table => {
  const table = world.tables.find((t) => t.store === collection.store && t.name === collection.table)
  if (!table) throw new Error(`${collection.id} reads a table that is not there`)
  return table
}

export const columnOf = (table: Table, name: string): Column => {
  const column = table.columns.find((c) => c.name === name)
  if (!column) throw new Error(`${table.name} has no column ${name}`)
  return column
}

/** How values of a field are compared. */
export const formatOf = (field: Field): Format =>
  field.format ?? (field.identity === 'email' || field.identity === 'phone' ? field.identity : 'exact')

/** Data about a person, as fideslang sorts it. */
export const isPersonal = (field: Field): boolean =>
  field.categories.some((category) => category === 'user' || category.startsWith('user.'))

export const isInCollection = (collection: Collection, row: Row): boolean =>
  Object.entries(collection.rows).every(([column, values]) => values.includes(row[column] ?? null))

/** What stands in a table's row, so that rows can be told apart whatever their table. */
export const placeOf = (table: Table, row: Row): string =>
  `${table.store}.${table.name}/${wholeKey(table)
    .map((column) => row[column])
    .join('/')}`

const wholeKey = (table: Table): readonly string[] =>
  table.key.length > 0 ? table.key : table.columns.map((c) => c.name)
