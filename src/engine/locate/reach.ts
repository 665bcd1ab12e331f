import type { Identity } from '../../base/identity.ts'
import type { Link } from '../../datamap/model.ts'
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

/** The key of a row as text; undefined where a part of it is NULL or bytes: no list of rows can name such a row. */
export function keyOfRow(
  key: readonly string[],
  row: Readonly<Record<string, string | Uint8Array | null>>,
): string[] | undefined {
  const values = key.map((column) => row[column])
  return values.every((value) => typeof value === 'string') ? values : undefined
}

export const keyText = (key: readonly string[]): string => JSON.stringify(key)
