import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { App } from '../../../app/app.ts'
import { LetheError } from '../../../base/errors.ts'
import { gatherEvidence } from '../../../evidence/gather.ts'
import { verifierPage } from '../../../evidence/page/build.ts'
import { writeBundle } from '../../../evidence/write.ts'
import { forgetEvidence } from '../../../requests/forget-evidence.ts'
import { showRequest } from '../../../requests/show.ts'
import { answer, type Common, type Io } from '../../io.ts'
import { act, actorNamed, look, operator, withApp, withBase } from '../../open.ts'

interface Options extends Common {
  readonly out: string
  readonly receipt?: boolean
}

/** `lethe request evidence`, `forget`: what the ledger says of a request, to hand over or to destroy. */
export function evidenceVerbs(group: Command, io: Io): void {
  group
    .command('evidence')
    .description('what the ledger says of a request, with proofs: a ZIP with a page that verifies it offline')
    .argument('<reference>')
    .requiredOption('--out <file>', 'where to; .json for the evidence alone, .html for the page alone')
    .option('--receipt', 'one entry only, what was done: what the person is given')
    .action((reference: string, options: Options) =>
      withApp(io, options, (app) => take(io, reference, options, app)),
    )
  group
    .command('forget')
    .description('destroys what the ledger says of a closed request; chain and proofs go on verifying')
    .argument('<reference>')
    .requiredOption('--by <name>', 'the admin who does it')
    .action((reference: string, options: Common & { readonly by: string }) =>
      withBase(io, options, async (base) => {
        const actor = await actorNamed(base, options.by, 'officer.manage')
        const done = await act(base, actor, (ctx) => forgetEvidence(ctx, { reference }))
        answer(io, options, { reference, ...done }, () => `${done.entries} entries forgotten`)
      }),
    )
}

async function take(io: Io, reference: string, options: Options, app: App): Promise<void> {
  const file = await look(app, (ctx) => showRequest(ctx, { reference }))
  const out = resolve(io.cwd, options.out)
  const evidence = await act(app, operator, (ctx) =>
    gatherEvidence(ctx, {
      subject: `request:${file.reference}`,
      scope: options.receipt ? 'receipt' : 'request',
      issuer: { name: app.company.name, url: app.config.url },
    }),
  )
  const input = { evidence, language: file.language }
  const content = out.endsWith('.json')
    ? `${JSON.stringify(evidence, null, 2)}\n`
    : out.endsWith('.html')
      ? verifierPage(input).html
      : await look(app, ({ reader }) => writeBundle(reader, input))
  await writeFile(out, content, { mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    throw new LetheError('invalid', `--out: ${out} cannot be written (${cause.code ?? 'unknown'})`, {
      cause,
      hint: 'Name a file in a folder that is there.',
    })
  })
  const shown = { reference: file.reference, file: out, entries: evidence.entries.length }
  answer(
    io,
    options,
    shown,
    () => `${out}   ${shown.entries} entries; verify it: lethe evidence ${options.out}`,
  )
}
