import type { Command } from 'commander'
import { z } from 'zod'
import type { App } from '../../../app/app.ts'
import { LetheError } from '../../../base/errors.ts'
import { readYaml } from '../../../base/yaml.ts'
import { approve, returnDecision } from '../../../requests/approve.ts'
import { decide, type NewDecision } from '../../../requests/decide.ts'
import { showRequest } from '../../../requests/show.ts'
import { answer, type Common, type Io } from '../../io.ts'
import { act, actorNamed, look, withApp } from '../../open.ts'

interface Decide extends Common {
  readonly grant?: boolean
  readonly refuse?: string
  readonly part?: string
  readonly reason?: string
  readonly by: string
}
interface Approve extends Common {
  readonly digest?: string
  readonly by: string
}

export function decideVerbs(group: Command, io: Io): void {
  group
    .command('decide')
    .description('grants, refuses or grants in part; a refusal goes out with its reasons')
    .argument('<reference>')
    .option('--grant', 'all of it')
    .option('--refuse <ground>', 'on a ground of the law; needs --reason')
    .option('--part <file>', 'YAML or JSON: {ground, reason, leaveOut: [dataset.collection]}')
    .option('--reason <text>', 'in words the person reads')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: Decide) =>
      withApp(io, options, async (app) => {
        const input = { reference, ...outcomeOf(options) }
        const actor = await actorNamed(app, options.by, 'request.decide')
        const { status } = await act(app, actor, (ctx) => decide(ctx, input, app.requests))
        answer(io, options, { reference, outcome: input.outcome, status }, () => `${reference} is ${status}`)
      }),
    )
  group
    .command('approve')
    .description('a second officer approves the plan of a granted erasure')
    .argument('<reference>')
    .option(
      '--digest <digest>',
      'of the plan that was looked at (see show); the one that stands now unless said',
    )
    .requiredOption('--by <name>', 'another officer than the one who decided')
    .action((reference: string, options: Approve) =>
      withApp(io, options, (app) => approveIt(io, reference, options, app)),
    )
  group
    .command('return')
    .description('a second officer sends a decision back to be made again')
    .argument('<reference>')
    .requiredOption('--reason <text>', 'what to look at again')
    .requiredOption('--by <name>', 'another officer than the one who decided')
    .action((reference: string, options: Common & { reason: string; by: string }) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.approve')
        await act(app, actor, (ctx) => returnDecision(ctx, { reference, reason: options.reason }))
        answer(io, options, { reference, returned: true }, () => `${reference} waits to be decided again`)
      }),
    )
}

async function approveIt(io: Io, reference: string, options: Approve, app: App): Promise<void> {
  const actor = await actorNamed(app, options.by, 'request.approve')
  const { plan } = await look(app, (ctx) => showRequest(ctx, { reference }))
  const digest = options.digest ?? plan?.digest ?? ''
  await act(app, actor, (ctx) => approve(ctx, { reference, digest }))
  const { status } = await look(app, (ctx) => showRequest(ctx, { reference }))
  answer(
    io,
    options,
    { reference, digest, status },
    () => `${reference} is ${status}; approved plan ${digest}`,
  )
}

const partFile = z.strictObject({
  ground: z.string().min(1),
  reason: z.string().min(1),
  leaveOut: z.array(z.string().min(1)).default([]),
})

/** Exactly one of the three; a part takes its ground and reason from its file, a refusal its reason from the option. */
function outcomeOf(options: Decide): Omit<NewDecision, 'reference'> {
  const { grant, refuse, part, reason } = options
  if ([grant, refuse, part].filter((one) => one !== undefined).length !== 1)
    throw new LetheError('invalid', 'a decision is one of --grant, --refuse and --part', {
      hint: 'Write for example --grant, or --refuse excessive --reason "…".',
    })
  if (refuse !== undefined) return { outcome: 'refuse', ground: refuse, reason }
  if (part === undefined) return { outcome: 'grant', reason }
  const said = readYaml(part, partFile).value
  return { outcome: 'part', ...said, reason: reason ?? said.reason }
}
