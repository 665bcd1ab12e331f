import { eq } from 'drizzle-orm'
import { type Actor, system } from '../base/actor.ts'
import { LetheError } from '../base/errors.ts'
import { append } from '../ledger/append.ts'
import type { Database, Reader, Tx } from '../ops/db/database.ts'
import { forgive, takeTry } from './attempts.ts'
import { nameHash, type Officer, officerOf, type OfficerRow, rowByName } from './officer.ts'
import { passwordFits } from './password.ts'
import { openSession } from './sessions.ts'
import { tables } from './tables.ts'

export interface SignIn {
  readonly name: string
  readonly password: string
  /** The client's network address; kept as a keyed hash only. */
  readonly address: string
}

/**
 * Signs an officer in and answers the secret for the cookie. Three steps, because the hash is slow and stands outside any
 * transaction: 1 takes a try (a crash after it costs the try), 2 compares, 3 gives the try back and opens the session.
 * Throws `unauthenticated`, with the same words after the same time, for an unknown name, a wrong password and an officer who
 * is shut out; `too_many` after 5 wrong in 15 minutes for a name or an address.
 */
export async function signIn(
  db: Database,
  input: SignIn,
): Promise<{ readonly secret: string; readonly officer: Officer }> {
  const { row, keys } = await db.transact((tx) => begin(tx, input))
  const fits = await passwordFits(input.password, row?.disabledAt ? undefined : (row?.password ?? undefined))
  if (!row || !fits)
    throw new LetheError('unauthenticated', 'the name and the password do not belong together', {
      hint: 'Check both; an admin can send you a link to set a new password.',
    })
  return db.transact((tx) => admit(tx, db, row, keys))
}

type Keys = readonly [name: string, address: string]

async function begin(tx: Tx, input: SignIn): Promise<{ row: OfficerRow | undefined; keys: Keys }> {
  const keys = attemptKeys(tx, input)
  const last = await takeTry(tx, keys)
  // Known or not, a name is written as its keyed hash: the entry says no more than the page does.
  for (const key of last)
    await append(
      { actor: system('sign-in'), tx },
      { type: 'officer.tries-used-up', subject: `sign-in:${key.slice(0, 24)}` },
    )
  return { row: await rowByName(tx, input.name), keys }
}

const attemptKeys = (reader: Pick<Reader, 'keys'>, { name, address }: SignIn): Keys => [
  `name:${nameHash(reader, name)}`,
  `address:${reader.keys.hash('officer-address', address)}`,
]

async function admit(tx: Tx, db: Database, row: OfficerRow, [name, address]: Keys) {
  await forgive(tx, name, address)
  const { officer } = tables(tx)
  const [fresh] = await tx.q.select().from(officer).where(eq(officer.id, row.id))
  // Shut out, or given another password, while we were hashing.
  if (!fresh || fresh.disabledAt || fresh.password !== row.password)
    throw new LetheError('unauthenticated', 'the name and the password do not belong together')
  const actor: Actor = { kind: 'officer', id: fresh.id }
  const secret = await openSession({ tx }, fresh.id)
  await append({ actor, tx }, { type: 'officer.signed-in', subject: `officer:${fresh.id}` })
  return { secret, officer: officerOf(fresh) }
}
