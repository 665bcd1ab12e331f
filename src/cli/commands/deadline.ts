import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { Command } from 'commander'
import { LetheError } from '../../base/errors.ts'
import type { RulePacks } from '../../requests/clock/load.ts'
import { loadRulePacks } from '../../requests/clock/load.ts'
import type { Deadline } from '../../requests/clock/types.ts'
import { deadlineFromJson, parseSpan } from '../deadline.ts'
import { problemOf } from '../exit.ts'
import { answer, type Common, type Io, type Outcome } from '../io.ts'
import { configOf } from '../open.ts'
import { collect } from '../parse.ts'

interface Options extends Common {
  readonly regime?: string
  readonly received?: string
  readonly right?: string
  readonly extended?: boolean
  readonly extendedOn?: string
  readonly identity?: string
  readonly authority?: string
  readonly clarification?: readonly string[]
  readonly fee?: string
  readonly euSuspension?: string
  readonly ukPauseCounting?: string
  readonly timezone?: string
}

/** `lethe deadline`: computes and explains a statutory date (Art. 12(3) and its kin); needs rule packs and no database. */
export function deadline(program: Command, io: Io, outcome: Outcome): void {
  program
    .command('deadline')
    .description('computes and explains a statutory date')
    .argument('[input]', '"-": inputs as JSON Lines on stdin, one answer line each')
    .option('--regime <name>', 'whose law: NL, DK, GB, ZA …')
    .option('--received <moment>', 'a moment with offset, or a day')
    .option('--right <right>', 'access, erasure … or complaint', 'access')
    .option('--extended', 'the notice of extension was in time')
    .option('--extended-on <day>', 'the day of the notice of extension')
    .option('--identity <span>', 'proof of identity: asked..received')
    .option('--authority <span>', 'proof that someone may act for the person: asked..received')
    .option('--clarification <span>', 'a question: asked..answered; may be given again', collect)
    .option('--fee <span>', 'a fee: asked..paid')
    .option('--eu-suspension <how>', 'none or edpb')
    .option('--uk-pause-counting <how>', 'inclusive or conservative')
    .option('--timezone <zone>', "the controller's zone, if not the regime's")
    .action(async (input: string | undefined, options: Options) => {
      const { policies } = configOf(io, options)
      const packs = loadRulePacks(join(policies, 'regimes'), 'policies/regimes')
      if (input === '-') return stream(io, packs, outcome)
      if (input !== undefined)
        throw new LetheError('invalid', `deadline: "${input}" is not an input`, {
          hint: 'Give options, or "-" to read JSON Lines from stdin.',
        })
      const found = deadlineFromJson(jsonOf(options), packs)
      answer(io, options, found, () => wordsOf(found))
    })
}

function jsonOf(options: Options): Record<string, unknown> {
  if (options.regime === undefined || options.received === undefined)
    throw new LetheError('invalid', `--${options.regime === undefined ? 'regime' : 'received'} is missing`, {
      hint: 'Write for example: lethe deadline --regime NL --received 2026-03-05T10:00:00+01:00',
    })
  const span = (text: string | undefined) => (text === undefined ? undefined : parseSpan(text))
  const { regime, received, right, extended, extendedOn, euSuspension, ukPauseCounting, timezone } = options
  const all = {
    regime,
    received,
    right,
    extended,
    extendedOn,
    euSuspension,
    ukPauseCounting,
    timezone,
    identity: span(options.identity),
    authority: span(options.authority),
    fee: span(options.fee),
    clarification: options.clarification?.map(parseSpan),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** One answer line for each input line; a bad line answers its error and does not stop the others. */
async function stream(io: Io, packs: RulePacks, outcome: Outcome): Promise<void> {
  let number = 0
  for await (const line of createInterface({ input: io.stdin, crlfDelay: Infinity })) {
    number++
    if (line.trim() === '') continue
    io.stdout.write(`${JSON.stringify(answerLine(line, number, packs, outcome))}\n`)
  }
}

function answerLine(line: string, number: number, packs: RulePacks, outcome: Outcome): object {
  try {
    return deadlineFromJson(parsed(line), packs)
  } catch (error) {
    outcome.status = 2
    return { error: { ...problemOf(error), line: number } }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new LetheError('invalid', 'this line is not JSON', {
      hint: 'Write one object a line: {"regime":"NL","received":"2026-03-05T10:00:00+01:00"}.',
    })
  }
}

function wordsOf(found: Deadline): string {
  const lines = [
    `due ${found.dueDate}   hard ${found.hardDate}   target ${found.targetDate}`,
    `notice of an extension by ${found.extensionNoticeBy ?? '(none in this law)'}`,
    ...found.steps.map((step) => `  ${step.date}  ${step.text}`),
  ]
  if (found.waitingFor.length > 0) lines.push(`still waiting for: ${found.waitingFor.join(', ')}`)
  return lines.join('\n')
}
