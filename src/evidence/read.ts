import { readFile } from 'node:fs/promises'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import { LetheError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { readStamp } from './anchor/stamp.ts'

export interface ReadBundle {
  /** Not looked at yet: `checkEvidence` does. */
  readonly evidence: unknown
  readonly stamps: readonly ReadStamp[]
}

export interface ReadStamp {
  readonly file: string
  readonly size: number
  /** False when it is no time stamp, or one over another text than lies beside it. */
  readonly ok: boolean
  readonly stampedAt: Instant | null
  readonly text: string
}

const maxBytes = 256 * 1024 * 1024

/** Reads a bundle (ZIP), its evidence.json, or a page with evidence in it. Throws `invalid` for anything else. */
export async function readEvidence(path: string): Promise<ReadBundle> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new LetheError('invalid', `the file cannot be read (${cause.code ?? 'unknown'})`, {
      where: path,
      cause,
    })
  })
  try {
    if (bytes.subarray(0, 2).toString('latin1') === 'PK') return await readZip(bytes)
    return { evidence: evidenceIn(bytes.toString('utf8')), stamps: [] }
  } catch (cause) {
    throw new LetheError('invalid', 'this is no evidence', {
      where: path,
      cause,
      hint: 'Give a bundle as `lethe request evidence` writes it, its evidence.json, or a receipt.',
    })
  }
}

function evidenceIn(text: string): unknown {
  const inside = /<script type="application\/json" id="evidence">([^<]*)<\/script>/.exec(text)
  return JSON.parse(inside?.[1] ?? text)
}

async function readZip(bytes: Buffer): Promise<ReadBundle> {
  const reader = new ZipReader(new Uint8ArrayReader(new Uint8Array(bytes)), { useWebWorkers: false })
  const files = new Map<string, Buffer>()
  let total = 0
  for (const entry of await reader.getEntries()) {
    total += entry.uncompressedSize
    if (total > maxBytes) throw new LetheError('too_large', 'the bundle is larger than any evidence')
    if (entry.directory === false)
      files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())))
  }
  const evidence = files.get('evidence.json')
  if (!evidence) throw new LetheError('invalid', 'there is no evidence.json in it')
  const stamps = [...files].filter(([name]) => /^timestamps\/\d+-\w+\.tst$/.test(name))
  return {
    evidence: JSON.parse(evidence.toString('utf8')),
    stamps: stamps.map(([name, token]) => {
      const size = Number(/\d+/.exec(name)?.[0])
      return stampIn(name, size, token, files.get(`timestamps/${size}.txt`)?.toString('utf8') ?? '')
    }),
  }
}

function stampIn(file: string, size: number, token: Buffer, text: string): ReadStamp {
  try {
    const { isOf, stampedAt } = readStamp(token, text)
    return { file, size, ok: isOf, stampedAt, text }
  } catch {
    return { file, size, ok: false, stampedAt: null, text }
  }
}
