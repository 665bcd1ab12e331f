import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { LetheError } from '../base/errors.ts'

/** What the environment says, read once at the start and trusted after. */
export interface Config {
  /** Data folder, absolute. */
  readonly home: string
  /** Policies folder, absolute. */
  readonly policies: string
  /** `file:…` or `postgres://…`. */
  readonly databaseUrl: string
  /** Public address without a slash at the end. */
  readonly url: string
  readonly port: number
  /** How many proxies of our own stand in front, each of which adds to X-Forwarded-For; 0 is none. */
  readonly proxies: number
  /** `smtp://…`, `smtps://…` or `file:DIR`. */
  readonly mailUrl: string
  readonly mailFrom: string
  /** Master key, or `file:PATH`. */
  readonly key: string
  readonly keyMayBeMade: boolean
  readonly logLevel: string
  /** Where the ledger's checkpoints go outside the house. */
  readonly anchors: readonly Anchor[]
  /** For `${NAME}` in stores.yaml; LETHE_HOME and LETHE_POLICIES are filled in. */
  readonly env: Readonly<Record<string, string>>
}

/** `file:PATH` gets a line for each checkpoint; a mail address and a time-stamping authority (RFC 3161) the newest, once a day. */
export type Anchor =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'mail'; readonly to: string }
  | { readonly kind: 'stamp'; readonly url: string }

const known = [
  'LETHE_HOME',
  'LETHE_POLICIES',
  'LETHE_DATABASE_URL',
  'LETHE_URL',
  'LETHE_PROXIES',
  'LETHE_MAIL_URL',
  'LETHE_MAIL_FROM',
  'LETHE_KEY',
  'LETHE_LOG_LEVEL',
  'LETHE_ANCHOR',
] as const
const ours = (name: string): boolean => name.startsWith('LETHE_') && !/^LETHE_(TEST|STORE)_/.test(name)

/**
 * Reads the settings; throws `invalid` naming the variable for a bad value or a LETHE_ name that is none. Names that begin
 * with LETHE_STORE_ are free for secrets in stores.yaml.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): Config {
  for (const name of Object.keys(env))
    if (ours(name) && !(known as readonly string[]).includes(name))
      throw new LetheError('invalid', `${name} is not a setting of this service`, {
        hint: `Known are ${known.join(', ')}; secrets for stores.yaml may be called LETHE_STORE_….`,
      })
  const value = (name: string, fallback: string) => env[name]?.trim() || fallback
  const home = resolve(cwd, value('LETHE_HOME', './data'))
  const policies = resolve(cwd, value('LETHE_POLICIES', './policies'))
  const port = readPort(value('PORT', '8080'))
  const databaseUrl = readDatabaseUrl(value('LETHE_DATABASE_URL', `file:${join(home, 'lethe.db')}`), cwd)
  const url = readUrl(value('LETHE_URL', `http://localhost:${port}`))
  if (databaseUrl.startsWith('postgres') && !env['LETHE_KEY'])
    throw new LetheError('invalid', 'LETHE_KEY is not set', {
      hint: 'On PostgreSQL all replicas share one key: set LETHE_KEY to 32 bytes (openssl rand -base64 32) or file:PATH.',
    })
  return {
    home,
    policies,
    databaseUrl,
    url,
    port,
    proxies: readCount('LETHE_PROXIES', value('LETHE_PROXIES', '0'), 10),
    mailUrl: readMailUrl(value('LETHE_MAIL_URL', `file:${join(home, 'outbox')}`), cwd),
    mailFrom: value('LETHE_MAIL_FROM', `privacy@${new URL(url).hostname}`),
    key: value('LETHE_KEY', `file:${join(home, 'master.key')}`),
    keyMayBeMade: databaseUrl.startsWith('file:') && !existsSync(databaseUrl.slice('file:'.length)),
    logLevel: readLevel(value('LETHE_LOG_LEVEL', 'info')),
    anchors: readAnchors(value('LETHE_ANCHOR', ''), cwd),
    env: { ...defined(env), LETHE_HOME: home, LETHE_POLICIES: policies },
  }
}

const defined = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined))

function bad(name: string, found: string, hint: string): never {
  throw new LetheError('invalid', `${name}: ${found}`, { hint })
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    bad('PORT', `"${text}" is not a port`, 'Write a number from 0 to 65535.')
  return port
}

function readCount(name: string, text: string, most: number): number {
  if (!/^\d+$/.test(text) || Number(text) > most)
    bad(name, `"${text}" is not a count`, `Write a whole number from 0 to ${most}.`)
  return Number(text)
}

function readDatabaseUrl(text: string, cwd: string): string {
  if (text.startsWith('file:')) return `file:${absolute(text.slice(5), cwd)}`
  if (/^postgres(ql)?:\/\/[^\s]+$/.test(text)) return text
  return bad(
    'LETHE_DATABASE_URL',
    'is of no kind this service knows',
    'Write file:/path/lethe.db or postgres://user:password@host/database.',
  )
}

function readUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    bad(
      'LETHE_URL',
      `"${text}" is not a web address`,
      'Write https://privacy.example.org, as people reach it.',
    )
  return text.replace(/\/+$/, '')
}

function readMailUrl(text: string, cwd: string): string {
  if (text.startsWith('file:')) return `file:${absolute(text.slice(5), cwd)}`
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text))
    bad(
      'LETHE_MAIL_URL',
      'is no mail server and no folder',
      'Write smtp://user:password@host:587, smtps://… or file:DIR.',
    )
  return text
}

function readAnchors(text: string, cwd: string): Anchor[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '')
  return parts.map((part): Anchor => {
    if (part.startsWith('file:')) return { kind: 'file', path: absolute(part.slice(5), cwd) }
    const mail = /^mailto:([^\s@?]+@[^\s@?]+)$/.exec(part)
    if (mail) return { kind: 'mail', to: mail[1] as string }
    if (/^https?:\/\//.test(part) && URL.canParse(part)) return { kind: 'stamp', url: part }
    return bad(
      'LETHE_ANCHOR',
      'names an anchor of no kind this service knows',
      'Write file:/path/checkpoints.jsonl, mailto:auditor@example.org or the address of an RFC 3161 authority; several with commas.',
    )
  })
}

function readLevel(text: string): string {
  if (!['debug', 'info', 'warn', 'error', 'silent'].includes(text))
    bad('LETHE_LOG_LEVEL', `"${text}" is not a level`, 'Write debug, info, warn, error or silent.')
  return text
}

const absolute = (path: string, cwd: string): string => (isAbsolute(path) ? path : resolve(cwd, path))
