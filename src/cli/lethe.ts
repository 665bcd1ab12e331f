import { Command, CommanderError } from 'commander'
import { commandsFor } from './commands/index.ts'
import { exitOf, problemOf } from './exit.ts'
import { type Io, type Outcome, processIo } from './io.ts'

/** The `lethe` command; answers the exit status of `exit.ts` and never throws. */
export async function lethe(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const outcome: Outcome = { status: 0 }
  const json = argv.includes('--json')
  const program = new Command('lethe')
    .description('Answers data-subject requests and keeps retention promises over stores it did not design.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void (json ? undefined : io.stderr.write(text)),
    })
    .showSuggestionAfterError()
  for (const register of await commandsFor(argv)) register(program, io, outcome)
  for (const command of everyCommand(program)) common(command)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return outcome.status
  } catch (error) {
    return failed(io, json, error)
  }
}

/** What every command takes (contract.md). */
function common(command: Command): void {
  if (command.commands.length > 0) return
  command
    .option('--home <dir>', 'data folder (LETHE_HOME)')
    .option('--policies <dir>', 'policies folder (LETHE_POLICIES)')
    .option('--json', 'exactly one JSON document on stdout')
    .exitOverride()
}

function* everyCommand(command: Command): Generator<Command> {
  for (const child of command.commands) {
    yield child
    yield* everyCommand(child)
  }
}

function failed(io: Io, json: boolean, error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    const message =
      error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /, '')
    if (json)
      write(io, {
        code: 'invalid',
        message,
        hint: 'lethe --help, or --help after a command, lists what there is.',
      })
    return 2
  }
  const problem = problemOf(error)
  if (json) write(io, problem)
  else io.stderr.write(`lethe: ${problem.message}\n${problem.hint ? `       ${problem.hint}\n` : ''}`)
  return exitOf(problem.code)
}

const write = (io: Io, error: object): void => void io.stdout.write(`${JSON.stringify({ error })}\n`)
