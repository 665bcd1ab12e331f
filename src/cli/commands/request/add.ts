import type { Command } from 'commander'
import type { App } from '../../../app/app.ts'
import { LetheError } from '../../../base/errors.ts'
import { rights } from '../../../base/right.ts'
import { receiveRequest } from '../../../requests/receive.ts'
import { channels, type RequestRight } from '../../../requests/types.ts'
import { answer, type Common, type Io } from '../../io.ts'
import { act, actorNamed, withApp } from '../../open.ts'
import { collect, parseIdentity, parseReceived, parseWord } from '../../parse.ts'

interface Options extends Common {
  readonly right: string
  readonly identity: readonly string[]
  readonly regime?: string
  readonly received?: string
  readonly channel: string
  readonly language?: string
  readonly note?: string
  readonly verified?: string
  readonly by: string
}

/** `lethe request add`: an officer enters what came by phone, letter, desk or e-mail. */
export function addRequest(group: Command, io: Io): void {
  group
    .command('add')
    .description('enters a request; answers its reference and due date')
    .requiredOption('--right <right>', rights.join(', '))
    .requiredOption(
      '--identity <kind=value>',
      'what the person names as their own; may be given again',
      collect,
    )
    .option('--regime <name>', 'whose law; the company’s unless said')
    .option('--received <when>', 'a moment with offset or a day; now unless said')
    .option('--channel <channel>', channels.join(', '), 'desk')
    .option('--language <language>', 'of letters; the company’s first unless said')
    .option('--note <text>', 'the person’s words, or what was noted')
    .option('--verified <how>', 'how the identity was made sure already; covers every identity given')
    .requiredOption('--by <name>', 'the officer')
    .action((options: Options) => withApp(io, options, (app) => add(io, options, app)))
}

async function add(io: Io, options: Options, app: App): Promise<void> {
  const right = rightOf(options.right)
  const regime = app.regimes.regime(options.regime ?? app.company.regime)
  const input = {
    right,
    regime: regime.name,
    channel: parseWord('--channel', options.channel, channels),
    language: options.language ?? app.company.languages[0] ?? 'en',
    identities: options.identity.map(parseIdentity),
    receivedAt: options.received === undefined ? undefined : parseReceived(options.received, regime.timezone),
    note: options.note,
    verified: options.verified,
  }
  const actor = await actorNamed(app, options.by, 'request.add')
  if (options.verified !== undefined) await actorNamed(app, options.by, 'request.verify')
  const made = await act(app, actor, (ctx) => receiveRequest(ctx, input, app.requests))
  answer(io, options, made, () => `${made.reference}   due ${made.dueDate}`)
}

/** Known words that this desk does not carry out by itself say so; others get the nearest one. */
function rightOf(text: string): RequestRight {
  const right = parseWord('--right', text, rights)
  if (right === 'access' || right === 'erasure') return right
  throw new LetheError('invalid', `--right: this desk does not take requests of the right "${right}" yet`, {
    hint: 'It takes access and erasure.',
  })
}
