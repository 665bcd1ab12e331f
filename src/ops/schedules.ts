import { Cron } from 'croner'
import { and, eq, lte, notInArray } from 'drizzle-orm'
import cron from 'node-cron'
import { LetheError } from '../base/errors.ts'
import { type Instant, instantOf } from '../base/instant.ts'
import type { Database, Tx } from './db/database.ts'
import { enqueue } from './jobs/enqueue.ts'
import { tables } from './jobs/tables.ts'
import type { Log } from './log.ts'

/** One line of the page of schedules: when, in which zone, which job. */
export interface ScheduleDefinition {
  readonly name: string
  /** Five fields, minute first. */
  readonly cron: string
  readonly timezone: string
  readonly job: string
  readonly input: (slot: Instant) => unknown
}

/** The first occurrence after `from`; throws `invalid` for an expression that is none or never comes. Clock changes: a skipped time runs at the next existing one, a doubled one runs once. */
export function nextSlot(expression: string, timezone: string, from: Instant): Instant {
  let next: Date | null
  try {
    next = new Cron(expression, { timezone, mode: '5-part' }).nextRun(new Date(from))
  } catch {
    next = null
  }
  if (next) return instantOf(next)
  throw new LetheError('invalid', `"${expression}" is not a schedule that ever comes`, {
    hint: 'Write five fields, minute first: "0 2 * * *" is every day at 02:00.',
  })
}

/** Brings the table in line with the page: new ones wait for their next slot, changed ones are reckoned anew, others go. */
export async function syncSchedules(db: Database, definitions: readonly ScheduleDefinition[]): Promise<void> {
  await db.transact(async (tx) => {
    const { schedule } = tables(tx)
    for (const { name, cron: expression, timezone } of definitions) {
      const [known] = await tx.q.select().from(schedule).where(eq(schedule.name, name))
      if (known?.cron === expression && known.timezone === timezone) continue
      const row = { cron: expression, timezone, nextDueAt: nextSlot(expression, timezone, tx.now) }
      await tx.q
        .insert(schedule)
        .values({ name, ...row })
        .onConflictDoUpdate({ target: schedule.name, set: row })
    }
    const names = definitions.map((d) => d.name)
    await tx.q.delete(schedule).where(names.length > 0 ? notInArray(schedule.name, names) : undefined)
  })
}

/**
 * Fires what is due: each slot once, whichever replica comes first, by moving `nextDueAt` from exactly the value read; after a
 * downtime once for all slots missed. The job is enqueued in the same transaction, keyed by its slot. Answers the names fired.
 */
export async function fireDue(db: Database, definitions: readonly ScheduleDefinition[]): Promise<string[]> {
  return db.transact(async (tx) => {
    const { schedule } = tables(tx)
    const due = await tx.q.select().from(schedule).where(lte(schedule.nextDueAt, tx.now))
    const fired: string[] = []
    for (const row of due) {
      const definition = definitions.find((d) => d.name === row.name)
      if (definition && (await fire(tx, definition, row.nextDueAt))) fired.push(row.name)
    }
    return fired
  })
}

async function fire(tx: Tx, definition: ScheduleDefinition, slot: Instant): Promise<boolean> {
  const { schedule } = tables(tx)
  const won = await tx.q
    .update(schedule)
    .set({ nextDueAt: nextSlot(definition.cron, definition.timezone, tx.now), lastSlotAt: slot })
    .where(and(eq(schedule.name, definition.name), eq(schedule.nextDueAt, slot)))
    .returning({ name: schedule.name })
  if (won.length === 0) return false
  await enqueue(tx, {
    name: definition.job,
    key: `${definition.name}@${slot}`,
    input: definition.input(slot),
  })
  return true
}

/** The heartbeat: looks every minute for what is due. Answers how to end it. */
export function startBeat(
  db: Database,
  definitions: readonly ScheduleDefinition[],
  log: Log,
): () => Promise<void> {
  const beat = async () => {
    try {
      await fireDue(db, definitions)
    } catch (error) {
      log.error('schedules.beat', { error })
    }
  }
  const task = cron.schedule('* * * * *', beat, { name: 'lethe-beat', noOverlap: true })
  void beat()
  return async () => {
    await task.destroy()
  }
}
