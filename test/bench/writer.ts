/*
 * The application's own work beside ours: commits one new call a hundred times a second, with a sync each, until its input
 * ends; then prints how long its commits took. Called with the path of the store.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'

const db = new Sqlite(process.argv[2] as string, { timeout: 60_000 })
db.pragma('synchronous = FULL')
const first = 900_000_000 + process.pid * 1000
const insert = db.prepare(
  "INSERT INTO calls (id, reference, direction, caller_number, callee_number, agent, language, started_at, ended_at) VALUES (?, ?, 'inbound', ?, '+31201234500', 'a', 'nl', ?, ?)",
)
let isOpen = true
process.stdin.on('end', () => {
  isOpen = false
})
process.stdin.resume()
process.stdout.write('ready\n')
const times: number[] = []
for (let i = 0, due = performance.now(); isOpen; i++) {
  const start = performance.now()
  insert.run(first + i, `B-${first + i}`, '+31612000000', '2026-11-22T11:00:00Z', '2026-11-22T11:05:00Z')
  times.push(performance.now() - start)
  due = Math.max(due + 10, performance.now())
  await sleep(Math.max(0, due - performance.now()))
}
db.close()
times.sort((a, b) => a - b)
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
process.stdout.write(`${JSON.stringify({ count: times.length, p50: at(0.5), p99: at(0.99), most: at(1) })}\n`)
