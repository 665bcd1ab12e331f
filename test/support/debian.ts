import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { mustNotSkip } from './servers.ts'

/*
 * Schemas of products we did not write, from the Debian packages that carry them. A package is only unpacked, never installed,
 * and kept for the user between runs.
 */

/** The unpacked folder, or why there is none. */
export type Unpacked =
  | { readonly folder: string; readonly missing?: undefined }
  | { readonly folder?: undefined; readonly missing: string }

const wanted = {
  'request-tracker5': 'usr/share/request-tracker5/etc',
  'kamailio-mysql-modules': 'usr/share/kamailio/mysql',
} as const

/** Downloads and unpacks a package unless that was done before. What is missing is a reason to skip by, or an error where none may be skipped. */
export async function unpacked(name: keyof typeof wanted): Promise<Unpacked> {
  try {
    const cache = privateFolder()
    const folder = join(cache, name)
    if (!existsSync(folder)) await fetchInto(cache, name, folder)
    return { folder }
  } catch (error) {
    const missing = `the Debian package ${name} could not be had: ${reason(error)}`
    if (mustNotSkip)
      throw new Error(`${missing}; LETHE_TEST_NO_SKIP=1 wants every suite to run`, { cause: error })
    return { missing }
  }
}

/** The name can be guessed, so a folder that somebody else made there is not used. */
function privateFolder(): string {
  const folder = join(tmpdir(), `lethe-test-debian-${userInfo().uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== userInfo().uid) throw new Error(`${folder} is not ours`)
  chmodSync(folder, 0o700)
  return folder
}

/** Test files run in several processes: each works in a folder of its own, and the first to end gives its result the name. */
async function fetchInto(cache: string, name: keyof typeof wanted, folder: string): Promise<void> {
  const work = mkdtempSync(join(cache, 'work-'))
  try {
    await run('apt-get', ['download', '-q', name], work)
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb'))
    if (!file) throw new Error('apt-get left no file')
    await run('dpkg', ['-x', file, 'all'], work)
    try {
      renameSync(join(work, 'all', wanted[name]), folder)
    } catch (error) {
      if (!existsSync(folder)) throw error
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const run = (program: string, args: string[], cwd: string) =>
  promisify(execFile)(program, args, { cwd, timeout: 50_000, env: { ...process.env, LC_ALL: 'C.UTF-8' } })

function reason(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string }
  if (code === 'ENOENT') return 'this machine has no apt-get and dpkg'
  return /^E: (.*)$/m.exec(stderr ?? '')?.[1] ?? message.split('\n')[0] ?? 'unknown'
}
