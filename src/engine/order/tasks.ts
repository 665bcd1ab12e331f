import { and, asc, eq, isNull } from 'drizzle-orm'
import { LetheError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import type { Instant } from '../../base/instant.ts'
import type { Words } from '../../datamap/model.ts'
import { append } from '../../ledger/append.ts'
import { type Ctx, one, type Reader } from '../../ops/db/database.ts'
import { tables } from '../tables.ts'
import { endOrder } from './end.ts'
import { orderIn } from './state.ts'

/** What only a person can do for an order: a copy outside the stores, what a store's kind cannot. */
export interface DrawnTask {
  readonly store: string
  readonly what: Words
  readonly mark: string
}

export interface Task {
  readonly id: string
  readonly store: string
  readonly what: Words
  readonly doneAt: Instant | null
  readonly doneBy: string | null
  readonly note: string | null
}

export async function tasksOf(reader: Reader, orderId: string): Promise<readonly Task[]> {
  const { task } = tables(reader)
  const rows = await reader.q.select().from(task).where(eq(task.orderId, orderId)).orderBy(asc(task.id))
  return rows.map(({ id, store, what, doneAt, doneBy, note }) => ({ id, store, what, doneAt, doneBy, note }))
}

/** Puts the tasks of a plan down; what a person did already stays done. */
export async function keepTasks(ctx: Ctx, orderId: string, drawn: readonly DrawnTask[]): Promise<void> {
  const { task } = tables(ctx.tx)
  await ctx.tx.q.delete(task).where(and(eq(task.orderId, orderId), isNull(task.doneAt)))
  for (const one of drawn)
    await ctx.tx.q
      .insert(task)
      .values({ id: newId(), orderId, ...one })
      .onConflictDoNothing()
}

export async function openTasks(reader: Reader, orderId: string): Promise<number> {
  return (await tasksOf(reader, orderId)).filter((task) => task.doneAt === null).length
}

/**
 * A person did a task and says how (a reference, a date, who). With the last one an order whose own work is finished is done.
 * Throws `conflict` for a task that is done already or an order that is over, `invalid` without a word.
 */
export async function completeTask(
  ctx: Ctx,
  input: { readonly orderId: string; readonly taskId: string; readonly note: string },
): Promise<void> {
  const note = input.note.trim()
  if (note === '')
    throw new LetheError('invalid', 'how the task was done is not said', {
      hint: 'Write what you did, when, and where the proof is.',
    })
  const order = await orderIn(ctx, input.orderId, ['planned', 'running', 'tasks', 'stopped'])
  const { task } = tables(ctx.tx)
  const found = one(
    await ctx.tx.q
      .select()
      .from(task)
      .where(and(eq(task.id, input.taskId), eq(task.orderId, order.id))),
    'task',
  )
  if (found.doneAt !== null)
    throw new LetheError('conflict', 'this task is done already', { hint: 'Look at the request again.' })
  await ctx.tx.q
    .update(task)
    .set({ doneAt: ctx.tx.now, doneBy: ctx.actor.id, note })
    .where(eq(task.id, found.id))
  await append(ctx, {
    type: 'engine.task',
    subject: order.origin,
    body: { order: order.id, task: found.id, in: found.store },
  })
  if (order.status === 'tasks' && (await openTasks(ctx.tx, order.id)) === 0) await endOrder(ctx, order)
}
