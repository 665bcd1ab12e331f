import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '../ops/db/database.ts'
import { genesis, headText } from './chain.ts'
import { tables } from './tables.ts'

export interface Head {
  /** Number of the last entry, and its hash. */
  readonly seq: number
  readonly hash: string
  /** Size of the last checkpoint. */
  readonly checkpoint: number
}

/** Where the chain ends. Writers hold the lock `ledger` from before they ask until they are done. */
export async function readHead(reader: Reader): Promise<Head & { readonly seal: string | undefined }> {
  const { ledgerHead } = tables(reader)
  const [row] = await reader.q.select().from(ledgerHead).where(eq(ledgerHead.id, 1))
  return row ?? { seq: 0, hash: genesis, checkpoint: 0, seal: undefined }
}

export async function writeHead(tx: Tx, { seq, hash, checkpoint }: Head): Promise<void> {
  const { ledgerHead } = tables(tx)
  const set = { seq, hash, checkpoint, seal: sealOf(tx, { seq, hash, checkpoint }) }
  await tx.q
    .insert(ledgerHead)
    .values({ id: 1, ...set })
    .onConflictDoUpdate({ target: ledgerHead.id, set })
}

export const sealOf = (reader: Reader, head: Head): string => reader.keys.hash('ledger-head', headText(head))
