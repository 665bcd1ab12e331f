import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Base } from '../../app/app.ts'
import { LetheError } from '../../base/errors.ts'
import { addOfficer } from '../../officers/add.ts'
import { newPasswordLink } from '../../officers/links.ts'
import { listOfficers } from '../../officers/officer.ts'
import { hashPassword } from '../../officers/password.ts'
import { roles } from '../../officers/roles.ts'
import { disableOfficer, enableOfficer, setRole } from '../../officers/standing.ts'
import { answer, columns, type Common, type Io } from '../io.ts'
import { act, look, officerNamed, operator, withBase } from '../open.ts'
import { parseWord } from '../parse.ts'

interface Add extends Common {
  readonly role: string
  readonly passwordFile?: string
}

/** `lethe user`: the people of the desk. */
export function user(program: Command, io: Io): void {
  const group = program.command('user').description('officers of this desk')
  group
    .command('add')
    .description('adds an officer, and prints a one-time link to set a password')
    .argument('<name>', 'a name or e-mail address to sign in with')
    .option('--role <role>', roles.join(', '), 'officer')
    .option('--password-file <file>', 'sets the password in this file instead')
    .action((name: string, options: Add) => withBase(io, options, (base) => add(io, name, options, base)))
  group
    .command('list')
    .description('names and roles')
    .action((options: Common) => withBase(io, options, (base) => list(io, options, base)))
  group
    .command('link')
    .description('prints a new one-time link to set a password; older ones end')
    .argument('<name>')
    .action((name: string, options: Common) =>
      withBase(io, options, async (base) => {
        const { id } = await officerNamed(base, name)
        const link = await linkFor(base, id)
        answer(io, options, { id, link }, () => link)
      }),
    )
  standing(group, io)
}

function standing(group: Command, io: Io): void {
  group
    .command('disable')
    .description('shuts an officer out at once: sessions and tokens stop')
    .argument('<name>')
    .action((name: string, options: Common) =>
      withBase(io, options, async (base) => {
        const { id } = await known(base, name)
        await act(base, operator, (ctx) => disableOfficer(ctx, { officerId: id }))
        answer(io, options, { id, disabled: true }, () => `${name} is shut out`)
      }),
    )
  group
    .command('enable')
    .description('lets a disabled officer in again')
    .argument('<name>')
    .action((name: string, options: Common) =>
      withBase(io, options, async (base) => {
        const { id } = await known(base, name)
        await act(base, operator, (ctx) => enableOfficer(ctx, { officerId: id }))
        answer(io, options, { id, disabled: false }, () => `${name} may sign in`)
      }),
    )
  group
    .command('role')
    .description('gives another role')
    .argument('<name>')
    .argument('<role>', roles.join(', '))
    .action((name: string, word: string, options: Common) =>
      withBase(io, options, async (base) => {
        const role = parseWord('role', word, roles)
        const { id } = await known(base, name)
        await act(base, operator, (ctx) => setRole(ctx, { officerId: id, role }))
        answer(io, options, { id, role }, () => `${name} is ${role}`)
      }),
    )
}

async function add(io: Io, name: string, options: Add, base: Base): Promise<void> {
  const role = parseWord('--role', options.role, roles)
  const password =
    options.passwordFile === undefined ? undefined : await hashPassword(lineOf(options.passwordFile), name)
  const officer = await act(base, operator, (ctx) =>
    addOfficer(ctx, { name, role, ...(password && { password }) }),
  )
  const link = password === undefined ? await linkFor(base, officer.id) : undefined
  const { id } = officer
  answer(io, options, { id, name: officer.name, role, ...(link === undefined ? {} : { link }) }, () =>
    link === undefined
      ? `${officer.name} may sign in as ${role}`
      : `${officer.name} is ${role}; to set a password, once, within a day:\n${link}`,
  )
}

async function list(io: Io, options: Common, base: Base): Promise<void> {
  const officers = await look(base, ({ reader }) => listOfficers(reader))
  answer(io, options, { users: officers }, () =>
    officers.length === 0
      ? 'no officers yet; lethe user add NAME --role admin'
      : columns([
          ['name', 'role', 'state'],
          ...officers.map((one) => [
            one.name,
            one.role,
            one.disabledAt !== null ? 'disabled' : one.hasPassword ? 'active' : 'invited',
          ]),
        ]),
  )
}

/** Disabled ones too. */
async function known(base: Base, name: string): Promise<{ id: string }> {
  const wanted = name.normalize('NFC').trim().toLowerCase()
  const officers = await look(base, ({ reader }) => listOfficers(reader))
  const found = officers.find((one) => one.name.toLowerCase() === wanted)
  if (found) return found
  throw new LetheError('not_found', `there is no officer "${name}"`, {
    hint: `Officers: ${officers.map((one) => one.name).join(', ') || 'none yet'}.`,
  })
}

async function linkFor(base: Base, officerId: string): Promise<string> {
  const token = await act(base, operator, (ctx) => newPasswordLink(ctx, { officerId }))
  return `${base.config.url}/console/link/${token}`
}

/** The first line of a file that holds a secret. */
export function lineOf(path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new LetheError('invalid', `the file ${path} cannot be read`, {
      hint: 'Put the secret on its first line.',
    })
  }
  const [line = ''] = text.split(/\r?\n/)
  if (line !== '') return line
  throw new LetheError('invalid', `the file ${path} is empty`, { hint: 'Put the secret on its first line.' })
}
