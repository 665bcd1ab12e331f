import type { Context, MiddlewareHandler } from 'hono'
import { getConnInfo } from '@hono/node-server/conninfo'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { LetheError } from '../base/errors.ts'

/** How often one address may do something; counted in this process. A guard, not a proof: replicas count apart. */
export interface RateLimits {
  /** Any page or form, per minute. */
  readonly pagesPerMinute: number
  /** Forms that send a mail or file a request, per ten minutes. */
  readonly mailsPerTenMinutes: number
  /** Codes and passwords, per ten minutes; the rooms count per account and per code besides. */
  readonly triesPerTenMinutes: number
}

export const defaultLimits: RateLimits = {
  pagesPerMinute: 300,
  mailsPerTenMinutes: 12,
  triesPerTenMinutes: 30,
}

export interface Limiter {
  /** Throws `too_many` and sets Retry-After when the address has had its share. */
  take(c: Context, what: 'page' | 'mail' | 'try'): Promise<void>
}

export function openLimiter(limits: RateLimits): Limiter {
  const by = {
    page: new RateLimiterMemory({ points: limits.pagesPerMinute, duration: 60 }),
    mail: new RateLimiterMemory({ points: limits.mailsPerTenMinutes, duration: 600 }),
    try: new RateLimiterMemory({ points: limits.triesPerTenMinutes, duration: 600 }),
  }
  return {
    async take(c, what) {
      try {
        await by[what].consume(addressOf(c))
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        const seconds = Math.ceil(refusal.msBeforeNext / 1000)
        c.header('Retry-After', String(seconds))
        throw new LetheError('too_many', 'too many requests came from this address', {
          hint: `Wait ${seconds} seconds and try again.`,
        })
      }
    },
  }
}

/** Tells `addressOf` how many proxies of our own stand in front; the rest of the header is whatever the client wrote. */
export const behindProxies =
  (count: number): MiddlewareHandler =>
  async (c, next) => {
    c.set('proxies', count)
    await next()
  }

/**
 * The client's network address: the connection's, or behind our own proxies the one that the outermost of them saw, counted from
 * the right end of X-Forwarded-For. A header too short for that is nobody's proxy: the connection counts.
 */
export function addressOf(c: Context): string {
  const count = (c.get('proxies') as number | undefined) ?? 0
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  const seen = count > 0 ? forwarded.at(-count) : undefined
  if (seen) return seen
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    // No socket: the request was made inside this process.
    return 'inside'
  }
}
