import { and, eq, isNull, ne } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { officerById } from './officer.ts'
import type { Role } from './roles.ts'
import { signOutEverywhere } from './sessions.ts'
import { tables } from './tables.ts'

/** Gives another role; throws `refused` when nobody would be left to manage officers. Counts from the next click on. */
export async function setRole(
  ctx: Ctx,
  input: { readonly officerId: string; readonly role: Role },
): Promise<void> {
  const { officer } = tables(ctx.tx)
  const before = await officerById(ctx.tx, input.officerId)
  if (before.role === input.role) return
  if (before.role === 'admin') await keepAnAdmin(ctx, before.id)
  await ctx.tx.q.update(officer).set({ role: input.role }).where(eq(officer.id, before.id))
  await append(ctx, {
    type: 'officer.role-set',
    subject: `officer:${before.id}`,
    body: { from: before.role, to: input.role },
  })
}

/** Shuts an officer out at once: sessions and tokens stop with the next request. Throws `refused` for the last admin. */
export async function disableOfficer(ctx: Ctx, input: { readonly officerId: string }): Promise<void> {
  const { officer } = tables(ctx.tx)
  const before = await officerById(ctx.tx, input.officerId)
  if (before.disabledAt) return
  if (before.role === 'admin') await keepAnAdmin(ctx, before.id)
  await ctx.tx.q.update(officer).set({ disabledAt: ctx.tx.now }).where(eq(officer.id, before.id))
  await signOutEverywhere(ctx, { officerId: before.id })
  await append(ctx, { type: 'officer.disabled', subject: `officer:${before.id}` })
}

export async function enableOfficer(ctx: Ctx, input: { readonly officerId: string }): Promise<void> {
  const { officer } = tables(ctx.tx)
  const before = await officerById(ctx.tx, input.officerId)
  if (!before.disabledAt) return
  await ctx.tx.q.update(officer).set({ disabledAt: null }).where(eq(officer.id, before.id))
  await append(ctx, { type: 'officer.enabled', subject: `officer:${before.id}` })
}

async function keepAnAdmin({ tx }: Ctx, leaving: string): Promise<void> {
  const { officer } = tables(tx)
  // Two admins that disable each other at once would both see the other.
  await tx.lock('officer-admin')
  const others = await tx.q
    .select({ id: officer.id, password: officer.password })
    .from(officer)
    .where(and(eq(officer.role, 'admin'), isNull(officer.disabledAt), ne(officer.id, leaving)))
  if (others.some((row) => row.password !== null)) return
  throw new LetheError('refused', 'this is the last admin who can sign in', {
    hint: 'Make another officer admin first.',
  })
}
