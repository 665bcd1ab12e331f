import type { Identity } from '../../base/identity.ts'
import type { CollectionMap, Link } from '../../datamap/model.ts'
import { keyPart } from '../../stores/keys.ts'
import type { Value } from '../../stores/port.ts'

/** How sure a row is hers: a link of the map, or `possible` where a line or mailbox is shared and a person must decide. */
export type Reach = Link | 'possible'

const order: readonly Reach[] = ['possible', 'mentioned', 'shared', 'owned']
const rank = (reach: Reach): number => order.indexOf(reach)

export const weaker = (a: Reach, b: Reach): Reach => (rank(a) <= rank(b) ? a : b)
export const isStronger = (a: Reach, b: Reach): boolean => rank(a) > rank(b)

/** One row that was reached. */
export interface FoundRow {
  readonly key: readonly string[]
  reach: Reach
  /** Fields through which it was reached: hers in a row that is not. */
  readonly via: Set<string>
  /** The columns the walk reads, as the store spells them. */
  readonly values: Readonly<Record<string, Value>>
}

/** By collection and key: what a row is at most, whatever leads to it. */
export type Caps = ReadonlyMap<string, ReadonlyMap<string, Reach>>

/** Everything of one person, by collection and key. */
export interface Located {
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, FoundRow>>
  /** Names that stand in her own rows: for redaction. */
  readonly names: readonly string[]
  /** What she gave and what stands in her own rows, in normal form; a line or mailbox of several people is left out. */
  readonly identifiers: readonly Identity[]
  /** Addresses and numbers on the way that several people have, in normal form. */
  readonly lines: readonly Identity[]
  /** Collections with rows reached only by a value that several people share. */
  readonly sharedLines: readonly {
    readonly store: string
    readonly collection: string
    readonly rows: number
  }[]
  /** Collections with rows that nothing can be done with, because their key holds a NULL: they are counted and named. */
  readonly unkeyed: readonly {
    readonly store: string
    readonly collection: string
    readonly table: string
    readonly rows: number
  }[]
}

/**
 * The key of a row as text (see `keyPart`); undefined where a part of it is NULL: a list of rows that named it would name all
 * that have none. Only a whole row may hold NULLs and be told from others.
 */
export function keyOfRow(
  { key, wholeRow }: Pick<CollectionMap, 'key' | 'wholeRow'>,
  row: Readonly<Record<string, Value>>,
): string[] | undefined {
  const isNamed =
    wholeRow === true || key.every((column) => row[column] !== null && row[column] !== undefined)
  return isNamed ? key.map((column) => keyPart(row[column])) : undefined
}

/** How many rows a list stands for: a keyless row may stand there for several that are the same. */
export const rowsIn = (items: readonly { readonly twins?: number }[]): number =>
  items.reduce((sum, { twins = 1 }) => sum + twins, 0)

export const keyText = (key: readonly string[]): string => JSON.stringify(key)
