import { hash } from 'node:crypto'

/*
 * The Merkle tree of RFC 9162 (2.1), hashes as hex: the one implementation, under the ledger's checkpoints and under the batches of
 * a purge. Leaves and nodes are hashed apart (0x00, 0x01), so that a node is never taken for a leaf.
 */
const leafBytes = Buffer.alloc(33)
const nodeBytes = Buffer.alloc(65, 1)

export function leafHash(leaf: string): string {
  leafBytes.write(leaf, 1, 'hex')
  return hash('sha256', leafBytes)
}

export function nodeHash(left: string, right: string): string {
  nodeBytes.write(left, 1, 'hex')
  nodeBytes.write(right, 33, 'hex')
  return hash('sha256', nodeBytes)
}

/** A tree that grows at its right edge: all that must be kept of it are its complete parts, the largest first. */
export interface Edge {
  size: number
  readonly peaks: string[]
}

export const emptyEdge = (): Edge => ({ size: 0, peaks: [] })

/** Adds one leaf, and tells of every node that it completes: `level` 1 stands over two leaves, `at` counts from the left. */
export function grow(
  edge: Edge,
  leaf: string,
  onNode?: (level: number, at: number, hash: string) => void,
): void {
  let node = leafHash(leaf)
  let at = edge.size
  for (let level = 1; at % 2 === 1; level++) {
    node = nodeHash(edge.peaks.pop() as string, node)
    at = (at - 1) / 2
    onNode?.(level, at, node)
  }
  edge.peaks.push(node)
  edge.size++
}

export function rootOf(edge: Edge): string {
  const root = edge.peaks.reduceRight<string | undefined>(
    (right, peak) => (right === undefined ? peak : nodeHash(peak, right)),
    undefined,
  )
  return root ?? hash('sha256', '')
}

/** Root over a list of hex hashes. */
export function merkleRoot(leaves: readonly string[]): string {
  const edge = emptyEdge()
  for (const leaf of leaves) grow(edge, leaf)
  return rootOf(edge)
}

/** Answers the hash over the leaves `from` up to and without `to`. */
export type Range = (from: number, to: number) => Promise<string>

/** The largest power of two below `n`. */
export const splitOf = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1)

/** RFC 9162, 2.1.3.1: what leads from leaf `index` to the root of a tree of `size` leaves, from below. */
export async function inclusionPath(range: Range, index: number, size: number): Promise<string[]> {
  const path: string[] = []
  for (let from = 0, to = size; to - from > 1; ) {
    const middle = from + splitOf(to - from)
    path.push(index < middle ? await range(middle, to) : await range(from, middle))
    if (index < middle) to = middle
    else from = middle
  }
  return path.reverse()
}

/** RFC 9162, 2.1.4.1: what shows that the tree of `old` leaves is the beginning of the tree of `size` leaves; 0 < old < size. */
export async function consistencyPath(range: Range, old: number, size: number): Promise<string[]> {
  const path: string[] = []
  let isWhole = true
  let [from, to] = [0, size]
  while (old < to) {
    const middle = from + splitOf(to - from)
    if (old <= middle) {
      path.push(await range(middle, to))
      to = middle
    } else {
      path.push(await range(from, middle))
      from = middle
      isWhole = false
    }
  }
  if (!isWhole) path.push(await range(from, to))
  return path.reverse()
}
