import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { entries } from '../../ledger/list.ts'
import { verifyLedger } from '../../ledger/verify.ts'
import type { Base } from '../../app/app.ts'
import { answer, type Common, type Io, say, type Outcome } from '../io.ts'
import { look, withBase } from '../open.ts'

/** `lethe ledger`: the chain of what was done and why (Art. 5(2)). */
export function ledger(program: Command, io: Io, outcome: Outcome): void {
  const group = program.command('ledger').description('the chain of entries')
  group
    .command('verify')
    .description('finds any changed, removed or inserted entry; exit status 1 when there is one')
    .action((options: Common) => withBase(io, options, (base) => verify(io, options, base, outcome)))
  group
    .command('export')
    .description('every entry, oldest first, one JSON line each')
    .option('--out <file>', 'into a file instead of stdout')
    .action((options: Common & { readonly out?: string }) =>
      withBase(io, options, (base) => exportAll(io, options.out, base)),
    )
}

async function verify(io: Io, options: Common, base: Base, outcome: Outcome): Promise<void> {
  const found = await look(base, ({ reader }) => verifyLedger(reader))
  if (found.faults.length > 0) outcome.status = 1
  answer(io, options, { ok: found.faults.length === 0, ...found }, () =>
    found.faults.length === 0
      ? `${found.entries} entries, none changed, removed or inserted; head ${found.head}`
      : found.faults.map(({ seq, fault, message }) => `entry ${seq}: ${fault}: ${message}`).join('\n'),
  )
}

async function exportAll(io: Io, out: string | undefined, base: Base): Promise<void> {
  const count = await look(base, async ({ reader }) => {
    let lines = 0
    async function* text(): AsyncGenerator<string> {
      for await (const entry of entries(reader)) {
        lines++
        yield `${JSON.stringify(entry)}\n`
      }
    }
    const source = Readable.from(text())
    if (out !== undefined) await pipeline(source, createWriteStream(out, { mode: 0o600 }))
    // stdout outlives this command: it is written to and not ended.
    else await pipeline(source, io.stdout, { end: false })
    return lines
  })
  say(io, `${count} entries${out === undefined ? '' : ` in ${out}`}`)
}
