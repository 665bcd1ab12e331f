import { and, asc, eq, gt, lte } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import type { Reader, Tx } from '../ops/db/database.ts'
import {
  consistencyPath,
  type Edge,
  emptyEdge,
  grow,
  inclusionPath,
  leafHash,
  nodeHash,
  rootOf,
  splitOf,
} from './merkle.ts'
import { tables } from './tables.ts'

/** Nodes over this many leaves and more are kept; below, they are reckoned from the leaves. */
export const tileLevel = 8
export const tileSize = 2 ** tileLevel

/** Grows the tree from the last checkpoint's size to `size`, keeps the nodes that became complete, and answers the root. */
export async function growTree(tx: Tx, from: number, size: number): Promise<string> {
  const { ledgerNode } = tables(tx)
  const edge = await edgeAt(tx, from - (from % tileSize))
  const nodes: { level: number; at: number; hash: string }[] = []
  while (edge.size < size) {
    const leaves = await leavesBetween(tx, edge.size, Math.min(size, edge.size + 4 * tileSize))
    for (const leaf of leaves)
      grow(edge, leaf, (level, at, hash) => {
        if (level >= tileLevel) nodes.push({ level, at, hash })
      })
    if (nodes.length > 0) await tx.q.insert(ledgerNode).values(nodes.splice(0)).onConflictDoNothing()
  }
  return rootOf(edge)
}

/** The right edge of the tree of `size` leaves, a multiple of `tileSize`. */
async function edgeAt(reader: Reader, size: number): Promise<Edge> {
  const edge = emptyEdge()
  for (let rest = size; rest > 0; ) {
    const level = Math.floor(Math.log2(rest))
    edge.peaks.push(await storedNode(reader, level, edge.size / 2 ** level))
    edge.size += 2 ** level
    rest -= 2 ** level
  }
  return edge
}

async function storedNode(reader: Reader, level: number, at: number): Promise<string> {
  const { ledgerNode } = tables(reader)
  const [row] = await reader.q
    .select({ hash: ledgerNode.hash })
    .from(ledgerNode)
    .where(and(eq(ledgerNode.level, level), eq(ledgerNode.at, at)))
  return row?.hash ?? broken()
}

async function leavesBetween(reader: Reader, from: number, to: number): Promise<string[]> {
  const { ledgerEntry } = tables(reader)
  const rows = await reader.q
    .select({ leaf: ledgerEntry.leaf })
    .from(ledgerEntry)
    .where(and(gt(ledgerEntry.seq, from), lte(ledgerEntry.seq, to)))
    .orderBy(asc(ledgerEntry.seq))
  return rows.length === to - from ? rows.map((row) => row.leaf) : broken()
}

function broken(): never {
  throw new LetheError('conflict', 'the ledger is not whole: entries or nodes of its tree are missing', {
    hint: 'lethe ledger verify says where.',
  })
}

export interface Tree {
  /** Leads from the entry `seq` to the root. */
  inclusion(seq: number): Promise<string[]>
  /** Shows that the tree of `old` entries is this one's beginning. */
  consistency(old: number): Promise<string[]>
}

/** Proofs in the tree of `size` entries. What was read is kept: proving one entry after the other reads each leaf once. */
export function treeOf(reader: Reader, size: number): Tree {
  const known = new Map<string, string>()
  let tile:
    | { readonly at: number; readonly ranges: Map<string, string>; readonly leaves: string[] }
    | undefined
  const inTile = async (from: number, to: number): Promise<string> => {
    const at = Math.floor(from / tileSize)
    if (tile?.at !== at) {
      const leaves = await leavesBetween(reader, at * tileSize, Math.min(size, (at + 1) * tileSize))
      tile = { at, ranges: new Map(), leaves: leaves.map(leafHash) }
    }
    const { ranges, leaves } = tile
    const hashOf = (a: number, b: number): string => {
      if (b - a === 1) return leaves[a] as string
      const name = `${a}:${b}`
      const found = ranges.get(name) ?? nodeHash(hashOf(a, a + splitOf(b - a)), hashOf(a + splitOf(b - a), b))
      ranges.set(name, found)
      return found
    }
    return hashOf(from - at * tileSize, to - at * tileSize)
  }
  const range = async (from: number, to: number): Promise<string> => {
    const width = to - from
    if (Math.floor(from / tileSize) === Math.floor((to - 1) / tileSize) && width < tileSize)
      return inTile(from, to)
    const name = `${from}:${to}`
    const level = Math.log2(width)
    const found =
      known.get(name) ??
      (Number.isInteger(level)
        ? await storedNode(reader, level, from / width)
        : nodeHash(await range(from, from + splitOf(width)), await range(from + splitOf(width), to)))
    known.set(name, found)
    return found
  }
  return {
    inclusion: (seq) => inclusionPath(range, seq - 1, size),
    consistency: (old) => consistencyPath(range, old, size),
  }
}
