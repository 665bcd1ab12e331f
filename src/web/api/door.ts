import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { LetheError } from '../../base/errors.ts'
import { type Bearer, verifyToken } from '../../officers/api-tokens.ts'
import type { Scope } from '../../officers/roles.ts'
import type { Database } from '../../ops/db/database.ts'
import type { Limiter } from '../limits.ts'

export interface ApiEnv {
  Variables: { bearer: Bearer }
}
export type ApiContext = Context<ApiEnv>

export const maxBodyBytes = 64 * 1024
/** Calls of one token a minute, counted in this process. */
export const callsPerMinute = 600

/** Whose token it is; throws `unauthenticated`, alike for a missing, unknown, revoked or expired one. */
export function door(db: Database, limiter: Limiter, perMinute = callsPerMinute): MiddlewareHandler<ApiEnv> {
  const share = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return async (c, next) => {
    const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
    const bearer = token === undefined ? undefined : await verifyToken(db, token)
    if (!bearer) {
      // Wrong ones are counted by address, so that nobody tries them all.
      if (token !== undefined) await limiter.take(c, 'try')
      c.header('WWW-Authenticate', 'Bearer')
      throw new LetheError('unauthenticated', 'there is no valid bearer token with this call', {
        hint: 'Send Authorization: Bearer lethe_…; make one with lethe token create.',
      })
    }
    await takeCall(share, c, bearer.tokenId)
    c.set('bearer', bearer)
    await next()
  }
}

async function takeCall(share: RateLimiterMemory, c: Context, tokenId: string): Promise<void> {
  try {
    await share.consume(tokenId)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const seconds = Math.ceil(refusal.msBeforeNext / 1000)
    c.header('Retry-After', String(seconds))
    throw new LetheError('too_many', 'this token made too many calls', {
      hint: `Wait ${seconds} seconds and try again.`,
    })
  }
}

/** Throws `forbidden` unless the token has the scope and its officer's role still has it too. */
export function demandScope(bearer: Bearer, scope: Scope): void {
  if (bearer.may(scope)) return
  throw new LetheError('forbidden', `this token may not do this (${scope})`, {
    hint: `Use a token with the scope ${scope}, of an officer whose role has it.`,
  })
}

export const scoped =
  (scope: Scope): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    demandScope(c.var.bearer, scope)
    await next()
  }

export const limitedBody = (): MiddlewareHandler =>
  bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      throw new LetheError('too_large', `the body is larger than ${maxBodyBytes / 1024} kB`, {
        hint: 'Shorten the texts in it.',
      })
    },
  })
