import { asc, desc, gte } from 'drizzle-orm'
import type { Instant } from '../base/instant.ts'
import { canonicalJson } from '../base/json.ts'
import type { Ctx, Reader } from '../ops/db/database.ts'
import { enqueue } from '../ops/jobs/enqueue.ts'
import { sha256 } from '../ops/sealing.ts'
import { genesis } from './chain.ts'
import { readHead, writeHead } from './head.ts'
import { signerOf } from './signing.ts'
import { tables } from './tables.ts'
import { growTree } from './tree.ts'

/** What anybody may keep to hold the service to its ledger: how long it was at a moment, and the digest of all of it. */
export interface Checkpoint {
  /** Canonical JSON of `CheckpointText`; what is signed, byte for byte. */
  readonly text: string
  /** Ed25519, hex. */
  readonly signature: string
}

export interface CheckpointText {
  readonly kind: 'lethe-checkpoint-1'
  readonly at: Instant
  /** Hash of the last entry in the chain. */
  readonly head: string
  /** Fingerprint of the key that signs. */
  readonly key: string
  /** SHA-256 of the checkpoint before. */
  readonly previous: string
  /** Of the Merkle tree over the leaves of all entries. */
  readonly root: string
  readonly size: number
}

/** The job that carries new checkpoints out of the house; the evidence room has it. */
export const anchorJobName = 'evidence.anchor'

/**
 * Signs how the ledger stands, in the caller's transaction: entries, tree and checkpoint are kept together or not at all. Made at the
 * end of every order and by the schedule; where nothing was written since the last one, that one is answered.
 */
export async function checkpoint(ctx: Pick<Ctx, 'actor' | 'tx'>): Promise<Checkpoint> {
  const { tx } = ctx
  const { ledgerCheckpoint } = tables(tx)
  await tx.lock('ledger')
  const { key, at, sign } = await signerOf(ctx)
  const head = await readHead(tx)
  const last = await lastCheckpoint(tx)
  if (last && head.checkpoint === head.seq) return last
  const text: CheckpointText = {
    kind: 'lethe-checkpoint-1',
    at,
    head: head.hash,
    key,
    previous: last ? sha256(last.text) : genesis,
    root: await growTree(tx, head.checkpoint, head.seq),
    size: head.seq,
  }
  const signed = canonicalJson({ ...text })
  const made: Checkpoint = { text: signed, signature: sign(signed) }
  await tx.q.insert(ledgerCheckpoint).values({ size: text.size, at, ...made })
  await writeHead(tx, { ...head, checkpoint: text.size })
  await enqueue(tx, { name: anchorJobName, key: String(text.size), input: { outlets: 'files' } })
  return made
}

/** Reads what this service wrote; a verifier reads for itself. */
export const readCheckpoint = ({ text }: Pick<Checkpoint, 'text'>): CheckpointText => JSON.parse(text)

export async function lastCheckpoint(reader: Reader): Promise<Checkpoint | undefined> {
  const { ledgerCheckpoint } = tables(reader)
  const { text, signature } = ledgerCheckpoint
  const [row] = await reader.q
    .select({ text, signature })
    .from(ledgerCheckpoint)
    .orderBy(desc(ledgerCheckpoint.size))
    .limit(1)
  return row
}

/** Checkpoints from the first one that covers entry `from`, oldest first. */
export async function checkpoints(
  reader: Reader,
  { from = 0, limit = 1_000_000 }: { readonly from?: number; readonly limit?: number } = {},
): Promise<(Checkpoint & { readonly size: number; readonly at: Instant })[]> {
  const { ledgerCheckpoint } = tables(reader)
  const { text, signature, size, at } = ledgerCheckpoint
  return reader.q
    .select({ text, signature, size, at })
    .from(ledgerCheckpoint)
    .where(gte(size, from))
    .orderBy(asc(size))
    .limit(limit)
}
