import type { Context } from 'hono'
import type { Actor } from '../../base/actor.ts'
import { LetheError } from '../../base/errors.ts'
import { type Action, may } from '../../officers/roles.ts'
import { readSession, type SignedIn } from '../../officers/sessions.ts'
import type { Assets } from '../assets.ts'
import type { Jar } from '../cookies.ts'
import { act, look, type WebDeps } from '../deps.ts'
import { type Form, readForm } from '../forms.ts'
import type { Limiter } from '../limits.ts'
import type { Ctx, ReadCtx } from '../../ops/db/database.ts'

export interface ConsoleKit {
  readonly deps: WebDeps
  readonly assets: Assets
  readonly jar: Jar
  readonly limiter: Limiter
}

export interface ConsoleEnv {
  Variables: { signedIn: SignedIn }
}
export type ConsoleContext = Context<ConsoleEnv>

export const cookieName = 'console'

/** Whoever is signed in, by the cookie. */
export async function whoIs(kit: ConsoleKit, c: Context): Promise<SignedIn | undefined> {
  const secret = kit.jar.get(c, cookieName)
  return secret === undefined ? undefined : readSession(kit.deps.db, secret)
}

export const actorOf = (c: ConsoleContext): Actor => ({ kind: 'officer', id: c.var.signedIn.officer.id })

export const can = (c: ConsoleContext, action: Action): boolean => may(c.var.signedIn.officer.role, action)

/** Throws `forbidden` when the role does not have it: a button that is not shown can still be pressed by hand. */
export function demand(c: ConsoleContext, action: Action): void {
  if (can(c, action)) return
  throw new LetheError('forbidden', `the role ${c.var.signedIn.officer.role} may not do this (${action})`, {
    hint: 'Ask an admin, or a colleague with that role.',
  })
}

export const officerForm = (c: ConsoleContext): Promise<Form> => readForm(c, c.var.signedIn.formToken)

/** Runs a verb as the officer who is signed in. */
export const actAs = <T>(kit: ConsoleKit, c: ConsoleContext, work: (ctx: Ctx) => Promise<T>): Promise<T> =>
  act(kit.deps, actorOf(c), work)

export const lookAs = <T>(
  kit: ConsoleKit,
  c: ConsoleContext,
  work: (ctx: ReadCtx) => Promise<T>,
): Promise<T> => look(kit.deps, actorOf(c), work)
