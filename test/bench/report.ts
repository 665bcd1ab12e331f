import type { Figures, Spent } from './figures.ts'
import type { Split } from './meter.ts'

/** What was measured, by size and by what. */
export type Results = ReadonlyMap<number, ReadonlyMap<string, Figures>>

type Cell = (f: Figures, bare: number) => string
type Lines = readonly (readonly [string, Cell])[]

const number = (n: number): string => n.toLocaleString('en-GB', { maximumFractionDigits: n < 10 ? 1 : 0 })
const ms = (n: number): string => (n >= 10_000 ? `${number(n / 1000)} s` : `${number(n)} ms`)
const mib = (n: number): string => `${number(Math.max(0, n) / 2 ** 20)} MiB`
const spent = (f: Figures, name: string): Spent => (f[name] ?? { ms: Number.NaN, cpuMs: Number.NaN }) as Spent
const num = (f: Figures, name: string): number => Number(f[name] ?? Number.NaN)

/** By the clock, and of processor where that is what counts on a busy machine. */
const both = ({ ms: wall, cpuMs }: Spent): string => (Number.isNaN(wall) ? '–' : `${ms(wall)} (${ms(cpuMs)})`)
const times = (a: number, b: number): string => (Number.isFinite(a / b) ? `${number(a / b)} ×` : '–')

/** Sums what of the split ends with the words, in the steps named. */
function part(f: Figures, split: string, steps: readonly string[], what: string): Spent {
  const all = (f[split] ?? {}) as Split
  let sum = { ms: 0, cpuMs: 0 }
  for (const step of steps) {
    const one = all[what === '' ? step : `${step} ${what}`]
    if (one) sum = { ms: sum.ms + one.ms, cpuMs: sum.cpuMs + one.cpuMs }
  }
  return sum
}
const plus = (...list: readonly Spent[]): Spent => ({
  ms: list.reduce((sum, one) => sum + one.ms, 0),
  cpuMs: list.reduce((sum, one) => sum + one.cpuMs, 0),
})
const steps = ['draw', 'prepare', 'do', 'verify', 'finish', 'heard', 'after']
const own = (f: Figures): Spent =>
  plus(part(f, 'plan', steps, 'own database'), part(f, 'run', steps, 'own database'))
const scans = (f: Figures): Spent =>
  plus(part(f, 'plan', ['draw'], 'scan'), part(f, 'run', ['prepare'], 'scan'))
const memory: Cell = (f, bare) => `${mib(num(f, 'peakBytes') - bare)} above ${mib(bare)}`

const access: Lines = [
  ['rows collected; by plain SQL', (f) => `${number(num(f, 'rows'))}; ${number(num(f, 'sqlRows'))}`],
  ['plain SQL: the indexed selects', (f) => both(spent(f, 'sql'))],
  ['locating along the map', (f) => both(spent(f, 'locate'))],
  ['… beside the selects, processor', (f) => times(spent(f, 'locate').cpuMs, spent(f, 'sql').cpuMs)],
  ['reading all free text once in JavaScript', (f) => both(spent(f, 'texts'))],
  ['one scan of all free text for mentions', (f) => both(part(f, 'plan', ['draw'], 'scan'))],
  [
    '… beside reading it, processor',
    (f) => times(part(f, 'plan', ['draw'], 'scan').cpuMs, spent(f, 'texts').cpuMs),
  ],
  ['plan, from order to proposal', (f) => both(spent(f, 'planned'))],
  ['run, from approval to collected rows', (f) => both(spent(f, 'ran'))],
  ['… of it collecting into sealed files', (f) => both(part(f, 'run', ['do'], ''))],
  ['own database and ledger, both', (f) => both(own(f))],
  ['peak memory', memory],
]

const erasure: Lines = [
  ['rows of hers changed; steps', (f) => `${number(num(f, 'rows'))}; ${number(num(f, 'steps'))}`],
  ['plain SQL: the indexed statements', (f) => both(spent(f, 'sql'))],
  ['applying, a transaction a step', (f) => both(part(f, 'run', ['do'], 'write'))],
  ['… beside the statements', (f) => times(part(f, 'run', ['do'], 'write').ms, spent(f, 'sql').ms)],
  [
    'locating along the map, three times',
    (f) =>
      both(
        plus(part(f, 'plan', ['draw'], 'look-up'), part(f, 'run', ['prepare', 'do', 'verify'], 'look-up')),
      ),
  ],
  ['scanning free text for mentions, twice', (f) => both(scans(f))],
  ['… beside reading it twice, processor', (f) => times(scans(f).cpuMs, 2 * spent(f, 'texts').cpuMs)],
  ['verification: every text of every table', (f) => both(part(f, 'run', ['verify'], 'scan'))],
  [
    '… beside reading it in JavaScript, processor',
    (f) => times(part(f, 'run', ['verify'], 'scan').cpuMs, spent(f, 'everything').cpuMs),
  ],
  [
    '… beside `sqlite3 .dump` through a search',
    (f) => (f['dumpMs'] ? times(part(f, 'run', ['verify'], 'scan').ms, num(f, 'dumpMs')) : '–'),
  ],
  ['settling: VACUUM, write-ahead log', (f) => both(part(f, 'run', ['verify'], 'settle'))],
  ['… beside the same by hand', (f) => times(part(f, 'run', ['verify'], 'settle').ms, spent(f, 'vacuum').ms)],
  [
    'reading the stores’ schemas',
    (f) =>
      both(
        plus(part(f, 'plan', ['draw'], 'describe'), part(f, 'run', ['prepare', 'do', 'verify'], 'describe')),
      ),
  ],
  ['own database and ledger', (f) => both(own(f))],
  ['whole: plan + run', (f) => both(plus(spent(f, 'planned'), spent(f, 'ran')))],
  [
    'rows that differ from the end state of the plain SQL',
    (f) => number(Object.values((f['differing'] ?? {}) as Record<string, number>).reduce((a, b) => a + b, 0)),
  ],
  ['peak memory', memory],
]

type Latency = Record<string, number>
const latency = (f: Figures, name: string): string => {
  const l = (f[name] ?? {}) as Latency
  return (l['count'] ?? 0) < 100
    ? `– (${l['count']} commits)`
    : `${ms(l['p50'] ?? 0)} / ${ms(l['p99'] ?? 0)} / ${ms(l['most'] ?? 0)}`
}
const rate = (rows: number, wall: number): string => `${number((rows / wall) * 1000)} rows/s`
const retention: Lines = [
  ['rows purged; by plain SQL', (f) => `${number(num(f, 'rows'))}; ${number(num(f, 'sqlRows'))}`],
  ['one DELETE', (f) => `${both(spent(f, 'sql'))}, ${rate(num(f, 'sqlRows'), spent(f, 'sql').ms)}`],
  [
    'the rule, with evidence and certificate',
    (f) => `${both(spent(f, 'quiet'))}, ${rate(num(f, 'rows'), spent(f, 'quiet').ms)}`,
  ],
  ['… beside one DELETE, processor', (f) => times(spent(f, 'quiet').cpuMs, spent(f, 'sql').cpuMs)],
  ['… of it in the store', (f) => both(part(f, 'split', ['purge'], 'write'))],
  ['… of it own database and ledger', (f) => both(part(f, 'split', ['purge'], 'own database'))],
  ['… of it settling', (f) => both(part(f, 'split', ['settle'], 'settle'))],
  ['a writer beside it: p50 / p99 / most, alone', (f) => latency(f, 'alone')],
  ['… while the rule runs', (f) => latency(f, 'withPurge')],
  ['… while the one DELETE runs', (f) => latency(f, 'withDelete')],
  ['peak memory', memory],
]

const packages: Lines = [
  ['rows; size of the files', (f) => `${number(num(f, 'rows'))}; ${mib(num(f, 'fileBytes'))}`],
  ['sealed package: JSON, CSV, page, manifest, ZIP, encryption', (f) => both(spent(f, 'build'))],
  ['… a second', (f) => `${mib((num(f, 'fileBytes') / spent(f, 'build').ms) * 1000)}`],
  ['the same without sealing', (f) => both(spent(f, 'compose'))],
  ['reading the rows and JSON.stringify alone, once', (f) => both(spent(f, 'read'))],
  ['`zip -1` of the finished files', (f) => ms(num(f, 'zipMs'))],
  ['… beside the sealed package', (f) => times(spent(f, 'build').ms, num(f, 'zipMs'))],
  ['size of the sealed package', (f) => mib(num(f, 'sealedBytes'))],
  ['peak memory', memory],
]

const onPostgres: Lines = [
  ['rows of hers; left afterwards', (f) => `${number(num(f, 'rows'))}; ${number(num(f, 'left'))}`],
  ['one UPDATE of them all', (f) => ms(spent(f, 'sql').ms)],
  ['row by row, a commit each (server without fsync: at its cheapest)', (f) => ms(spent(f, 'rowByRow').ms)],
  ['applying: 20 batches, each read, judged, rewritten', (f) => ms(part(f, 'run', ['do'], 'write').ms)],
  ['… beside one UPDATE', (f) => times(part(f, 'run', ['do'], 'write').ms, spent(f, 'sql').ms)],
  ['… row by row beside it', (f) => times(spent(f, 'rowByRow').ms, part(f, 'run', ['do'], 'write').ms)],
  [
    'locating, three times',
    (f) => both(plus(part(f, 'plan', ['draw'], 'look-up'), part(f, 'run', ['prepare', 'verify'], 'look-up'))),
  ],
  ['verification scan', (f) => both(part(f, 'run', ['verify'], 'scan'))],
  ['own database and ledger', (f) => both(own(f))],
  ['whole: plan + run', (f) => both(plus(spent(f, 'planned'), spent(f, 'ran')))],
]

const scanOf = (store: string): Lines => [
  [`${store}: values read`, (f) => mib(num(f, `${store} bytes`))],
  ['… reading them alone', (f) => both(spent(f, `${store} read`))],
  ['… searched as they stand', (f) => both(spent(f, `${store} plain`))],
  ['… searched in every encoding', (f) => both(spent(f, `${store} decoded`))],
  ['… dump through grep -F -f', (f) => both(spent(f, `${store} peer`))],
  ['… speed beside it, as they stand', (f) => shares(spent(f, `${store} peer`), spent(f, `${store} plain`))],
  [
    '… speed beside it, every encoding',
    (f) => shares(spent(f, `${store} peer`), spent(f, `${store} decoded`)),
  ],
]
const shares = (a: Spent, b: Spent): string => `${share(a.ms, b.ms)} (${share(a.cpuMs, b.cpuMs)})`
const share = (a: number, b: number): string => (Number.isFinite(a / b) ? (a / b).toFixed(2) : '–')
const scan: Lines = [
  ['rows found', (f) => number(num(f, 'sqlite found'))],
  ...scanOf('sqlite'),
  ...scanOf('postgres'),
  ['peak memory', memory],
]

const ledger: Lines = [
  ['entries; their bytes', (f) => `${number(num(f, 'entries'))}; ${mib(num(f, 'bytes'))}`],
  ['appending them', (f) => both(spent(f, 'appended'))],
  ['SHA-256 over each, in memory', (f) => both(spent(f, 'hashed'))],
  ['reading each and SHA-256 over it', (f) => both(spent(f, 'read'))],
  ['verifying: leaves, chain, tree, checkpoints', (f) => both(spent(f, 'verified'))],
  [
    '… entries a second beside reading and SHA-256, processor',
    (f) => times(spent(f, 'read').cpuMs, spent(f, 'verified').cpuMs),
  ],
]

const chapters: readonly (readonly [string, string, Lines])[] = [
  ['access', 'Access of one customer', access],
  ['erasure', 'Erasure of one customer', erasure],
  ['retention', 'Retention: calls older than three months', retention],
  ['export', 'Export of every ticket and message', packages],
  ['scan', 'Verification of 10,000 identifiers in one pass', scan],
  ['ledger', 'Verifying the ledger', ledger],
  ['postgres', 'Erasure of a member with 10,000 posts, on PostgreSQL', onPostgres],
]

/** Markdown: a chapter for each subject, a column for each size. */
export function report(results: Results, bareBytes: number): string {
  const sizes = [...results.keys()]
  return chapters
    .flatMap(([what, title, lines]) => {
      const measured = sizes.filter((size) => {
        const figures = results.get(size)?.get(what)
        return figures !== undefined && figures['missing'] === undefined
      })
      if (measured.length === 0) return []
      const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
      const head = row([
        '',
        ...measured.map((size) =>
          what === 'postgres' || what === 'ledger' ? '' : `${number(size)} tickets`,
        ),
      ])
      const body = lines.map(([name, cell]) =>
        row([name, ...measured.map((size) => cell(results.get(size)?.get(what) as Figures, bareBytes))]),
      )
      return [`## ${title}`, '', head, row(['---', ...measured.map(() => '---:')]), ...body, '']
    })
    .join('\n')
}
