import { and, eq, isNull } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import { newSecret } from '../base/ids.ts'
import { epochMs, plusMs } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import { type Ctx, one, type Reader, type Tx } from '../ops/db/database.ts'
import { sha256 } from '../ops/sealing.ts'
import { addOfficer } from './add.ts'
import { type Officer, officerOf } from './officer.ts'
import type { PasswordHash } from './password.ts'
import { signOutEverywhere } from './sessions.ts'
import { tables } from './tables.ts'

/** Links that set a password are good for a day, and once. */
export const linkMs = 24 * 3_600_000

/**
 * The token of a one-time link that makes the first admin, or undefined when there is an officer already. Every call makes a
 * new one and ends the one before, so that only what was printed last works.
 */
export async function newFirstLink(ctx: Ctx): Promise<string | undefined> {
  const { officer, link } = tables(ctx.tx)
  const [known] = await ctx.tx.q.select({ id: officer.id }).from(officer).limit(1)
  if (known) return undefined
  await ctx.tx.q.delete(link).where(eq(link.purpose, 'first'))
  return issue(ctx, 'first', null)
}

/** The token of a one-time link with which an officer sets a password; ends older ones. Throws `not_found`. */
export async function newPasswordLink(ctx: Ctx, input: { readonly officerId: string }): Promise<string> {
  const { officer, link } = tables(ctx.tx)
  one(
    await ctx.tx.q.select({ id: officer.id }).from(officer).where(eq(officer.id, input.officerId)),
    'officer',
  )
  await ctx.tx.q.delete(link).where(eq(link.officerId, input.officerId))
  return issue(ctx, 'password', input.officerId)
}

export interface OpenLink {
  readonly purpose: 'first' | 'password'
  /** Whose password it sets; absent for the first link. */
  readonly officer?: Officer
}

/** What a link does; throws `expired` for one that is unknown, used or too old: all alike. Changes nothing. */
export async function readLink(reader: Reader, token: string): Promise<OpenLink> {
  const { link, officer } = tables(reader)
  const [row] = await reader.q
    .select()
    .from(link)
    .where(and(eq(link.id, sha256(token)), isNull(link.usedAt)))
  if (!row || epochMs(reader.now) >= epochMs(row.expiresAt)) throw over()
  if (row.officerId === null) return { purpose: row.purpose }
  const owner = one(await reader.q.select().from(officer).where(eq(officer.id, row.officerId)), 'officer')
  if (owner.disabledAt) throw over()
  return { purpose: row.purpose, officer: officerOf(owner) }
}

/** Makes the first admin by the link; throws `expired` for a used or old link, `conflict` when somebody was first. */
export async function useFirstLink(
  ctx: Ctx,
  input: { readonly token: string; readonly name: string; readonly password: PasswordHash },
): Promise<Officer> {
  const { purpose } = await readLink(ctx.tx, input.token)
  if (purpose !== 'first') throw over()
  await spend(ctx.tx, input.token)
  const { officer } = tables(ctx.tx)
  const [known] = await ctx.tx.q.select({ id: officer.id }).from(officer).limit(1)
  if (known)
    throw new LetheError('conflict', 'there is an officer already', { hint: 'Sign in, or ask an admin.' })
  return addOfficer(ctx, { name: input.name, role: 'admin', password: input.password })
}

/** Sets the password by the link; every session of that officer ends. Throws `expired`. */
export async function usePasswordLink(
  ctx: Ctx,
  input: { readonly token: string; readonly password: PasswordHash },
): Promise<Officer> {
  const { officer } = await readLink(ctx.tx, input.token)
  if (!officer) throw over()
  await spend(ctx.tx, input.token)
  await setPassword(ctx, { officerId: officer.id, password: input.password })
  return { ...officer, hasPassword: true }
}

/** Sets a password and ends every session of that officer. Throws `not_found`. */
export async function setPassword(
  ctx: Ctx,
  input: { readonly officerId: string; readonly password: PasswordHash },
): Promise<void> {
  const { officer } = tables(ctx.tx)
  const set = await ctx.tx.q
    .update(officer)
    .set({ password: input.password })
    .where(eq(officer.id, input.officerId))
    .returning({ id: officer.id })
  one(set, 'officer')
  await signOutEverywhere(ctx, { officerId: input.officerId })
  await append(ctx, { type: 'officer.password-set', subject: `officer:${input.officerId}` })
}

async function issue(ctx: Ctx, purpose: 'first' | 'password', officerId: string | null): Promise<string> {
  const token = newSecret()
  const { link } = tables(ctx.tx)
  await ctx.tx.q
    .insert(link)
    .values({ id: sha256(token), purpose, officerId, expiresAt: plusMs(ctx.tx.now, linkMs), usedAt: null })
  const subject = officerId === null ? 'officer:first' : `officer:${officerId}`
  await append(ctx, { type: 'officer.link-made', subject, body: { purpose } })
  return token
}

/** Of two that use one link at once, one wins. */
async function spend(tx: Tx, token: string): Promise<void> {
  const { link } = tables(tx)
  const won = await tx.q
    .update(link)
    .set({ usedAt: tx.now })
    .where(and(eq(link.id, sha256(token)), isNull(link.usedAt)))
    .returning({ id: link.id })
  if (won.length === 0) throw over()
}

const over = (): LetheError =>
  new LetheError('expired', 'this link was used already or is too old', {
    hint: 'Ask an admin for a new one; before there is an officer, start the service again and it prints one.',
  })
