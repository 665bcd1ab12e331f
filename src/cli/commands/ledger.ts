import { createWriteStream, existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { readAnchorFile } from '../../evidence/anchor/file.ts'
import type { Base } from '../../app/app.ts'
import { LetheError } from '../../base/errors.ts'
import { checkpoint, checkpoints, readCheckpoint } from '../../ledger/checkpoint.ts'
import { exportEntries } from '../../ledger/export.ts'
import { publicKeys, rotateKey } from '../../ledger/signing.ts'
import { verifyLedger } from '../../ledger/verify.ts'
import { answer, type Common, type Io, say, type Outcome } from '../io.ts'
import { act, actorNamed, look, operator, withBase } from '../open.ts'
import { collect } from '../parse.ts'

interface Verify extends Common {
  readonly anchor?: readonly string[]
}

/** `lethe ledger`: the chain of what was done and why (Art. 5(2)). */
export function ledger(program: Command, io: Io, outcome: Outcome): void {
  const group = program.command('ledger').description('the chain of entries')
  group
    .command('verify')
    .description(
      'finds where the ledger is not what was written and signed; exit status 1 when it is somewhere',
    )
    .option('--anchor <file>', 'checkpoints that somebody kept, one a line; may be given again', collect)
    .action((options: Verify) => withBase(io, options, (base) => verify(io, options, base, outcome)))
  group
    .command('export')
    .description('every entry, oldest first, one JSON line each, with its proof')
    .option('--out <file>', 'into a file instead of stdout')
    .action((options: Common & { readonly out?: string }) =>
      withBase(io, options, (base) => exportAll(io, options.out, base)),
    )
  group
    .command('checkpoints')
    .description('every signed checkpoint, oldest first, one JSON line each')
    .action((options: Common) =>
      withBase(io, options, async (base) => {
        for (const { text, signature } of await look(base, ({ reader }) => checkpoints(reader)))
          io.stdout.write(`${JSON.stringify({ text, signature })}\n`)
      }),
    )
  group
    .command('checkpoint')
    .description('signs how the ledger stands now, as the schedule does every hour')
    .action((options: Common) => withBase(io, options, (base) => signNow(io, options, base)))
  keyCommands(group, io)
}

function keyCommands(group: Command, io: Io): void {
  group
    .command('key')
    .description('the public signing keys, the one in force last')
    .action((options: Common) =>
      withBase(io, options, async (base) => {
        const keys = await look(base, ({ reader }) => publicKeys(reader))
        const shown = keys.map((one) => ({ fingerprint: one.key, pem: pemOf(one.publicKey), ...one }))
        answer(io, options, { keys: shown }, () =>
          shown.map(({ fingerprint, pem }) => `${fingerprint}\n${pem}`).join('\n\n'),
        )
      }),
    )
  group
    .command('rotate-key')
    .description('makes a new signing key; the old one signs for it and is destroyed')
    .requiredOption('--by <name>', 'the admin who does it')
    .action((options: Common & { readonly by: string }) =>
      withBase(io, options, async (base) => {
        const actor = await actorNamed(base, options.by, 'officer.manage')
        const made = await act(base, actor, async (ctx) => {
          const key = await rotateKey(ctx)
          await checkpoint(ctx)
          return key
        })
        answer(io, options, made, () => `signs from now on: ${made.fingerprint}`)
      }),
    )
}

const pemOf = (spki: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${Buffer.from(spki, 'hex').toString('base64')}\n-----END PUBLIC KEY-----`

async function verify(io: Io, options: Verify, base: Base, outcome: Outcome): Promise<void> {
  const own = base.config.anchors.flatMap((one) =>
    one.kind === 'file' && existsSync(one.path) ? one.path : [],
  )
  const files = [...own, ...(options.anchor ?? []).map((path) => resolve(io.cwd, path))]
  const known = (await Promise.all(files.map(readAnchorFile))).flat()
  const found = await look(base, ({ reader }) => verifyLedger(reader, { known }))
  if (found.faults.length > 0) outcome.status = 1
  const ok = found.faults.length === 0
  answer(io, options, { ok, ...found, anchors: known.length }, () =>
    ok
      ? [
          `${found.entries} entries, none changed, removed or inserted; head ${found.head}`,
          `${found.checkpoints} checkpoints, signed; ${found.uncovered} entries since the last one`,
          ...(found.forgotten > 0 ? [`${found.forgotten} entries forgotten, as the ledger says`] : []),
          known.length > 0
            ? `${known.length} checkpoints kept outside agree`
            : 'no checkpoint kept outside was compared: --anchor FILE, or LETHE_ANCHOR',
        ].join('\n')
      : found.faults.map(({ seq, fault, message }) => `entry ${seq}: ${fault}: ${message}`).join('\n'),
  )
}

async function signNow(io: Io, options: Common, base: Base): Promise<void> {
  const made = await act(base, operator, checkpoint)
  const { size, at, root } = readCheckpoint(made)
  answer(io, options, made, () => `${size} entries at ${at}, root ${root}`)
}

async function intoFile(io: Io, out: string, source: Readable): Promise<void> {
  const path = resolve(io.cwd, out)
  await pipeline(source, createWriteStream(path, { mode: 0o600 })).catch((cause: NodeJS.ErrnoException) => {
    if (cause.path !== path) throw cause
    throw new LetheError('invalid', `--out: ${path} cannot be written (${cause.code ?? 'unknown'})`, {
      cause,
      hint: 'Name a file in a folder that is there.',
    })
  })
}

async function exportAll(io: Io, out: string | undefined, base: Base): Promise<void> {
  // Proofs want a checkpoint over all of it.
  const upTo = await act(base, operator, checkpoint)
  const count = await look(base, async ({ reader }) => {
    let lines = 0
    async function* text(): AsyncGenerator<string> {
      for await (const entry of exportEntries(reader, upTo)) {
        lines++
        yield `${JSON.stringify(entry)}\n`
      }
    }
    const source = Readable.from(text())
    if (out !== undefined) await intoFile(io, out, source)
    // stdout outlives this command: it is written to and not ended.
    else await pipeline(source, io.stdout, { end: false })
    return lines
  })
  say(io, `${count} entries${out === undefined ? '' : ` in ${out}`}`)
}
