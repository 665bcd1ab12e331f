import type { Command } from 'commander'
import { showRequest } from '../../../requests/show.ts'
import { verifyByOfficer } from '../../../requests/verify-by-officer.ts'
import { answer, type Common, type Io } from '../../io.ts'
import { act, actorNamed, look, withApp } from '../../open.ts'

interface Options extends Common {
  readonly how: string
  readonly only?: string
  readonly by: string
}

export function verifyRequest(group: Command, io: Io): void {
  group
    .command('verify')
    .description('an officer made sure who the person is: by call-back, at the desk')
    .argument('<reference>')
    .requiredOption('--how <text>', 'method and result, never a document’s number')
    .option('--only <id>', 'one identity by its id (see show); all that are not proved yet unless said')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: Options) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.verify')
        await act(app, actor, (ctx) =>
          verifyByOfficer(ctx, { reference, identityId: options.only, how: options.how }, app.requests),
        )
        const { status } = await look(app, (ctx) => showRequest(ctx, { reference }))
        answer(io, options, { reference, status }, () => `${reference} is ${status}`)
      }),
    )
}
