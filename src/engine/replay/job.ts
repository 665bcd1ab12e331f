import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { newId } from '../../base/ids.ts'
import { epochMs } from '../../base/instant.ts'
import { append } from '../../ledger/append.ts'
import { type Ctx, one } from '../../ops/db/database.ts'
import { defineJob, type JobDefinition, type StepRun } from '../../ops/jobs/define.ts'
import { enqueue } from '../../ops/jobs/enqueue.ts'
import { doubtHash } from '../order/doubt.ts'
import { tables as engine } from '../tables.ts'
import { type Back, backOf, leftOf } from './back.ts'
import { canaryJob, canaryJobName, type ReplayDeps } from './canary.ts'
import { lineJob } from './file.ts'
import { forgetErasuresJob } from './forget.ts'
import { erasuresSince } from './load.ts'
import { endIfOver, replayedJob, replayEndJobName } from './orders.ts'
import { searchOf, searchStore } from './search.ts'
import { tables } from './tables.ts'

const input = z.object({ replayId: z.string() })
type Run = StepRun<{ replayId: string }, unknown>

/** The jobs of a replay, and the daily look at every store. */
export const replayJobs = (deps: ReplayDeps): JobDefinition[] => [
  replayJob(deps),
  replayedJob(),
  endJob(deps),
  canaryJob(deps),
  lineJob(deps),
  forgetErasuresJob(deps),
]

/**
 * `engine.replay`: searches the restored store and places an erasure, limited to it, for everybody whose rows are back. Search
 * and placing are one step: killed before its transaction ends, it searches again; after it, the orders go on by themselves.
 */
const replayJob = (deps: ReplayDeps): JobDefinition =>
  defineJob({
    name: 'engine.replay',
    input,
    maxAttempts: 8,
    steps: [
      {
        name: 'search',
        async run(run) {
          const { erasures, search, searched } = await searched_(deps, run)
          if (!search) return
          const back = backOf(searched, search)
          await run.checkpoint((ctx) => placeAll(ctx, run.input.replayId, erasures.length, back))
        },
      },
    ],
    onFailed: (ctx, { replayId }, code) => failed(ctx, replayId, code),
  })

/** `engine.replay-end`: reads the store once more and says what is left for a person. */
const endJob = (deps: ReplayDeps): JobDefinition =>
  defineJob({
    name: replayEndJobName,
    input,
    maxAttempts: 8,
    steps: [
      {
        name: 'look again',
        async run(run) {
          const { search, searched } = await searched_(deps, run)
          if (!search) return
          const left = leftOf(searched, search)
          await run.checkpoint(async (ctx) => {
            const { replay } = tables(ctx.tx)
            const [done] = await ctx.tx.q
              .update(replay)
              .set({ status: 'done', left, finishedAt: ctx.tx.now })
              .where(eq(replay.id, run.input.replayId))
              .returning()
            await append(ctx, {
              type: 'replay.done',
              subject: `store:${done?.store}`,
              body: {
                replay: run.input.replayId,
                erasures: done?.erasures,
                back: done?.back,
                left: left.map(({ collection, why, rows }) => ({ in: collection, why, rows })),
              },
            })
            await enqueue(ctx.tx, {
              name: canaryJobName,
              key: `replay:${run.input.replayId}`,
              input: { store: done?.store },
            })
          })
        },
      },
    ],
    onFailed: (ctx, { replayId }, code) => failed(ctx, replayId, code),
  })

async function searched_(deps: ReplayDeps, run: Run) {
  const { replay, erasures } = await run.db.read(async (reader) => {
    const { replay: table } = tables(reader)
    const row = one(await reader.q.select().from(table).where(eq(table.id, run.input.replayId)), 'replay')
    return { replay: row, erasures: await erasuresSince(reader, row) }
  })
  if (replay.status !== 'running') return { erasures, search: undefined, searched: undefined }
  const search = await searchOf(deps, run.db.keys, { store: replay.store, erasures, signal: run.signal })
  return { erasures, search, searched: await searchStore(search, { carriers: true }) }
}

async function placeAll(ctx: Ctx, replayId: string, erasures: number, back: readonly Back[]): Promise<void> {
  const { replay, replayOrder } = tables(ctx.tx)
  const [{ store, since } = { store: '', since: ctx.tx.now }] = await ctx.tx.q
    .update(replay)
    .set({ erasures, back: back.reduce((sum, one_) => sum + one_.rows, 0) })
    .where(eq(replay.id, replayId))
    .returning()
  const known = await ctx.tx.q.select().from(replayOrder).where(eq(replayOrder.replayId, replayId))
  if (known.length > 0) return
  for (const one_ of back) await place(ctx, { id: replayId, store, since }, one_)
  await endIfOver(ctx, replayId)
}

/** An erasure of one person in one store; its plan is approved on the ground of the erasure that it does again. */
async function place(
  ctx: Ctx,
  replay: { readonly id: string; readonly store: string; readonly since: string },
  back: Back,
): Promise<void> {
  const { tx } = ctx
  const { order, decision } = engine(tx)
  const { replayOrder } = tables(tx)
  const orderId = newId(epochMs(tx.now))
  const origin = await originOf(ctx, `replay:${back.erasure.origin}@${replay.since}`)
  const { identities, identifiers, names, led, same, erasure } = back
  await tx.q.insert(order).values({
    id: orderId,
    kind: erasure.kind,
    origin,
    within: replay.store,
    status: 'planning',
    identities,
    proved: true,
    memory: { names, identifiers: [...identities, ...identifiers], led },
    callback: 'engine.replayed',
    findings: [],
    createdAt: tx.now,
  })
  await tx.q.insert(replayOrder).values({ orderId, replayId: replay.id, erasureId: erasure.id, turns: 0 })
  for (const { collection, met } of same)
    await tx.q.insert(decision).values({
      id: newId(),
      orderId,
      collectionId: collection.id,
      row: doubtHash(tx.keys, collection.id, met.key),
      verdict: met.action === 'redact' ? 'shared' : 'owned',
      by: `erasure:${erasure.id}`,
      at: tx.now,
    })
  await append(ctx, {
    type: 'engine.ordered',
    subject: origin,
    body: {
      order: orderId,
      kind: erasure.kind,
      replay: replay.id,
      within: replay.store,
      of: erasure.id,
      rows: back.rows,
    },
  })
  await enqueue(tx, { name: 'engine.plan', key: `${orderId}:${newId()}`, input: { orderId } })
}

/** One backup may be restored into several stores, and twice. */
async function originOf({ tx }: Ctx, text: string): Promise<string> {
  const { order } = engine(tx)
  for (let n = 1; ; n++) {
    const origin = n === 1 ? text : `${text}#${n}`
    const taken = await tx.q.select({ id: order.id }).from(order).where(eq(order.origin, origin))
    if (taken.length === 0) return origin
  }
}

async function failed(ctx: Ctx, replayId: string, code: string): Promise<void> {
  const { replay } = tables(ctx.tx)
  const [row] = await ctx.tx.q
    .update(replay)
    .set({ status: 'failed', finishedAt: ctx.tx.now })
    .where(eq(replay.id, replayId))
    .returning()
  await append(ctx, {
    type: 'replay.failed',
    subject: `store:${row?.store}`,
    body: { replay: replayId, code },
  })
}
