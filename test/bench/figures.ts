export interface Spent {
  readonly ms: number
  /** Of all threads of the process: what other work on the machine does not change. */
  readonly cpuMs: number
}

/** Starts; each call answers what was spent since. */
export function stopwatch(): () => Spent {
  const start = performance.now()
  const cpu = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { ms: performance.now() - start, cpuMs: (user + system) / 1000 }
  }
}

/** What a child process measured: numbers by name, times, lists of either. */
export type Figures = Readonly<Record<string, unknown>>

export interface Order {
  readonly what: 'access' | 'erasure' | 'retention' | 'export' | 'postgres' | 'ledger' | 'scan' | 'nothing'
  readonly tickets: number
  readonly sample: string
  /** An empty folder of one's own. */
  readonly work: string
}

export const median = (list: readonly number[]): number => {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export async function timed<T>(work: () => T | Promise<T>): Promise<Spent & { readonly result: T }> {
  const spent = stopwatch()
  const result = await work()
  return { ...spent(), result }
}

/** Median of three; of one where a run takes longer. */
export async function ofThree(work: () => unknown, longMs = 5_000): Promise<Spent> {
  const runs: Spent[] = []
  do {
    const { ms, cpuMs } = await timed(work)
    runs.push({ ms, cpuMs })
  } while (runs.length < 3 && (runs[0]?.ms ?? 0) < longMs)
  return middle(runs)
}

export const middle = (runs: readonly Spent[]): Spent => ({
  ms: median(runs.map((run) => run.ms)),
  cpuMs: median(runs.map((run) => run.cpuMs)),
})

/** The most memory the process has held so far. */
export const peak = (): number => process.resourceUsage().maxRSS * 1024
