import { newId } from '../../base/ids.ts'
import { epochMs } from '../../base/instant.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import { tables as engine } from '../tables.ts'
import { noCounts, type PurgeSpec, tables } from './tables.ts'

export interface NewPurge {
  /** Which rule and slot, unique: `rule:calls@2026-11-22T01:00:00.000Z`. A second order of one origin is refused by the database. */
  readonly origin: string
  readonly spec: PurgeSpec
  readonly collection: CollectionMap
  /** Job that is told `{orderId, event}`: done, stopped. */
  readonly callback: string
  /** For the ledger: rule, version, cut-off. */
  readonly because: Readonly<Record<string, string>>
}

/**
 * Places the purge of what a rule's period has run out for (Art. 5(1)(e)) and starts it: job `engine.purge`. The cut-off is
 * the one given, whenever the job runs. Writes the ledger entry `retention.started`.
 */
export async function placePurge(ctx: Ctx, input: NewPurge): Promise<{ orderId: string }> {
  const { tx } = ctx
  const { order, step } = engine(tx)
  const { purge } = tables(tx)
  const orderId = newId(epochMs(tx.now))
  const { spec, collection } = input
  await tx.q.insert(order).values({
    id: orderId,
    kind: 'purge',
    origin: input.origin,
    status: 'running',
    identities: [],
    proved: true,
    callback: input.callback,
    findings: [],
    createdAt: tx.now,
  })
  await tx.q.insert(step).values({
    id: newId(epochMs(tx.now)),
    orderId,
    seq: 0,
    store: collection.store,
    collection: collection.name,
    collectionId: collection.id,
    action: spec.action === 'review' ? 'decide' : spec.action,
    link: 'owned',
    status: 'planned',
    found: 0,
    done: 0,
    kept: 0,
    skipped: 0,
    keysDigest: '',
  })
  const entry = await append(ctx, {
    type: 'retention.started',
    subject: input.origin,
    body: {
      order: orderId,
      ...input.because,
      in: collection.id,
      action: spec.action,
      lastStart: spec.lastStart,
      timezone: spec.zone,
    },
  })
  await tx.q
    .insert(purge)
    .values({ orderId, spec, counts: noCounts, batches: 0, firstSeq: entry.seq, lastSeq: entry.seq })
  await enqueue(tx, { name: 'engine.purge', key: orderId, input: { orderId } })
  return { orderId }
}
