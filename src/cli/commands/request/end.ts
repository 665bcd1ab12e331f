import type { Command } from 'commander'
import { close, withdraw } from '../../../requests/close.ts'
import { retryRequest } from '../../../requests/retry.ts'
import { showRequest } from '../../../requests/show.ts'
import { answer, type Common, type Io } from '../../io.ts'
import { act, actorNamed, look, withApp } from '../../open.ts'

interface Options extends Common {
  readonly reason?: string
  readonly by: string
}

export function endVerbs(group: Command, io: Io): void {
  group
    .command('withdraw')
    .description('takes the request back for the person; nothing more is searched or changed')
    .argument('<reference>')
    .option('--reason <text>', 'what the person said')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: Options) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.work')
        await act(app, actor, (ctx) => withdraw(ctx, { reference, ...reasonOf(options) }, app.requests))
        answer(io, options, { reference, status: 'withdrawn' }, () => `${reference} is withdrawn`)
      }),
    )
  group
    .command('close')
    .description('ends an answered request: its package’s key is destroyed')
    .argument('<reference>')
    .option('--reason <text>', 'why now')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: Options) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.work')
        await act(app, actor, (ctx) => close(ctx, { reference, ...reasonOf(options) }))
        answer(io, options, { reference, status: 'closed' }, () => `${reference} is closed`)
      }),
    )
  group
    .command('retry')
    .description('goes on with a request that stopped, when a person has looked')
    .argument('<reference>')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: Options) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.work')
        await act(app, actor, (ctx) => retryRequest(ctx, { reference }))
        const { status } = await look(app, (ctx) => showRequest(ctx, { reference }))
        answer(io, options, { reference, status }, () => `${reference} is ${status}`)
      }),
    )
}

const reasonOf = ({ reason }: Options): { reason?: string } => (reason === undefined ? {} : { reason })
