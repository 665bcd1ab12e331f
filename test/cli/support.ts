import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { lethe } from '../../src/cli/lethe.ts'
import { freshFolder } from '../support/ask.ts'
import { testDatabase, testKey } from '../support/database.ts'
import { policies, sampleStores } from '../support/desk.ts'

export interface Said {
  readonly status: number
  readonly out: string
  readonly err: string
  /** The one JSON document on stdout. */
  json<T = Record<string, unknown>>(): T
}

export interface CliDesk {
  readonly home: string
  /** A copy that a test may break. */
  readonly policies: string
  readonly env: Readonly<Record<string, string>>
  /** Runs `lethe` in this process, as a shell would in an empty folder. */
  run(
    argv: readonly string[],
    more?: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<Said>
  close(): Promise<void>
}

/** A data folder with the sample stores, a copy of the shipped policies, and a database of the project's dialect. */
export async function cliDesk(people = 60): Promise<CliDesk> {
  const home = dirname(await sampleStores(people))
  const copy = join(freshFolder(), 'policies')
  cpSync(policies, copy, { recursive: true })
  const test = await testDatabase()
  await test.db.close()
  const cwd = freshFolder()
  const env = {
    LETHE_HOME: home,
    LETHE_POLICIES: copy,
    LETHE_DATABASE_URL: test.url,
    LETHE_KEY: Buffer.from(testKey).toString('base64'),
  }
  return {
    home,
    policies: copy,
    env,
    run: (argv, more = {}) => say(argv, { cwd, env: { ...env, ...more.env }, stdin: more.stdin ?? '' }),
    close: () => test.close(),
  }
}

export async function say(
  argv: readonly string[],
  at: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly stdin?: string },
): Promise<Said> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const texts = Promise.all([text(stdout), text(stderr)])
  const status = await lethe(argv, {
    stdin: Readable.from([at.stdin ?? '']),
    stdout,
    stderr,
    env: at.env,
    cwd: at.cwd,
    isTerminal: false,
  })
  stdout.end()
  stderr.end()
  const [out, err] = await texts
  return { status, out, err, json: <T>() => JSON.parse(out) as T }
}

/** An empty folder that no desk has seen. */
export function emptyHome(): { cwd: string; env: Record<string, string> } {
  const cwd = freshFolder()
  mkdirSync(join(cwd, 'data'))
  return { cwd, env: { LETHE_HOME: join(cwd, 'data'), LETHE_POLICIES: policies } }
}

export const write = (path: string, content: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

export interface CliError {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string }
}
