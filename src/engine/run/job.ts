import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { LetheError } from '../../base/errors.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { defineJob, type JobDefinition, type StepRun } from '../../ops/jobs/define.ts'
import { isStoreError } from '../../stores/errors.ts'
import type { EngineDeps } from '../deps.ts'
import { endOrder } from '../order/end.ts'
import { openTasks } from '../order/tasks.ts'
import { type Order, orderIn, orderOf } from '../order/state.ts'
import { checkStores, liveStores } from '../plan/check.ts'
import { drawOrder, erases } from '../plan/draw-order.ts'
import { forecastErasure, noForecast } from '../plan/forecast.ts'
import { holdFindings } from '../plan/holds.ts'
import { keepPlan, stopOrder } from '../plan/job.ts'
import { unlessUnfit } from '../plan/unfit.ts'
import { noteErasure } from '../replay/line.ts'
import { cataloguesWithin, within } from '../replay/scope.ts'
import { type OrderFinding, tables } from '../tables.ts'
import { verifyErasure } from '../verify/erasure.ts'
import { forgetRestricted, notAmended } from './amend.ts'
import { collectStep } from './collect.ts'
import { applyStep, tried } from './effects.ts'
import { writeWorkList } from './prepare.ts'

const input = z.object({ orderId: z.string() })
type Run = StepRun<{ orderId: string }, unknown>

/**
 * `engine.run`: carries out an approved plan. Steps: 1 locate again and compare with what was approved, 2 do, 3 settle and
 * verify, 4 say so. Killed anywhere, it goes on at the step it was in; every step may run twice.
 */
export const runJob = (deps: EngineDeps): JobDefinition =>
  defineJob({
    name: 'engine.run',
    input,
    maxAttempts: 12,
    steps: [
      { name: 'prepare', run: (run) => whileRunning(run, (order) => prepare(deps, run, order)) },
      { name: 'do', run: (run) => whileRunning(run, (order) => doSteps(deps, run, order)) },
      { name: 'verify', run: (run) => whileRunning(run, (order) => verify(deps, run, order)) },
      { name: 'finish', run: (run) => whileRunning(run, () => finish(run)) },
    ],
    async onFailed(ctx, { orderId }, code, error) {
      const { status } = await orderOf(ctx.tx, orderId)
      if (status === 'running') await stopOrder(ctx, orderId, [await whatFailed(ctx, orderId, code, error)])
    },
  })

/** Which store, with its own word for it; and whether the steps or only the look back are open. */
async function whatFailed(ctx: Ctx, orderId: string, code: string, error: unknown): Promise<OrderFinding> {
  const { step } = tables(ctx.tx)
  const steps = await ctx.tx.q.select({ status: step.status }).from(step).where(eq(step.orderId, orderId))
  const isDone = steps.length > 0 && steps.every(({ status }) => status === 'done')
  const open = isDone
    ? 'every step is done, and nobody has looked what is left'
    : 'what is open stands in the steps'
  const of = isStoreError(error) ? { store: error.store, word: error.failure } : { word: code }
  return {
    kind: 'store',
    ...('store' in of && { store: of.store }),
    message: `a store did not do its part (${of.word}); ${open}. Plan again when it is mended.`,
  }
}

async function whileRunning(run: Run, work: (order: Order) => Promise<void>): Promise<void> {
  const order = await run.db.read((reader) => orderOf(reader, run.input.orderId))
  if (order.status === 'running') await work(order)
}

/** Locates again at execution: rows added or gone since the approval void it, and a hold placed meanwhile stops it. */
async function prepare(deps: EngineDeps, run: Run, order: Order): Promise<void> {
  const { kind, memory: known } = order
  if (kind === 'purge') throw new LetheError('internal', 'a purge has a job of its own')
  if (order.memory?.plan !== undefined) return
  const { live, catalogues, blocked } = await checkStores(deps, run.signal)
  const { signal } = run
  const draw = () =>
    drawOrder(within(live, order), catalogues, run.db, { ...order, kind }, { known, signal }).catch(
      unlessUnfit(blocked),
    )
  const drawing = await draw()
  if (!drawing) return run.checkpoint((ctx) => stopOrder(ctx, order.id, blocked))
  const { findings: held, seen } = await holdFindings(live, run.db, drawing.steps, { signal: run.signal })
  const { effects, blocked: refused } =
    erases(kind) && blocked.length === 0
      ? await forecastErasure(live, catalogues, run.db.keys, drawing, run.signal)
      : noForecast
  // An application may write between the search and the rehearsal: that is drift, and no fault of the map.
  const again = refused.length > 0 ? await draw() : undefined
  const isMoved = again !== undefined && again.digest !== drawing.digest
  const stops = kind !== 'access' ? [...blocked, ...held, ...(isMoved ? [] : refused)] : []
  const last = isMoved ? again : drawing
  await run.checkpoint(async (ctx) => {
    if (stops.length > 0) return stopOrder(ctx, order.id, stops)
    if (last.digest === order.approvedDigest) return writeWorkList(ctx, order.id, last, seen)
    await keepPlan(
      ctx,
      order.id,
      { ...last, findings: [...last.findings, ...effects] },
      [{ kind: 'drift', message: 'the stores changed since the plan was approved: the approval is void' }],
      'drifted',
    )
  })
}

async function doSteps(deps: EngineDeps, run: Run, order: Order): Promise<void> {
  const { live, catalogues } = await liveStores(deps, run.signal)
  const steps = await run.db.read(async (reader) => {
    const { step } = tables(reader)
    return reader.q.select().from(step).where(eq(step.orderId, order.id)).orderBy(asc(step.seq))
  })
  for (const step of steps) {
    run.signal.throwIfAborted()
    if (step.status === 'done') continue
    const ended = await tried(run, step, async () =>
      step.action === 'collect'
        ? collectStep(live, run, order, step)
        : applyStep(live, catalogues.get(step.store), run, order, step),
    )
    if (ended === 'held') return
  }
}

async function verify(deps: EngineDeps, run: Run, order: Order): Promise<void> {
  // Said already, and killed before the step counted as done.
  if (order.kind === 'access' || run.cursor !== null) return
  const { live, catalogues } = await liveStores(deps, run.signal)
  const { residue, findings } = erases(order.kind)
    ? await verifyErasure(within(live, order), cataloguesWithin(catalogues, order), run, order)
    : { residue: await notAmended(live, catalogues, run, order), findings: [] }
  const open = residue.filter((r) => r.ground === null)
  await run.checkpoint(async (ctx) => {
    const { order: table } = tables(ctx.tx)
    await orderIn(ctx, order.id, ['running'])
    await ctx.tx.q
      .update(table)
      .set({
        residue,
        findings: [...order.findings.filter((f) => f.kind !== 'residue' && f.kind !== 'unread'), ...findings],
      })
      .where(eq(table.id, order.id))
    await append(ctx, {
      type: 'engine.verified',
      subject: order.origin,
      body: {
        order: order.id,
        left: open.reduce((sum, r) => sum + r.rows, 0),
        kept: residue
          .filter((r) => r.ground !== null)
          .map((r) => ({ in: `${r.store}.${r.table}.${r.column}`, rows: r.rows, ground: r.ground })),
      },
    })
    const isUnread = order.findings.some(({ kind }) => kind === 'packed')
    if (open.length > 0 || isUnread) await stopOrder(ctx, order.id, [])
  }, 'verified')
}

async function finish(run: Run): Promise<void> {
  await run.checkpoint(async (ctx: Ctx) => {
    const order = await orderIn(ctx, run.input.orderId, ['running'])
    if (order.change && 'lifts' in order.change) await forgetRestricted(ctx.tx, order.change.lifts)
    // A replay lists its tasks and waits for nobody: what is open of them was said when the erasure was first done.
    if (order.within !== null || (await openTasks(ctx.tx, order.id)) === 0) return endOrder(ctx, order)
    await noteErasure(ctx.tx, order)
    const { order: table } = tables(ctx.tx)
    await ctx.tx.q.update(table).set({ status: 'tasks' }).where(eq(table.id, order.id))
  })
}
