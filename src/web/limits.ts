import type { Context } from 'hono'
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

/** The client's network address. Behind a proxy it is the proxy's, unless the proxy keeps the client's on the connection. */
export function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    // No socket: the request was made inside this process.
    return 'inside'
  }
}
