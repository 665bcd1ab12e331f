import type { Readable, Writable } from 'node:stream'

/** Where a command reads and writes; the process's own, or a test's. */
export interface Io {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly isTerminal: boolean
}

export const processIo = (): Io => ({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stderr.isTTY === true,
})

/** Where a command puts its exit status when it is not 0 and nothing failed: "the answer is no". */
export interface Outcome {
  status: number
}

/** What every command takes. */
export interface Common {
  readonly home?: string
  readonly policies?: string
  readonly json?: boolean
}

/** The result: with `--json` exactly one JSON document on stdout, otherwise words. */
export function answer(io: Io, options: Common, value: unknown, words: () => string): void {
  io.stdout.write(options.json ? `${JSON.stringify(value, null, 2)}\n` : `${words()}\n`)
}

/** Progress and remarks: never on stdout. */
export const say = (io: Io, text: string): void => void io.stderr.write(`${text}\n`)

/** Columns side by side, for people. */
export function columns(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => String(row[at]).length)))
  const line = (row: readonly (string | number)[]) =>
    row
      .map((cell, at) =>
        typeof cell === 'number'
          ? String(cell).padStart(widths[at] as number)
          : String(cell).padEnd(widths[at] as number),
      )
      .join('  ')
      .trimEnd()
  return rows.map(line).join('\n')
}
