import type { Command } from 'commander'
import type { Common, Io } from '../io.ts'
import { configOf } from '../open.ts'

/** `lethe serve`: web, API, jobs and schedules in one process, until it is told to stop. */
export function serve(program: Command, io: Io): void {
  program
    .command('serve')
    .description('web, API, jobs and schedules in one process')
    .action(async (options: Common) => {
      const config = configOf(io, options)
      // Loaded here only: other commands start without the web.
      const main = await import('../../main.ts')
      await main.serve(config, io)
    })
}
