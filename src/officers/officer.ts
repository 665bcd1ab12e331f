import { asc, eq } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { one, type Reader } from '../ops/db/database.ts'
import type { PasswordHash } from './password.ts'
import type { Role } from './roles.ts'
import { tables } from './tables.ts'

export interface Officer {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly createdAt: Instant
  readonly disabledAt: Instant | null
  /** False: invited, has set no password yet. */
  readonly hasPassword: boolean
}

export async function listOfficers(reader: Reader): Promise<readonly Officer[]> {
  const { officer } = tables(reader)
  return (await reader.q.select().from(officer).orderBy(asc(officer.createdAt), asc(officer.id))).map(
    officerOf,
  )
}

/** By id; throws `not_found`. */
export async function officerById(reader: Reader, id: string): Promise<Officer> {
  const { officer } = tables(reader)
  return officerOf(one(await reader.q.select().from(officer).where(eq(officer.id, id)), 'officer'))
}

/** By name in any case; throws `not_found`. */
export async function officerByName(reader: Reader, name: string): Promise<Officer> {
  const row = await rowByName(reader, name)
  if (!row) throw new LetheError('not_found', 'there is no officer of this name')
  return officerOf(row)
}

export async function rowByName(reader: Reader, name: string): Promise<OfficerRow | undefined> {
  const { officer } = tables(reader)
  const [row] = await reader.q
    .select()
    .from(officer)
    .where(eq(officer.nameHash, nameHash(reader, name)))
  return row
}

export type OfficerRow = Parameters<typeof officerOf>[0]

export const officerOf = (row: {
  id: string
  name: string
  role: Role
  password: PasswordHash | null
  createdAt: Instant
  disabledAt: Instant | null
}): Officer => ({
  id: row.id,
  name: row.name,
  role: row.role,
  createdAt: row.createdAt,
  disabledAt: row.disabledAt,
  hasPassword: row.password !== null,
})

export const nameHash = (reader: Pick<Reader, 'keys'>, name: string): string =>
  reader.keys.hash('officer-name', name.normalize('NFC').trim().toLowerCase())
