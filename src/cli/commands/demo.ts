import type { Command } from 'commander'
import type { Common, Io } from '../io.ts'
import { configOf } from '../open.ts'
import { parseWhole } from '../parse.ts'

interface Options extends Common {
  readonly once?: boolean
  readonly people?: number
  readonly seed?: number
}

/** `lethe demo`: a working desk with sample stores; `--once` does the whole job without a server and ends. */
export function demo(program: Command, io: Io): void {
  program
    .command('demo')
    .description('makes the sample stores and serves')
    .option('--once', 'one access, one erasure and one retention run without a server, then ends')
    .option('--people <n>', 'how many people the sample stores hold', (text) =>
      parseWhole('--people', text, { min: 20, max: 10_000_000 }),
    )
    .option('--seed <n>', 'another number draws other people', (text) =>
      parseWhole('--seed', text, { min: 0, max: 2 ** 31 - 1 }),
    )
    .action(async (options: Options) => {
      // A folder of its own, so that a demo never meets the data of a real desk.
      const config = configOf({ ...io, env: { LETHE_HOME: './demo-data', ...io.env } }, options)
      const { runDemo } = await import('../../app/demo.ts')
      await runDemo(config, io, options)
    })
}
