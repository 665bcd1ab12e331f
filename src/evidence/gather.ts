import { LetheError } from '../base/errors.ts'
import { canonicalJson, type Json } from '../base/json.ts'
import { type Checkpoint, checkpoint, checkpoints, readCheckpoint } from '../ledger/checkpoint.ts'
import { type OpenEntry, openEntries } from '../ledger/open-entries.ts'
import { publicKeys, signerOf } from '../ledger/signing.ts'
import { treeOf } from '../ledger/tree.ts'
import type { Ctx, Reader } from '../ops/db/database.ts'
import type { Evidence } from './model.ts'

export interface Asked {
  /** `request:R-7K3M-9QTX`. */
  readonly subject: string
  readonly scope: Evidence['scope']
  readonly issuer: Evidence['issuer']
}

/** What a receipt shows, the best first: the answer, or how else it ended. */
const ends = ['request.answered', 'request.withdrawn', 'request.decided']

/**
 * Proves what the ledger says of one subject, up to now (Art. 5(2), 24): makes a checkpoint where one is due, so that every entry is
 * covered. No personal data but the keyed hashes of the entries. Throws `not_found` when nothing is said of it (any more), `conflict`
 * for a receipt of a request that has no outcome yet.
 */
export async function gatherEvidence(ctx: Ctx, asked: Asked): Promise<Evidence> {
  const { tx } = ctx
  const own = await openEntries(tx, asked.subject)
  const entries = asked.scope === 'request' ? own : [outcomeOf(own)]
  const newest = await checkpoint(ctx)
  const { size } = readCheckpoint(newest)
  const tree = treeOf(tx, size)
  const proved: Evidence['entries'][number][] = []
  for (const entry of entries) proved.push({ ...entry, path: await tree.inclusion(entry.seq) })
  const { at, sign } = await signerOf(ctx)
  const covering = await coveringOf(tx, entries, newest)
  const body: Omit<Evidence, 'seal'> = {
    kind: 'lethe-evidence-1',
    scope: asked.scope,
    subject: asked.subject,
    issuer: { name: asked.issuer.name, url: asked.issuer.url },
    at,
    keys: (await publicKeys(tx)).map(({ key: _, ...one }) => one),
    checkpoints: covering,
    consistency: await consistencyOf(
      tx,
      covering.map((one) => readCheckpoint(one).size),
    ),
    entries: proved,
  }
  return { ...body, seal: sign(canonicalJson(body as unknown as Json)) }
}

function outcomeOf(own: readonly OpenEntry[]): OpenEntry {
  for (const type of ends) {
    const found = own.findLast(({ content }) => (JSON.parse(content) as { type: string }).type === type)
    if (found) return found
  }
  throw new LetheError('conflict', 'this request has no outcome yet', {
    hint: 'A receipt is there once it was decided, answered or withdrawn.',
  })
}

/** The first checkpoint that covers each entry says until when it was written at the latest. */
async function coveringOf(
  reader: Reader,
  entries: readonly OpenEntry[],
  newest: Checkpoint,
): Promise<Checkpoint[]> {
  const found = new Map<number, Checkpoint>()
  for (const { seq } of entries) {
    const [first] = await checkpoints(reader, { from: seq, limit: 1 })
    if (first) found.set(first.size, { text: first.text, signature: first.signature })
  }
  found.set(readCheckpoint(newest).size, { text: newest.text, signature: newest.signature })
  return [...found].sort(([a], [b]) => a - b).map(([, one]) => one)
}

async function consistencyOf(reader: Reader, sizes: readonly number[]): Promise<Evidence['consistency']> {
  const proofs = []
  for (const [i, to] of sizes.entries()) {
    const from = sizes[i - 1]
    if (from !== undefined) proofs.push({ from, to, path: await treeOf(reader, to).consistency(from) })
  }
  return proofs
}
