import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { approveRule } from '../../src/retention/approve.ts'
import { runRule } from '../../src/retention/run.ts'
import { certificateOf } from '../../src/retention/list.ts'
import { openDesk } from './desk.ts'
import { type Figures, type Order, peak, type Spent, stopwatch, timed } from './figures.ts'
import { deleteOldCalls } from './plain-sql.ts'
import { benchNow, copyOf } from './samples.ts'

/** The first moment of 22 August in Amsterdam: what began to be kept before it is due on 22 November. */
const cutoff = '2026-08-21T22:00:00.000Z'

/** Calls older than three months: by the shipped rule, with plan, evidence and certificate, beside one DELETE. */
export async function measureRetention(order: Order): Promise<Figures> {
  const alone = await foreground(copyOf(order.sample, order.work), () => sleep(3_000))
  const quiet = await purge(copyOf(order.sample, order.work), join(order.work, 'own-1'))
  const peakBytes = peak()
  const busyDir = copyOf(order.sample, order.work)
  const busy = await foreground(busyDir, () => purge(busyDir, join(order.work, 'own-2')))
  const one = oneDelete(copyOf(order.sample, order.work))
  const oneDir = copyOf(order.sample, order.work)
  const oneBusy = await foreground(oneDir, () => oneDelete(oneDir))
  return {
    rows: quiet.done,
    due: quiet.due,
    left: quiet.left,
    sqlRows: one.rows,
    quiet: quiet.spent,
    split: quiet.split,
    peakBytes,
    sql: one.spent,
    busy: busy.result.spent,
    alone: alone.latency,
    withPurge: busy.latency,
    withDelete: oneBusy.latency,
  }
}

async function purge(dir: string, own: string) {
  const desk = await openDesk(dir, own)
  const rule = desk.rules.find((r) => r.id === 'calls')
  if (!rule) throw new Error('the shipped rules have no rule "calls"')
  desk.meter.take()
  const running = stopwatch()
  const { runId } = await desk.act(async (ctx) => {
    await approveRule(ctx, { ruleId: rule.id, version: rule.version }, desk.rules)
    return runRule(ctx, { ruleId: rule.id, slot: benchNow }, desk.rules)
  })
  await desk.work()
  const spent = running()
  const split = desk.meter.take()
  const certificate = await desk.db.read((reader) => certificateOf(reader, runId))
  await desk.close()
  const db = new Sqlite(join(dir, 'calls.db'), { readonly: true })
  const left = db
    .prepare("SELECT count(*) FROM calls WHERE disputed = 0 AND direction <> 'conference' AND ended_at < ?")
    .pluck()
    .get(cutoff) as number
  db.close()
  return { spent, split, left, due: certificate?.counts.due ?? -1, done: certificate?.counts.done ?? -1 }
}

function oneDelete(dir: string): { spent: Spent; rows: number } {
  const db = new Sqlite(join(dir, 'calls.db'), { timeout: 60_000 })
  db.pragma('secure_delete = ON')
  db.pragma('foreign_keys = ON')
  const deleting = stopwatch()
  const rows = deleteOldCalls(db, cutoff)
  const spent = deleting()
  db.close()
  return { spent, rows }
}

/** Runs the application's writer beside the work, and says how long its commits took. */
async function foreground<T>(
  dir: string,
  work: () => T | Promise<T>,
): Promise<{ latency: Record<string, number>; result: T }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), join(dir, 'calls.db')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString()
  })
  while (!said.includes('ready')) await once(child.stdout, 'data')
  await sleep(300)
  const { result } = await timed(work)
  child.stdin.end()
  await once(child, 'close')
  return { latency: JSON.parse(said.trim().split('\n').at(-1) as string) as Record<string, number>, result }
}
