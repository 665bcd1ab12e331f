import { appendFile, chmod, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { z } from 'zod'
import { LetheError } from '../../base/errors.ts'
import { defineJob, type JobDefinition } from '../../ops/jobs/define.ts'
import type { Keys } from '../../ops/sealing.ts'
import { type ErasureLine, lineJobName, lineOf, sealOf } from './line.ts'

/**
 * `engine.erasure-line`: appends an erasure to the file beside the database (`erasures.jsonl`), for the day on which our own
 * database comes from a backup and has forgotten it. Written twice it says the same twice.
 */
export const lineJob = (deps: { readonly erasureFile?: string }): JobDefinition =>
  defineJob({
    name: lineJobName,
    input: z.object({ erasureId: z.string() }),
    maxAttempts: 20,
    steps: [
      {
        name: 'append',
        async run(run) {
          const line = await run.db.read((reader) => lineOf(reader, run.input.erasureId))
          if (line && deps.erasureFile !== undefined)
            await appendLines(deps.erasureFile, [
              JSON.stringify({ ...line, seal: sealOf(run.db.keys, line) }),
            ])
        },
      },
    ],
  })

/** On the disk when it answers. */
async function appendLines(path: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  const handle = await open(path, 'a', 0o600)
  try {
    // A line that a crash cut off must not take the next one with it.
    const begin = (await endsInside(path)) ? '\n' : ''
    await appendFile(handle, `${begin}${lines.join('\n')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await chmod(path, 0o600)
}

async function endsInside(path: string): Promise<boolean> {
  const { size } = await stat(path)
  if (size === 0) return false
  const handle = await open(path, 'r')
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
    return buffer[0] !== 0x0a
  } finally {
    await handle.close()
  }
}

/**
 * Reads such a file, and what an interrupted tidying left beside it. A line that a crash cut off is counted; one that is whole and
 * whose seal does not hold throws `invalid`: another key, or another hand.
 */
export async function readLines(
  path: string,
  keys: Keys,
): Promise<{ readonly lines: readonly ErasureLine[]; readonly cut: number }> {
  const texts = [...(await textsOf(oldOf(path))), ...(await textsOf(path))]
  if (texts.length === 0 && !(await exists(path)))
    throw new LetheError('invalid', `there is no file ${path}`, {
      hint: 'Give the erasures.jsonl of the data folder, or its copy.',
    })
  const lines: ErasureLine[] = []
  let cut = 0
  for (const [at, text] of texts.entries()) {
    const parsed = parsedLine(text)
    if (!parsed) {
      cut++
      continue
    }
    const { seal, ...line } = parsed
    if (line.v !== 1 || seal !== sealOf(keys, line))
      throw new LetheError('invalid', 'this line was written with another key, or changed since', {
        where: `${path}:${at + 1}`,
        hint: 'Start with the LETHE_KEY that it was written with, and with the file as it was written.',
      })
    lines.push(line)
  }
  return { lines, cut }
}

function parsedLine(text: string): (ErasureLine & { readonly seal: string }) | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null
      ? (value as ErasureLine & { readonly seal: string })
      : undefined
  } catch {
    return undefined
  }
}

const oldOf = (path: string): string => `${path}.old`
const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function textsOf(path: string): Promise<string[]> {
  if (!(await exists(path))) return []
  return (await readFile(path, 'utf8')).split('\n').filter((text) => text !== '')
}

/**
 * Takes lines out for which `isForgotten`. The file is put aside first, so that what others append meanwhile is not lost: 1. aside,
 * 2. what is kept is appended anew, 3. the old one goes. A crash between them leaves lines twice, which says the same.
 */
export async function tidyLines(path: string, isForgotten: (line: ErasureLine) => boolean): Promise<void> {
  const old = oldOf(path)
  if (!(await exists(old))) {
    const lines = (await textsOf(path)).map(parsedLine)
    if (!lines.some((line) => line && isForgotten(line))) return
    await rename(path, old)
  }
  const kept = (await textsOf(old)).filter((text) => {
    const line = parsedLine(text)
    return line && !isForgotten(line)
  })
  await appendLines(path, kept)
  await rm(old)
}
