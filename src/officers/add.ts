import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { epochMs } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { nameHash, type Officer, officerOf } from './officer.ts'
import type { PasswordHash } from './password.ts'
import type { Role } from './roles.ts'
import { tables } from './tables.ts'

/**
 * Adds an officer; without a password the officer sets one through a link (see `newPasswordLink`).
 * Throws `invalid` for a name that is none, `conflict` for one that is taken.
 */
export async function addOfficer(
  ctx: Ctx,
  input: { readonly name: string; readonly role: Role; readonly password?: PasswordHash },
): Promise<Officer> {
  const name = readName(input.name)
  const { tx } = ctx
  const { officer } = tables(tx)
  const row = {
    id: newId(epochMs(tx.now)),
    nameHash: nameHash(tx, name),
    name,
    role: input.role,
    password: input.password ?? null,
    createdAt: tx.now,
    disabledAt: null,
  }
  const added = await tx.q.insert(officer).values(row).onConflictDoNothing().returning({ id: officer.id })
  if (added.length === 0)
    throw new LetheError('conflict', 'there is an officer of this name', { hint: 'Choose another name.' })
  await append(ctx, { type: 'officer.added', subject: `officer:${row.id}`, body: { role: row.role } })
  return officerOf(row)
}

function readName(text: string): string {
  const name = text.normalize('NFC').trim()
  if (name.length < 2 || name.length > 120 || /[\p{C}<>]/u.test(name))
    throw new LetheError('invalid', 'the name is not one to sign in with', {
      hint: 'Write 2 to 120 characters, such as an e-mail address.',
    })
  return name
}
