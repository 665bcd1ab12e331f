import { setTimeout as pause } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { newId } from '../../base/ids.ts'
import { append } from '../../ledger/append.ts'
import { one } from '../../ops/db/database.ts'
import { defineJob, type JobDefinition, type StepRun } from '../../ops/jobs/define.ts'
import { orderIn, orderOf, tell } from '../order/state.ts'
import { stopOrder } from '../plan/job.ts'
import { tables as engine } from '../tables.ts'
import { addKept, applyRows, finishedKeys } from './apply.ts'
import { intend, type Intent, openIntent, receive } from './batch.ts'
import type { PurgeDeps } from './deps.ts'
import { type Excluded, excludedBy, suspensions } from './excluded.ts'
import type { Household } from './family.ts'
import { type FileNames, type Perhaps, perhapsNamedTwice } from './files.ts'
import { household } from './kin.ts'
import { nextPage, oddRows, type Page } from './page.ts'
import { type Pace, paceOf } from './pace.ts'
import { type PurgeCounts, tables } from './tables.ts'
import { type Target, targetOf } from './target.ts'

type Run = StepRun<{ orderId: string }, unknown>

/**
 * `engine.purge`: carries out a purge order in batches: read, say what will go, let it go, say what went. Killed anywhere, it
 * goes on; a batch without a receipt is settled by looking which keys are gone. Steps: 1 count what no rule can judge, 2 purge,
 * 3 settle the store's files, 4 say so.
 */
export const purgeJob = (deps: PurgeDeps): JobDefinition =>
  defineJob({
    name: 'engine.purge',
    input: z.object({ orderId: z.string() }),
    maxAttempts: 12,
    steps: [
      { name: 'exceptions', run: (run) => whileRunning(run, () => countExceptions(deps, run)) },
      { name: 'purge', run: (run) => whileRunning(run, () => purge(deps, run)) },
      { name: 'settle', run: (run) => whileRunning(run, () => settleStore(deps, run)) },
      { name: 'finish', run: (run) => whileRunning(run, () => finish(run)) },
    ],
    async onFailed(ctx, { orderId }, code) {
      const order = await orderOf(ctx.tx, orderId)
      if (order.status !== 'running') return
      const message = `the purge stopped (${code}): mend what the store or the map needs; the next run takes what is left`
      await stopOrder(ctx, orderId, [{ kind: 'store', message }])
    },
  })

async function whileRunning(run: Run, work: () => Promise<void>): Promise<void> {
  const order = await run.db.read((reader) => orderOf(reader, run.input.orderId))
  if (order.status === 'running') await work()
}

const stateOf = (run: Run) =>
  run.db.read(async (reader) => {
    const { purge: table } = tables(reader)
    return one(await reader.q.select().from(table).where(eq(table.orderId, run.input.orderId)), 'purge')
  })

async function purge(deps: PurgeDeps, run: Run): Promise<void> {
  const { spec, cursor: first } = await stateOf(run)
  const target = await targetOf(deps, spec, run.signal)
  const pace = paceOf(target.store.kind)
  let cursor = first
  let excluded: Excluded | undefined
  let names: FileNames | undefined
  await settleIntent(deps, run, target)
  for (;;) {
    run.signal.throwIfAborted()
    excluded = await currentlyExcluded(deps, run, excluded)
    const house: Household = { deps, target, excluded }
    const page = await target.store.reading((reader) => nextPage(house, reader, cursor, pace.batch()), {
      signal: run.signal,
    })
    if (page.last === undefined) return
    await deps.at?.('read')
    if (page.members.length > 0 && spec.action !== 'review') {
      names ??= await fileNames(deps, run, target)
      if (!(await runBatch(house, run, page, { names, pace }))) continue
    } else await run.checkpoint((ctx) => receive(ctx, target, nothingDone(run, page, spec.action)))
    cursor = page.last
    if (page.isEnd) return
  }
}

/** The rows of suspended persons are looked for anew only when a hold or freeze came or went. */
async function currentlyExcluded(deps: PurgeDeps, run: Run, known: Excluded | undefined): Promise<Excluded> {
  const found = await run.db.read(suspensions)
  return known?.signature === found.signature ? known : excludedBy(deps, found, run.signal)
}

function nothingDone(run: Run, page: Page, action: string) {
  const done = action === 'review' ? page.members.length : 0
  return {
    orderId: run.input.orderId,
    intent: undefined,
    gone: [],
    counts: { ...page.counts, done },
    cursor: page.last,
  }
}

/** Answers false when the suspensions changed meanwhile and nothing was done. */
async function runBatch(
  house: Household,
  run: Run,
  page: Page,
  with_: { names: FileNames; pace: Pace },
): Promise<boolean> {
  const { deps, target, excluded } = house
  const { orderId } = run.input
  const keys = page.members.map((member) => member.key)
  const rows = page.members.map((member) => member.row)
  const intent = await run.checkpoint((ctx) =>
    intend(ctx, deps, target, { orderId, rows, keys, signature: excluded.signature }),
  )
  if (!intent) return false
  await deps.at?.('intended')
  const began = performance.now()
  const { gone, counts } = await inTurns(house, run, intent, with_)
  with_.pace.batchTook(performance.now() - began)
  const sums = { ...page.counts, ...counts, kept: addKept(page.counts.kept, counts.kept ?? {}) }
  await run.checkpoint((ctx) =>
    receive(ctx, target, { orderId, intent, gone, counts: sums, cursor: page.last }),
  )
  await deps.at?.('received')
  return true
}

/** The batch in as many transactions as its store likes; between them the store is left to others. */
async function inTurns(
  house: Household,
  run: Run,
  intent: Intent,
  { names, pace }: { names: FileNames; pace: Pace },
) {
  const gone: (readonly string[])[] = []
  const counts = { done: 0, below: 0, files: 0, skipped: 0, kept: {} as PurgeCounts['kept'] }
  for (let at = 0; at < intent.keys.length; ) {
    run.signal.throwIfAborted()
    const keys = intent.keys.slice(at, at + pace.rows())
    const applied = await applyRows(house, keys, names, run.signal)
    at += keys.length
    gone.push(...applied.gone)
    counts.done += applied.gone.length
    counts.below += applied.below
    counts.files += applied.files
    counts.skipped += applied.skipped
    counts.kept = addKept(counts.kept, applied.kept)
    const pauseMs = pace.took(keys.length, applied.heldMs)
    // The receipt and the next read are the last turn's pause.
    if (pauseMs > 0 && at < intent.keys.length) await pause(pauseMs, undefined, { signal: run.signal })
  }
  return { gone, counts }
}

/** What a crash left: the rows that are gone are written down, the others are read again. */
async function settleIntent(deps: PurgeDeps, run: Run, target: Target): Promise<void> {
  const { orderId } = run.input
  const intent = await run.db.read((reader) => openIntent(reader, orderId))
  if (!intent) return
  const house: Household = {
    deps,
    target,
    excluded: { signature: '', by: () => undefined, any: () => false },
  }
  const gone = await finishedKeys(house, intent.keys, run.signal)
  const counts = { due: gone.length, done: gone.length, settled: 1 }
  await run.checkpoint((ctx) => receive(ctx, target, { orderId, intent, gone, counts, cursor: undefined }))
}

async function fileNames(deps: PurgeDeps, run: Run, target: Target): Promise<FileNames> {
  const names = new Map<string, Perhaps>()
  await target.store.reading(
    async (reader) => {
      for (const collection of household(deps, target)) {
        const table = target.catalogue.tables.find((t) => t.name === collection.table)
        if (collection.file !== undefined && table)
          names.set(collection.id, await perhapsNamedTwice(reader, collection, table))
      }
    },
    { signal: run.signal },
  )
  return names
}

/** Once a run: its receipt and the step's end are one transaction apart, so it is counted where it was not yet. */
async function countExceptions(deps: PurgeDeps, run: Run): Promise<void> {
  const { spec, odd } = await stateOf(run)
  if (odd !== null) return
  const target = await targetOf(deps, spec, run.signal)
  const rows = await target.store.reading((reader) => oddRows(target, reader), { signal: run.signal })
  await run.checkpoint(async (ctx) => {
    const { purge: table } = tables(ctx.tx)
    await receive(ctx, target, {
      orderId: run.input.orderId,
      intent: undefined,
      gone: [],
      counts: { exceptions: rows },
      cursor: undefined,
    })
    await ctx.tx.q.update(table).set({ odd: rows }).where(eq(table.orderId, run.input.orderId))
  })
}

async function settleStore(deps: PurgeDeps, run: Run): Promise<void> {
  const { spec, counts, remains } = await stateOf(run)
  if (remains !== null || counts.done === 0 || spec.action === 'review') return
  const target = await targetOf(deps, spec, run.signal)
  const copies = [...deps.map.collections.values()].filter(
    (c) => c.derived && c.store === target.collection.store,
  )
  const touched = [...household(deps, target), ...copies].map((collection) => collection.table)
  const settled = await target.store.settle([...new Set(touched)])
  await run.checkpoint(async ({ tx }) => {
    const { purge: table } = tables(tx)
    await tx.q.update(table).set({ remains: settled.remains }).where(eq(table.orderId, run.input.orderId))
  })
}

async function finish(run: Run): Promise<void> {
  const { counts } = await stateOf(run)
  await run.checkpoint(async (ctx) => {
    const order = await orderIn(ctx, run.input.orderId, ['running'])
    const { order: orders, step } = engine(ctx.tx)
    await ctx.tx.q
      .update(orders)
      .set({ status: 'done', finishedAt: ctx.tx.now })
      .where(eq(orders.id, order.id))
    await ctx.tx.q.update(step).set({ status: 'done', triedAt: ctx.tx.now }).where(eq(step.orderId, order.id))
    const { kept, ...sums } = counts
    await append(ctx, {
      type: 'retention.done',
      subject: order.origin,
      body: { order: order.id, ...sums, kept },
    })
    await tell(ctx, order, 'done', newId())
  })
}
