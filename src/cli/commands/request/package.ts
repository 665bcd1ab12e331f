import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import type { App } from '../../../app/app.ts'
import { LetheError } from '../../../base/errors.ts'
import { type HandOver, handOver, type OpenedPackage, openPackage } from '../../../export/open-package.ts'
import { sealForRecipient } from '../../../export/seal-for-recipient.ts'
import { sealWithPassphrase } from '../../../export/seal-with-passphrase.ts'
import { showRequest } from '../../../requests/show.ts'
import { answer, type Common, type Io } from '../../io.ts'
import { act, actorOrOperator, look, withApp } from '../../open.ts'
import { lineOf } from '../user.ts'

interface Options extends Common {
  readonly out: string
  readonly passphraseFile?: string
  readonly age?: string
  readonly by?: string
}

/** `lethe request package`: the export as a file, plain or sealed once more for another way of handing it over. */
export function takePackage(group: Command, io: Io): void {
  group
    .command('package')
    .description('the export as ZIP, for handing over')
    .argument('<reference>')
    .requiredOption('--out <file>', 'where to; only its owner can read it')
    .option('--passphrase-file <file>', 'seals it as AES-256 ZIP with the first line of this file')
    .option('--age <recipient>', 'seals it as an age file for this recipient')
    .option('--by <name>', 'the officer who hands it over')
    .action((reference: string, options: Options) =>
      withApp(io, options, (app) => take(io, reference, options, app)),
    )
}

async function take(io: Io, reference: string, options: Options, app: App): Promise<void> {
  const { passphraseFile, age } = options
  if (passphraseFile !== undefined && age !== undefined)
    throw new LetheError('invalid', '--passphrase-file and --age exclude each other', {
      hint: 'Give one of them.',
    })
  const passphrase = passphraseFile === undefined ? undefined : lineOf(resolve(io.cwd, passphraseFile))
  const out = await placeFor(io, options.out)
  const actor = await actorOrOperator(app, options.by, 'request.work')
  const file = await look(app, (ctx) => showRequest(ctx, { reference }))
  if (!file.package)
    throw new LetheError('conflict', `the request is "${file.status}" and has no package`, {
      hint: 'A package is there when an access request was granted and worked: lethe work --until-idle.',
    })
  const place = { folder: app.packages, id: file.package.id }
  const how: HandOver = passphrase !== undefined ? 'passphrase' : age !== undefined ? 'recipient' : 'download'
  const opened = await look(app, ({ reader }) => openPackage(reader, place))
  // A passphrase or recipient that is none is refused here, before the ledger says that something left the house.
  const source = await sealed(opened, passphrase, age)
  try {
    await act(app, actor, (ctx) => handOver(ctx, { ...place, how }))
    await write(source, out)
  } finally {
    source.destroy()
  }
  const { size } = await stat(out)
  const shown = { reference: file.reference, file: out, bytes: size, sealed: how, sha256: opened.sha256 }
  answer(
    io,
    options,
    shown,
    () => `${out}   ${size} bytes${how === 'download' ? `, sha256 ${opened.sha256}` : ''}`,
  )
}

function sealed(
  opened: OpenedPackage,
  passphrase: string | undefined,
  age: string | undefined,
): Promise<Readable> {
  if (passphrase !== undefined) return sealWithPassphrase(opened, passphrase)
  return age !== undefined ? sealForRecipient(opened, age) : opened.stream()
}

/** Looked at before the hand-over is written down. */
async function placeFor(io: Io, path: string): Promise<string> {
  const out = resolve(io.cwd, path)
  const folder = await stat(dirname(out)).catch(() => undefined)
  if (!folder?.isDirectory())
    throw new LetheError('invalid', `--out: there is no folder ${dirname(out)}`, {
      hint: 'Make it, or write elsewhere.',
    })
  return out
}

/** Appears whole or not at all. */
async function write(source: Readable, out: string): Promise<void> {
  const part = `${out}.part`
  try {
    await rm(part, { force: true })
    await pipeline(source, createWriteStream(part, { mode: 0o600, flags: 'wx' }))
    await rename(part, out)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
