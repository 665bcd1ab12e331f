/* Access and erasure of one person over the SQLite store in this folder, with the most memory each took; run by much.once.test.ts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteStore } from '../../../src/stores/sqlite/open.ts'
import { deskOver, type OrderRun, runOrderOf } from '../../bench/desk.ts'

const folder = process.argv[2] as string
/** Linux lets a child begin with the maxRSS of its parent; its own is told elsewhere. */
const status = '/proc/self/status'
const peakKib = (): number =>
  existsSync(status)
    ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1])
    : process.resourceUsage().maxRSS
const before = peakKib()
const peakMib = (): number => Math.round((peakKib() - before) / 1024)
const rows = ({ plan }: OrderRun): number => plan.steps.reduce((sum, step) => sum + step.done, 0)

const desk = await deskOver([openSqliteStore('made', join(folder, 'made.db'))], folder, join(folder, 'own'))
const access = await runOrderOf(desk, 'access', 'ann@x.example')
const accessMib = peakMib()
const erasure = await runOrderOf(desk, 'erasure', 'ann@x.example')
const erasureMib = peakMib()
await desk.close()
process.stdout.write(
  `${JSON.stringify({ copied: rows(access), erased: rows(erasure), accessMib, erasureMib })}\n`,
)
