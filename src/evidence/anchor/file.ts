import { constants } from 'node:fs'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LetheError } from '../../base/errors.ts'
import { type Checkpoint, checkpoints, readCheckpoint } from '../../ledger/checkpoint.ts'
import type { Database } from '../../ops/db/database.ts'

/**
 * Appends a line for every checkpoint that the file does not have: `{"text", "signature"}`. The file itself says how far it is, so a
 * crash leaves at most a torn last line, which is written again. Put it where the service's administrators cannot change it.
 */
export async function anchorToFile(db: Database, path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true })
  const before = await readFile(path, 'utf8').catch(absent)
  const last = parseLines(before).at(-1)
  const from = last ? readCheckpoint(last).size + 1 : 1
  const fresh = await db.read((reader) => checkpoints(reader, { from }))
  if (fresh.length === 0) return 0
  const lines = fresh.map(({ text, signature }) => `${JSON.stringify({ text, signature })}\n`)
  const torn = before !== '' && !before.endsWith('\n') ? '\n' : ''
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o644)
  try {
    await file.appendFile(torn + lines.join(''))
    await file.sync()
  } finally {
    await file.close()
  }
  return fresh.length
}

/** The checkpoints somebody kept in a file, one a line. Throws `invalid`, naming the line, for one that is none. */
export async function readAnchorFile(path: string): Promise<Checkpoint[]> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new LetheError('invalid', `the file of checkpoints cannot be read (${cause.code ?? 'unknown'})`, {
      where: path,
      cause,
    })
  })
  return parseLines(text, path)
}

/** Without a name, and where it is a torn end, written again on the next line or not, what is no checkpoint is passed over. */
function parseLines(text: string, path?: string): Checkpoint[] {
  const lines = text.split('\n')
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return []
    const found = checkpointIn(line)
    if (found) return [found]
    const isTorn = i === lines.length - 1 || (lines[i + 1] as string).startsWith(line)
    if (path === undefined || isTorn) return []
    throw new LetheError('invalid', 'this line is no checkpoint', {
      where: `${path}:${i + 1}`,
      hint: 'Every line is {"text":"…","signature":"…"}, as `lethe ledger checkpoints` writes them.',
    })
  })
}

function checkpointIn(line: string): Checkpoint | undefined {
  try {
    const { text, signature } = JSON.parse(line) as Record<string, unknown>
    if (typeof text !== 'string' || typeof signature !== 'string') return undefined
    const { size } = JSON.parse(text) as { size?: unknown }
    return Number.isSafeInteger(size) ? { text, signature } : undefined
  } catch {
    return undefined
  }
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}
