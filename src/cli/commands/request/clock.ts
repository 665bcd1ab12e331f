import type { Command } from 'commander'
import { extend } from '../../../requests/extend.ts'
import { pause, resume } from '../../../requests/pause.ts'
import { answer, type Common, type Io } from '../../io.ts'
import { act, actorNamed, withApp } from '../../open.ts'
import { parseWord } from '../../parse.ts'

interface By extends Common {
  readonly by: string
}

/** What moves the statutory clock: an extension, a question and its answer. */
export function clockVerbs(group: Command, io: Io): void {
  group
    .command('extend')
    .description('takes the law’s longer period, once, and tells the person')
    .argument('<reference>')
    .requiredOption('--reason <text>', 'why the request is complex; the person reads it')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: By & { reason: string }) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.work')
        const { dueDate } = await act(app, actor, (ctx) =>
          extend(ctx, { reference, reason: options.reason }, app.requests),
        )
        answer(io, options, { reference, dueDate }, () => `${reference}   due ${dueDate}`)
      }),
    )
  group
    .command('pause')
    .description('asks the person what the request cannot do without')
    .argument('<reference>')
    .requiredOption('--for <kind>', 'identity, clarification or fee')
    .requiredOption('--question <text>', 'what you need to know, and why; the person reads it')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: By & { for: string; question: string }) =>
      withApp(io, options, async (app) => {
        const kind = parseWord('--for', options.for, ['identity', 'clarification', 'fee'])
        const actor = await actorNamed(app, options.by, 'request.work')
        const found = await act(app, actor, (ctx) =>
          pause(ctx, { reference, kind, question: options.question }, app.requests),
        )
        answer(io, options, { reference, ...found }, () =>
          found.waiting
            ? `${reference}: the clock waits for the answer`
            : `${reference}: asked; the clock runs on, due ${found.dueDate}`,
        )
      }),
    )
  group
    .command('resume')
    .description('the answer is there: the clock goes on')
    .argument('<reference>')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: By) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.work')
        const { dueDate } = await act(app, actor, (ctx) => resume(ctx, { reference }, app.requests))
        answer(io, options, { reference, dueDate }, () => `${reference}   due ${dueDate}`)
      }),
    )
}
