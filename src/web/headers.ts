import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import { LetheError } from '../base/errors.ts'

/** Nothing from elsewhere, nothing inline; one small script of our own, which no page needs. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

export function safeHeaders(publicUrl: string): MiddlewareHandler {
  const common = secureHeaders({
    xFrameOptions: 'DENY',
    // Not `no-referrer`: browsers then send `Origin: null` with forms, and their origin could not be checked.
    referrerPolicy: 'same-origin',
    strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [] },
  })
  return async (c, next) => {
    await common(c, next)
    if (!c.res.headers.has('Content-Security-Policy'))
      c.res.headers.set('Content-Security-Policy', contentSecurityPolicy)
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
  }
}

export const maxFormBytes = 64 * 1024

export const formLimit = (): MiddlewareHandler =>
  bodyLimit({
    maxSize: maxFormBytes,
    onError: () => {
      throw new LetheError('too_large', `the form is larger than ${maxFormBytes / 1024} kB`, {
        hint: 'Shorten the text and send it again.',
      })
    },
  })

/** A form must come from our own pages: from the public address, or from the one this request was sent to. */
export function sameOrigin(publicUrl: string): MiddlewareHandler {
  const known = new URL(publicUrl).origin
  return csrf({ origin: (origin, c) => origin === known || origin === new URL(c.req.url).origin })
}
