import type { App, Base } from '../app/app.ts'
import { openBase } from '../app/base.ts'
import { type Actor, system } from '../base/actor.ts'
import { isLetheError, LetheError } from '../base/errors.ts'
import { type Officer, officerByName, listOfficers } from '../officers/officer.ts'
import { type Action, may } from '../officers/roles.ts'
import { type Config, readConfig } from '../ops/config.ts'
import type { Ctx, ReadCtx } from '../ops/db/database.ts'
import { type Log, openLog } from '../ops/log.ts'
import type { Common, Io } from './io.ts'

/** The environment's settings, with what was said on the command line in front of them. */
export const configOf = (io: Io, options: Common): Config =>
  readConfig(
    {
      ...io.env,
      ...(options.home === undefined ? {} : { LETHE_HOME: options.home }),
      ...(options.policies === undefined ? {} : { LETHE_POLICIES: options.policies }),
    },
    io.cwd,
  )

/** A command says little: warnings and errors, unless LETHE_LOG_LEVEL wants more. */
export const logOf = (io: Io, config: Config): Log =>
  openLog(io.env['LETHE_LOG_LEVEL'] ? config.logLevel : 'warn', {
    write: (line: string) => void io.stderr.write(line),
  })

/** Opens the service's own database for one command and closes it after. */
export async function withBase<T>(io: Io, options: Common, work: (base: Base) => Promise<T>): Promise<T> {
  const config = configOf(io, options)
  return closing(await reached(() => openBase(config, { log: logOf(io, config) })), work)
}

/** Opens everything, policies and stores included, for one command and closes it after. */
export async function withApp<T>(io: Io, options: Common, work: (app: App) => Promise<T>): Promise<T> {
  const config = configOf(io, options)
  // Loaded here only: a command that needs no policies starts without stores, engine and export.
  const { openApp } = await import('../app/open.ts')
  return closing(await reached(() => openApp(config, { log: logOf(io, config) })), work)
}

async function closing<B extends Base, T>(base: B, work: (base: B) => Promise<T>): Promise<T> {
  try {
    return await work(base)
  } finally {
    await base.close()
  }
}

export async function reached<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const code = isLetheError(error) ? undefined : codeOf(error)
    if (code === undefined) throw error
    if (connection.test(code))
      throw new LetheError('unavailable', 'the database of the service does not answer', {
        where: 'LETHE_DATABASE_URL',
        hint: 'Start it, or correct the address, the user and the password; then try again.',
      })
    if (files.test(code))
      throw new LetheError('unavailable', `the data folder or the database in it cannot be used (${code})`, {
        where: 'LETHE_HOME',
        hint: 'Check that the folder can be made, that this user may write there, and that the disk is not full.',
      })
    throw error
  }
}

/** Sockets, and PostgreSQL's classes of connection, authentication and resources. */
const connection =
  /^(ECONN\w+|ENOTFOUND|EAI_\w+|ETIMEDOUT|EPIPE|EHOST\w+|ENET\w+|08\w{3}|28\w{3}|3D\w{3}|53\w{3}|57P\w{2})$/
const files =
  /^(EACCES|EPERM|EROFS|ENOSPC|ENOTDIR|EEXIST|EISDIR|SQLITE_(BUSY|CANTOPEN|IOERR|FULL|READONLY|NOTADB|CORRUPT)\w*)$/

const codeOf = (error: unknown): string | undefined => {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : undefined
}

/** The operator at this machine's shell, where no officer is named. */
export const operator: Actor = system('command line')

export const act = <T>(base: Base, actor: Actor, work: (ctx: Ctx) => Promise<T>): Promise<T> =>
  base.db.transact((tx) => work({ actor, clock: base.clock, tx }))

export const look = <T>(base: Base, work: (ctx: ReadCtx) => Promise<T>): Promise<T> =>
  base.db.read((reader) => work({ actor: operator, clock: base.clock, reader }))

/**
 * Who acts. The shell is trusted to say so: whoever may run this command may read the key too. Throws `invalid` for a name that
 * is no officer's, `forbidden` when the role does not have the action or the officer is shut out.
 */
export async function officerNamed(base: Base, name: string, action?: Action): Promise<Officer> {
  const officer = await named(base, name)
  if (officer.disabledAt !== null)
    throw new LetheError('forbidden', `the officer "${name}" is disabled`, {
      hint: 'Name another one with --by.',
    })
  if (action !== undefined && !may(officer.role, action))
    throw new LetheError('forbidden', `the role ${officer.role} may not do this (${action})`, {
      hint: 'Name an officer whose role allows it with --by; `lethe user list` shows the roles.',
    })
  return officer
}

export const actorNamed = async (base: Base, name: string, action: Action): Promise<Actor> => ({
  kind: 'officer',
  id: (await officerNamed(base, name, action)).id,
})

/** An officer where one is named, else the operator. */
export const actorOrOperator = async (
  base: Base,
  name: string | undefined,
  action: Action,
): Promise<Actor> => (name === undefined ? operator : actorNamed(base, name, action))

async function named(base: Base, name: string): Promise<Officer> {
  try {
    return await base.db.read((reader) => officerByName(reader, name))
  } catch (error) {
    if (!isLetheError(error, 'not_found')) throw error
    const known = await base.db.read(listOfficers)
    throw new LetheError('invalid', `--by: there is no officer "${name}"`, {
      hint:
        known.length === 0
          ? `There is no officer yet. Add one: lethe user add "${name}" --role officer`
          : `Officers: ${known.map((one) => one.name).join(', ')}. Add one: lethe user add "${name}" --role officer`,
    })
  }
}
