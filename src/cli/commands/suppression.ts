import type { Command } from 'commander'
import type { App } from '../../app/app.ts'
import { LetheError } from '../../base/errors.ts'
import { normalise } from '../../base/identity.ts'
import { suppressionsOf } from '../../engine/run/suppressions.ts'
import { answer, type Common, type Io, type Outcome } from '../io.ts'
import { look, withApp } from '../open.ts'

interface Options extends Common {
  readonly list?: string
}

/** `lethe suppression`: for importers, before they create or mail an address again. */
export function suppression(program: Command, io: Io, outcome: Outcome): void {
  program
    .command('suppression')
    .description('addresses that may not come back')
    .command('check')
    .description('may this address be created or mailed again? 0 yes, 1 no')
    .argument('<value>', 'an e-mail address or phone number in any spelling')
    .option('--list <name>', 'only this list')
    .action((value: string, options: Options) =>
      withApp(io, options, (app) => check(io, value, options, app, outcome)),
    )
}

async function check(io: Io, value: string, options: Options, app: App, outcome: Outcome): Promise<void> {
  const policies = [...app.stores.keys()].map((name) => app.engine.policyOf(name))
  const kind = value.includes('@') ? 'email' : 'phone'
  if (!policies.some((policy) => normalise(kind, value, policy) !== undefined))
    throw new LetheError('invalid', 'this is neither an e-mail address nor a phone number', {
      hint: 'Write ann@example.org or +31612345678.',
    })
  const found = await look(app, ({ reader }) =>
    suppressionsOf(reader, { kind, value, list: options.list }, policies),
  )
  if (found.length > 0) outcome.status = 1
  answer(io, options, { allowed: found.length === 0, kind, suppressed: found }, () =>
    found.length === 0
      ? 'yes, it may'
      : found.map(({ list, since }) => `no: on the list ${list} since ${since}`).join('\n'),
  )
}
