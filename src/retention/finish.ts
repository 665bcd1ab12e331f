import { eq } from 'drizzle-orm'
import { canonicalJson, type Json } from '../base/json.ts'
import { type Purge, purgeOf } from '../engine/purge/show.ts'
import { closeOrder } from '../engine/order/close.ts'
import { append } from '../ledger/append.ts'
import { checkpoint } from '../ledger/checkpoint.ts'
import { merkleRoot } from '../ledger/merkle.ts'
import { type Ctx, one } from '../ops/db/database.ts'
import { sha256 } from '../ops/sealing.ts'
import type { Certificate } from './certificate.ts'
import { tables } from './tables.ts'

type Run = Awaited<ReturnType<typeof runOfOrder>>

/**
 * Ends a run: writes its certificate and its ledger entry `retention.certified`, or marks it stopped for a person to look
 * at. Told twice, it does nothing the second time.
 */
export async function finishRun(
  ctx: Ctx,
  input: { readonly orderId: string; readonly event: string },
): Promise<void> {
  const { tx } = ctx
  const { retentionRun } = tables(tx)
  const run = await runOfOrder(ctx, input.orderId)
  if (run.status !== 'running') return
  const purge = await purgeOf(tx, input.orderId)
  const certificate = certificateFor(ctx, run, purge)
  const status = input.event === 'done' ? 'done' : 'stopped'
  await tx.q
    .update(retentionRun)
    .set({ status, finishedAt: tx.now, certificate })
    .where(eq(retentionRun.id, run.id))
  await append(ctx, {
    type: status === 'done' ? 'retention.certified' : 'retention.stopped',
    subject: `rule:${run.ruleId}`,
    body: {
      run: run.id,
      order: run.orderId,
      root: certificate.root,
      certificate: sha256(canonicalJson(certificate as unknown as Json)),
    },
  })
  if (status === 'done') await closeOrder(ctx, { orderId: input.orderId })
  await checkpoint(ctx)
}

async function runOfOrder({ tx }: Pick<Ctx, 'tx'>, orderId: string) {
  const { retentionRun } = tables(tx)
  return one(await tx.q.select().from(retentionRun).where(eq(retentionRun.orderId, orderId)), 'retention run')
}

function certificateFor({ tx }: Pick<Ctx, 'tx'>, run: Run, purge: Purge): Certificate {
  const { title, keep, from, then, store, collection, timezone } = run.rule
  return {
    schema: 1,
    rule: { id: run.ruleId, version: run.version, title, keep, from, then },
    slot: run.slot,
    store,
    collection,
    lastStart: run.lastStart,
    timezone,
    startedAt: run.startedAt,
    finishedAt: tx.now,
    counts: purge.counts,
    batches: purge.batches,
    root: merkleRoot(purge.batches.map((batch) => batch.root)),
    ledger: purge.ledger,
    remains: purge.remains,
  }
}
