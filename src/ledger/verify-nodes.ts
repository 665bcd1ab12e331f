import { asc } from 'drizzle-orm'
import type { Reader } from '../ops/db/database.ts'
import type { Fault } from './faults.ts'
import { tables } from './tables.ts'
import { tileLevel } from './tree.ts'

/** Compares the kept nodes of the tree with those that come out of the leaves: proofs are made from them. */
export async function openNodes(reader: Reader, size: number) {
  const { ledgerNode } = tables(reader)
  const rows = await reader.q.select().from(ledgerNode).orderBy(asc(ledgerNode.level), asc(ledgerNode.at))
  const kept = new Map(rows.map((row) => [`${row.level}:${row.at}`, row.hash]))
  const faults: Fault[] = []
  return {
    meet(level: number, at: number, hash: string): void {
      const end = (at + 1) * 2 ** level
      if (level < tileLevel || end > size || kept.get(`${level}:${at}`) === hash) return
      faults.push({
        seq: end,
        fault: 'tree',
        message: `a node of the tree over the entries up to ${end} is not the one that was kept`,
      })
    },
    /** The first is enough: all that stand above it differ with it. */
    faults: (): readonly Fault[] => faults.slice(0, 1),
  }
}
