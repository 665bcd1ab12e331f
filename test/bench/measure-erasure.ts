import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { differingRows } from './differences.ts'
import { openDesk, runOrderOf } from './desk.ts'
import { type Figures, middle, ofThree, type Order, peak, timed } from './figures.ts'
import { eraseHers, mentionsOfHer, readEverything, readTexts } from './plain-sql.ts'
import { copyOf, person, storeNames } from './samples.ts'

/** Erasing one customer: the engine from order to verified end, beside the bare statements on another copy. */
export async function measureErasure(order: Order): Promise<Figures> {
  const hers = copyOf(order.sample, order.work)
  const desk = await openDesk(hers, join(order.work, 'own'))
  const run = await runOrderOf(desk, 'erasure')
  await desk.close()
  const peakBytes = peak()

  const plain = copyOf(order.sample, order.work)
  const mentions = mentionsOfHer(plain)
  const sqls = [await timed(() => eraseHers(plain, mentions))]
  if (order.tickets <= 100_000)
    for (const dir of [copyOf(order.sample, order.work), copyOf(order.sample, order.work)])
      sqls.push(await timed(() => eraseHers(dir, mentions)))
  const texts = await ofThree(() => readTexts(plain))
  const everything = await ofThree(() => readEverything(plain))
  const { rows, bytes } = readEverything(plain)
  const dumpMs = dump(plain)
  const vacuum = await timed(() => vacuumed(plain))
  return {
    rows: run.plan.steps.reduce((sum, step) => sum + step.done, 0),
    steps: run.plan.steps.length,
    planned: run.planned,
    ran: run.ran,
    plan: run.planSplit,
    run: run.runSplit,
    peakBytes,
    sql: middle(sqls),
    texts,
    everything,
    everyRows: rows,
    everyBytes: bytes,
    dumpMs: dumpMs ?? null,
    vacuum,
    differing: differingRows(hers, plain),
  }
}

/** `sqlite3 .dump` through a search for two literals; undefined where one of the tools is missing. */
function dump(dir: string): number | undefined {
  const start = performance.now()
  for (const store of storeNames)
    try {
      const search = `sqlite3 "${join(dir, `${store}.db`)}" .dump | { rg -c -i -F -e "$A" -e "$B" || [ $? -eq 1 ]; }`
      const grep = search.replace('rg -c', 'grep -c')
      const env = { ...process.env, A: person.emails[0], B: person.phone ?? '', LC_ALL: 'C' }
      execFileSync(
        'sh',
        [
          '-c',
          `command -v sqlite3 >/dev/null || exit 9; if command -v rg >/dev/null; then ${search}; else ${grep}; fi`,
        ],
        { env, stdio: 'pipe' },
      )
    } catch {
      return undefined
    }
  return performance.now() - start
}

/** Files up to half a gigabyte written anew by hand, as `settle` does. */
function vacuumed(dir: string): number {
  let bytes = 0
  for (const store of storeNames) {
    const path = join(dir, `${store}.db`)
    const { size } = statSync(path)
    const db = new Sqlite(path)
    db.pragma('secure_delete = ON')
    if (size <= 512 * 1024 * 1024) {
      db.exec('VACUUM')
      bytes += size
    }
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
  }
  return bytes
}
