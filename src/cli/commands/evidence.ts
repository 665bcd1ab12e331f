import { resolve } from 'node:path'
import type { Command } from 'commander'
import { LetheError } from '../../base/errors.ts'
import { readAnchorFile } from '../../evidence/anchor/file.ts'
import type { Checked, Evidence } from '../../evidence/model.ts'
import { checkEvidence } from '../../evidence/page/check.mjs'
import { en } from '../../evidence/page/texts.ts'
import { type ReadStamp, readEvidence } from '../../evidence/read.ts'
import { answer, type Common, type Io, type Outcome } from '../io.ts'
import { collect } from '../parse.ts'

interface Options extends Common {
  readonly key?: readonly string[]
  readonly known?: readonly string[]
}

/** `lethe evidence FILE`: checks a bundle or a receipt offline, without the service and its data folder. */
export function evidence(program: Command, io: Io, outcome: Outcome): void {
  program
    .command('evidence')
    .description('verifies an evidence bundle or a receipt, offline; exit status 1 when it does not hold')
    .argument('<file>')
    .option(
      '--key <fingerprint>',
      'of the signing key, as you had it another way; may be given again',
      collect,
    )
    .option('--known <file>', 'checkpoints kept from before, one a line; may be given again', collect)
    .action((file: string, options: Options) => verify(io, file, options, outcome))
}

async function verify(io: Io, file: string, options: Options, outcome: Outcome): Promise<void> {
  const trusted = (options.key ?? []).map(readFingerprint)
  const kept = (options.known ?? []).map((path) => readAnchorFile(resolve(io.cwd, path)))
  const known = (await Promise.all(kept)).flat()
  const read = await readEvidence(resolve(io.cwd, file))
  const checked = await checkEvidence(read.evidence, { trusted, known })
  const texts = new Set(textsOf(checked, read.evidence))
  const stamps = read.stamps.map((stamp) => ({ ...stamp, ok: stamp.ok && texts.has(stamp.text) }))
  const ok = checked.ok && stamps.every((stamp) => stamp.ok)
  if (!ok) outcome.status = 1
  const shown = { ...checked, ok, stamps: stamps.map(({ text: _, ...one }) => one), limits: en.cannot }
  answer(io, options, shown, () => wordsOf({ ...checked, ok }, stamps))
}

function readFingerprint(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  throw new LetheError('invalid', '--key: this is no fingerprint', {
    hint: 'Give the 64 hexadecimal digits that `lethe ledger key` shows.',
  })
}

/** Only of what has the form of evidence; of anything else nothing is said. */
const textsOf = ({ checks }: Checked, evidence: unknown): string[] =>
  checks.some(({ name, ok }) => name === 'form' && ok)
    ? (evidence as Evidence).checkpoints.map((one) => one.text)
    : []

/** What stands in a file of somebody else must not write lines of its own into our verdict, nor move the cursor over it. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')

function wordsOf(checked: Checked, stamps: readonly ReadStamp[]): string {
  const { facts } = checked
  const verdict = !checked.ok ? en.broken : checked.trust === 'proved' ? en.holds : en.holdsUnasked
  return [
    verdict,
    '',
    ...checked.checks.map(
      ({ name, ok, where }) => `  ${ok ? 'ok ' : 'NO '} ${en.checks[name]}${where ? `: ${where}` : ''}`,
    ),
    ...stamps.map(
      ({ file, ok, stampedAt }) =>
        `  ${ok ? 'ok ' : 'NO '} ${file}: stamped ${stampedAt ?? '?'}; check whose it is: openssl ts -verify -token_in -in FILE.tst -data FILE.txt -CAfile …`,
    ),
    ...(facts
      ? [
          '',
          plain(`${facts.subject}, from ${facts.issuer.name} (${facts.issuer.url}), made ${facts.at}`),
          `checkpoint ${facts.checkpoint.size} of ${facts.checkpoint.at}`,
          `key ${facts.fingerprints.join(' → ')}`,
          ...facts.entries.map(
            (one) => `  ${one.seq}  ${one.at}  ${plain(one.type)}  (there by ${one.coveredAt} at the latest)`,
          ),
        ]
      : []),
    '',
    `${en.limits}:`,
    ...en.cannot.map((one) => `  - ${one}`),
  ].join('\n')
}
