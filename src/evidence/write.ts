import { Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import type { Reader } from '../ops/db/database.ts'
import { readCheckpoint } from '../ledger/checkpoint.ts'
import type { Evidence } from './model.ts'
import { verifierPage } from './page/build.ts'
import { stampsOf } from './stamps.ts'

/**
 * The bundle: `evidence.json`, `verify.html` with the same evidence in it, and what outside authorities stamped (`timestamps/`), each
 * beside the text that they stamped.
 */
export async function writeBundle(
  reader: Reader,
  input: { readonly evidence: Evidence; readonly language: string },
): Promise<Uint8Array> {
  const { evidence } = input
  const texts = new Map(evidence.checkpoints.map((one) => [readCheckpoint(one).size, one.text]))
  const files = new Map<string, string | Uint8Array>([
    ['evidence.json', `${JSON.stringify(evidence, null, 2)}\n`],
    ['verify.html', verifierPage(input).html],
  ])
  for (const { size, authority, token } of await stampsOf(reader, [...texts.keys()])) {
    files.set(`timestamps/${size}.txt`, texts.get(size) ?? '')
    files.set(`timestamps/${size}-${authority}.tst`, token)
  }
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false })
  for (const [name, content] of files) await zip.add(name, streamOf(content))
  return zip.close()
}

const streamOf = (content: string | Uint8Array): ReadableStream<Uint8Array> =>
  new Blob([typeof content === 'string' ? content : new Uint8Array(content)]).stream()
