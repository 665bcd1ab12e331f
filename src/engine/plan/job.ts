import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { newId } from '../../base/ids.ts'
import { append } from '../../ledger/append.ts'
import { checkpoint } from '../../ledger/checkpoint.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { defineJob, type JobDefinition } from '../../ops/jobs/define.ts'
import type { EngineDeps } from '../deps.ts'
import { learned } from '../locate/gone.ts'
import { rowsIn } from '../locate/reach.ts'
import { verdictsOf } from '../order/doubt.ts'
import { forgetWithheld } from '../others/log.ts'
import { keepTasks } from '../order/tasks.ts'
import { orderIn, orderOf, tell } from '../order/state.ts'
import { noteErasure } from '../replay/line.ts'
import { within } from '../replay/scope.ts'
import { type OrderFinding, tables } from '../tables.ts'
import { checkStores } from './check.ts'
import type { Drawing } from './draw.ts'
import { drawOrder, erases } from './draw-order.ts'
import { forecastErasure, noForecast } from './forecast.ts'
import { holdFindings } from './holds.ts'
import { unlessUnfit } from './unfit.ts'

const input = z.object({ orderId: z.string() })

/** `engine.plan`: draws the plan and says so. Reads stores; writes only our own tables, in one transaction. */
export const planJob = (deps: EngineDeps): JobDefinition =>
  defineJob({
    name: 'engine.plan',
    input,
    maxAttempts: 8,
    steps: [
      {
        name: 'draw',
        async run(run) {
          const { orderId } = run.input
          const { order, said, known } = await run.db.read(async (reader) => {
            const found = await orderOf(reader, orderId)
            const said = await verdictsOf(reader, orderId)
            return { order: found, said, known: await learned(reader, found) }
          })
          const { kind } = order
          if (order.status !== 'planning' || kind === 'purge') return
          const { live, catalogues, blocked } = await checkStores(deps, run.signal)
          const { signal } = run
          const drawing = await drawOrder(
            within(live, order),
            catalogues,
            run.db,
            { ...order, kind },
            { known, signal },
          ).catch(unlessUnfit(blocked))
          if (!drawing)
            return run.checkpoint(async (ctx) => {
              const { status } = await orderOf(ctx.tx, orderId)
              if (status === 'planning') await stopOrder(ctx, orderId, blocked)
            })
          const held =
            kind !== 'access'
              ? (await holdFindings(live, run.db, drawing.steps, { signal: run.signal })).findings
              : []
          const { effects, blocked: refused } =
            erases(kind) && blocked.length === 0
              ? await forecastErasure(live, catalogues, run.db.keys, drawing, run.signal)
              : noForecast
          const told = { ...drawing, findings: [...drawing.findings, ...effects] }
          await run.checkpoint(async (ctx) => {
            const current = await orderIn(ctx, orderId, [
              'planning',
              'planned',
              'waiting',
              'closed',
              'stopped',
              'running',
              'tasks',
              'done',
            ])
            // What was proved or decided while we drew is not in this drawing: the job that it enqueued draws the next one.
            const isCurrent =
              JSON.stringify(current.identities) === JSON.stringify(order.identities) &&
              JSON.stringify(await verdictsOf(ctx.tx, orderId)) === JSON.stringify(said)
            if (current.status === 'planning' && isCurrent)
              await keepPlan(ctx, orderId, told, [...blocked, ...held, ...refused], 'planned')
          })
        },
      },
    ],
    async onFailed(ctx, { orderId }, code) {
      const order = await orderIn(ctx, orderId, [
        'planning',
        'planned',
        'waiting',
        'closed',
        'stopped',
        'running',
        'tasks',
        'done',
      ])
      if (order.status === 'planning')
        await stopOrder(ctx, orderId, [{ kind: 'store', message: `the search failed: ${code}` }])
    },
  })

/** Puts a drawing down as the order's plan, in place of any before. */
export async function keepPlan(
  ctx: Ctx,
  orderId: string,
  drawing: Drawing,
  more: readonly OrderFinding[],
  event: 'planned' | 'drifted',
): Promise<void> {
  const { order, step, batch } = tables(ctx.tx)
  // The work list of an earlier plan counts no more; what its run learned of her does.
  const memory = await learned(ctx.tx, await orderOf(ctx.tx, orderId))
  await ctx.tx.q.delete(batch).where(eq(batch.orderId, orderId))
  await ctx.tx.q.delete(step).where(eq(step.orderId, orderId))
  await forgetWithheld(ctx.tx, orderId)
  for (const [seq, drawn] of drawing.steps.entries()) {
    await ctx.tx.q.insert(step).values({
      id: newId(),
      orderId,
      seq,
      store: drawn.collection.store,
      collection: drawn.collection.name,
      collectionId: drawn.collection.id,
      action: drawn.action,
      link: drawn.link,
      status: 'planned',
      found: rowsIn(drawn.items),
      done: 0,
      kept: 0,
      skipped: 0,
      keysDigest: drawn.keysDigest,
      ground: drawn.ground,
    })
  }
  const findings = [...drawing.findings, ...more]
  const { digest, candidates } = drawing
  const drawn = {
    planDigest: digest,
    approvedDigest: null,
    findings,
    residue: null,
    memory,
    candidates,
    others: drawing.others?.counts ?? null,
  }
  await keepTasks(ctx, orderId, drawing.tasks)
  const [row] = await ctx.tx.q
    .update(order)
    .set({ status: 'planned', ...drawn })
    .where(eq(order.id, orderId))
    .returning()
  if (!row) return
  const rows = drawing.steps.reduce((sum, drawn) => sum + rowsIn(drawn.items), 0)
  await append(ctx, {
    type: `engine.${event}`,
    subject: row.origin,
    body: {
      order: orderId,
      plan: drawing.digest,
      steps: drawing.steps.length,
      rows,
      blocked: more.map((f) => f.kind),
    },
  })
  await tell(ctx, row, event, newId())
}

/** A person must look: says why, and tells whoever placed the order. */
export async function stopOrder(ctx: Ctx, orderId: string, findings: readonly OrderFinding[]): Promise<void> {
  const { order } = tables(ctx.tx)
  const before = await orderOf(ctx.tx, orderId)
  await ctx.tx.q
    .update(order)
    .set({ status: 'stopped', findings: [...before.findings, ...findings], finishedAt: ctx.tx.now })
    .where(eq(order.id, orderId))
  await append(ctx, {
    type: 'engine.stopped',
    subject: before.origin,
    body: { order: orderId, reasons: findings.map((f) => f.kind) },
  })
  await checkpoint(ctx)
  await noteErasure(ctx.tx, before)
  await tell(ctx, before, 'stopped', newId())
}
