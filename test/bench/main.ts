/*
 * `npm run bench`: the engine over the sample stores beside the same work by plain SQL on a copy of the same data, in the same
 * run. `--tickets 1000,100000` `--only erasure,access` `--json FILE` `--write` (docs/benchmarks.md).
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import type { Figures, Order } from './figures.ts'
import { report } from './report.ts'
import { sampleOf } from './samples.ts'

const { values } = parseArgs({
  options: {
    tickets: { type: 'string', default: '1000,100000,1000000' },
    only: { type: 'string', default: 'access,erasure,retention,export,postgres,scan,ledger' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const subjects = ['access', 'erasure', 'retention', 'export', 'postgres', 'scan', 'ledger'] as const
const only = new Set(values.only.split(','))
const sizes = values.tickets.split(',').map(Number)
const unknown = [...only].filter((name) => !(subjects as readonly string[]).includes(name))
if (unknown.length > 0 || sizes.some((size) => !Number.isInteger(size) || size < 100)) {
  console.error(`--only takes ${subjects.join(', ')}; --tickets whole numbers from 100 on`)
  process.exit(2)
}
/** A package of a million tickets is nobody's, and says nothing that a tenth of it does not. */
const mostExported = 100_000
const large = new Set<string>(['export', 'scan'])

const run = promisify(execFile)
async function measure(order: Omit<Order, 'work'>): Promise<Figures> {
  const work = mkdtempSync(join(tmpdir(), 'lethe-bench-work-'))
  try {
    const child = [join(import.meta.dirname, 'child.ts'), JSON.stringify({ ...order, work })]
    const { stdout, stderr } = await run(process.execPath, child, { maxBuffer: 64 * 1024 * 1024 })
    if (stderr !== '') process.stderr.write(stderr)
    return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Figures
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const began = performance.now()
const bare = Number((await measure({ what: 'nothing', tickets: 0, sample: '' }))['peakBytes'])
const results = new Map<number, Map<string, Figures>>()
for (const tickets of sizes) {
  process.stderr.write(`${tickets} tickets: sample stores\n`)
  const sample = await sampleOf(tickets)
  const figures = new Map<string, Figures>()
  results.set(tickets, figures)
  for (const what of subjects) {
    if (!only.has(what) || (large.has(what) && tickets > mostExported)) continue
    // It has a size of its own.
    if ((what === 'postgres' || what === 'ledger') && tickets !== sizes[0]) continue
    process.stderr.write(`${tickets} tickets: ${what}\n`)
    figures.set(what, await measure({ what, tickets, sample }))
  }
}

const text = report(results, bare)
process.stdout.write(text)
process.stderr.write(`took ${Math.round((performance.now() - began) / 1000)} s\n`)
if (values.json !== undefined) {
  const plain = Object.fromEntries([...results].map(([size, by]) => [size, Object.fromEntries(by)]))
  writeFileSync(values.json, `${JSON.stringify({ bareBytes: bare, ...plain }, null, 2)}\n`)
}
if (values.write) writeDocs(text)

/** Keeps what was written by hand: everything above the mark. */
function writeDocs(tables: string): void {
  const path = join(import.meta.dirname, '../../docs/benchmarks.md')
  const mark = '<!-- From here on written by `npm run bench -- --write`. -->'
  const [words] = readFileSync(path, 'utf8').split(mark)
  const machine = `${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}.`
  writeFileSync(path, `${words}${mark}\n\n${machine}\n\n${tables}`)
}
