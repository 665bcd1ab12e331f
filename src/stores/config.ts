import { dirname, resolve } from 'node:path'
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max'
import { z } from 'zod'
import { isLetheError } from '../base/errors.ts'
import { normalise } from '../base/identity.ts'
import { parseTimeZone, type TimeZone } from '../base/instant.ts'
import { type Path, readYaml } from '../base/yaml.ts'
import type { Access, Canary, StoreKind } from './port.ts'

/** One store of `policies/stores.yaml`, ready to be opened. */
export interface StoreConfig {
  readonly name: string
  readonly kind: StoreKind
  /** `file:/absolute/path`, `postgres://…`, `mysql://…`; may hold a password: never in a log or a message. */
  readonly url: string
  /** Its data map, an absolute path. */
  readonly map: string
  /** Folder of the media its rows point at, an absolute path. */
  readonly files: string | undefined
  /** For phone numbers written without a country code. */
  readonly country: CountryCode | undefined
  readonly plusAddressing: 'distinct' | 'same'
  /** Our own lines and mailboxes, in normal form. */
  readonly ours: ReadonlySet<string>
  /** Digits dialled for an outside line. */
  readonly outsideLine: readonly string[]
  readonly access: Access
  /** A record that must always be seen. */
  readonly canary: Canary | undefined
  /** Of the wall-clock times in its columns without a zone. */
  readonly timezone: TimeZone
  /** `policies/stores.yaml:3:1`. */
  readonly where: string
}

type Environment = Readonly<Record<string, string | undefined>>

const storeSchema = z
  .strictObject({
    kind: z.enum(['sqlite', 'postgres', 'mysql']).describe('What the store is; `mysql` is MariaDB too.'),
    url: z
      .string()
      .min(1)
      .describe(
        '`file:PATH` (from the folder of this file), `postgres://…` or `mysql://…`; secrets as ${NAME} from the environment.',
      ),
    map: z.string().min(1).describe('Its data map, from the folder of this file: `datamap/tickets.yaml`.'),
    files: z.string().min(1).optional().describe('Folder of the media its rows point at.'),
    country: z.string().optional().describe('ISO 3166 code, for phone numbers without a country code: `NL`.'),
    plusAddressing: z
      .enum(['distinct', 'same'])
      .optional()
      .describe('Whether ann+news@x is ann@x; `distinct` unless said.'),
    ours: z
      .array(z.string().min(1))
      .optional()
      .describe('Our own lines and mailboxes, which are nobody’s: `+31201234567`, `info@us.example`.'),
    outsideLine: z
      .array(
        z.string().regex(/^[\d*#]{1,4}$/, 'is dialled for an outside line: one to four digits, such as 9'),
      )
      .optional()
      .describe('Digits dialled before a number to get an outside line.'),
    access: z
      .enum(['read', 'write'])
      .optional()
      .describe(
        '`read`: Lethe never writes there; what must be erased is a task for a person. `write` unless said.',
      ),
    canary: z
      .strictObject({
        table: z.string().min(1),
        column: z.string().min(1),
        value: z.string().min(1),
      })
      .optional()
      .describe('A record that the account must always see, or no search is believed: one made for this.'),
    timezone: z.string().optional().describe('IANA zone of times without a zone; `UTC` unless said.'),
  })
  .meta({ id: 'store' })

export const storesSchema = z.record(
  z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/, 'a store is called by small letters, digits, - and _, such as `tickets`'),
  storeSchema,
)

type Raw = z.infer<typeof storeSchema>
interface Problem {
  readonly path: Path
  readonly message: string
}

/**
 * Reads stores.yaml; `${NAME}` is taken from `env`, and inside the user or password of a url it may hold any character.
 * Throws `invalid` with every problem and its line: an unknown key, a variable that is not set, a password in the file.
 */
export function readStores(path: string, env: Environment): readonly StoreConfig[] {
  const yaml = readYaml(path, storesSchema)
  const folder = dirname(resolve(path))
  const problems: Problem[] = []
  const configs = Object.entries(yaml.value).map(([name, raw]) =>
    configOf(name, raw, {
      folder,
      env,
      where: yaml.atKey([name]),
      problem: (key, message) => problems.push({ path: [name, key], message }),
    }),
  )
  yaml.refuse(problems)
  return configs
}

interface Reading {
  readonly folder: string
  readonly env: Environment
  readonly where: string
  readonly problem: (key: keyof Raw, message: string) => void
}

function configOf(name: string, raw: Raw, reading: Reading): StoreConfig {
  const place = (key: 'map' | 'files', text: string) => resolve(reading.folder, filled(text, key, reading))
  const country = countryOf(raw.country, reading)
  return {
    name,
    kind: raw.kind,
    url: urlOf(raw, reading),
    map: place('map', raw.map),
    files: raw.files === undefined ? undefined : place('files', raw.files),
    country,
    plusAddressing: raw.plusAddressing ?? 'distinct',
    ours: new Set((raw.ours ?? []).map((one) => ourOwn(one, country, reading))),
    outsideLine: raw.outsideLine ?? [],
    access: raw.access ?? 'write',
    canary: raw.canary,
    timezone: zoneOf(raw.timezone ?? 'UTC', reading),
    where: reading.where,
  }
}

const protocols: Readonly<Record<StoreKind, RegExp>> = {
  sqlite: /^file:/,
  postgres: /^postgres(ql)?:\/\//,
  mysql: /^(mysql|mariadb):\/\//,
}
const examples: Readonly<Record<StoreKind, string>> = {
  sqlite: 'file:../data/tickets.db',
  postgres: 'postgres://lethe:${TICKETS_PASSWORD}@host/database',
  mysql: 'mysql://lethe:${CALLS_PASSWORD}@host/database',
}

function urlOf(raw: Raw, reading: Reading): string {
  const { kind, url } = raw
  if (holdsSecret(url)) {
    reading.problem(
      'url',
      `a password stands in the file; put it in the environment and write ${examples[kind]}`,
    )
    return url
  }
  const userinfo = /^[a-z]+:\/\/[^/]*@/i.exec(url)?.[0] ?? ''
  const full =
    filled(userinfo, 'url', reading, encodeURIComponent) + filled(url.slice(userinfo.length), 'url', reading)
  if (full.includes('${')) return full
  if (!protocols[kind].test(full))
    reading.problem('url', `is no url of a ${kind} store; write for example ${examples[kind]}`)
  else if (kind !== 'sqlite' && !URL.canParse(full))
    reading.problem('url', `cannot be read as a url; write for example ${examples[kind]}`)
  else if (kind === 'mysql' && new URL(full).pathname.length < 2)
    reading.problem('url', `names no database; write for example ${examples[kind]}`)
  if (kind === 'sqlite') return `file:${resolve(reading.folder, full.replace(/^file:(\/\/)?/, ''))}`
  return full.replace(/^mariadb:/, 'mysql:')
}

/** True when what stands for a password is anything but a variable: after the user's colon, or as a parameter. */
function holdsSecret(url: string): boolean {
  const password = /^[a-z]+:\/\/(?:[^:/@]|\$\{[^}]*\})*:(.*)@[^@]*$/i.exec(url)?.[1]
  const parameters = [...url.matchAll(/[?&](?:ssl)?pass(?:word|wd|phrase)?=([^&]*)/gi)].map((m) => m[1])
  return [password, ...parameters].some(
    (secret) => secret !== undefined && secret.replace(/\$\{\w+\}/g, '') !== '',
  )
}

/** Puts the environment's values in; what is not set is reported and left standing. */
function filled(
  text: string,
  key: keyof Raw,
  { env, problem }: Reading,
  encode = (value: string) => value,
): string {
  return text.replace(/\$\{([^}]*)\}/g, (all, name: string) => {
    const value = env[name]
    if (value !== undefined && value !== '') return encode(value)
    problem(
      key,
      `\${${name}} is not set in the environment; set it, or write the value here if it is no secret`,
    )
    return all
  })
}

function countryOf(text: string | undefined, { problem }: Reading): CountryCode | undefined {
  if (text === undefined || isSupportedCountry(text)) return text
  problem('country', `"${text}" is no country; write its two capital letters, such as NL`)
  return undefined
}

function ourOwn(text: string, country: CountryCode | undefined, { problem }: Reading): string {
  const normal = normalise('email', text) ?? normalise('phone', text, { country })
  if (normal === undefined)
    problem('ours', `"${text}" is neither an e-mail address nor a number; write it as +31201234567`)
  return normal ?? text
}

function zoneOf(text: string, { problem }: Reading): TimeZone {
  try {
    return parseTimeZone(text)
  } catch (error) {
    if (!isLetheError(error)) throw error
    problem('timezone', `${error.message}; ${error.hint ?? ''}`)
    return 'UTC' as TimeZone
  }
}
