import { and, eq, inArray } from 'drizzle-orm'
import { LetheError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import { epochMs, type Instant } from '../../base/instant.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx, Database } from '../../ops/db/database.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import { closeOrder } from '../order/close.ts'
import { tables as engine } from '../tables.ts'
import { type Canary, lookAtStore, type ReplayDeps } from './canary.ts'
import { tables } from './tables.ts'

export interface NewReplay {
  readonly store: string
  /** The time of the backup that the store was restored from. */
  readonly since: Instant
}

/**
 * Refuses to begin where the store did not go back: what would be found in a live store is of people who came back since, and
 * whoever was erased since then is gone. Throws `refused`; `live` says that somebody looked and wants it all the same.
 */
export async function demandRestored(
  deps: ReplayDeps,
  db: Database,
  input: NewReplay & { readonly live: boolean },
): Promise<Canary> {
  const seen = await lookAtStore(deps, db, input)
  if (seen.state !== 'clear' || input.live || (await wasReplayed(db, input))) return seen
  throw new LetheError(
    'refused',
    `the store ${input.store} does not look restored: no row stands in it that was erased since`,
    {
      hint: 'Look whether it is the restored copy that stores.yaml names, and whether --since is the time of the backup. To replay all the same, add --live.',
    },
  )
}

/** After a replay there is nothing left either, and asking again is no mistake. */
const wasReplayed = (db: Database, { store, since }: NewReplay): Promise<boolean> =>
  db.read(async (reader) => {
    const { replay } = tables(reader)
    const done = await reader.q
      .select({ id: replay.id })
      .from(replay)
      .where(and(eq(replay.store, store), eq(replay.since, since), eq(replay.status, 'done')))
    return done.length > 0
  })

/**
 * Begins to erase again, in one restored store, everybody erased since the backup (Art. 17): job `engine.replay`. One that was
 * begun for the same backup and is not over goes on and is answered; throws `conflict` while one for another backup runs, and
 * `invalid` for a time to come. Ledger entry `replay.started`. What an earlier replay of the store left to a person is searched for anew.
 */
export async function startReplay(ctx: Ctx, input: NewReplay): Promise<{ replayId: string }> {
  const { tx } = ctx
  const { store, since } = input
  if (since > tx.now)
    throw new LetheError('invalid', `--since: ${since} is still to come`, {
      hint: 'Give the time at which the backup was begun.',
    })
  await tx.lock(`replay:${store}`)
  const { replay } = tables(tx)
  const [running] = await tx.q
    .select()
    .from(replay)
    .where(and(eq(replay.store, store), eq(replay.status, 'running')))
  if (running?.since === since) return { replayId: running.id }
  if (running)
    throw new LetheError('conflict', `a replay of ${store} since ${running.since} is not over yet`, {
      hint: 'Let it end (lethe work --until-idle), then start this one.',
    })
  await closeStopped(ctx, store)
  const replayId = newId(epochMs(tx.now))
  await tx.q.insert(replay).values({
    id: replayId,
    store,
    since,
    status: 'running',
    erasures: 0,
    back: 0,
    left: [],
    startedAt: tx.now,
  })
  await append(ctx, { type: 'replay.started', subject: `store:${store}`, body: { replay: replayId, since } })
  await enqueue(tx, { name: 'engine.replay', key: replayId, input: { replayId } })
  return { replayId }
}

/** Their identities are forgotten with them. */
export async function closeStopped(ctx: Ctx, store?: string, replays?: readonly string[]): Promise<void> {
  const { order } = engine(ctx.tx)
  const { replayOrder } = tables(ctx.tx)
  const stopped = await ctx.tx.q
    .select({ id: order.id })
    .from(order)
    .innerJoin(replayOrder, eq(replayOrder.orderId, order.id))
    .where(
      and(
        eq(order.status, 'stopped'),
        store === undefined ? undefined : eq(order.within, store),
        replays === undefined ? undefined : inArray(replayOrder.replayId, replays),
      ),
    )
  for (const { id } of stopped) await closeOrder(ctx, { orderId: id })
}
